// The stages of the way, what each hands to the next, and how a stage fails.
import * as z from "zod";
import { CommitSha, DeploymentId, IntentId, SiteId, SliceName } from "./ids.ts";
import { FormalIntent, Requirements, ServiceProfile, ServiceType, Snssai, Understanding } from "./intent.ts";
import { Evidence, SloObjective, Verdict } from "./slo.ts";

export const StageName = z.enum(["parse", "plan", "render", "push", "sync", "verify", "rollback"]);
export type StageName = z.infer<typeof StageName>;

export const FailureReason = z.enum([
  // prepare: the intent is rejected
  "out_of_scope",
  "infeasible",
  "conflict",
  "not_approved", // a person said no
  // prepare: the intent fails
  "invalid_package",
  // apply
  "git_conflict",
  "git_unreachable",
  "git_refused",
  "approval_void", // the slice's own files moved between prepare and push
  "sync_failed",
  "sync_timeout",
  "site_unreachable",
  "slo_failed",
  "slo_inconclusive",
  "rollback_failed",
  "frozen", // a later wave meets a freeze window
  // anywhere
  "attempts_exhausted", // the job crashed its agent too often
  "agent_error", // the agent's own fault; its log has the cause
]);
export type FailureReason = z.infer<typeof FailureReason>;

export const REJECTING_REASONS: readonly FailureReason[] = ["out_of_scope", "infeasible", "conflict"];

/** The reasons of TMF921A 3.1 (the first three), the result of TS 28.541's feasibility check, and the conflict of TS 28.312's report. */
export const RejectionReason = z.enum([
  "unsupported_expectations",
  "unsupported_information_model",
  "out_of_scope",
  "INFEASIBLE",
  "INTENT_CONFLICT",
]);
export type RejectionReason = z.infer<typeof RejectionReason>;

export const StageFailure = z
  .object({
    stage: StageName,
    reason: FailureReason,
    message: z.string(),
    retryable: z.boolean(),
    site: SiteId.optional(),
    details: z.array(z.string()).optional(), // e.g. validation results per file
    rejection: RejectionReason.optional(), // of a refused plan
    counterOffer: Requirements.optional(), // the strongest that is feasible at all of its sites
  })
  .meta({ id: "StageFailure" });
export type StageFailure = z.infer<typeof StageFailure>;

export const PlanAction = z.enum(["deploy", "scale", "terminate", "rollback"]);
export type PlanAction = z.infer<typeof PlanAction>;

/** What a plan found in force and is made for: when that has moved, the plan is void. */
export const InForce = z.object({ site: SiteId, deploymentId: DeploymentId });
export type InForce = z.infer<typeof InForce>;

/** What the plan stage decides: one slice on one or more sites. For terminate and rollback: the slice as it is. */
export const SlicePlan = z.object({
  action: PlanAction,
  slice: SliceName,
  priority: z.number().int().min(1).max(10),
  requirements: Requirements, // as stated so far; a later scale changes some of them
  waves: z.array(z.array(SiteId).min(1)).min(1), // all of `sites`, in order
  bakeSeconds: z.number().int().nonnegative(),
  replaces: z.array(InForce), // of this slice; empty when it is new
  preempts: z.array(InForce.extend({ slice: SliceName })), // slices of lower priority that make room
  takesBack: DeploymentId.nullable(), // of a rollback
  renderedFor: IntentId, // the intent that the package names; an earlier one's when files are only put back
  serviceType: ServiceType,
  snssai: Snssai,
  fiveQi: z.number().int().positive(),
  profile: ServiceProfile,
  sites: z.array(SiteId).min(1),
  objectives: z.array(SloObjective).min(1),
});
export type SlicePlan = z.infer<typeof SlicePlan>;

const RepoPath = z
  .string()
  .regex(/^sites\/[a-z0-9-]+\/[A-Za-z0-9._/-]+$/)
  .refine((path) => !path.includes(".."), "must stay inside the tree");

export const RenderedFile = z.object({ path: RepoPath, content: z.string() });
export type RenderedFile = z.infer<typeof RenderedFile>;

/** One file of a diff; `patch` is a unified diff. */
export const FileDiff = z
  .object({ path: z.string(), change: z.enum(["added", "modified", "removed"]), patch: z.string() })
  .meta({ id: "FileDiff" });
export type FileDiff = z.infer<typeof FileDiff>;

export const ParseOutput = z.object({ understanding: Understanding });
export const PlanOutput = z.object({ plan: SlicePlan, formal: FormalIntent, warnings: z.array(z.string()) });
export const RenderOutput = z.object({
  files: z.array(RenderedFile),
  diff: z.array(FileDiff),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/), // over the paths and bytes of `files`
  runner: z.enum(["kpt", "embedded"]),
});

/** One commit of a rollout and the sites it is for. */
export const WaveCommit = z.object({ commit: CommitSha, sites: z.array(SiteId).min(1) });
export type WaveCommit = z.infer<typeof WaveCommit>;

/** `commit` is the newest; one per wave so far. */
export const PushOutput = z.object({
  commit: CommitSha,
  parent: CommitSha,
  branch: z.string(),
  repositoryUrl: z.string(),
  waves: z.array(WaveCommit).min(1),
});

export const SiteOutcome = z.object({
  site: SiteId,
  state: z.enum(["provisioned", "failed", "reverted"]),
  commit: CommitSha.nullable(),
  message: z.string(),
  failure: StageFailure.optional(),
});
export type SiteOutcome = z.infer<typeof SiteOutcome>;

export const SyncOutput = z.object({ sites: z.array(SiteOutcome) });
/** Of all waves so far. `bakedWaves`: how many have also stood their time. */
export const VerifyOutput = z.object({
  verdict: Verdict,
  evidence: z.array(Evidence),
  sites: z.array(SiteId),
  bakedWaves: z.number().int().nonnegative(),
});

/** `sites` are the ones taken back; `unconfirmed` those that could not be asked whether the removal arrived. */
export const RollbackOutput = z.object({
  revertCommit: CommitSha,
  sites: z.array(SiteId),
  unconfirmed: z.array(SiteId),
  reason: z.string(),
  failure: StageFailure.optional(), // of the rollout that was taken back; absent: a person asked for it
});

export type ParseOutput = z.infer<typeof ParseOutput>;
export type PlanOutput = z.infer<typeof PlanOutput>;
export type RenderOutput = z.infer<typeof RenderOutput>;
export type PushOutput = z.infer<typeof PushOutput>;
export type SyncOutput = z.infer<typeof SyncOutput>;
export type VerifyOutput = z.infer<typeof VerifyOutput>;
export type RollbackOutput = z.infer<typeof RollbackOutput>;

/** What a completed stage left behind, kept with the job: a re-claimed job starts after the last of these. */
export const Checkpoint = z.object({
  parse: ParseOutput.optional(),
  plan: PlanOutput.optional(),
  render: RenderOutput.optional(),
  push: PushOutput.optional(),
  sync: SyncOutput.optional(),
  verify: VerifyOutput.optional(),
  rollback: RollbackOutput.optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
