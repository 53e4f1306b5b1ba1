// What an agent says of its jobs, told fact by fact: the same order as agent/flows, with the real rules and the real plan.
// Rendered files are short stand-ins: the worker keeps and shows them and never looks inside.
import { planSlice } from "../../intent/plan.ts";
import { understand } from "../../intent/understand.ts";
import type { ApplyInput, ClaimedJob, PrepareInput } from "../../protocol/job.ts";
import type { Fact, JobOutcome } from "../../protocol/report.ts";
import type { Evidence, Verdict } from "../../protocol/slo.ts";
import type { PlanOutput, PushOutput, RenderOutput, SiteOutcome, StageFailure } from "../../protocol/stage.ts";
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

/** The parse stage by the rules. */
export function parseFacts(job: ClaimedJob): Fact[] {
  const { intentId, text, context, targetSites, answers } = prepareInput(job);
  const understanding = understand({ intentId, text, context, targetSites, answers, sites: job.context.sites, now: new Date() });
  const end: Fact[] =
    understanding.status === "clarification_needed"
      ? [finished({ kind: "needs_clarification", clarifications: understanding.clarifications })]
      : [];
  return [started("parse"), { type: "stage.completed", result: { stage: "parse", output: { understanding } } }, ...end];
}

/** The plan stage on what the claim said of the world; fails the test when it is not feasible. */
export function planOutput(job: ClaimedJob): PlanOutput {
  const { intentId, text, context, targetSites, answers } = prepareInput(job);
  const now = new Date();
  const understanding = understand({ intentId, text, context, targetSites, answers, sites: job.context.sites, now });
  const planned = planSlice({ understanding, text, intentId, priority: job.priority, context: job.context, now });
  if (!planned.ok) throw new Error(planned.error.message);
  return planned.value;
}

export async function renderOutput({ plan }: PlanOutput): Promise<RenderOutput> {
  const files = plan.sites.map((site) => ({
    path: `sites/${site}/slices/${plan.slice}/slice-intent.yaml`,
    content: `slice: ${plan.slice}\nsd: ${plan.snssai.sd}\n`,
  }));
  const diff = files.map(({ path, content }) => ({ path, change: "added" as const, patch: `+${content}` }));
  return { files, diff, digest: `sha256:${await sha256Hex(JSON.stringify(files))}`, runner: "embedded" };
}

/** Everything from the first word to `prepared`. */
export async function prepareFacts(job: ClaimedJob, patch: { plan?: PlanOutput } = {}): Promise<Fact[]> {
  const plan = patch.plan ?? planOutput(job);
  return [
    ...parseFacts(job),
    { type: "stage.completed", result: { stage: "plan", output: plan } },
    started("render"),
    { type: "stage.completed", result: { stage: "render", output: await renderOutput(plan) } },
    finished({ kind: "prepared" }),
  ];
}

export async function pushOutput(job: ClaimedJob): Promise<PushOutput> {
  const { jobId } = job.lease;
  return { commit: await sha(jobId), parent: await sha(`before ${jobId}`), branch: "main", repositoryUrl: REPOSITORY };
}

export async function pushFacts(job: ClaimedJob): Promise<Fact[]> {
  return [started("push"), { type: "stage.completed", result: { stage: "push", output: await pushOutput(job) } }];
}

/** What each site says on its way to `provisioned`, or to `failed` for the ones named. */
export async function syncFacts(job: ClaimedJob, { failing = [] }: { failing?: string[] } = {}): Promise<Fact[]> {
  const { plan } = applyInput(job);
  const { commit } = await pushOutput(job);
  const outcomes: SiteOutcome[] = plan.sites.map((site) =>
    failing.includes(site)
      ? { site, state: "failed", commit: null, message: `${site}: sync is stuck`, failure: siteFailure(site) }
      : { site, state: "provisioned", commit, message: "resources healthy, deployment manager present" },
  );
  const news = outcomes.flatMap((outcome): Fact[] => {
    const { site } = outcome;
    const steps: Fact[] = [{ type: "site.state", site, state: "syncing", commit: null, message: `waiting for ${site}` }];
    if (outcome.state === "provisioned") steps.push({ type: "site.state", site, state: "synced", commit, message: "at the commit" });
    return [...steps, { type: "site.state", site, state: outcome.state, commit: outcome.commit, message: outcome.message }];
  });
  return [started("sync"), ...news, { type: "stage.completed", result: { stage: "sync", output: { sites: outcomes } } }];
}

export function siteFailure(site: string): StageFailure {
  return { stage: "sync", reason: "sync_timeout", message: `${site}: sync is stuck`, retryable: true, site };
}

export function evidenceOf(job: ClaimedJob, verdict: Verdict): Evidence[] {
  const { plan } = applyInput(job);
  return plan.sites.flatMap((site) =>
    plan.objectives.map(({ name, threshold, comparator, unit }) => ({
      ...{ site, objective: name, query: `measure(${name},${site},${plan.slice})`, threshold, comparator, unit, verdict },
      value: verdict === "pass" ? threshold : null,
      samples: verdict === "pass" ? 12 : 0,
      message: verdict,
      measuredAt: new Date().toISOString(),
    })),
  );
}

export function verifyFacts(job: ClaimedJob, verdict: Verdict = "pass"): Fact[] {
  const output = { verdict, evidence: evidenceOf(job, verdict) };
  return [started("verify"), { type: "stage.completed", result: { stage: "verify", output } }];
}

/** Everything from the first word of an application to `completed`. */
export async function applyFacts(job: ClaimedJob): Promise<Fact[]> {
  return [
    ...(await pushFacts(job)),
    ...(await syncFacts(job)),
    ...verifyFacts(job),
    finished({ kind: "completed", note: "service levels met at every site" }),
  ];
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
