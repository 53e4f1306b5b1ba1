// The tone of every event, stage and state: what colour and icon follow. The words are in the i18n resources, one per key here.
import type { AgentView } from "../../protocol/agent.ts";
import type { AlertSeverity } from "../../protocol/alert.ts";
import type { DeploymentSiteState, DeploymentStatus } from "../../protocol/deployment.ts";
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import { eventData } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { IntegrationStatus } from "../../protocol/llm.ts";
import type { SiteStatus } from "../../protocol/site.ts";
import type { Verdict } from "../../protocol/slo.ts";

/** pending: not yet · active: going on · done: good · failed: bad · rollback: being or been taken back · wait: a person is asked. */
export type Tone = "pending" | "active" | "done" | "failed" | "rollback" | "wait";

export const EVENT_TONES: Record<EventType, Tone> = {
  "intent.received": "active",
  "intent.parsing": "active",
  "intent.parsed": "done",
  "intent.clarification_needed": "wait",
  "krm.generating": "active",
  "krm.generated": "done",
  "approval.requested": "wait",
  "approval.decided": "done",
  "gitops.pushing": "active",
  "gitops.pushed": "done",
  "edge.deploying": "active",
  "edge.deployed": "done",
  "edge.failed": "failed",
  "slo.validating": "active",
  "slo.validated": "done",
  "decision.requested": "wait",
  "rollback.initiated": "rollback",
  "rollback.completed": "rollback",
  "rollback.failed": "failed",
  "intent.completed": "done",
  "intent.failed": "failed",
  "intent.rejected": "failed",
  "intent.cancelled": "failed",
  "intent.rolled_back": "rollback",
  "metrics.update": "pending",
  "alert.triggered": "failed",
  "alert.resolved": "done",
  "site.updated": "active",
  "integration.updated": "active",
  "agent.online": "done",
  "agent.offline": "failed",
};

export const STATUS_TONES: Record<IntentStatus, Tone> = {
  received: "active",
  parsing: "active",
  needs_clarification: "wait",
  rejected: "failed",
  parsed: "active",
  awaiting_approval: "wait",
  running: "active",
  needs_decision: "wait",
  completed: "done",
  failed: "failed",
  rolled_back: "rollback",
  cancelled: "failed",
};

export const SITE_STATE_TONES: Record<DeploymentSiteState, Tone> = {
  pending: "pending",
  syncing: "active",
  synced: "active",
  provisioned: "done",
  verified: "done",
  failed: "failed",
  reverted: "rollback",
};

export const DEPLOYMENT_TONES: Record<DeploymentStatus, Tone> = {
  applying: "active",
  live: "done",
  failed: "failed",
  reverting: "rollback",
  reverted: "rollback",
  superseded: "pending",
};

export const SITE_STATUS_TONES: Record<SiteStatus, Tone> = {
  unknown: "pending",
  healthy: "done",
  degraded: "wait",
  unreachable: "failed",
};

export const VERDICT_TONES: Record<Verdict, Tone> = { pass: "done", fail: "failed", inconclusive: "wait", error: "wait" };

export const AGENT_TONES: Record<AgentView["status"], Tone> = { online: "done", stale: "wait", offline: "failed" };

export const SEVERITY_TONES: Record<AlertSeverity, Tone> = { critical: "failed", warning: "wait", info: "active" };

export const INTEGRATION_TONES: Record<IntegrationStatus, Tone> = {
  healthy: "done",
  degraded: "wait",
  offline: "pending",
  error: "failed",
};

/** The table's tone, save where the data tells good from bad. */
export function toneOfEvent(event: DurableEvent): Tone {
  const verdict = eventData(event, "slo.validated")?.verdict;
  return verdict === undefined ? EVENT_TONES[event.type] : VERDICT_TONES[verdict];
}
