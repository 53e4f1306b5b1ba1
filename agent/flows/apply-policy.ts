// What the intent's policy says about the sites of a wave, carried out: go on, pause for a person, or take back and confirm it.
import { decideAfterSync } from "../../intent/policy.ts";
import type { ApplyInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import type { SiteOutcome, StageFailure } from "../../protocol/stage.ts";
import type { FlowContext } from "../job-runner.ts";
import { rollback } from "../stages/rollback.ts";

interface Situation {
  input: ApplyInput;
  outcomes: SiteOutcome[]; // of the wave
}

/** The wave's sites to go on with, or the end of the job. */
export async function followPolicy(
  context: FlowContext,
  { input, outcomes }: Situation,
): Promise<{ sites: string[]; outcome?: JobOutcome }> {
  const own = outcomes.map((outcome) => outcome.site);
  const taken = context.checkpoint.rollback?.sites ?? [];
  // Sites of earlier waves have passed their gate; under keep-successful they are what is kept.
  const before = (context.checkpoint.sync?.sites ?? []).filter((site) => !own.includes(site.site) && site.state === "provisioned");
  const left = (site: SiteOutcome) => !taken.includes(site.site);
  const decision = decideAfterSync(input.policy, [...before, ...outcomes].filter(left));
  const mine = (sites: string[]) => sites.filter((site) => own.includes(site));
  if (decision.kind === "proceed") return { sites: mine(decision.sites) };
  const failure = firstFailure(outcomes);
  switch (decision.kind) {
    case "pause":
      return { sites: [], outcome: { kind: "needs_decision", failure } };
    case "revert_all": {
      const pushed = (context.checkpoint.push?.waves ?? []).flatMap((wave) => wave.sites);
      const failed = await takeBack(context, { input, sites: pushed, failure });
      return { sites: [], outcome: failed ?? { kind: "rolled_back", failure } };
    }
    case "revert_failed": {
      const failed = await takeBack(context, { input, sites: decision.failed, failure });
      return failed === undefined ? { sites: mine(decision.kept) } : { sites: [], outcome: failed };
    }
  }
}

/** Undefined when it is taken back and confirmed. A rollback that an earlier attempt completed is not repeated. */
async function takeBack(
  context: FlowContext,
  { input, sites, failure }: { input: ApplyInput; sites: string[]; failure: StageFailure },
): Promise<JobOutcome | undefined> {
  const { deps, report, signal, job, checkpoint } = context;
  const before = checkpoint.rollback;
  if (before !== undefined && sites.every((site) => before.sites.includes(site))) return undefined;
  context.begin("rollback");
  await report.started("rollback", { sites, reason: failure.message });
  const commits = checkpoint.push?.waves ?? [];
  const known = (site: SiteOutcome) => commits.some((wave) => wave.commit === site.commit) || site.state === "provisioned";
  const done = await rollback(
    deps,
    {
      jobId: job.lease.jobId,
      intentId: input.intentId,
      slice: input.plan.slice,
      commits,
      sites: sites.filter((site) => !before?.sites.includes(site)),
      applied: (checkpoint.sync?.sites ?? []).filter(known).map((site) => site.site),
      reason: failure.message,
    },
    { tell: report.site, reverted: context.effects.reverted, signal },
  );
  if (!done.ok) return { kind: "failed", failure: done.error };
  const all = [...new Set([...(before?.sites ?? []), ...sites])];
  const output = { ...done.value, sites: all, unconfirmed: [...(before?.unconfirmed ?? []), ...done.value.unconfirmed], failure };
  await context.done({ stage: "rollback", output });
  return undefined;
}

function firstFailure(outcomes: readonly SiteOutcome[]): StageFailure {
  const failures = outcomes.flatMap((site) => (site.failure === undefined ? [] : [site.failure]));
  const [first] = failures;
  if (first === undefined) throw new Error("a policy decision without a failure");
  return { ...first, message: failures.map((failure) => failure.message).join("; ") };
}
