// intent.apply: push, sync, verify, wave by wave; and what the intent's policy says when a site or an objective fails.
import { setTimeout as sleep } from "node:timers/promises";
import { freezeReasons, frozenUntil } from "../../intent/freeze.ts";
import type { ApplyInput } from "../../protocol/job.ts";
import type { JobOutcome } from "../../protocol/report.ts";
import type { SiteOutcome } from "../../protocol/stage.ts";
import type { FlowContext } from "../job-runner.ts";
import { stageFailure } from "../stages/deps.ts";
import { push } from "../stages/push.ts";
import { sync } from "../stages/sync.ts";
import { verify } from "../stages/verify.ts";
import { followPolicy } from "./apply-policy.ts";
import {
  allTakenBack,
  judged,
  latestEvidence,
  mergedPush,
  mergedSync,
  mergedVerify,
  openEvidence,
  takenBackAt,
  unclear,
} from "./wave-state.ts";

export interface Wave {
  index: number; // from 0
  sites: string[];
  last: boolean;
}

/** How a wave ended: the rollout goes on, stops with what is there, or the whole job is over. */
type WaveEnd = { kind: "next" } | { kind: "stop" } | { kind: "over"; outcome: JobOutcome };

export async function applyFlow(context: FlowContext, input: ApplyInput): Promise<JobOutcome> {
  const { waves } = input.plan;
  // An earlier attempt came to its end and died before it could say so.
  if (allTakenBack(context.checkpoint)) return { kind: "rolled_back", failure: context.checkpoint.rollback?.failure ?? null };
  for (const [index, sites] of waves.entries()) {
    const ended = await runWave(context, input, { index, sites, last: index === waves.length - 1 });
    if (ended.kind === "over") return ended.outcome;
    if (ended.kind === "stop") break;
  }
  return { kind: "completed", note: noteOf(context, input) };
}

async function runWave(context: FlowContext, input: ApplyInput, wave: Wave): Promise<WaveEnd> {
  const pushed = await pushWave(context, input, wave);
  if (pushed !== undefined) return { kind: "over", outcome: pushed };
  context.signal.throwIfAborted();
  const outcomes = await syncWave(context, input, wave);
  if (outcomes.every((outcome) => outcome.state === "reverted")) return { kind: "next" }; // a person took it back and let the rest go on
  const afterSync = await followPolicy(context, { input, outcomes });
  if (afterSync.outcome !== undefined) return { kind: "over", outcome: afterSync.outcome };
  if (afterSync.sites.length === 0) return { kind: "stop" }; // nothing of this wave is left; earlier waves stay
  if (input.plan.action === "terminate") return { kind: "next" }; // nothing is left to be measured
  const gate = await sloGate(context, input, { sites: afterSync.sites, bakedWaves: wave.index });
  if (gate.kind !== "next" || wave.last || input.plan.bakeSeconds === 0) return gate;
  if ((context.checkpoint.verify?.bakedWaves ?? 0) > wave.index) return gate;
  await bake(context, input, wave);
  const back = takenBackAt(context.checkpoint);
  const left = afterSync.sites.filter((site) => !back.includes(site));
  return left.length === 0 ? { kind: "stop" } : sloGate(context, input, { sites: left, bakedWaves: wave.index + 1 });
}

/** Undefined when the wave's commit is on the branch. */
async function pushWave(context: FlowContext, input: ApplyInput, wave: Wave): Promise<JobOutcome | undefined> {
  const { deps, report, signal, job, checkpoint } = context;
  if ((checkpoint.push?.waves.length ?? 0) > wave.index) return undefined;
  const frozen = frozenSite(input, wave, deps.now()); // the job may have waited long for its turn
  if (frozen !== undefined) return { kind: "needs_decision", failure: frozen };
  context.begin("push");
  if (wave.index === 0) await report.started("push");
  const pushed = await push(deps, { input, signal }, { jobId: job.lease.jobId, wave });
  if (!pushed.ok) {
    if (wave.index > 0) return { kind: "needs_decision", failure: pushed.error }; // a wave is out: a person looks at it
    return { kind: pushed.error.reason === "approval_void" ? "approval_void" : "failed", failure: pushed.error };
  }
  await context.done({ stage: "push", output: mergedPush(checkpoint.push, pushed.value, wave.sites) });
  return undefined;
}

function frozenSite(input: ApplyInput, wave: Wave, now: Date) {
  for (const site of wave.sites) {
    const windows = input.freeze[site] ?? [];
    const until = frozenUntil(windows, now);
    if (until === null) continue;
    const why = freezeReasons(windows, now).join("; ");
    const done = wave.index === 0 ? "nothing has been put out" : "the waves before it are done";
    const message = `${site} is frozen until ${until.toISOString()}${why === "" ? "" : ` (${why})`}; ${done}`;
    return stageFailure("push", { reason: "frozen", message, site, retryable: true });
  }
  return undefined;
}

/** Outcomes of the wave's sites; those that an earlier attempt has settled are not asked again. */
async function syncWave(context: FlowContext, { plan }: ApplyInput, wave: Wave): Promise<SiteOutcome[]> {
  const { deps, report, signal, checkpoint } = context;
  const commit = checkpoint.push?.waves[wave.index]?.commit;
  if (commit === undefined) throw new Error("a wave without a commit");
  const settled = checkpoint.sync?.sites ?? [];
  const sites = wave.sites.filter((site) => !settled.some((outcome) => outcome.site === site));
  if (sites.length > 0) {
    context.begin("sync");
    const others = plan.preempts.filter((one) => sites.includes(one.site));
    const removal = plan.action === "terminate";
    const output = await sync(deps, { slice: plan.slice, commit, sites, removal, gone: others }, { tell: report.site, signal });
    await context.done({ stage: "sync", output: mergedSync(checkpoint.sync, output) });
  }
  return (context.checkpoint.sync?.sites ?? []).filter((outcome) => wave.sites.includes(outcome.site));
}

/** Measures the sites unless that is done for this many baked waves, and follows what comes out. */
async function sloGate(
  context: FlowContext,
  input: ApplyInput,
  { sites, bakedWaves }: { sites: string[]; bakedWaves: number },
): Promise<WaveEnd> {
  const { deps, report, signal } = context;
  const before = context.checkpoint.verify;
  const measured = before !== undefined && before.bakedWaves >= bakedWaves && sites.every((site) => before.sites.includes(site));
  if (!measured) {
    context.begin("verify");
    await report.started("verify", { sites, reason: "" });
    const output = await verify(deps, { slice: input.plan.slice, sites, objectives: input.plan.objectives }, signal);
    await context.done({ stage: "verify", output: mergedVerify(before, output, { sites, bakedWaves }) });
  }
  const evidence = latestEvidence(context.checkpoint.verify, sites);
  const open = openEvidence(evidence);
  if (evidence.every((record) => record.verdict !== "fail") && open.length > 0)
    return { kind: "over", outcome: { kind: "needs_decision", failure: unclear(open) } };
  const outcomes = sites.map((site) => judged(site, evidence, context.checkpoint.push?.commit ?? null));
  const after = await followPolicy(context, { input, outcomes });
  if (after.outcome !== undefined) return { kind: "over", outcome: after.outcome };
  if (after.sites.length === 0) return { kind: "stop" };
  const unclearLeft = open.filter((record) => after.sites.includes(record.site)); // beside a failing site, never a silent pass
  if (unclearLeft.length > 0) return { kind: "over", outcome: { kind: "needs_decision", failure: unclear(unclearLeft) } };
  return { kind: "next" };
}

/** From the wave's last measurement on: a crash does not start the time anew. */
async function bake(context: FlowContext, { plan }: ApplyInput, wave: Wave): Promise<void> {
  const measured = latestEvidence(context.checkpoint.verify, wave.sites).map((record) => Date.parse(record.measuredAt));
  const until = Math.max(...measured) + plan.bakeSeconds * 1_000;
  const left = Math.min(until - context.deps.now().getTime(), plan.bakeSeconds * 1_000);
  if (left > 0) await sleep(left, undefined, { signal: context.signal });
}

function noteOf(context: FlowContext, { plan }: ApplyInput): string {
  const pushed = (context.checkpoint.push?.waves ?? []).flatMap((wave) => wave.sites);
  const taken = takenBackAt(context.checkpoint);
  const back = plan.sites.filter((site) => taken.includes(site));
  const out = plan.sites.filter((site) => !pushed.includes(site));
  const all = back.length === 0 && out.length === 0;
  const done = plan.action === "terminate" ? "removed" : "service levels met";
  const parts = [all ? `${done} ${plan.action === "terminate" ? "from" : "at"} every site` : done];
  if (back.length > 0) parts.push(`taken back at ${back.join(", ")}`);
  if (out.length > 0) parts.push(`not rolled out at ${out.join(", ")}`);
  return parts.join("; ");
}
