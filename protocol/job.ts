// Jobs: what an agent claims. Waiting for a person holds no job; an answer, an approval or a decision enqueues the next.
import * as z from "zod";
import { CommitSha, DeploymentId, IntentId, JobId, LeaseId, SiteId, SliceName, Timestamp } from "./ids.ts";
import { ClarificationAnswers, FailurePolicy, IntentContext } from "./intent.ts";
import type { Moves } from "./moves.ts";
import { SiteConfig } from "./site.ts";
import { Checkpoint, FileDiff, RenderedFile, SlicePlan } from "./stage.ts";

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
});
export type ApplyInput = z.infer<typeof ApplyInput>;

/** Take one deployment back, whole or at some of its sites. */
export const RollbackInput = z.object({
  kind: z.literal("deployment.rollback"),
  intentId: IntentId,
  deploymentId: DeploymentId,
  slice: SliceName,
  commit: CommitSha,
  sites: z.array(SiteId).min(1),
  allSites: z.array(SiteId).min(1), // the ones the commit touched
  completes: z.boolean(), // nothing of the deployment is left after this
  reason: z.string(),
});
export type RollbackInput = z.infer<typeof RollbackInput>;

export const JobInput = z.discriminatedUnion("kind", [PrepareInput, ApplyInput, RollbackInput]);
export type JobInput = z.infer<typeof JobInput>;

/** A slice that holds capacity at its sites: live, being applied, or failed with its commit still in the tree. */
export const LiveSlice = z.object({
  slice: SliceName,
  snssai: z.object({ sst: z.number().int(), sd: z.string() }),
  sites: z.array(SiteId),
  downlinkMbps: z.number(),
  uplinkMbps: z.number(),
  maxDevices: z.number(),
});
export type LiveSlice = z.infer<typeof LiveSlice>;

/** What the plan stage must know of the world; read from D1 when the job is claimed. */
export const PlanContext = z.object({
  sites: z.array(SiteConfig.pick({ id: true, aliases: true, labels: true, capacity: true })),
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
  context: PlanContext,
  cancelRequested: z.boolean(),
});
export type ClaimedJob = z.infer<typeof ClaimedJob>;
