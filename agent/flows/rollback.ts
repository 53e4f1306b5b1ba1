// deployment.rollback: what a person asked to take back, whole or at some sites.
import type { RollbackInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import type { FlowContext } from "../job-runner.ts";
import { rollback } from "../stages/rollback.ts";

export async function rollbackFlow(context: FlowContext, input: RollbackInput): Promise<JobOutcome> {
  const { deps, report, signal, job } = context;
  if (context.checkpoint.rollback === undefined) {
    const { intentId, slice, commit, sites, allSites, reason } = input;
    context.begin("rollback");
    await report.started("rollback", { sites, reason });
    const work = { jobId: job.lease.jobId, intentId, slice, commit, sites, allSites, applied: sites, reason };
    const done = await rollback(deps, work, { tell: report.site, reverted: context.effects.reverted, signal });
    if (!done.ok) return { kind: "failed", failure: done.error };
    await context.done({ stage: "rollback", output: done.value });
  }
  return { kind: "rolled_back", failure: null };
}
