// Must be the first import of the page: zod compiles parsers with eval unless told not to, and the content security policy forbids eval.
import * as z from "zod";

z.config({ jitless: true });
