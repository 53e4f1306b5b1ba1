// What a person is asked to settle: never a diff of another package than the digest's, never the questions of another round.
import { expect, test } from "vitest";
import type { Clarification, Understanding } from "../../protocol/intent.ts";
import { planToSee } from "../../web/state/approval.ts";
import { hasSay, questionsOf } from "../../web/state/asked.ts";
import { applyToIntent } from "../../web/state/records.ts";
import { at, event, record, understanding } from "./sample.ts";

const FILES = [{ path: "sites/edge1/a.yaml", change: "added" as const, patch: "" }];
const SITES: Clarification = { field: "targetSites", question: "Where?" };
const TYPE: Clarification = { field: "serviceType", question: "What for?" };

test("a new package that waits for an approval is shown when its diff is known, not with the diff of the one before", () => {
  const seen = record({ status: "awaiting_approval", digest: "sha256:1", diff: FILES });
  const made = applyToIntent(seen, event(1, { type: "krm.generated", intent: 1, data: { digest: "sha256:2", runner: "kpt", diff: [] } }));
  const asked = applyToIntent(made, event(2, { type: "approval.requested", intent: 1, data: { digest: "sha256:2", reasons: ["so"] } }));
  for (const one of [made, asked]) expect([one.digest, one.diff, planToSee(one)]).toEqual(["sha256:2", null, null]);
  const atOnce = applyToIntent(seen, event(2, { type: "approval.requested", intent: 1, data: { digest: "sha256:2", reasons: [] } }));
  expect([atOnce.diff, planToSee(atOnce)]).toEqual([null, null]);
});

test("the same package keeps its diff when events tell of it once more", () => {
  const known = record({ status: "parsed", digest: "sha256:1", diff: FILES });
  const made = applyToIntent(known, event(1, { type: "krm.generated", intent: 1, data: { digest: "sha256:1", runner: "kpt", diff: [] } }));
  const asked = applyToIntent(made, event(2, { type: "approval.requested", intent: 1, data: { digest: "sha256:1", reasons: ["so"] } }));
  expect(planToSee(asked)).toEqual({ digest: "sha256:1", diff: FILES, plan: null, reasons: ["so"] });
});

function asks(clarifications: Clarification[], seconds = 0): Understanding {
  const { metadata, ...rest } = understanding(["edge1"]);
  return { ...rest, status: "clarification_needed", clarifications, metadata: { ...metadata, processedAt: at(seconds) } };
}

test("nothing can be answered before the questions are known, nor when nothing is asked", () => {
  expect(questionsOf(record({ status: "needs_clarification" }))).toBeNull();
  expect(questionsOf(record({ status: "needs_clarification", understanding: understanding(["edge1"]) }))).toBeNull();
  expect(questionsOf(record({ status: "received", understanding: asks([SITES]) }))).toBeNull();
  const asked = record({ status: "needs_clarification", understanding: asks([SITES], 3) });
  expect(questionsOf(asked)).toEqual({ round: at(3), questions: [SITES] });
});

test("in the next round the questions of the last one are not asked again", () => {
  const answered = record({ status: "parsing", understanding: asks([SITES]) });
  const next = event(1, { type: "intent.clarification_needed", intent: 1, data: { clarifications: [TYPE] } });
  expect(questionsOf(applyToIntent(answered, next))).toBeNull();
  const loaded = record({ status: "needs_clarification", understanding: asks([TYPE], 9) });
  expect(questionsOf(applyToIntent(loaded, next))).toEqual({ round: at(9), questions: [TYPE] }); // the event comes after the answer of REST
});

test("a decision and an answer are offered only while they are asked for; the panel of approvals tells what came of it", () => {
  const now = (status: "needs_decision" | "needs_clarification" | "running") =>
    (["awaiting_approval", "needs_decision", "needs_clarification"] as const).filter((panel) => hasSay(panel, record({ status })));
  expect(now("needs_decision")).toEqual(["awaiting_approval", "needs_decision"]);
  expect(now("needs_clarification")).toEqual(["awaiting_approval", "needs_clarification"]);
  expect(now("running")).toEqual(["awaiting_approval"]);
});
