// Which rung of the ladder is due, and what it asks for.
import { expect, test } from "vitest";
import { dueRung, planRung, type RungInput, rollbackPauseMs } from "../../intent/remediation.ts";
import type { RemediationStep } from "../../protocol/alert.ts";
import { newId } from "../../protocol/ids.ts";
import type { RemediationRung } from "../../protocol/intent.ts";
import type { LiveSlice } from "../../protocol/job.ts";
import { OperationsPolicy } from "../../protocol/policy.ts";

const T0 = Date.parse("2026-01-01T00:00:00Z");
const rungs: RemediationRung[] = ["notify", "rerender", "scale", "rollback"];
const ladder = { rungs, stepSeconds: 60, scalePercent: 25 };

function step(rung: RemediationRung, state: RemediationStep["state"], atSeconds = 0): RemediationStep {
  return { rung, state, at: new Date(T0 + atSeconds * 1000).toISOString(), intentId: null, message: "" };
}

function due(steps: RemediationStep[], atSeconds: number): RemediationRung | null {
  return dueRung(steps, T0 + atSeconds * 1000, ladder);
}

test("rungs follow in their order, each after the one before has had its time", () => {
  expect(due([], 0)).toBe("notify");
  expect([due([step("notify", "done")], 59), due([step("notify", "done")], 60)]).toEqual([null, "rerender"]);
  const second = [step("notify", "done"), step("rerender", "failed", 70)];
  expect([due(second, 129), due(second, 130)]).toEqual([null, "scale"]);
});

test("nothing is due while a rung is under way, however long", () => {
  expect(due([step("notify", "done"), step("rerender", "started", 60)], 100_000)).toBeNull();
});

test("a rung that was passed over takes no time", () => {
  expect(due([step("notify", "done"), step("rerender", "done", 60), step("scale", "skipped", 120)], 120)).toBe("rollback");
});

test("what the ladder has put out is taken back as well, and then it is at its end", () => {
  const steps = [step("notify", "done"), step("rerender", "done"), step("scale", "skipped"), step("rollback", "done")];
  expect(due(steps, 60)).toBe("rollback");
  expect(due([...steps, step("rollback", "done")], 60)).toBeNull();
  expect(due([step("notify", "done"), step("rerender", "failed"), step("scale", "skipped"), step("rollback", "done")], 60)).toBeNull();
  expect(due([...steps.slice(0, 3), step("rollback", "failed")], 60)).toBeNull();
});

test("a policy has each rung once", () => {
  expect(OperationsPolicy.safeParse({ remediation: { rungs: ["scale", "scale"] } }).success).toBe(false);
});

function live(slice: string, downlinkMbps: number): LiveSlice {
  const deploymentId = newId("dep");
  const intentId = newId("int");
  return {
    ...{ slice, intentId, serviceType: "eMBB", snssai: { sst: 1, sd: "000001" }, priority: 5, requirements: { downlinkMbps }, busy: null },
    sites: [{ site: "edge1", deploymentId, downlinkMbps, uplinkMbps: 50, maxDevices: 1000 }],
    latest: { deploymentId, intentId, sites: ["edge1"], commits: [], renderedFor: intentId },
  };
}

function input(patch: Partial<RungInput>, others = 0): RungInput {
  const capacity = { downlinkMbps: 1000, uplinkMbps: 1000, maxDevices: 100_000 };
  const context = {
    sites: [{ id: "edge1", aliases: [], labels: {}, capacity, freeze: [] }],
    slices: [live("video-7", 200), ...(others === 0 ? [] : [live("other", others)])],
  };
  const about = { slice: "video-7", site: "edge1", objective: "throughputMin" as const };
  return { rung: "scale", ...about, context, scalePercent: 25, first: true, rolledBack: false, ...patch };
}

test("a scale asks for a quarter more, of what is missed", () => {
  expect(planRung(input({}))).toEqual({
    kind: "ask",
    command: { action: "scale", slice: "video-7", sites: ["edge1"], requirements: { downlinkMbps: 250 } },
    message: "downlinkMbps of video-7 at edge1 from 200 to 250",
  });
  expect(planRung(input({ objective: "uplinkThroughputMin" }))).toMatchObject({ command: { requirements: { uplinkMbps: 62.5 } } });
});

test("a scale takes no more than the site has left, and is passed over when that is nothing", () => {
  expect(planRung(input({}, 780))).toEqual({
    kind: "ask",
    command: { action: "scale", slice: "video-7", sites: ["edge1"], requirements: { downlinkMbps: 220 } },
    message: "downlinkMbps of video-7 at edge1 from 200 to 220, all that edge1 has left",
  });
  expect(planRung(input({}, 800))).toEqual({ kind: "skip", message: "edge1 has no downlinkMbps left beyond the 200 that video-7 holds" });
});

test("a scale is passed over, with the reason, where more throughput is no help", () => {
  const message = "latencyP95 is missed; more throughput would not change it";
  expect(planRung(input({ objective: "latencyP95" }))).toEqual({ kind: "skip", message });
  expect(planRung(input({ objective: "availability" }))).toMatchObject({ kind: "skip" });
});

test("a rollback says whether the slice is removed by it", () => {
  const command = { action: "rollback", slice: "video-7", sites: ["edge1"] };
  expect(planRung(input({ rung: "rollback" }))).toEqual({
    ...{ kind: "ask", command },
    message: "the latest deployment of video-7 is taken back; it is the first one there, so video-7 is removed from edge1",
  });
  expect(planRung(input({ rung: "rollback", first: false }))).toEqual({
    ...{ kind: "ask", command },
    message: "the latest deployment of video-7 is taken back; what was in force at edge1 before is again",
  });
});

test("to put the files back is a command, to notify is done by itself", () => {
  expect(planRung(input({ rung: "rerender" }))).toMatchObject({ command: { action: "rerender", slice: "video-7", sites: ["edge1"] } });
  expect(planRung(input({ rung: "notify" }))).toMatchObject({ kind: "done" });
});

test("where a rollback was done for another alert, the next one is a person's", () => {
  const skipped = { kind: "skip", message: "rolled back once already; a person decides" };
  expect(planRung(input({ rung: "rollback", first: false, rolledBack: true }))).toEqual(skipped);
  expect(planRung(input({ rung: "notify", rolledBack: true }))).toMatchObject({ kind: "done" });
  expect(planRung(input({ rung: "rerender", rolledBack: true }))).toMatchObject({ kind: "ask" });
});

test("the pause after a rollback is an hour, or longer than a whole slow ladder", () => {
  expect([0, 360, 600].map((stepSeconds) => rollbackPauseMs({ stepSeconds }))).toEqual([3_600_000, 3_600_000, 6_000_000]);
});
