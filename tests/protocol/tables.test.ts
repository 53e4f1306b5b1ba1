// Lists that must agree: events and the monitor's stages, error codes and statuses, roles and close codes.
import { expect, test } from "vitest";
import * as z from "zod";
import { ErrorCode, fieldIssues, httpStatus } from "../../protocol/errors.ts";
import { DurableEvent, EVENT_DATA, EventType, eventData, MONITOR_STAGES, MonitorStage } from "../../protocol/event.ts";
import { IntentText, ServiceType, SST } from "../../protocol/intent.ts";
import { CloseCode, isTerminalClose, PING_INTERVAL_MS } from "../../protocol/room.ts";
import { OBJECTIVE_METRICS, ObjectiveName } from "../../protocol/slo.ts";
import { ASSIGNABLE_MS, TIMINGS } from "../../protocol/timings.ts";

/** The table of the design: what the monitor shows. Every other type moves no stage. */
const STAGES: Record<string, MonitorStage> = {
  "intent.received": "input_received",
  "intent.parsing": "llm_processing",
  "intent.parsed": "intent_parsed",
  "krm.generating": "krm_generating",
  "krm.generated": "krm_generated",
  "gitops.pushing": "gitops_pushing",
  "gitops.pushed": "gitops_pushed",
  "edge.deploying": "edge_deploying",
  "edge.deployed": "edge_deployed",
  "slo.validating": "slo_validating",
  "intent.completed": "completed",
  "intent.failed": "failed",
  "intent.rejected": "failed",
  "intent.cancelled": "failed",
  "rollback.initiated": "rollback",
  "intent.rolled_back": "rollback",
};
const WITHOUT_STAGE = [
  ...["intent.clarification_needed", "approval.requested", "approval.decided", "decision.requested", "edge.failed", "slo.validated"],
  ...["rollback.completed", "rollback.failed", "metrics.update", "alert.triggered", "alert.resolved", "site.updated"],
  ...["integration.updated", "agent.online", "agent.offline"],
];

test("every event type is in the stage table or is known to move no stage, and every stage is moved to", () => {
  expect(MONITOR_STAGES).toEqual(STAGES);
  expect([...EventType.options].sort()).toEqual([...Object.keys(STAGES), ...WITHOUT_STAGE].sort());
  expect([...new Set(Object.values(MONITOR_STAGES))].sort()).toEqual([...MonitorStage.options].sort());
});

test("every event type has a schema for its data, and data of another shape is not taken for it", () => {
  expect(Object.keys(EVENT_DATA)).toEqual(EventType.options);
  const event = { type: "approval.requested", data: { digest: "sha256:1", reasons: ["why"] } } as const;
  expect(eventData(event, "approval.requested")).toEqual({ digest: "sha256:1", reasons: ["why"] });
  expect(eventData(event, "intent.failed")).toBeUndefined();
  expect(eventData({ type: "intent.failed", data: { failure: "no" } }, "intent.failed")).toBeUndefined();
});

test("an event without a seq, with a seq of 0 or of a type that does not exist is none", () => {
  const event = {
    seq: 1,
    id: "evt_01k00000000000000000000000",
    type: "agent.online",
    intentId: null,
    jobId: null,
    site: null,
    stage: null,
    at: "2026-11-20T10:00:00.000Z",
    data: {},
  };
  expect(DurableEvent.parse(event)).toEqual(event);
  for (const patch of [{ seq: 0 }, { seq: undefined }, { seq: 1.5 }, { type: "agent.asleep" }, { at: "yesterday" }, { site: "../edge1" }])
    expect(DurableEvent.safeParse({ ...event, ...patch }).success, JSON.stringify(patch)).toBe(false);
});

const HTTP: Record<ErrorCode, number> = {
  VALIDATION: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  SUPERSEDED: 409,
  DIGEST_MISMATCH: 409,
  IDEMPOTENCY_MISMATCH: 409,
  LEASE_LOST: 409,
  INSTANCE_REPLACED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNKNOWN_SITE: 422,
  PROTOCOL_TOO_OLD: 426,
  RATE_LIMITED: 429,
  QUEUE_FULL: 429,
  NO_AGENT: 503,
  UPSTREAM_FAILED: 502,
  UPSTREAM_TIMEOUT: 504,
  INTERNAL: 500,
};

test("every error code has its HTTP status", () => {
  expect(Object.fromEntries(ErrorCode.options.map((code) => [code, httpStatus(code)]))).toEqual(HTTP);
});

test("an issue names the field it is about: the path, the unknown key, or the body", () => {
  const schema = z.strictObject({ a: z.object({ b: z.array(z.number()) }) });
  const issues = (value: unknown) => {
    const parsed = schema.safeParse(value);
    return parsed.success ? [] : fieldIssues(parsed.error).map((issue) => issue.field);
  };
  expect(issues({ a: { b: [1, "2"] } })).toEqual(["a.b.1"]);
  expect(issues({ a: { b: [] }, c: 1 })).toEqual(["c"]);
  expect(issues(null)).toEqual(["body"]);
  expect(issues({})).toEqual(["a"]);
});

test("44xx closes are terminal, all others ask to come back", () => {
  expect(Object.entries(CloseCode).map(([name, code]) => [name, isTerminalClose(code)])).toEqual([
    ["unauthorized", true],
    ["forbidden", true],
    ["protocolTooOld", true],
    ["badFrame", false],
    ["ticketSpent", false],
    ["dead", false],
  ]);
  expect([1000, 1001, 1006, 1011, 1012].map(isTerminalClose)).toEqual([false, false, false, false, false]);
});

test("a lease survives two missed extensions, an agent two missed heartbeats, and pings come well before an idle limit", () => {
  expect(TIMINGS.leaseMs).toBeGreaterThan(3 * TIMINGS.extendMs);
  expect(ASSIGNABLE_MS).toBeGreaterThanOrEqual(3 * TIMINGS.heartbeatMs);
  expect(TIMINGS.pollMs).toBeLessThanOrEqual(TIMINGS.idlePollMs);
  expect(PING_INTERVAL_MS).toBeLessThan(60_000);
});

test("every service type has its SST of TS 23.501, and every objective its metric", () => {
  expect(Object.fromEntries(ServiceType.options.map((type) => [type, SST[type]]))).toEqual({ eMBB: 1, URLLC: 2, mMTC: 3 });
  expect(Object.keys(OBJECTIVE_METRICS).sort()).toEqual([...ObjectiveName.options].sort());
});

test("every control character but tab, LF and CR makes a text invalid, and nothing else does", () => {
  const refused = Array.from({ length: 0x300 }, (_, code) => code).filter(
    (code) => !IntentText.safeParse(`a${String.fromCharCode(code)}b`).success,
  );
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  expect(refused).toEqual([...range(0, 8), 11, 12, ...range(14, 31), ...range(127, 159)]);
});
