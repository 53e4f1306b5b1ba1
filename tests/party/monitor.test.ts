// Which event becomes which message of a monitor of another make; a table over all types, so that none is forgotten.
import { expect, test } from "vitest";
import { toMonitorMessage } from "../../party/monitor.ts";
import type { Alert } from "../../protocol/alert.ts";
import { type DurableEvent, EventType, MONITOR_STAGES } from "../../protocol/event.ts";
import type { EdgeStatuses } from "../../protocol/monitor.ts";

const AT = "2026-11-20T10:00:00.000Z";
const INTENT = "int_01k00000000000000000000000";
const EDGES: EdgeStatuses = { edge1: { status: "healthy", last_sync: AT, commit: "c".repeat(40), deployments: 2 } };

function event(type: EventType, patch: Partial<DurableEvent> = {}): DurableEvent {
  const ids = { seq: 7, id: "evt_01k00000000000000000000000", intentId: INTENT, jobId: null, site: null };
  return { ...ids, type, stage: MONITOR_STAGES[type] ?? null, at: AT, data: {}, ...patch };
}

const ALERT: Alert = {
  ...{
    alertId: "alr_01k00000000000000000000000",
    kind: "slo_burn",
    severity: "critical",
    status: "firing",
    site: "edge1",
    slice: "video-1",
  },
  ...{ objective: null, deploymentId: null, intentId: INTENT, message: "burns", value: 1, threshold: 2, burnRate: 3, remediation: [] },
  ...{ startedAt: AT, updatedAt: AT, resolvedAt: null, acknowledged: null },
};

const REPORT = { kind: "pipeline", pipelineId: "ci-1", text: "from a pipeline", stage: "krm_generated", metadata: { files: 3 }, by: "ci" };

/** Types that say nothing a monitor has a message for. */
const SILENT: EventType[] = [
  ...(["intent.clarification_needed", "approval.requested", "approval.decided", "slo.validated", "decision.requested"] as const),
  ...(["rollback.completed", "rollback.failed", "metrics.update", "agent.online", "agent.offline"] as const),
];
const OTHERS: Partial<Record<EventType, [DurableEvent, string]>> = {
  "intent.received": [event("intent.received", { data: { text: "do", targetSites: [], by: "me", dryRun: false } }), "pipeline_started"],
  "edge.failed": [event("edge.failed", { site: "edge1" }), "edge_update"],
  "site.updated": [event("site.updated", { intentId: null, site: "edge1" }), "edge_update"],
  "alert.triggered": [event("alert.triggered", { data: { alert: ALERT } }), "alert"],
  "alert.resolved": [event("alert.resolved", { data: { alert: ALERT } }), "alert"],
  "integration.updated": [event("integration.updated", { intentId: null, data: { ...REPORT, change: "moved" } }), "stage_update"],
};

test("every type of event has its message, or is known to have none, and the message has the event's seq", () => {
  for (const type of EventType.options) {
    const [sample, expected] = OTHERS[type] ?? [event(type), SILENT.includes(type) ? undefined : "stage_update"];
    const message = toMonitorMessage(sample, EDGES);
    expect([type, message?.type], type).toEqual([type, expected]);
    if (message !== null) expect(message.seq).toBe(7);
  }
});

test("an intent that was received starts a pipeline", () => {
  const received = event("intent.received", { data: { text: "deploy", targetSites: ["edge1"], by: "me", dryRun: false } });
  expect(toMonitorMessage(received, EDGES)?.data).toEqual({
    ...{ intent_id: INTENT, intent_text: "deploy", status: "running", current_stage: "input_received", external: false },
    ...{ start_time: AT, updated_at: AT, duration_ms: null },
    stages: [{ stage: "input_received", timestamp: AT, site: null, metadata: { targetSites: ["edge1"], by: "me", dryRun: false } }],
  });
});

test("a stage is told with its short facts: no plan, no file list and no long text", () => {
  const data = { commit: "abc", sites: ["edge1"], plan: { slice: "x" }, diff: [{ path: "y" }], note: "x".repeat(301), dryRun: false };
  expect(toMonitorMessage(event("gitops.pushed", { data }), EDGES)?.data).toEqual({
    intent_id: INTENT,
    current_stage: "gitops_pushed",
    pipeline: { intent_id: INTENT, status: "running", current_stage: "gitops_pushed", external: false },
    stage: { stage: "gitops_pushed", timestamp: AT, site: null, metadata: { commit: "abc", sites: ["edge1"], dryRun: false } },
  });
});

test("an end says how it ended, and why it failed", () => {
  const end = (type: EventType, data: Record<string, unknown> = {}) => toMonitorMessage(event(type, { data }), EDGES)?.data;
  const failure = { stage: "push", reason: "git_unreachable", message: "gone", retryable: true };
  expect(end("intent.failed", { failure })).toMatchObject({ pipeline: { status: "failed" }, stage: { metadata: { failure } } });
  expect(end("intent.completed")).toMatchObject({ pipeline: { status: "completed" } });
  expect(end("intent.cancelled")).toMatchObject({ pipeline: { status: "failed" } });
  expect(end("rollback.initiated")).toMatchObject({ pipeline: { status: "running", current_stage: "rollback" } });
  expect(end("intent.rolled_back")).toMatchObject({ pipeline: { status: "rolled_back", current_stage: "rollback" } });
});

test("an edge is told as it is now; one that is gone as it was said to be", () => {
  const data = { status: "degraded", message: "O2 IMS fails", change: "state" };
  expect(toMonitorMessage(event("site.updated", { site: "edge1", data }), EDGES)?.data).toEqual({
    edge: "edge1",
    status: EDGES["edge1"],
    message: "O2 IMS fails",
  });
  expect(toMonitorMessage(event("site.updated", { site: "edge9", data }), EDGES)?.data).toEqual({
    edge: "edge9",
    status: { status: "degraded", last_sync: null, commit: null, deployments: 0 },
    message: "O2 IMS fails",
  });
});

test("what others report is marked external, and an alert is told whole", () => {
  const report = (data: Record<string, unknown>) => toMonitorMessage(event("integration.updated", { intentId: null, data }), EDGES);
  const base = { intent_id: "ci-1", external: true };
  expect(report({ ...REPORT, change: "started", stage: "input_received" })).toMatchObject({ type: "pipeline_started", data: base });
  expect(report({ ...REPORT, change: "moved" })).toMatchObject({
    type: "stage_update",
    data: { intent_id: "ci-1", pipeline: base, stage: { stage: "krm_generated", metadata: { files: 3 } } },
  });
  expect(report({ kind: "edge", edge: "edge1", status: "odd", metadata: {}, by: "ci" })).toMatchObject({
    type: "edge_update",
    data: { edge: "edge1", status: { status: "healthy" } },
  });
  expect(report({ kind: "other" })).toBeNull();
  expect(toMonitorMessage(event("alert.triggered", { data: { alert: ALERT } }), EDGES)?.data).toEqual(ALERT);
});
