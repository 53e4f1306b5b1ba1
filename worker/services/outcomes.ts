// How a job ended → the state of job, intent, deployment and slice, with exactly one terminal event.
import type { JobKind, JobState } from "../../protocol/job.ts";
import type { JobOutcome, ReportedFact } from "../../protocol/report.ts";
import type { SiteOutcome, StageFailure } from "../../protocol/stage.ts";
import { AppError } from "../errors.ts";
import { enqueueApply, enqueuePrepare, enqueueRollback } from "./enqueue.ts";
import { type About, type FactContext, markSites, setDeployment } from "./fact-context.ts";
import { restore, settle } from "./in-force.ts";
import { finishJob } from "./jobs.ts";
import { asBeforeRollback, cancelled, failed, giveBackUnpushed, rolledBack } from "./setbacks.ts";
import { reasonsToApprove } from "./world.ts";

const JOB_STATE: Record<JobOutcome["kind"], JobState> = {
  prepared: "succeeded",
  answer_due: "succeeded",
  needs_clarification: "succeeded",
  rejected: "succeeded",
  completed: "succeeded",
  needs_decision: "succeeded",
  rolled_back: "succeeded",
  approval_void: "failed",
  failed: "failed",
  cancelled: "cancelled",
};

const ENDS: Record<JobKind, readonly JobOutcome["kind"][]> = {
  "intent.prepare": ["prepared", "answer_due", "needs_clarification", "rejected", "failed", "cancelled"],
  "intent.apply": ["completed", "needs_decision", "rolled_back", "approval_void", "failed", "cancelled"],
  "deployment.rollback": ["rolled_back", "approval_void", "failed", "cancelled"],
};

export function applyOutcome(context: FactContext, said: JobOutcome, about: About): void {
  const { deps, unit, job, draft } = context;
  if (!ENDS[job.kind].includes(said.kind)) throw new AppError("CONFLICT", `a job of kind ${job.kind} cannot end as ${said.kind}`);
  const outcome = overtaken(said, job.cancelRequestedBy);
  const gaveUp = outcome.kind === "failed" && outcome.failure.reason === "attempts_exhausted";
  finishJob(unit, deps, { job, state: gaveUp ? "dead" : JOB_STATE[outcome.kind] });
  switch (outcome.kind) {
    case "prepared":
      return prepared(context, about);
    case "answer_due":
      return answered(context, about);
    case "needs_clarification":
      draft.moveTo("needs_clarification");
      return draft.event("intent.clarification_needed", { clarifications: outcome.clarifications }, about);
    case "rejected":
      return rejected(context, outcome.failure, about);
    case "completed":
      return completed(context, outcome.note, about);
    case "needs_decision":
      draft.moveTo("needs_decision");
      draft.set({ failure: outcome.failure });
      return draft.event("decision.requested", { failure: outcome.failure, options: ["accept", "rollback", "resume"] }, about);
    case "rolled_back":
      return rolledBack(context, outcome.failure, about);
    case "approval_void":
      return approvalVoid(context, outcome.failure, about);
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
  const { deps, unit, draft, checkpoint, world } = context;
  const { plan: planned, render } = checkpoint;
  if (planned === undefined || render === undefined || world === null)
    throw new AppError("VALIDATION", "outcome: prepared without a plan and a package");
  const { plan } = planned;
  if (plan.action === "scale" && render.diff.length === 0) {
    draft.moveTo("completed");
    const note = `nothing to change: slice ${plan.slice} is on ${plan.sites.join(", ")} as it should be`;
    return draft.event("intent.completed", { deploymentId: null, note }, about);
  }
  if (!world.served) {
    const message = `no one agent serves all of ${plan.sites.join(", ")}; ask for them in separate intents`;
    return rejected(context, { stage: "plan", reason: "infeasible", message, retryable: false, rejection: "INFEASIBLE" }, about);
  }
  const reasons = reasonsToApprove(world, plan, draft.row.approval);
  draft.set({ approvalReasons: reasons });
  if (draft.row.dryRun) return; // stays parsed: plan and diff are there, nothing follows
  if (reasons.length > 0) {
    draft.moveTo("awaiting_approval");
    return draft.event("approval.requested", { digest: render.digest, reasons }, about);
  }
  if (plan.action !== "rollback") return enqueueApply(unit, deps, { draft, prepared: { plan, ...render, approvedBy: null }, world });
  const order = world.rollback;
  if (order === null || order instanceof AppError) {
    const message = order?.message ?? "there is nothing to take back";
    const failure: StageFailure = { stage: "plan", reason: "conflict", message, retryable: false, rejection: "INTENT_CONFLICT" };
    return rejected(context, failure, about);
  }
  draft.moveTo("running");
  draft.set({ deploymentId: order.deployment.id });
  enqueueRollback(unit, deps, { ...order, diff: render.diff });
}

/** The text asks how things stand. */
function answered(context: FactContext, about: About): void {
  const { draft, answer } = context;
  if (answer === null) throw new AppError("VALIDATION", "outcome: an answer is due to a text that asks nothing");
  draft.moveTo("completed");
  draft.set({ answer });
  draft.event("intent.completed", { deploymentId: null, note: answer.text, answer }, about);
}

function rejected({ draft }: FactContext, failure: StageFailure, about: About): void {
  draft.moveTo("rejected");
  draft.set({ failure });
  draft.event("intent.rejected", { failure }, about);
}

function completed(context: FactContext, note: string, about: About): void {
  const { deps, unit, draft, deployment } = context;
  draft.moveTo("completed");
  if (deployment !== null) settleDeployment(context);
  draft.event("intent.completed", { deploymentId: deployment?.id ?? null, note }, about);

  function settleDeployment({ checkpoint }: FactContext): void {
    if (deployment === null) return;
    const taken = [...(checkpoint.rollback?.sites ?? []), ...sitesThatAre("reverted", checkpoint)];
    const reached = (checkpoint.push?.waves ?? deployment.commits).flatMap((wave) => wave.sites);
    const { plan, id: deploymentId } = deployment;
    const removal = plan.action === "terminate";
    setDeployment(context, { status: removal ? "superseded" : "live" });
    markSites(context, { from: ["provisioned"], to: "verified", message: removal ? "removed" : "service levels met" });
    markSites(context, { from: ["pending"], to: "failed", message: "not rolled out" });
    settle(unit, deps, { deploymentId, plan, sites: reached.filter((site) => !taken.includes(site)) });
    giveBackUnpushed(context); // of a rollout that stopped before its last wave
  }
}

function sitesThatAre(state: SiteOutcome["state"], { sync }: FactContext["checkpoint"]): string[] {
  return (sync?.sites ?? []).filter((outcome) => outcome.state === state).map((outcome) => outcome.site);
}

/** The tree moved since the package was shown: prepared anew, and asked for again where a person must say yes. */
function approvalVoid(context: FactContext, failure: StageFailure, about: About): void {
  const { deps, unit, draft, deployment, job } = context;
  const inTree = (deployment?.commits.length ?? 0) > 0;
  if (inTree && job.kind === "intent.apply") return failed(context, failure, about); // some wave is out: a person looks at it
  if (job.kind === "intent.apply" && deployment !== null) {
    restore(unit, deps, { deploymentId: deployment.id, plan: deployment.plan, sites: deployment.plan.sites });
    setDeployment(context, { status: "failed" });
  } else setDeployment(context, { status: asBeforeRollback(job) });
  markSites(context, { from: ["pending"], to: "failed", message: failure.message });
  draft.event("approval.decided", { decision: "voided", by: "agent", digest: draft.row.digest ?? "", reason: failure.message }, about);
  draft.moveTo("received");
  draft.set({ failure: null, stage: null, digest: null, diff: null, deploymentId: null });
  enqueuePrepare(unit, deps, draft.row);
}

/** What a preparation that was feasible alone becomes when another took what it needs in the meantime. */
export function raceLost(reported: ReportedFact): ReportedFact {
  if (reported.fact.type !== "job.finished" || reported.fact.outcome.kind !== "prepared") return reported;
  const failure: StageFailure = {
    stage: "plan",
    reason: "conflict",
    message: "another intent took the capacity, the name or the S-NSSAI, or changed the slice, while this one was planned; send it again",
    retryable: true,
    rejection: "INTENT_CONFLICT",
  };
  return { ...reported, fact: { type: "job.finished", outcome: { kind: "rejected", failure } } };
}
