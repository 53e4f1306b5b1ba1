// What is said after a correction: an answer, another correction, taking it back; and who may not approve any more.
import { expect, test } from "vitest";
import { CorrectionAccepted, CorrectionsResponse } from "../../protocol/correction.ts";
import { applyCorrected } from "../../intent/corrected.ts";
import { understand } from "../../intent/understand.ts";
import type { ClaimedJob } from "../../protocol/job.ts";
import { approve, prepare, setPolicy } from "./changes.ts";
import { call, createWorld, intentOf, refusal, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import { deployed, parseFacts, prepared, takeOf } from "./story.ts";
