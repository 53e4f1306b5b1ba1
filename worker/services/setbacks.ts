// The outcomes in which a job did not do what was asked: taken back, failed, cancelled. Who holds what afterwards is kept true.
import type { DeploymentStatus } from "../../protocol/deployment.ts";
import type { FailureReason, StageFailure } from "../../protocol/stage.ts";
import { AppError } from "../errors.ts";
import { type About, type FactContext, markSites, setDeployment } from "./fact-context.ts";
import { restore, retireReplaced } from "./in-force.ts";
import type { JobRow } from "./jobs.ts";

export function rolledBack(context: FactContext, failure: StageFailure | null, about: About): void {
  const { job, draft, owner, deployment, checkpoint } = context;
  const rollback = checkpoint.rollback;
  if (deployment === null || rollback === undefined) throw new AppError("VALIDATION", "outcome: rolled back without a revert");
  const { revertCommit, sites } = rollback;
  if (job.input.kind === "deployment.rollback" && !job.input.completes) partlyRolledBack(context, about);
  else {
    giveBackUnpushed(context);
    setDeployment(context, { status: "reverted", revertCommit });
    const again = owner.row.status === "rolled_back"; // it had come back where it had made room
    if (!again) owner.moveTo("rolled_back");
    if (failure !== null) owner.set({ failure });
    const reason = failure?.message ?? rollback.reason;
    // The intent that asked ends with the fact itself; the one whose deployment it was is told with an event of its own.
    if (!again)
      owner.event(
        "intent.rolled_back",
        { deploymentId: deployment.id, revertCommit, reason },
        owner === draft ? about : { jobId: about.jobId },
      );
  }
  if (owner === draft) return;
  draft.moveTo("completed");
  const note = `slice ${deployment.slice} is as it was before ${deployment.id} on ${sites.join(", ")}`;
  draft.event("intent.completed", { deploymentId: deployment.id, note }, about);
}

/** The other sites keep what they have, and the deployment what it was; the feed has rollback.completed. */
function partlyRolledBack(context: FactContext, about: About): void {
  const { draft, owner } = context;
  const before = owner.row.status;
  const { failure } = owner.row;
  const undecided = (before === "running" && failure !== null) || before === "needs_decision";
  setDeployment(context, { status: undecided ? "applying" : before === "failed" || before === "cancelled" ? "failed" : "live" });
  if (before !== "running" || failure === null || owner !== draft) return;
  owner.moveTo("needs_decision"); // it was one when the rollback was asked for, and the rest is still to be decided
  owner.event("decision.requested", { failure, options: ["accept", "rollback", "resume"] }, about);
}

/** Reasons for which a revert may be on the branch; the others come before the first one has left. */
const MAY_HAVE_REVERTED: readonly FailureReason[] = ["rollback_failed", "attempts_exhausted", "agent_error"];

/** A deployment of which nothing was taken back: live if it was, else failed. */
export function asBeforeRollback({ input }: Pick<JobRow, "input">): DeploymentStatus {
  return input.kind === "deployment.rollback" && input.wasLive === true ? "live" : "failed";
}

/** After a rollback that did not come to its end: what was live and nothing was taken back of is live, else it is failed. */
function afterRollback({ job, deployment, checkpoint }: FactContext, reverted: boolean): DeploymentStatus {
  const some = reverted || checkpoint.rollback !== undefined || (deployment?.commits.length ?? 0) > 1; // of several waves one may be back
  return some ? "failed" : asBeforeRollback(job);
}

export function failed(context: FactContext, failure: StageFailure, about: About): void {
  const { draft, deployment, job } = context;
  draft.set({ failure });
  if (job.kind === "deployment.rollback") {
    setDeployment(context, { status: afterRollback(context, MAY_HAVE_REVERTED.includes(failure.reason)) });
    giveBackUnpushed(context);
    if (deployment === null) return;
    const data = { deploymentId: deployment.id, failure };
    draft.event("rollback.failed", data, { jobId: about.jobId });
    if (draft.row.status !== "running") return; // a settled intent stays what it was; the deployment says failed
    draft.moveTo("failed");
    return draft.event("intent.failed", { failure }, about);
  }
  setDeployment(context, { status: "failed" });
  giveBackUnpushed(context);
  markSites(context, { from: ["pending", "syncing"], to: "failed", message: failure.message });
  if (failure.stage === "rollback" && deployment !== null)
    draft.event("rollback.failed", { deploymentId: deployment.id, failure }, { jobId: about.jobId });
  draft.moveTo("failed");
  draft.event("intent.failed", { failure }, about);
}

export function cancelled(context: FactContext, effects: string[], about: About): void {
  const { draft, job } = context;
  if (job.kind === "deployment.rollback" && draft.row.status !== "running") return rollbackCancelled(context, effects);
  draft.set({ effects });
  setDeployment(context, { status: job.kind === "deployment.rollback" ? afterRollback(context, effects.length > 0) : "failed" });
  markSites(context, { from: ["pending", "syncing"], to: "failed", message: "cancelled" });
  giveBackUnpushed(context);
  draft.moveTo("cancelled");
  draft.event("intent.cancelled", { by: job.cancelRequestedBy ?? "agent", effects }, about);
}

/** The intent was settled before and stays what it was; the deployment can be taken back again. */
function rollbackCancelled(context: FactContext, effects: string[]): void {
  const { unit, draft, deployment, job } = context;
  if (deployment === null) return;
  setDeployment(context, { status: afterRollback(context, effects.length > 0) });
  giveBackUnpushed(context);
  const done = effects.length === 0 ? "nothing had been taken back" : effects.join("; ");
  const message = `the rollback was cancelled by ${job.cancelRequestedBy ?? "agent"}: ${done}`;
  const failure: StageFailure = { stage: "rollback", reason: "rollback_failed", message, retryable: true };
  unit.event({ type: "rollback.failed", data: { deploymentId: deployment.id, failure }, intentId: draft.row.id, jobId: job.id });
}

/** Sites that no commit has reached have what they had before. */
export function giveBackUnpushed({ deps, unit, deployment, checkpoint }: FactContext): void {
  if (deployment === null) return;
  const reached = (checkpoint.push?.waves ?? deployment.commits).flatMap((wave) => wave.sites);
  const sites = deployment.plan.sites.filter((site) => !reached.includes(site));
  restore(unit, deps, { deploymentId: deployment.id, plan: deployment.plan, sites });
  retireReplaced(unit, deps, deployment.plan);
}
