#!/usr/bin/env node
// kpt exec function: the slice profile as resources. The work is in functions/resources.ts.
import { resources } from "../functions/resources.ts";
import { runExec } from "../run-exec.ts";

runExec(resources);
