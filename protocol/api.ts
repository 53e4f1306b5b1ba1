// HTTP bodies of the public API, as contract.md has them. Requests are strict: an unknown field is an error that names it.
import * as z from "zod";
import { AgentView } from "./agent.ts";
import { Deployment, DeploymentSite, DeploymentStatus } from "./deployment.ts";
import { DurableEvent, MonitorStage } from "./event.ts";
import { DeploymentId, IntentId, Timestamp } from "./ids.ts";
import {
  ApprovalMode,
  ClarificationAnswers,
  FailurePolicy,
  FormalIntent,
  IntentContext,
  IntentStatus,
  IntentText,
  Understanding,
} from "./intent.ts";
import { RoomRole } from "./room.ts";
import { Site } from "./site.ts";
import { FileDiff, SlicePlan, StageFailure } from "./stage.ts";

/** A site as people write it; resolved against the registered sites and their aliases. */
const SiteRef = z.string().min(1).max(64);

export const UnderstandRequest = z
  .strictObject({
    text: IntentText,
    context: IntentContext.default({}),
    target_sites: z.array(SiteRef).max(100).optional(),
  })
  .meta({ id: "UnderstandRequest" });
export type UnderstandRequest = z.infer<typeof UnderstandRequest>;

export const CreateIntentRequest = z
  .strictObject({
    text: IntentText,
    context: IntentContext.default({}),
    targetSites: z.array(SiteRef).max(100).default([]),
    policy: FailurePolicy.default("all-or-revert"),
    approval: ApprovalMode.default("auto"),
    priority: z.number().int().min(1).max(10).default(5),
    dryRun: z.boolean().default(false),
  })
  .meta({ id: "CreateIntent" });
export type CreateIntentRequest = z.infer<typeof CreateIntentRequest>;

export const IntentAccepted = z.object({ intentId: IntentId, status: IntentStatus }).meta({ id: "IntentAccepted" });
export type IntentAccepted = z.infer<typeof IntentAccepted>;

export const IntentSummary = z
  .object({
    intentId: IntentId,
    text: z.string(),
    status: IntentStatus,
    stage: MonitorStage.nullable(),
    sites: z.array(z.string()),
    deploymentId: z.string().nullable(),
    policy: FailurePolicy,
    approval: ApprovalMode,
    dryRun: z.boolean(),
    createdBy: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: "IntentSummary" });
export type IntentSummary = z.infer<typeof IntentSummary>;

export const StageTiming = z.object({ stage: MonitorStage, at: Timestamp, site: z.string().nullable() });

export const IntentRecord = IntentSummary.extend({
  context: IntentContext,
  waitingFor: z.enum(["agent"]).nullable(), // work is queued and no agent is online to take it
  understanding: Understanding.nullable(),
  formal: FormalIntent.nullable(),
  plan: SlicePlan.nullable(),
  diff: z.array(FileDiff).nullable(),
  digest: z.string().nullable(),
  failure: StageFailure.nullable(),
  effects: z.array(z.string()), // what a cancelled run had already done
  stages: z.array(StageTiming),
  deployment: Deployment.nullable(),
}).meta({ id: "Intent" });
export type IntentRecord = z.infer<typeof IntentRecord>;

export const IntentStatusView = z
  .object({
    intentId: IntentId,
    status: IntentStatus,
    stage: MonitorStage.nullable(),
    waitingFor: z.enum(["agent"]).nullable(),
    message: z.string(),
    deploymentId: z.string().optional(),
    sites: z.array(DeploymentSite.pick({ site: true, state: true, message: true })),
    updatedAt: Timestamp,
  })
  .meta({ id: "IntentStatus" });
export type IntentStatusView = z.infer<typeof IntentStatusView>;

const limit = z.coerce.number().int().min(1).max(200).default(50);

export const ListIntentsQuery = z.strictObject({
  status: IntentStatus.optional(),
  site: SiteRef.optional(),
  q: z.string().min(1).max(200).optional(),
  limit,
  cursor: IntentId.optional(),
});
export type ListIntentsQuery = z.infer<typeof ListIntentsQuery>;

export const IntentPage = z.object({ intents: z.array(IntentSummary), nextCursor: z.string().nullable() }).meta({ id: "IntentPage" });

export const ListDeploymentsQuery = z.strictObject({
  site: SiteRef.optional(),
  status: DeploymentStatus.optional(),
  limit,
  cursor: DeploymentId.optional(),
});
export type ListDeploymentsQuery = z.infer<typeof ListDeploymentsQuery>;

export const DeploymentPage = z
  .object({ deployments: z.array(Deployment), nextCursor: z.string().nullable() })
  .meta({ id: "DeploymentPage" });

export const DeploymentDiff = z
  .object({ deploymentId: z.string(), digest: z.string(), files: z.array(FileDiff) })
  .meta({ id: "DeploymentDiff" });

export const EventsQuery = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type EventsQuery = z.infer<typeof EventsQuery>;

/** `head` is the newest seq of the installation: a client that has it has everything. */
export const EventPage = z.object({ events: z.array(DurableEvent), head: z.number().int().nonnegative() }).meta({ id: "EventPage" });
export type EventPage = z.infer<typeof EventPage>;

export const AnswerRequest = ClarificationAnswers;
export const ApproveRequest = z.strictObject({ digest: z.string().min(1).max(80) }).meta({ id: "Approve" });
export const RejectRequest = z.strictObject({ reason: z.string().max(500).default("") }).meta({ id: "Reject" });
export const DecideRequest = z.strictObject({ action: z.enum(["accept", "rollback"]) }).meta({ id: "Decide" });
export const DeployRequest = z.strictObject({ intentId: IntentId }).meta({ id: "Deploy" });
export const RollbackRequest = z.strictObject({ site: SiteRef.optional() }).meta({ id: "Rollback" });
export const RollbackAccepted = z
  .object({ deploymentId: z.string(), jobId: z.string(), sites: z.array(z.string()) })
  .meta({ id: "RollbackAccepted" });

export const TicketRequest = z.strictObject({ role: RoomRole.optional() }).meta({ id: "TicketRequest" });
export const Ticket = z.object({ ticket: z.string(), expiresInMs: z.number().int() }).meta({ id: "Ticket" });
export type Ticket = z.infer<typeof Ticket>;

export const SitePage = z.object({ sites: z.array(Site) }).meta({ id: "SitePage" });
export const AgentPage = z.object({ agents: z.array(AgentView) }).meta({ id: "AgentPage" });

export const EnrolmentRequest = z.strictObject({ name: z.string().min(1).max(63).optional() }).meta({ id: "EnrolmentRequest" });
export const Enrolment = z.object({ token: z.string(), expiresAt: Timestamp, install: z.string() }).meta({ id: "Enrolment" });

export const Me = z.object({ name: z.string(), scopes: z.array(z.string()) }).meta({ id: "Me" });
export type Me = z.infer<typeof Me>;

export const ComponentHealth = z.object({ status: z.enum(["ok", "degraded", "down"]), message: z.string() });
export const Health = z
  .object({
    status: z.enum(["ok", "degraded", "down"]),
    protocol: z.number().int(),
    components: z.object({
      worker: ComponentHealth,
      d1: ComponentHealth,
      room: ComponentHealth,
      agents: ComponentHealth,
      sites: ComponentHealth,
    }),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;
