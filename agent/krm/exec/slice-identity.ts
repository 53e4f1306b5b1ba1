#!/usr/bin/env node
// kpt exec function: names, namespace and labels. The work is in functions/identity.ts.
import { identity } from "../functions/identity.ts";
import { runExec } from "../run-exec.ts";

runExec(identity);
