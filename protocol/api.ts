// HTTP bodies of the public API, as contract.md has them. Requests are strict: an unknown field is an error that names it.
import * as z from "zod";
import { AgentView } from "./agent.ts";
import { Deployment, DeploymentSite, DeploymentStatus } from "./deployment.ts";
import { ErrorBody } from "./errors.ts";
import { DurableEvent, MonitorStage } from "./event.ts";
import { DeploymentId, IntentId, SliceName, Timestamp } from "./ids.ts";
import {
  Action,
  ApprovalMode,
  ClarificationAnswers,
  DecisionAction,
  FailurePolicy,
  FormalIntent,
  IntentCommand,
  IntentContext,
  IntentStatus,
  IntentText,
  MAX_BAKE_SECONDS,
  Requirements,
  Rollout,
  ServiceType,
  StatusAnswer,
  Understanding,
} from "./intent.ts";
import { LiveSlice } from "./job.ts";
import { RoomRole } from "./room.ts";
import { Site } from "./site.ts";
import { SloObjective } from "./slo.ts";
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

/** POST /api/v1/intent/batch: each entry is checked on its own, so that a bad one does not spoil the rest. */
export const MAX_BATCH = 100;
export const UnderstandBatchRequest = z.array(z.unknown()).min(1).max(MAX_BATCH).meta({ id: "UnderstandBatch" });

/** `successful`: those with status "success". Results in the order of the entries; an error in place of one that cannot be read. */
export const UnderstandBatchAnswer = z
  .object({ total: z.number().int(), successful: z.number().int(), results: z.array(z.union([Understanding, ErrorBody])) })
  .meta({ id: "UnderstandBatchAnswer" });
export type UnderstandBatchAnswer = z.infer<typeof UnderstandBatchAnswer>;

/** How an intent is carried out, whatever it asks for. */
const Execution = z.strictObject({
  policy: FailurePolicy.default("all-or-revert"),
  approval: ApprovalMode.default("auto"),
  priority: z.number().int().min(1).max(10).default(5),
  rollout: z
    .strictObject({
      waves: z.array(z.array(SiteRef).min(1).max(100)).min(1).max(20).optional(),
      canary: SiteRef.optional(),
      bakeSeconds: z.number().int().min(0).max(MAX_BAKE_SECONDS).default(0),
    })
    .refine(({ waves, canary }) => waves === undefined || canary === undefined, {
      path: ["canary"],
      message: "give waves or a canary, not both",
    })
    .optional(),
  preempt: z.boolean().default(false), // propose, for approval, to remove slices of lower priority where there is no room
  dryRun: z.boolean().default(false),
});

export const CreateIntentRequest = z
  .strictObject({
    text: IntentText,
    context: IntentContext.default({}),
    targetSites: z.array(SiteRef).max(100).default([]),
    ...Execution.shape,
  })
  .meta({ id: "CreateIntent" });
export type CreateIntentRequest = z.infer<typeof CreateIntentRequest>;

/** POST /api/v1/slices: a deploy in data instead of words. */
export const DeploySliceRequest = z
  .strictObject({
    slice: SliceName.optional(),
    serviceType: ServiceType,
    sites: z.array(SiteRef).min(1).max(100),
    requirements: Requirements.strict().default({}),
    ...Execution.shape,
  })
  .meta({ id: "DeploySlice" });
export type DeploySliceRequest = z.infer<typeof DeploySliceRequest>;

/** POST /api/v1/slices/{name}/scale. No sites: all of the slice's. */
export const ScaleSliceRequest = z
  .strictObject({
    sites: z.array(SiteRef).max(100).default([]),
    requirements: Requirements.strict().refine((wanted) => Object.keys(wanted).length > 0, "must name what to change"),
    ...Execution.shape,
  })
  .meta({ id: "ScaleSlice" });
export type ScaleSliceRequest = z.infer<typeof ScaleSliceRequest>;

/** POST /api/v1/slices/{name}/terminate, /rollback and /rerender. */
export const ChangeSliceRequest = z
  .strictObject({ sites: z.array(SiteRef).max(100).default([]), ...Execution.shape })
  .meta({ id: "ChangeSlice" });
export type ChangeSliceRequest = z.infer<typeof ChangeSliceRequest>;

export const SliceView = LiveSlice.extend({
  objectives: z.array(SloObjective),
  alerts: z.number().int(), // firing now
}).meta({ id: "Slice" });
export type SliceView = z.infer<typeof SliceView>;
export const SlicePage = z.object({ slices: z.array(SliceView) }).meta({ id: "SlicePage" });

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
    action: Action.nullable(), // once it is understood
    slice: z.string().nullable(),
    policy: FailurePolicy,
    approval: ApprovalMode,
    priority: z.number().int(),
    dryRun: z.boolean(),
    createdBy: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .meta({ id: "IntentSummary" });
export type IntentSummary = z.infer<typeof IntentSummary>;

export const StageTiming = z.object({ stage: MonitorStage, at: Timestamp, site: z.string().nullable() });

/** agent: work is queued and nobody is online who could take it; freeze: a site's freeze window is open. */
const WaitingFor = z.enum(["agent", "freeze"]);

export const IntentRecord = IntentSummary.extend({
  context: IntentContext,
  waitingFor: WaitingFor.nullable(),
  command: IntentCommand.nullable(),
  rollout: Rollout.nullable(),
  preempt: z.boolean(),
  approvalReasons: z.array(z.string()), // why an approval is needed
  answer: StatusAnswer.nullable(), // of a question
  traceparent: z.string().nullable(), // W3C Trace Context of the whole run
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
    waitingFor: WaitingFor.nullable(),
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
  action: Action.optional(),
  createdBy: z.string().min(1).max(200).optional(), // as the list shows it
  site: SiteRef.optional(),
  q: z.string().min(1).max(200).optional(),
  limit,
  cursor: IntentId.optional(),
});
export type ListIntentsQuery = z.infer<typeof ListIntentsQuery>;

export const IntentPage = z.object({ intents: z.array(IntentSummary), nextCursor: z.string().nullable() }).meta({ id: "IntentPage" });

export const ListDeploymentsQuery = z.strictObject({
  site: SiteRef.optional(),
  slice: SliceName.optional(),
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
export type DeploymentDiff = z.infer<typeof DeploymentDiff>;

export const EventsQuery = z.strictObject({
  after: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export type EventsQuery = z.infer<typeof EventsQuery>;

/** `head` is the newest seq of the installation: a client that has it has everything. */
export const EventPage = z.object({ events: z.array(DurableEvent), head: z.number().int().nonnegative() }).meta({ id: "EventPage" });
export type EventPage = z.infer<typeof EventPage>;

export const AnswerRequest = ClarificationAnswers;
export const ApproveRequest = z
  .strictObject({ digest: z.string().min(1).max(80), comment: z.string().max(500).default("") })
  .meta({ id: "Approve" });
export type ApproveRequest = z.infer<typeof ApproveRequest>;
export const RejectRequest = z.strictObject({ reason: z.string().max(500).default("") }).meta({ id: "Reject" });
export type RejectRequest = z.infer<typeof RejectRequest>;
export const DecideRequest = z.strictObject({ action: DecisionAction }).meta({ id: "Decide" });
export const DeployRequest = z.strictObject({ intentId: IntentId }).meta({ id: "Deploy" });
export const RollbackRequest = z.strictObject({ site: SiteRef.optional() }).meta({ id: "Rollback" });
export const RollbackAccepted = z
  .object({ deploymentId: z.string(), jobId: z.string(), sites: z.array(z.string()) })
  .meta({ id: "RollbackAccepted" });
export type RollbackAccepted = z.infer<typeof RollbackAccepted>;

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
      llm: ComponentHealth, // never down: the rules are always there
    }),
  })
  .meta({ id: "Health" });
export type Health = z.infer<typeof Health>;
