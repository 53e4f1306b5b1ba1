// intent.apply: push, sync, verify; and what the intent's policy says when a site or an objective fails.
import { decideAfterSync } from "../../intent/policy.ts";
import { overallVerdict } from "../../intent/verdict.ts";
import type { ApplyInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import type { Evidence } from "../../protocol/slo.ts";
import type { PushOutput, SiteOutcome, StageFailure, VerifyOutput } from "../../protocol/stage.ts";
import type { FlowContext } from "../job-runner.ts";
import { stageFailure } from "../stages/deps.ts";
import { push } from "../stages/push.ts";
import { rollback } from "../stages/rollback.ts";
import { sync } from "../stages/sync.ts";
import { verify } from "../stages/verify.ts";

export async function applyFlow(context: FlowContext, input: ApplyInput): Promise<JobOutcome> {
  const { deps, report, signal, job } = context;
  const { plan } = input;
  if (context.checkpoint.push === undefined) {
    context.begin("push");
    await report.started("push");
    const pushed = await push(deps, { input, context: job.context, signal }, job.lease.jobId);
    if (!pushed.ok) return { kind: pushed.error.reason === "approval_void" ? "approval_void" : "failed", failure: pushed.error };
    await context.done({ stage: "push", output: pushed.value });
  }
  const pushed = known(context.checkpoint.push);
  signal.throwIfAborted();
  if (context.checkpoint.sync === undefined) {
    context.begin("sync");
    const output = await sync(deps, { slice: plan.slice, commit: pushed.commit, sites: plan.sites }, { tell: report.site, signal });
    await context.done({ stage: "sync", output });
  }
  const afterSync = await followPolicy(context, { input, pushed, outcomes: known(context.checkpoint.sync).sites });
  if (afterSync.outcome !== undefined) return afterSync.outcome;
  if (context.checkpoint.verify === undefined) {
    context.begin("verify");
    await report.started("verify");
    const output = await verify(deps, { slice: plan.slice, sites: afterSync.sites, objectives: plan.objectives }, signal);
    await context.done({ stage: "verify", output });
  }
  const verified = known(context.checkpoint.verify);
  if (verified.verdict === "inconclusive" || verified.verdict === "error")
    return { kind: "needs_decision", failure: unclear(verified.evidence) };
  const outcomes = afterSync.sites.map((site) => judged(site, verified, pushed));
  const afterVerify = await followPolicy(context, { input, pushed, outcomes });
  if (afterVerify.outcome !== undefined) return afterVerify.outcome;
  const open = verified.evidence.filter((record) => afterVerify.sites.includes(record.site) && record.verdict !== "pass");
  if (open.length > 0) return { kind: "needs_decision", failure: unclear(open) }; // beside a failing site, never a silent pass
  const left = plan.sites.filter((site) => !afterVerify.sites.includes(site));
  const note = left.length === 0 ? "service levels met at every site" : `service levels met; taken back at ${left.join(", ")}`;
  return { kind: "completed", note };
}

interface Situation {
  input: ApplyInput;
  pushed: PushOutput;
  outcomes: SiteOutcome[];
}

/** Either the sites to go on with, or the end. */
async function followPolicy(context: FlowContext, situation: Situation): Promise<{ sites: string[]; outcome?: JobOutcome }> {
  const { input, outcomes } = situation;
  const decision = decideAfterSync(input.policy, outcomes);
  if (decision.kind === "proceed") return { sites: decision.sites };
  const failure = firstFailure(outcomes);
  switch (decision.kind) {
    case "pause":
      return { sites: [], outcome: { kind: "needs_decision", failure } };
    case "revert_all": {
      const failed = await takeBack(context, { ...situation, sites: input.plan.sites, failure });
      return { sites: [], outcome: failed ?? { kind: "rolled_back", failure } };
    }
    case "revert_failed": {
      const failed = await takeBack(context, { ...situation, sites: decision.failed, failure });
      return failed === undefined ? { sites: decision.kept } : { sites: [], outcome: failed };
    }
  }
}

/** Undefined when it is taken back and confirmed. A rollback that an earlier attempt completed is not repeated. */
async function takeBack(
  context: FlowContext,
  { input, pushed, sites, failure }: Situation & { sites: string[]; failure: StageFailure },
): Promise<JobOutcome | undefined> {
  const { deps, report, signal, job, checkpoint } = context;
  const before = checkpoint.rollback;
  if (before !== undefined && sites.every((site) => before.sites.includes(site))) return undefined;
  context.begin("rollback");
  await report.started("rollback", { sites, reason: failure.message });
  const applied = (checkpoint.sync?.sites ?? []).filter((site) => site.commit === pushed.commit || site.state === "provisioned");
  const done = await rollback(
    deps,
    {
      jobId: job.lease.jobId,
      intentId: input.intentId,
      slice: input.plan.slice,
      commit: pushed.commit,
      sites: sites.filter((site) => !before?.sites.includes(site)),
      allSites: input.plan.sites,
      applied: applied.map((site) => site.site),
      reason: failure.message,
    },
    { tell: report.site, reverted: context.effects.reverted, signal },
  );
  if (!done.ok) return { kind: "failed", failure: done.error };
  const output = { ...done.value, sites, unconfirmed: [...(before?.unconfirmed ?? []), ...done.value.unconfirmed] };
  await context.done({ stage: "rollback", output });
  return undefined;
}

/** A site after the SLO gate, as the policy wants to see it. */
function judged(site: string, verified: VerifyOutput, pushed: PushOutput): SiteOutcome {
  const bad = verified.evidence.filter((record) => record.site === site && record.verdict === "fail");
  const commit = pushed.commit;
  if (overallVerdict(bad.map((record) => record.verdict)) !== "fail")
    return { site, state: "provisioned", commit, message: "no service level missed" };
  const message = `${site}: ${bad.map((record) => record.message).join("; ")}`;
  const failure = stageFailure("verify", { reason: "slo_failed", message, site });
  return { site, state: "failed", commit, message, failure };
}

function unclear(evidence: readonly Evidence[]): StageFailure {
  const open = evidence.filter((record) => record.verdict !== "pass");
  const message = open.map((record) => `${record.site}: ${record.message}`).join("; ");
  return stageFailure("verify", { reason: "slo_inconclusive", message, retryable: true });
}

function firstFailure(outcomes: SiteOutcome[]): StageFailure {
  const failures = outcomes.flatMap((site) => (site.failure === undefined ? [] : [site.failure]));
  const [first] = failures;
  if (first === undefined) throw new Error("a policy decision without a failure");
  return { ...first, message: failures.map((failure) => failure.message).join("; ") };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a completed stage left no output");
  return value;
}
