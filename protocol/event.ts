// One durable fact about the system: the log, the feed and the stage table of the monitor.
import * as z from "zod";
import { Alert } from "./alert.ts";
import { DeploymentSiteState } from "./deployment.ts";
import { AgentId, EventId, SiteId, Timestamp } from "./ids.ts";
import { Clarification, DecisionAction, StatusAnswer, Understanding } from "./intent.ts";
import { IntegrationStatus, ProviderId } from "./llm.ts";
import { Drift, SiteStatus, SiteTaskView } from "./site.ts";
import { Evidence, Verdict } from "./slo.ts";
import { FileDiff, SlicePlan, StageFailure } from "./stage.ts";

export const MonitorStage = z.enum([
  "input_received",
  "llm_processing",
  "intent_parsed",
  "krm_generating",
  "krm_generated",
  "gitops_pushing",
  "gitops_pushed",
  "edge_deploying",
  "edge_deployed",
  "slo_validating",
  "completed",
  "failed",
  "rollback",
]);
export type MonitorStage = z.infer<typeof MonitorStage>;

const none = z.object({});
const failure = z.object({ failure: StageFailure });
const siteState = z.object({ deploymentId: z.string(), state: DeploymentSiteState, commit: z.string().nullable(), message: z.string() });

/** What other systems report; it touches no intent, no job and no site of ours, so none of the event's own ids is set. */
const integrationPipeline = z.object({
  kind: z.literal("pipeline"),
  change: z.enum(["started", "moved"]),
  pipelineId: z.string(),
  text: z.string(),
  stage: MonitorStage,
  metadata: z.record(z.string(), z.unknown()),
  by: z.string(),
});
const integrationEdge = z.object({
  kind: z.literal("edge"),
  edge: z.string(), // a site's id when its name was understood, else as it was given
  status: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  by: z.string(),
});

/** A language model that came, went, changed its health, or was switched in or out of the router. */
const integrationBackend = z.object({
  kind: z.literal("backend"),
  agentId: AgentId.nullable(), // null: for all agents, by a person
  provider: ProviderId,
  change: z.enum(["found", "status", "gone", "connected", "disconnected", "order"]),
  status: IntegrationStatus.nullable(),
  message: z.string(),
});

/** The data of each event type. The order is the order of a run. */
export const EVENT_DATA = {
  "intent.received": z.object({ text: z.string(), targetSites: z.array(z.string()), by: z.string(), dryRun: z.boolean() }),
  "intent.parsing": none,
  "intent.parsed": z.object({ understanding: Understanding }),
  "intent.clarification_needed": z.object({ clarifications: z.array(Clarification) }),
  "krm.generating": z.object({ plan: SlicePlan, warnings: z.array(z.string()) }),
  "krm.generated": z.object({ digest: z.string(), runner: z.string(), diff: z.array(FileDiff.omit({ patch: true })) }),
  "approval.requested": z.object({ digest: z.string(), reasons: z.array(z.string()) }),
  "approval.decided": z.object({
    decision: z.enum(["approved", "rejected", "voided"]), // voided: the live tree has moved, what was shown is not what would happen
    by: z.string(),
    digest: z.string(),
    reason: z.string().optional(),
  }),
  "gitops.pushing": z.object({ deploymentId: z.string(), slice: z.string(), sites: z.array(z.string()) }),
  "gitops.pushed": z.object({
    deploymentId: z.string(),
    commit: z.string(),
    repositoryUrl: z.string(),
    branch: z.string(),
    sites: z.array(z.string()),
  }),
  "edge.deploying": siteState,
  "edge.deployed": siteState,
  "edge.failed": siteState,
  "slo.validating": z.object({ deploymentId: z.string(), sites: z.array(z.string()) }), // once per wave, and again after it has baked
  "slo.validated": z.object({ deploymentId: z.string(), verdict: Verdict, evidence: z.array(Evidence) }),
  "decision.requested": failure.extend({ options: z.array(DecisionAction) }),
  "rollback.initiated": z.object({ deploymentId: z.string(), sites: z.array(z.string()), reason: z.string() }),
  "rollback.completed": z.object({
    deploymentId: z.string(),
    revertCommit: z.string(),
    sites: z.array(z.string()),
    unconfirmed: z.array(z.string()),
  }),
  "rollback.failed": failure.extend({ deploymentId: z.string() }),
  "intent.completed": z.object({ deploymentId: z.string().nullable(), note: z.string(), answer: StatusAnswer.optional() }),
  "intent.failed": failure,
  "intent.rejected": failure,
  "intent.cancelled": z.object({ by: z.string(), effects: z.array(z.string()) }),
  "intent.rolled_back": z.object({ deploymentId: z.string(), revertCommit: z.string(), reason: z.string() }),
  "metrics.update": z.record(z.string(), z.unknown()),
  "alert.triggered": z.object({ alert: Alert }), // and again for every rung that is climbed, with the steps so far
  "alert.resolved": z.object({ alert: Alert }),
  "site.updated": z.object({
    status: SiteStatus,
    message: z.string(),
    change: z.enum(["state", "added", "changed", "removed", "checked", "drift", "cluster"]),
    drift: z.array(Drift).optional(), // all that is known now; empty: it is gone
    task: SiteTaskView.optional(),
  }),
  "integration.updated": z.discriminatedUnion("kind", [integrationPipeline, integrationEdge, integrationBackend]),
  "agent.online": z.object({ agentId: z.string(), name: z.string() }),
  "agent.offline": z.object({ agentId: z.string(), name: z.string(), reason: z.string() }),
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof EVENT_DATA;
export const EventType = z.enum(Object.keys(EVENT_DATA) as [EventType, ...EventType[]]);
export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;

/** The stage the monitor shows for an event; types that are absent move no stage. */
export const MONITOR_STAGES: Partial<Record<EventType, MonitorStage>> = {
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

/** An event as it is stored and delivered. `seq` is one ever-growing number per installation. */
export const DurableEvent = z
  .object({
    seq: z.number().int().positive(),
    id: EventId,
    type: EventType,
    intentId: z.string().nullable(),
    jobId: z.string().nullable(),
    site: SiteId.nullable(),
    stage: MonitorStage.nullable(),
    at: Timestamp,
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: "Event" });
export type DurableEvent = z.infer<typeof DurableEvent>;

/** Parses the data of an event by its type; undefined when the data is not what the type promises. */
export function eventData<T extends EventType>(event: { type: EventType; data: unknown }, type: T): EventData<T> | undefined {
  if (event.type !== type) return undefined;
  const parsed = EVENT_DATA[type].safeParse(event.data);
  return parsed.success ? (parsed.data as EventData<T>) : undefined;
}
