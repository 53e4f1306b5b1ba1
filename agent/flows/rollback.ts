// deployment.rollback: what a person or an intent asked to take back, whole or at some sites.
import type { RollbackInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import type { StageFailure } from "../../protocol/stage.ts";
import type { FlowContext } from "../job-runner.ts";
import { sameDiff } from "../same-diff.ts";
import { stageFailure } from "../stages/deps.ts";
import { rollback } from "../stages/rollback.ts";

export async function rollbackFlow(context: FlowContext, input: RollbackInput): Promise<JobOutcome> {
  const { deps, report, signal, job } = context;
  if (context.checkpoint.rollback === undefined) {
    const { intentId, slice, commits, sites, reason } = input;
    const { jobId } = job.lease;
    const moved = await movedSince(context, input);
    if (moved !== undefined) return { kind: moved.reason === "approval_void" ? "approval_void" : "failed", failure: moved };
    context.begin("rollback");
    await report.started("rollback", { sites, reason });
    const work = { jobId, intentId, slice, commits, sites, applied: sites, reason };
    const done = await rollback(deps, work, { tell: report.site, reverted: context.effects.reverted, signal });
    if (!done.ok) return { kind: "failed", failure: done.error };
    await context.done({ stage: "rollback", output: done.value });
  }
  return { kind: "rolled_back", failure: null };
}

/** What was shown is what is done: on a tree that has moved since, the same revert is another change. */
async function movedSince({ deps, signal, job }: FlowContext, input: RollbackInput): Promise<StageFailure | undefined> {
  if (input.diff === null) return undefined;
  const { intentId, slice, sites, reason, commits } = input;
  const now = await deps.git.revertDiff({ jobId: job.lease.jobId, intentId, slice, sites, reason }, commits, signal);
  if (!now.ok) return { ...now.error, stage: "rollback" };
  if (now.value === null || sameDiff(now.value, input.diff)) return undefined; // null: this very job has made it before a crash
  const message = `The files of slice ${slice} changed on the branch since the diff was shown.`;
  return stageFailure("rollback", { reason: "approval_void", message });
}
