// Jobs: what an agent claims. Waiting for a person holds no job; an answer, an approval or a decision enqueues the next.
import * as z from "zod";
import { CorrectedFields } from "./correction.ts";
import { DeploymentId, IntentId, JobId, LeaseId, SiteId, SliceName, Timestamp } from "./ids.ts";
import { ClarificationAnswers, FailurePolicy, IntentCommand, IntentContext, Requirements, Rollout, ServiceType, Snssai } from "./intent.ts";
import type { Moves } from "./moves.ts";
import { FreezeWindow, SiteConfig } from "./site.ts";
import { Checkpoint, FileDiff, PlanAction, RenderedFile, SlicePlan, WaveCommit } from "./stage.ts";

export const JobKind = z.enum(["intent.prepare", "intent.apply", "deployment.rollback"]);
export type JobKind = z.infer<typeof JobKind>;

export const JobState = z.enum(["queued", "leased", "running", "succeeded", "failed", "cancelled", "dead"]);
export type JobState = z.infer<typeof JobState>;

/** leased and running go back to leased when a lease ends and another attempt claims the job. */
export const JOB_MOVES: Moves<JobState> = {
  queued: ["leased", "cancelled"],
  leased: ["running", "leased", "succeeded", "failed", "cancelled", "dead"],
  running: ["leased", "succeeded", "failed", "cancelled", "dead"],
  succeeded: [],
  failed: [],
  cancelled: [],
  dead: [],
};

/** Understand, plan and render: no effect outside, no site lock. */
export const PrepareInput = z.object({
  kind: z.literal("intent.prepare"),
  intentId: IntentId,
  text: z.string(),
  context: IntentContext,
  targetSites: z.array(SiteId),
  answers: ClarificationAnswers.nullable(),
  corrected: CorrectedFields.nullable(), // what a person says it means; wins over whatever is understood
  command: IntentCommand.nullable(), // in place of the text's own meaning
  rollout: Rollout.nullable(),
  priority: z.number().int().min(1).max(10), // when the text states none
  preempt: z.boolean(), // slices of lower priority may be proposed to make room
  createdAt: Timestamp,
});
export type PrepareInput = z.infer<typeof PrepareInput>;

/** Push, sync, verify; roll back when the objectives are missed. `files` are exactly what was shown and approved. */
export const ApplyInput = z.object({
  kind: z.literal("intent.apply"),
  intentId: IntentId,
  deploymentId: DeploymentId,
  description: z.string(),
  plan: SlicePlan,
  files: z.array(RenderedFile),
  diff: z.array(FileDiff), // what the files changed when they were rendered; another diff at push voids the approval
  digest: z.string(),
  policy: FailurePolicy,
  approvedBy: z.string().nullable(),
  freeze: z.record(SiteId, z.array(FreezeWindow)), // looked at again before every later wave
});
export type ApplyInput = z.infer<typeof ApplyInput>;

/** Take one deployment back, whole or at some of its sites. */
export const RollbackInput = z.object({
  kind: z.literal("deployment.rollback"),
  intentId: IntentId,
  deploymentId: DeploymentId,
  slice: SliceName,
  commits: z.array(WaveCommit).min(1), // of the deployment, oldest first; taken back newest first
  sites: z.array(SiteId).min(1),
  askedBy: IntentId.nullable(), // the intent whose action this is; null: a person's command, a decision, a remediation
  diff: z.array(FileDiff).nullable(), // what was shown; another diff voids it
  completes: z.boolean(), // nothing of the deployment is left after this
  wasLive: z.boolean().optional(), // before it was asked for; a rollback that has done nothing leaves it so
  reason: z.string(),
});
export type RollbackInput = z.infer<typeof RollbackInput>;

export const JobInput = z.discriminatedUnion("kind", [PrepareInput, ApplyInput, RollbackInput]);
export type JobInput = z.infer<typeof JobInput>;

/** What a slice holds at one site, by the deployment that is in force there or is being applied. */
export const SliceAtSite = z.object({
  site: SiteId,
  deploymentId: DeploymentId,
  downlinkMbps: z.number(),
  uplinkMbps: z.number(),
  maxDevices: z.number(),
});
export type SliceAtSite = z.infer<typeof SliceAtSite>;

/** A slice that holds capacity at its sites: live, being changed, or failed with its commit still in the tree. */
export const LiveSlice = z.object({
  slice: SliceName,
  intentId: IntentId, // of its first deployment
  serviceType: ServiceType,
  snssai: Snssai,
  priority: z.number().int().min(1).max(10),
  requirements: Requirements,
  sites: z.array(SliceAtSite).min(1),
  latest: z.object({
    deploymentId: DeploymentId,
    intentId: IntentId,
    sites: z.array(SiteId),
    commits: z.array(WaveCommit),
    renderedFor: IntentId,
  }), // what a rollback takes back, and where it is still in force
  busy: z.object({ intentId: IntentId, action: PlanAction }).nullable(), // somebody is changing it now
});
export type LiveSlice = z.infer<typeof LiveSlice>;

/** What the plan stage must know of the world; read from D1 when the job is claimed. */
export const PlanContext = z.object({
  sites: z.array(SiteConfig.pick({ id: true, aliases: true, labels: true, capacity: true, freeze: true })),
  slices: z.array(LiveSlice),
});
export type PlanContext = z.infer<typeof PlanContext>;

/** The triple that every write about a job carries; a stale one is refused with LEASE_LOST. */
export const Lease = z.object({ jobId: JobId, attempt: z.number().int().positive(), leaseId: LeaseId });
export type Lease = z.infer<typeof Lease>;

export const ClaimedJob = z.object({
  lease: Lease,
  leaseMs: z.number().int().positive(),
  priority: z.number().int(),
  input: JobInput,
  checkpoint: Checkpoint,
  context: PlanContext.nullable(), // of a preparation
  cancelRequested: z.boolean(),
  traceparent: z.string().nullable(), // W3C Trace Context: the job's work is a child of the intent's span
});
export type ClaimedJob = z.infer<typeof ClaimedJob>;
