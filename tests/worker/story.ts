// What an agent says of its jobs, told fact by fact: the same order as agent/flows, with the real rules and the real plan.
// Rendered files are short stand-ins: the worker keeps and shows them and never looks inside.
import { understandCommand } from "../../intent/command.ts";
import { applyCorrected } from "../../intent/corrected.ts";
import { planSlice } from "../../intent/plan.ts";
import { understand } from "../../intent/understand.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { ApplyInput, ClaimedJob, PlanContext, PrepareInput, RollbackInput } from "../../protocol/job.ts";
import type { Fact, JobOutcome } from "../../protocol/report.ts";
import type { Result } from "../../protocol/result.ts";
import type { Evidence, Verdict } from "../../protocol/slo.ts";
import type { FileDiff, PlanOutput, PushOutput, RenderOutput, SiteOutcome, StageFailure } from "../../protocol/stage.ts";
import { sha256Hex } from "../../worker/auth.ts";
import { intentOf, submit, type TestAgent, tell, type World } from "./harness.ts";

export const REPOSITORY = "http://127.0.0.1:8790/git/sites.git";

/** A commit id that is a pure function of a name. */
export async function sha(name: string): Promise<string> {
  return (await sha256Hex(name)).slice(0, 40);
}

export function started(stage: Extract<Fact, { type: "stage.started" }>["stage"], about: { sites?: string[]; reason?: string } = {}): Fact {
  return { type: "stage.started", stage, ...about };
}

export function finished(outcome: JobOutcome): Fact {
  return { type: "job.finished", outcome };
}

export function failure(patch: Partial<StageFailure> = {}): StageFailure {
  return { stage: "push", reason: "git_unreachable", message: "the git server does not answer", retryable: true, ...patch };
}

function prepareInput(job: ClaimedJob): PrepareInput {
  if (job.input.kind !== "intent.prepare") throw new Error(`a ${job.input.kind} is no preparation`);
  return job.input;
}

export function applyInput(job: ClaimedJob): ApplyInput {
  if (job.input.kind !== "intent.apply") throw new Error(`a ${job.input.kind} is no application`);
  return job.input;
}

export function rollbackInput(job: ClaimedJob): RollbackInput {
  if (job.input.kind !== "deployment.rollback") throw new Error(`a ${job.input.kind} is no rollback`);
  return job.input;
}

/** What the claim said of the world; only a preparation is told. */
export function worldOf(job: ClaimedJob): PlanContext {
  if (job.context === null) throw new Error("a claim without the world");
  return job.context;
}

/** The parse stage by the rules, or by the command, with what people corrected. */
function understandingOf(job: ClaimedJob): Understanding {
  const { intentId, text, context, targetSites, answers, corrected, command, priority } = prepareInput(job);
  const { sites, slices } = worldOf(job);
  const now = new Date();
  if (command !== null) return understandCommand({ command, intentId, text, priority, slices, now });
  const read = understand({ intentId, text, context, targetSites, answers, sites, slices: slices.map((slice) => slice.slice), now });
  if (corrected === null) return read;
  return applyCorrected(
    read,
    corrected,
    sites.map(({ id }) => id),
  );
}

export function parseFacts(job: ClaimedJob): Fact[] {
  const understanding = understandingOf(job);
  const { status, clarifications, intent } = understanding;
  const end: Fact[] =
    status === "clarification_needed"
      ? [finished({ kind: "needs_clarification", clarifications })]
      : status === "success" && intent.action === "status"
        ? [finished({ kind: "answer_due" })]
        : [];
  return [started("parse"), { type: "stage.completed", result: { stage: "parse", output: { understanding } } }, ...end];
}

/** The plan stage on what the claim said of the world. */
export function planned(job: ClaimedJob): Result<PlanOutput, StageFailure> {
  const { intentId, text, priority, rollout, preempt, command, createdAt } = prepareInput(job);
  const about = { intentId, text, priority, rollout, preempt, rerender: command?.action === "rerender" };
  return planSlice({ understanding: understandingOf(job), context: worldOf(job), now: new Date(createdAt), ...about });
}

/** The plan; fails the test when there is none. */
export function planOutput(job: ClaimedJob): PlanOutput {
  const result = planned(job);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** As agent/stages/render: nothing is rendered for a removal or a rollback, and a rerender of a tree that is as it should be changes nothing. */
export async function renderOutput({ plan }: PlanOutput, { unchanged = false } = {}): Promise<RenderOutput> {
  const renders = plan.action === "deploy" || plan.action === "scale";
  const rendered = plan.sites.map((site) => ({
    path: `sites/${site}/slices/${plan.slice}/slice-intent.yaml`,
    content: `slice: ${plan.slice}\nsd: ${plan.snssai.sd}\ndownlink: ${plan.profile.dLThptPerSlice.guaThpt}\n`,
  }));
  const change: FileDiff["change"] = plan.action === "deploy" ? "added" : plan.action === "scale" ? "modified" : "removed";
  const diff = unchanged ? [] : rendered.map(({ path, content }) => ({ path, change, patch: `${change} ${content}` }));
  const files = renders ? rendered : [];
  return { files, diff, digest: `sha256:${await sha256Hex(JSON.stringify([files, diff]))}`, runner: "embedded" };
}

/** Everything from the first word to `prepared`. */
export async function prepareFacts(job: ClaimedJob, patch: { plan?: PlanOutput; unchanged?: boolean } = {}): Promise<Fact[]> {
  const plan = patch.plan ?? planOutput(job);
  return [
    ...parseFacts(job),
    { type: "stage.completed", result: { stage: "plan", output: plan } },
    started("render"),
    { type: "stage.completed", result: { stage: "render", output: await renderOutput(plan, patch) } },
    finished({ kind: "prepared" }),
  ];
}

/** The whole preparation to whatever end it has: prepared, refused, asked back, or answered. */
export async function preparation(job: ClaimedJob): Promise<Fact[]> {
  const parsed = parseFacts(job);
  if (parsed.some((fact) => fact.type === "job.finished")) return parsed;
  const plan = planned(job);
  return plan.ok ? prepareFacts(job) : [...parsed, finished({ kind: "rejected", failure: plan.error })];
}

/** What is on the branch after so many waves. */
export async function pushOutput(job: ClaimedJob, waves = wavesOf(job).length): Promise<PushOutput> {
  const { jobId } = job.lease;
  const name = (wave: number) => (wave === 0 ? jobId : `${jobId} wave ${wave + 1}`);
  const commits = await Promise.all(
    wavesOf(job)
      .slice(0, waves)
      .map(async (sites, wave) => ({ commit: await sha(name(wave)), sites })),
  );
  const parent = await sha(waves === 1 ? `before ${jobId}` : name(waves - 2));
  return { commit: await sha(name(waves - 1)), parent, branch: "main", repositoryUrl: REPOSITORY, waves: commits };
}

function wavesOf(job: ClaimedJob): string[][] {
  return applyInput(job).plan.waves;
}

/** The push of one wave (from 1), or of all of them at once. */
export async function pushFacts(job: ClaimedJob, wave?: number): Promise<Fact[]> {
  const pushed: Fact = { type: "stage.completed", result: { stage: "push", output: await pushOutput(job, wave) } };
  return wave === undefined || wave === 1 ? [started("push"), pushed] : [pushed];
}

interface Told {
  failing?: string[];
  wave?: number; // from 1; all of them when it is not said
}

/** The sites that have got the change once so many waves are out, and those of this wave alone. */
function reach(job: ClaimedJob, wave: number | undefined): { before: string[]; now: string[] } {
  const waves = wavesOf(job);
  if (wave === undefined) return { before: [], now: applyInput(job).plan.sites };
  return { before: waves.slice(0, wave - 1).flat(), now: waves[wave - 1] ?? [] };
}

/** What each site says on its way to `provisioned`, or to `failed` for the ones named. */
export async function syncFacts(job: ClaimedJob, { failing = [], wave }: Told = {}): Promise<Fact[]> {
  const { commit } = await pushOutput(job, wave);
  const outcomeOf = (site: string): SiteOutcome =>
    failing.includes(site)
      ? { site, state: "failed", commit: null, message: `${site}: sync is stuck`, failure: siteFailure(site) }
      : { site, state: "provisioned", commit, message: "resources healthy, deployment manager present" };
  const { before, now } = reach(job, wave);
  const outcomes = now.map(outcomeOf);
  const news = outcomes.flatMap((outcome): Fact[] => {
    const { site } = outcome;
    const steps: Fact[] = [{ type: "site.state", site, state: "syncing", commit: null, message: `waiting for ${site}` }];
    if (outcome.state === "provisioned") steps.push({ type: "site.state", site, state: "synced", commit, message: "at the commit" });
    return [...steps, { type: "site.state", site, state: outcome.state, commit: outcome.commit, message: outcome.message }];
  });
  const sites = [...before.map((site) => outcomeOf(site)), ...outcomes];
  return [started("sync"), ...news, { type: "stage.completed", result: { stage: "sync", output: { sites } } }];
}

export function siteFailure(site: string): StageFailure {
  return { stage: "sync", reason: "sync_timeout", message: `${site}: sync is stuck`, retryable: true, site };
}

export function evidenceOf(job: ClaimedJob, verdict: Verdict, sites = applyInput(job).plan.sites): Evidence[] {
  const { plan } = applyInput(job);
  return sites.flatMap((site) =>
    plan.objectives.map(({ name, threshold, comparator, unit }) => ({
      ...{ site, objective: name, query: `measure(${name},${site},${plan.slice})`, threshold, comparator, unit, verdict },
      value: verdict === "pass" ? threshold : null,
      samples: verdict === "pass" ? 12 : 0,
      message: verdict,
      measuredAt: new Date().toISOString(),
    })),
  );
}

export function verifyFacts(job: ClaimedJob, verdict: Verdict = "pass", wave?: number): Fact[] {
  const { before, now } = reach(job, wave);
  const evidence = [...evidenceOf(job, "pass", before), ...evidenceOf(job, verdict, now)];
  const output = { verdict, evidence, sites: [...before, ...now], bakedWaves: (wave ?? 1) - 1 };
  return [started("verify", { sites: now }), { type: "stage.completed", result: { stage: "verify", output } }];
}

/** One wave (from 1) from its push to its gate; a removal has nothing to be measured. */
export async function waveFacts(job: ClaimedJob, wave: number): Promise<Fact[]> {
  const gate = applyInput(job).plan.action === "terminate" ? [] : verifyFacts(job, "pass", wave);
  return [...(await pushFacts(job, wave)), ...(await syncFacts(job, { wave })), ...gate];
}

/** Everything from the first word of an application to `completed`, wave by wave. */
export async function applyFacts(job: ClaimedJob): Promise<Fact[]> {
  const waves = await Promise.all(wavesOf(job).map((_, index) => waveFacts(job, index + 1)));
  const note = applyInput(job).plan.action === "terminate" ? "removed from every site" : "service levels met at every site";
  return [...waves.flat(), finished({ kind: "completed", note })];
}

/** A revert of `sites`, confirmed by all of them. */
export async function rollbackFacts(job: ClaimedJob, { sites, reason }: { sites: string[]; reason: string }): Promise<Fact[]> {
  const revertCommit = await sha(`revert ${job.lease.jobId}`);
  return [
    started("rollback", { sites, reason }),
    ...sites.map((site): Fact => ({ type: "site.state", site, state: "reverted", commit: revertCommit, message: "removed" })),
    { type: "stage.completed", result: { stage: "rollback", output: { revertCommit, sites, unconfirmed: [], reason } } },
  ];
}

/** Submits a sentence and carries its preparation out. */
export async function prepared(world: World, body: Record<string, unknown> = {}): Promise<string> {
  const intentId = await submit(world, body);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await prepareFacts(job));
  return intentId;
}

/** The next job of the agent, which must be one of this intent. */
export async function takeOf(agent: TestAgent, intentId: string): Promise<ClaimedJob> {
  const job = await agent.take();
  if (job.input.intentId !== intentId) throw new Error(`claimed a job of ${job.input.intentId}, not of ${intentId}`);
  return job;
}

/** Submits a sentence and carries it through to `completed`. */
export async function deployed(world: World, body: Record<string, unknown> = {}): Promise<{ intentId: string; deploymentId: string }> {
  const intentId = await prepared(world, body);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await applyFacts(job));
  const { deploymentId, status } = await intentOf(world, intentId);
  if (deploymentId === null || status !== "completed") throw new Error(`the intent is ${status}`);
  return { intentId, deploymentId };
}
