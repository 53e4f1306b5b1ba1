import { expect, test } from "vitest";
import { advance, noProgress, type Progress } from "../../../agent/o2/progress.ts";
import { eventLine, renderProgress } from "../../../agent/o2/progress-view.ts";
import { cut, harmless, width } from "../../../agent/o2/text.ts";
import type { DurableEvent, EventData, EventType } from "../../../protocol/event.ts";
import { newId } from "../../../protocol/ids.ts";
import type { IntentStatus } from "../../../protocol/intent.ts";
import type { StageFailure } from "../../../protocol/stage.ts";

const START = Date.parse("2026-11-20T10:00:00.000Z");
const DEPLOYMENT = newId("dep");
const COMMIT = "a".repeat(40);

/** A story of events, a second apart. */
function story() {
  const events: DurableEvent[] = [];
  const tell = <T extends EventType>(type: T, data: EventData<T>, site: string | null = null) => {
    const seq = events.length + 1;
    const at = new Date(START + (seq - 1) * 1_000).toISOString();
    events.push({ seq, id: newId("evt"), type, intentId: "int_1", jobId: null, site, stage: null, at, data: { ...data } });
  };
  return { events, tell };
}

function look(progress: Progress, status: IntentStatus, now = START + 60_000): string[] {
  return renderProgress(progress, { intentId: "int_1", status, waiting: "", now, tick: 0, columns: 90, paint: (_color, text) => text });
}

const site = (state: EventData<"edge.deploying">["state"], message = "") => ({ deploymentId: DEPLOYMENT, state, commit: COMMIT, message });
const pushed = {
  deploymentId: DEPLOYMENT,
  commit: COMMIT,
  repositoryUrl: "http://git",
  branch: "main",
  sites: ["edge1", "edge10", "edge2"],
};
const failure: StageFailure = { stage: "sync", reason: "sync_timeout", message: "edge2 did not follow", retryable: true, site: "edge2" };

function onTheWay() {
  const { events, tell } = story();
  tell("intent.received", { text: "部署 eMBB 切片於 edge1", targetSites: [], by: "me", dryRun: false });
  tell("intent.parsing", {});
  tell("krm.generated", { digest: "sha256:1", runner: "embedded", diff: [{ path: "a", change: "added" }] });
  tell("gitops.pushing", { deploymentId: DEPLOYMENT, slice: "embb-1", sites: pushed.sites });
  tell("gitops.pushed", pushed);
  tell("edge.deploying", site("syncing", "waiting"), "edge10");
  tell("edge.deployed", site("provisioned", "healthy"), "edge1");
  tell("edge.deploying", site("syncing", "waiting"), "edge2");
  return { events, tell };
}

test("a run shows each step with its time, and the sites as leaves in their order", () => {
  const { events } = onTheWay();
  expect(look(events.reduce(advance, noProgress()), "running", START + 9_000)).toEqual([
    "部署 eMBB 切片於 edge1",
    "int_1  running  9.0 s",
    "  ⠋ Understand       8.0 s",
    "  ✓ Plan and render  0.0 s      1 file changes",
    "  ✓ Push to git      1.0 s      aaaaaaaa on main for edge1, edge10, edge2",
    "  ⠋ Edge sites       4.0 s",
    "      ✓ edge1   provisioned healthy",
    "      ⠋ edge2   syncing     waiting",
    "      ⠋ edge10  syncing     waiting",
    "  · Service levels",
  ]);
});

test("a completed run has only finished steps, and its sites are verified", () => {
  const { events, tell } = onTheWay();
  tell("edge.deployed", site("provisioned"), "edge2");
  tell("edge.deployed", site("provisioned"), "edge10");
  tell("slo.validating", { deploymentId: DEPLOYMENT, sites: pushed.sites });
  const evidence = pushed.sites.map((id) => ({ site: id, verdict: "pass" }));
  events.push({ ...(events.at(-1) ?? fail()), type: "slo.validated", data: { deploymentId: DEPLOYMENT, verdict: "pass", evidence } });
  tell("intent.completed", { deploymentId: DEPLOYMENT, note: "service levels met at every site" });
  const progress = events.reduce(advance, noProgress());
  expect([...progress.steps.values()].every(({ state, endedAt }) => state === "done" && endedAt !== null)).toBe(true);
  expect(progress.ending).toBe("service levels met at every site");
  expect(progress.endedAt).toBe(START + 12_000);
});

function fail(): never {
  throw new Error("no event");
}

test("a failed site breaks its step, the taking back is a step of its own, and nothing spins afterwards", () => {
  const { events, tell } = onTheWay();
  tell("edge.failed", site("failed", "did not follow"), "edge2");
  tell("rollback.initiated", { deploymentId: DEPLOYMENT, sites: pushed.sites, reason: "edge2 did not follow" });
  tell("rollback.completed", { deploymentId: DEPLOYMENT, revertCommit: COMMIT, sites: pushed.sites, unconfirmed: [] });
  tell("intent.failed", { failure });
  const lines = look(events.reduce(advance, noProgress()), "failed");
  expect(lines.slice(5)).toEqual([
    "  ✗ Edge sites       6.0 s      edge2 did not follow",
    "      ✓ edge1   reverted",
    "      ✓ edge2   reverted",
    "      ✓ edge10  reverted",
    "  ✓ Take back        1.0 s      edge1, edge10, edge2",
  ]);
  expect(lines.join("\n")).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
});

test("an approval that is awaited is a step that needs a person, and goes on when it is given", () => {
  const { events, tell } = story();
  tell("intent.received", { text: "x", targetSites: [], by: "me", dryRun: false });
  tell("approval.requested", { digest: "sha256:1", reasons: ["edge1 is a production site"] });
  const waiting = events.reduce(advance, noProgress());
  expect(look(waiting, "awaiting_approval", START + 2_000)).toContain("  ? Approval         1.0 s      edge1 is a production site");
  tell("approval.decided", { decision: "approved", by: "ann", digest: "sha256:1" });
  tell("gitops.pushing", { deploymentId: DEPLOYMENT, slice: "s", sites: ["edge1"] });
  expect(look(events.reduce(advance, noProgress()), "running")).toContain("  ✓ Approval         1.0 s      approved by ann");
  expect(waiting.steps.get("push")).toBeUndefined();
});

test("elsewhere than on a terminal each event is one line, without what could draw on it", () => {
  const { events, tell } = onTheWay();
  tell("intent.failed", { failure: { ...failure, message: "\u001b[2Jtwo\nlines" } });
  expect(eventLine(events[7] ?? fail(), START)).toBe("10:00:07 +7.0 s    edge.deploying            edge2 syncing waiting");
  expect(eventLine(events[8] ?? fail(), START)).toBe("10:00:08 +8.0 s    intent.failed             sync_timeout: \ufffd[2Jtwo lines");
});

test("no line is wider than the terminal, also in Chinese", () => {
  const { events, tell } = onTheWay();
  tell("edge.deploying", site("syncing", "很長的訊息".repeat(40)), "edge2");
  const progress = events.reduce(advance, noProgress());
  for (const columns of [40, 61, 90]) {
    const lines = renderProgress(progress, {
      intentId: "int_1",
      status: "running",
      waiting: "",
      now: START,
      tick: 3,
      columns,
      paint: (_c, t) => t,
    });
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
  }
  expect(cut("切片切片", 5)).toBe("切片…");
  expect(harmless("a\u001b]0;title\u0007\r\nb\u202e")).toBe("a\ufffd]0;title\ufffd\nb\ufffd");
});
