// What people read for every event, stage and state. Words only; colour and icon follow the tone.
import type { DeploymentSiteState, DeploymentStatus } from "../../protocol/deployment.ts";
import { type DurableEvent, type EventType, eventData, type MonitorStage } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { SiteStatus } from "../../protocol/site.ts";
import type { ObjectiveName, Verdict } from "../../protocol/slo.ts";
import { shortCommit } from "./format.ts";

/** pending: not yet · active: going on · done: good · failed: bad · rollback: being or been taken back · wait: a person is asked. */
export type Tone = "pending" | "active" | "done" | "failed" | "rollback" | "wait";

export interface Label {
  word: string;
  tone: Tone;
}

const label = (word: string, tone: Tone): Label => ({ word, tone });

export const EVENT_LABELS: Record<EventType, Label> = {
  "intent.received": label("Intent received", "active"),
  "intent.parsing": label("Reading the sentence", "active"),
  "intent.parsed": label("Intent understood", "done"),
  "intent.clarification_needed": label("A question needs your answer", "wait"),
  "krm.generating": label("Rendering the package", "active"),
  "krm.generated": label("Package rendered", "done"),
  "approval.requested": label("Waiting for approval", "wait"),
  "approval.decided": label("Approval decided", "done"),
  "gitops.pushing": label("Pushing to git", "active"),
  "gitops.pushed": label("Committed to git", "done"),
  "edge.deploying": label("Site is deploying", "active"),
  "edge.deployed": label("Site has deployed", "done"),
  "edge.failed": label("Site failed", "failed"),
  "slo.validating": label("Checking service levels", "active"),
  "slo.validated": label("Service levels measured", "done"),
  "decision.requested": label("Waiting for your decision", "wait"),
  "rollback.initiated": label("Rollback started", "rollback"),
  "rollback.completed": label("Rollback done", "rollback"),
  "rollback.failed": label("Rollback failed", "failed"),
  "intent.completed": label("Completed", "done"),
  "intent.failed": label("Failed", "failed"),
  "intent.rejected": label("Rejected", "failed"),
  "intent.cancelled": label("Cancelled", "failed"),
  "intent.rolled_back": label("Rolled back", "rollback"),
  "metrics.update": label("Metrics", "pending"),
  "alert.triggered": label("Alert", "failed"),
  "alert.resolved": label("Alert resolved", "done"),
  "site.updated": label("Site changed", "active"),
  "integration.updated": label("Integration changed", "active"),
  "agent.online": label("Agent online", "done"),
  "agent.offline": label("Agent offline", "failed"),
};

export const STAGE_LABELS: Record<MonitorStage, string> = {
  input_received: "Received",
  llm_processing: "Reading",
  intent_parsed: "Parsed",
  krm_generating: "Rendering",
  krm_generated: "Rendered",
  gitops_pushing: "Pushing",
  gitops_pushed: "Pushed",
  edge_deploying: "Deploying",
  edge_deployed: "Deployed",
  slo_validating: "Checking SLOs",
  completed: "Completed",
  failed: "Failed",
  rollback: "Rolled back",
};

export const STATUS_LABELS: Record<IntentStatus, Label> = {
  received: label("Queued", "active"),
  parsing: label("Reading", "active"),
  needs_clarification: label("Needs your answer", "wait"),
  rejected: label("Rejected", "failed"),
  parsed: label("Planned", "active"),
  awaiting_approval: label("Awaiting approval", "wait"),
  running: label("Running", "active"),
  needs_decision: label("Needs your decision", "wait"),
  completed: label("Completed", "done"),
  failed: label("Failed", "failed"),
  rolled_back: label("Rolled back", "rollback"),
  cancelled: label("Cancelled", "failed"),
};

export const SITE_STATE_LABELS: Record<DeploymentSiteState, Label> = {
  pending: label("pending", "pending"),
  syncing: label("syncing", "active"),
  synced: label("synced", "active"),
  provisioned: label("provisioned", "done"),
  verified: label("verified", "done"),
  failed: label("failed", "failed"),
  reverted: label("reverted", "rollback"),
};

export const DEPLOYMENT_LABELS: Record<DeploymentStatus, Label> = {
  applying: label("applying", "active"),
  live: label("live", "done"),
  failed: label("failed", "failed"),
  reverting: label("reverting", "rollback"),
  reverted: label("reverted", "rollback"),
  superseded: label("superseded", "pending"),
};

export const SITE_STATUS_LABELS: Record<SiteStatus, Label> = {
  unknown: label("unknown", "pending"),
  healthy: label("healthy", "done"),
  degraded: label("degraded", "wait"),
  unreachable: label("unreachable", "failed"),
};

export const VERDICT_LABELS: Record<Verdict, Label> = {
  pass: label("pass", "done"),
  fail: label("fail", "failed"),
  inconclusive: label("no data", "wait"),
  error: label("not measured", "wait"),
};

export const OBJECTIVE_LABELS: Record<ObjectiveName, string> = {
  latencyP95: "Latency p95",
  throughputMin: "Downlink throughput",
  uplinkThroughputMin: "Uplink throughput",
  availability: "Availability",
};

/** The one thing worth reading about an event beside its label; empty when the label says it all. */
export function eventDetail(event: DurableEvent): string {
  switch (event.type) {
    case "intent.received":
      return eventData(event, event.type)?.text ?? "";
    case "intent.parsed": {
      const metadata = eventData(event, event.type)?.understanding.metadata;
      return metadata === undefined ? "" : `by ${metadata.provider}`;
    }
    case "integration.updated":
      return integrationDetail(event);
    case "intent.clarification_needed":
      return (eventData(event, event.type)?.clarifications ?? []).map((c) => c.question).join(" ");
    case "gitops.pushed":
      return shortCommit(eventData(event, event.type)?.commit ?? "");
    case "edge.deploying":
    case "edge.deployed":
    case "edge.failed":
      return eventData(event, event.type)?.message ?? "";
    case "slo.validated":
      return eventData(event, event.type)?.verdict ?? "";
    case "approval.decided": {
      const decided = eventData(event, event.type);
      return decided === undefined ? "" : `${decided.decision} by ${decided.by}`;
    }
    case "rollback.initiated":
    case "intent.rolled_back":
      return eventData(event, event.type)?.reason ?? "";
    case "intent.failed":
    case "intent.rejected":
    case "rollback.failed":
    case "decision.requested":
      return eventData(event, event.type)?.failure.message ?? "";
    case "intent.cancelled":
      return `by ${eventData(event, event.type)?.by ?? "?"}`;
    case "intent.completed":
      return eventData(event, event.type)?.note ?? "";
    case "site.updated": {
      const { status, message } = eventData(event, event.type) ?? { status: "", message: "" };
      return [status, message].filter((part) => part !== "").join(": ");
    }
    case "agent.online":
    case "agent.offline":
      return eventData(event, event.type)?.name ?? "";
    default:
      return "";
  }
}

function integrationDetail(event: DurableEvent): string {
  const data = eventData(event, "integration.updated");
  if (data === undefined) return "";
  if (data.kind === "pipeline") return [data.text, STAGE_LABELS[data.stage]].join(": ");
  if (data.kind === "edge") return `${data.edge}: ${data.status}`;
  const said = data.change === "order" ? "order" : data.change === "status" ? (data.status ?? "") : data.change;
  return [`${data.change === "order" ? "" : `${data.provider} `}${said}`, data.message].filter((part) => part !== "").join(": ");
}
