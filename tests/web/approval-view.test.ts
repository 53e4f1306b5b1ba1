// What somebody who approves has before the eyes: that it stays what was shown, who decided, what waits, and what an answer has to hold.
import { expect, test } from "vitest";
import type { IntentRecord } from "../../protocol/api.ts";
import type { ClarificationField } from "../../protocol/intent.ts";
import { answersTo, approvalPhase, lastDecision, newestEvidence, planToSee, waitingGroups } from "../../web/state/approval.ts";
import { at, event, evidence, intentId, plan, record } from "./sample.ts";

const diff = [{ path: "sites/edge1/a.yaml", change: "added" as const, patch: "" }];
const asks = (digest: string | null, change: Partial<IntentRecord> = {}) =>
  record({ status: "awaiting_approval", digest, diff, plan: plan("embb-1", ["edge1"]), approvalReasons: ["so"], ...change });

test("a plan is shown when all of it is known, and never one that does not wait", () => {
  expect(planToSee(asks("sha256:a"))).toEqual({ digest: "sha256:a", diff, plan: plan("embb-1", ["edge1"]), reasons: ["so"] });
  expect([asks(null), asks("sha256:a", { diff: null }), asks("sha256:a", { status: "running" })].map(planToSee)).toEqual([
    null,
    null,
    null,
  ]);
});

test("an approval stands only while the digest is the one that was seen and the server has not refused it", () => {
  const seen = planToSee(asks("sha256:a"));
  const phase = (now: IntentRecord, refused: string | null = null) => approvalPhase(now, seen, refused);
  expect(approvalPhase(asks("sha256:a", { diff: null }), null, null)).toBe("loading");
  expect(phase(asks("sha256:a"))).toBe("pending");
  expect(phase(asks("sha256:b"))).toBe("void");
  expect(phase(asks(null, { diff: null }))).toBe("void");
  expect(phase(asks("sha256:a"), "sha256:a")).toBe("void");
  expect(phase(asks(null, { status: "received", diff: null }))).toBe("void");
  for (const status of ["running", "rejected", "completed", "cancelled", "needs_clarification"] as const)
    expect(phase(asks("sha256:a", { status }))).toBe("decided");
});

test("a plan that is made again and comes out the same is the one that was seen", () => {
  const seen = planToSee(asks("sha256:a"));
  expect(approvalPhase(asks("sha256:a", { updatedAt: at(99) }), seen, null)).toBe("pending");
});

test("the newest decision about this intent is told, whatever the order of the events", () => {
  const decided = (seq: number, decision: "approved" | "rejected" | "voided", intent = 1) =>
    event(seq, { type: "approval.decided", intent, data: { decision, by: `who${seq}`, digest: "sha256:a" } });
  const events = [decided(3, "approved"), decided(9, "voided", 2), decided(5, "voided"), decided(4, "rejected")];
  expect(lastDecision(events, intentId(1))).toEqual({ decision: "voided", by: "who5", digest: "sha256:a", at: at(5) });
  expect(lastDecision([{ ...decided(7, "approved"), data: { decision: 1 } }], intentId(1))).toBeNull();
});

test("what waits is grouped by what it waits for, the oldest first, and what somebody has open stays where it was", () => {
  const rows = [
    record({ intentId: intentId(4), status: "awaiting_approval" }),
    record({ intentId: intentId(3), status: "running" }),
    record({ intentId: intentId(2), status: "needs_decision" }),
    record({ intentId: intentId(1), status: "awaiting_approval" }),
  ].map((one) => ({ record: one }));
  const table = { ids: rows.map((row) => row.record.intentId), rows };
  const ids = (kept: Parameters<typeof waitingGroups>[1]) => {
    const groups = waitingGroups(table, kept);
    return [groups.awaiting_approval, groups.needs_decision, groups.needs_clarification].map((group) => group.map((one) => one.intentId));
  };
  expect(ids({})).toEqual([[intentId(1), intentId(4)], [intentId(2)], []]);
  expect(ids({ [intentId(3)]: "awaiting_approval" })).toEqual([[intentId(1), intentId(3), intentId(4)], [intentId(2)], []]);
});

test.each<[ClarificationField[], unknown, string[]]>([
  [["targetSites"], { targetSites: ["edge1"] }, []],
  [["targetSites"], { targetSites: [] }, ["targetSites"]],
  [["targetSites", "serviceType"], { targetSites: ["edge1"], serviceType: null }, ["serviceType"]],
  [["serviceType"], {}, ["serviceType"]],
  [["requirement"], { requirement: {} }, ["requirement"]],
  [["requirement"], { requirement: { latencyMs: 5 } }, []],
  [["requirement"], { requirement: { latencyMs: 0 } }, ["requirement"]],
  [["requirement"], { requirement: { latencyMs: Number.NaN } }, ["requirement"]],
  [["requirement"], { requirement: { reliabilityPercent: 101 } }, ["requirement"]],
  [["requirement"], { requirement: { maxDevices: 1.5 } }, ["requirement"]],
])("asked for %j, the answers %j have to be mended in %j", (asked, answers, wrong) => {
  const issues = answersTo(asked).safeParse(answers).error?.issues ?? [];
  expect([...new Set(issues.flatMap(({ path }) => path.slice(0, 1)))]).toEqual(wrong); // an issue of the whole has no path
});

test("of each objective at each site the newest measurement counts, and what is no pass comes first", () => {
  const old = { ...evidence("edge1", "error"), measuredAt: at(1) };
  const newer = { ...evidence("edge1", "pass"), measuredAt: at(9) };
  const other = { ...evidence("edge2", "inconclusive"), measuredAt: at(3) };
  expect(newestEvidence([newer, old, other])).toEqual([other, newer]);
});
