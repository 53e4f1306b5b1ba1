// How a job ended → the state of job, intent, deployment and slice, with exactly one terminal event.
import type { JobState } from "../../protocol/job.ts";
import type { JobOutcome, ReportedFact } from "../../protocol/report.ts";
import type { StageFailure } from "../../protocol/stage.ts";
import { AppError } from "../errors.ts";
import { enqueueApply, enqueuePrepare } from "./enqueue.ts";
import { type About, type FactContext, markSites, setDeployment } from "./fact-context.ts";
import { finishJob } from "./jobs.ts";
import { releaseSlice } from "./slices.ts";

const JOB_STATE: Record<JobOutcome["kind"], JobState> = {
  prepared: "succeeded",
  needs_clarification: "succeeded",
  rejected: "succeeded",
  completed: "succeeded",
  needs_decision: "succeeded",
  rolled_back: "succeeded",
  approval_void: "failed",
  failed: "failed",
  cancelled: "cancelled",
};

export function applyOutcome(context: FactContext, said: JobOutcome, about: About): void {
  const { deps, unit, job, draft, deployment } = context;
  const outcome = overtaken(said, job.cancelRequestedBy);
  const gaveUp = outcome.kind === "failed" && outcome.failure.reason === "attempts_exhausted";
  finishJob(unit, deps, { job, state: gaveUp ? "dead" : JOB_STATE[outcome.kind] });
  switch (outcome.kind) {
    case "prepared":
      return prepared(context, about);
    case "needs_clarification":
      draft.moveTo("needs_clarification");
      return draft.event("intent.clarification_needed", { clarifications: outcome.clarifications }, about);
    case "rejected":
      draft.moveTo("rejected");
      draft.set({ failure: outcome.failure });
      return draft.event("intent.rejected", { failure: outcome.failure }, about);
    case "completed":
      setDeployment(context, { status: "live" });
      markSites(context, { from: ["provisioned"], to: "verified", message: "service levels met" });
      draft.moveTo("completed");
      return draft.event("intent.completed", { deploymentId: deployment?.id ?? null, note: outcome.note }, about);
    case "needs_decision":
      draft.moveTo("needs_decision");
      draft.set({ failure: outcome.failure });
      return draft.event("decision.requested", { failure: outcome.failure, options: ["accept", "rollback"] }, about);
    case "rolled_back":
      return rolledBack(context, outcome.failure, about);
    case "approval_void":
      if (deployment !== null) releaseSlice(unit, deps, deployment.id);
      setDeployment(context, { status: "failed" });
      markSites(context, { from: ["pending"], to: "failed", message: outcome.failure.message });
      draft.event(
        "approval.decided",
        { decision: "voided", by: "agent", digest: draft.row.digest ?? "", reason: outcome.failure.message },
        about,
      );
      draft.moveTo("received");
      draft.set({ failure: null, stage: null, digest: null, diff: null, deploymentId: null });
      enqueuePrepare(unit, deps, draft.row);
      return;
    case "failed":
      return failed(context, outcome.failure, about);
    case "cancelled":
      return cancelled(context, outcome.effects, about);
  }
}

/** A cancel that came while the agent was reporting: nothing has been done yet, and the work that would follow must not begin. */
function overtaken(outcome: JobOutcome, cancelRequestedBy: string | null): JobOutcome {
  const leadsOn = outcome.kind === "prepared" || outcome.kind === "needs_clarification" || outcome.kind === "approval_void";
  return leadsOn && cancelRequestedBy !== null ? { kind: "cancelled", effects: [] } : outcome;
}

function prepared(context: FactContext, about: About): void {
  const { deps, unit, draft, checkpoint } = context;
  const { plan, render } = checkpoint;
  if (plan === undefined || render === undefined) throw new AppError("VALIDATION", "outcome: prepared without a plan and a package");
  if (draft.row.dryRun) return; // stays parsed: plan and diff are there, nothing follows
  if (draft.row.approval === "required") {
    draft.moveTo("awaiting_approval");
    draft.event("approval.requested", { digest: render.digest }, about);
    return;
  }
  enqueueApply(unit, deps, { draft, prepared: { plan: plan.plan, ...render, approvedBy: null } });
}

function rolledBack(context: FactContext, failure: StageFailure | null, about: About): void {
  const { deps, unit, job, draft, deployment, checkpoint } = context;
  const rollback = checkpoint.rollback;
  if (deployment === null || rollback === undefined) throw new AppError("VALIDATION", "outcome: rolled back without a revert");
  const whole = job.input.kind !== "deployment.rollback" || job.input.completes;
  if (!whole) return partlyRolledBack(context, about);
  setDeployment(context, { status: "reverted", revertCommit: rollback.revertCommit });
  releaseSlice(unit, deps, deployment.id);
  draft.moveTo("rolled_back");
  if (failure !== null) draft.set({ failure });
  const reason = failure?.message ?? rollback.reason;
  draft.event("intent.rolled_back", { deploymentId: deployment.id, revertCommit: rollback.revertCommit, reason }, about);
}

/** The other sites keep what they have, and the deployment what it was; the feed has rollback.completed. */
function partlyRolledBack(context: FactContext, about: About): void {
  const { draft } = context;
  const before = draft.row.status;
  const { failure } = draft.row;
  const undecided = before === "running" && failure !== null;
  setDeployment(context, { status: undecided ? "applying" : before === "failed" || before === "cancelled" ? "failed" : "live" });
  if (!undecided) return;
  draft.moveTo("needs_decision"); // it was one when the rollback was asked for, and the rest is still to be decided
  draft.event("decision.requested", { failure, options: ["accept", "rollback"] }, about);
}

function failed(context: FactContext, failure: StageFailure, about: About): void {
  const { deps, unit, draft, deployment, job, checkpoint } = context;
  draft.set({ failure });
  setDeployment(context, { status: "failed" });
  const inTree = checkpoint.push !== undefined || deployment?.commit != null;
  if (deployment !== null && !inTree) releaseSlice(unit, deps, deployment.id);
  if (job.kind !== "deployment.rollback") markSites(context, { from: ["pending", "syncing"], to: "failed", message: failure.message });
  if ((failure.stage === "rollback" || job.kind === "deployment.rollback") && deployment !== null)
    unit.event({ type: "rollback.failed", data: { deploymentId: deployment.id, failure }, intentId: draft.row.id, jobId: job.id });
  if (job.kind === "deployment.rollback" && draft.row.status !== "running") return; // a settled intent stays what it was; the deployment says failed
  draft.moveTo("failed");
  draft.event("intent.failed", { failure }, about);
}

function cancelled(context: FactContext, effects: string[], about: About): void {
  const { deps, unit, draft, deployment, job, checkpoint } = context;
  if (job.kind === "deployment.rollback" && draft.row.status !== "running") return rollbackCancelled(context, effects);
  draft.set({ effects });
  const inTree = checkpoint.push !== undefined || deployment?.commit != null;
  setDeployment(context, { status: "failed" });
  markSites(context, { from: ["pending", "syncing"], to: "failed", message: "cancelled" });
  if (deployment !== null && !inTree) releaseSlice(unit, deps, deployment.id);
  draft.moveTo("cancelled");
  draft.event("intent.cancelled", { by: job.cancelRequestedBy ?? "agent", effects }, about);
}

/** The intent was settled before and stays what it was; the deployment can be taken back again. */
function rollbackCancelled(context: FactContext, effects: string[]): void {
  const { unit, draft, deployment, job } = context;
  if (deployment === null) return;
  setDeployment(context, { status: "failed" });
  const done = effects.length === 0 ? "nothing had been taken back" : effects.join("; ");
  const message = `the rollback was cancelled by ${job.cancelRequestedBy ?? "agent"}: ${done}`;
  const failure: StageFailure = { stage: "rollback", reason: "rollback_failed", message, retryable: true };
  unit.event({ type: "rollback.failed", data: { deploymentId: deployment.id, failure }, intentId: draft.row.id, jobId: job.id });
}

/** What a preparation that was feasible alone becomes when another took its capacity or S-NSSAI in the meantime. */
export function raceLost(reported: ReportedFact): ReportedFact {
  if (reported.fact.type !== "job.finished" || reported.fact.outcome.kind !== "prepared") return reported;
  const failure: StageFailure = {
    stage: "plan",
    reason: "conflict",
    message: "another deployment took the capacity, the name or the S-NSSAI while this one was planned; send it again",
    retryable: true,
  };
  return { ...reported, fact: { type: "job.finished", outcome: { kind: "rejected", failure } } };
}
