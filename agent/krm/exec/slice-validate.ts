#!/usr/bin/env node
// kpt exec function: validation. The work is in functions/validate.ts.
import { validate } from "../functions/validate.ts";
import { runExec } from "../run-exec.ts";

runExec(validate);
