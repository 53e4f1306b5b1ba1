// Jobs run by the agent's own runner against a real repository, understood by the rules. Only the sites are made up: they follow the branch, or do not.
import { type RunnerDeps, runJob } from "../../../agent/job-runner.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { JobStopped } from "../../../agent/lease-keeper.ts";
import { createLogging, type Logging } from "../../../agent/logging.ts";
import type { EdgeSite, GitPort } from "../../../agent/ports.ts";
import { createTracing } from "../../../agent/trace.ts";
import { understand } from "../../../intent/understand.ts";
import { newId } from "../../../protocol/ids.ts";
import type { ApplyInput, ClaimedJob, PlanContext, RollbackInput } from "../../../protocol/job.ts";
import type { LogLine } from "../../../protocol/log.ts";
import type { Fact, JobOutcome } from "../../../protocol/report.ts";
import { ok } from "../../../protocol/result.ts";
import { Checkpoint, type SlicePlan } from "../../../protocol/stage.ts";
import type { GitRepo } from "../../helpers/git-repo.ts";
import { prepareInput } from "../core/assemble.ts";
import { must, never, portOn, repository, slice } from "../gitops/setup.ts";
import { planOf } from "../krm/fixtures.ts";

export const SLICE = "video-7";
const OBJECTIVE_MS = 20;
const SHOWN = `sha256:${"0".repeat(64)}`; // whatever the files are

export interface FarEnd {
  repo: GitRepo;
  git: GitPort;
  latencyMs: Map<string, number>; // by site; 10 unless told
  stuck: Set<string>; // sites that follow nothing
  behind: Map<string, string>; // by site: the commit that it stays at
  measured: string[]; // sites, in the order they were asked
  says: Map<string, string>; // by site: why its sync fails
  logging: Logging;
  logged: () => LogLine[]; // what has left the agent so far of its log
}

export async function farEnd(): Promise<FarEnd> {
  const repo = await repository();
  const lines: LogLine[] = [];
  const logging = createLogging({ level: "silent", offer: (message) => lines.push(...message.lines) > 0 });
  const logged = () => {
    logging.tail.flush();
    return lines;
  };
  const git = await portOn(repo.path, { log: logging.log });
  return { repo, git, latencyMs: new Map(), stuck: new Set(), behind: new Map(), measured: [], says: new Map(), logging, logged };
}

function siteOf({ repo, latencyMs, stuck, behind, measured, says }: FarEnd, id: string): EdgeSite {
  const not = () => Promise.reject(new Error("no flow asks a site for this"));
  return {
    id,
    syncReport: async () => {
      const message = says.get(id);
      if (message !== undefined) return ok({ phase: "failed" as const, commit: null, attempted: null, message });
      if (stuck.has(id)) return ok({ phase: "syncing" as const, commit: null, attempted: null, message: "stuck" });
      return ok({ phase: "synced" as const, commit: behind.get(id) ?? (await repo.tip()), attempted: null, message: "" });
    },
    resources: async (name) => {
      const there = !stuck.has(id) && (await repo.files(`sites/${id}/slices/${name}`)).length > 0;
      return ok({ phase: there ? ("healthy" as const) : ("absent" as const), message: "" });
    },
    deploymentManager: async () => ok({ present: true, healthy: true, message: "" }),
    measure: async () => {
      measured.push(id);
      return ok({ value: latencyMs.get(id) ?? OBJECTIVE_MS / 2, samples: 50 });
    },
    ...{ measureSlices: not, slices: not, provision: not, provisioning: not, deprovision: not, check: not },
  };
}

export interface Attempt {
  outcome: JobOutcome | undefined;
  checkpoint: Checkpoint; // as the worker keeps it
  stages: string[]; // completed in this attempt
}

/** One attempt at the job. With `cancelled`, a person has stopped it before it began. */
export async function attempt(far: FarEnd, job: ClaimedJob, { git = far.git, cancelled = false } = {}): Promise<Attempt> {
  const facts: Fact[] = [];
  const stop = new AbortController();
  if (cancelled) stop.abort(new JobStopped("cancelled", "a person cancelled the job"));
  const deps: RunnerDeps = {
    outbox: {
      append: async (_lease, reported) => void facts.push(reported.fact),
      flushed: async () => "acknowledged",
      release: () => {},
    },
    edge: { site: (id) => siteOf(far, id), use: () => {}, probe: (site) => siteOf(far, site.id) },
    git,
    llm: { understand: async (input, { sites }) => ok(understand({ ...input, sites, slices: [], now: new Date() })) },
    krm: createEmbeddedKrm(),
    metrics: { jobEnded: () => {}, stageEnded: () => {} },
    tracing: await createTracing({ endpoint: undefined, agentId: "agt_1", version: "0" }),
    ...{ log: far.logging.log, scope: far.logging.scope },
    digest: () => SHOWN,
    now: () => new Date(),
    syncTimeoutMs: 300,
    verifyTimeoutMs: 300,
  };
  await runJob(deps, job, stop.signal);
  const results = facts.flatMap((fact) => (fact.type === "stage.completed" ? [fact.result] : []));
  const completed = Object.fromEntries(results.map(({ stage, output }) => [stage, output]));
  return {
    outcome: facts.flatMap((fact) => (fact.type === "job.finished" ? [fact.outcome] : []))[0],
    checkpoint: Checkpoint.parse({ ...job.checkpoint, ...completed }),
    stages: results.map((result) => result.stage),
  };
}

export async function applyJob(
  far: FarEnd,
  waves: string[][],
  about: { policy?: ApplyInput["policy"] } & Partial<SlicePlan> = {},
): Promise<ClaimedJob> {
  const { policy = "all-or-revert", ...change } = about;
  const sites = waves.flat();
  const files = slice(SLICE, sites);
  const base = planOf("eMBB", { slice: SLICE, sites });
  const objectives: SlicePlan["objectives"] = [
    {
      ...{ name: "latencyP95", comparator: "lte", threshold: OBJECTIVE_MS, unit: "ms" },
      ...{ windowSeconds: 10, minSamples: 5, noData: "inconclusive" },
    },
  ];
  return claimed({
    ...{ kind: "intent.apply", intentId: newId("int"), deploymentId: newId("dep"), description: "" },
    ...{ plan: { ...base, waves, objectives, ...change }, files, digest: SHOWN, policy, approvedBy: null, freeze: {} },
    diff: must(await far.git.diff({ slice: SLICE, sites, files }, never)),
  });
}

export function rollbackJob(input: Pick<RollbackInput, "commits" | "sites">): ClaimedJob {
  return claimed({
    ...{ kind: "deployment.rollback", intentId: newId("int"), deploymentId: newId("dep"), slice: SLICE },
    ...{ askedBy: null, diff: null, completes: true, reason: "asked for", ...input },
  });
}

/** Of a sentence, among sites that have room for it. */
export function prepareJob(text: string): ClaimedJob {
  const capacity = { downlinkMbps: 1_000, uplinkMbps: 500, maxDevices: 100_000 };
  const sites = ["edge1", "edge2"].map((id) => ({ id, aliases: [], labels: {}, capacity, freeze: [] }));
  return claimed({ ...prepareInput(), text }, { sites, slices: [] });
}

function claimed(input: ClaimedJob["input"], context: PlanContext | null = null): ClaimedJob {
  const lease = { jobId: newId("job"), attempt: 1, leaseId: newId("lease") };
  return { lease, leaseMs: 30_000, priority: 5, input, checkpoint: {}, context, cancelRequested: false, traceparent: null };
}

/** The same job, claimed again after its agent died: the checkpoint is all that is known. */
export function again(job: ClaimedJob, checkpoint: Checkpoint): ClaimedJob {
  return { ...job, checkpoint, lease: { ...job.lease, attempt: job.lease.attempt + 1, leaseId: newId("lease") } };
}

/** As a person lets a paused rollout go on: another job, with what is left of the checkpoint. */
export function resumed(job: ClaimedJob, checkpoint: Checkpoint): ClaimedJob {
  return { ...job, checkpoint, lease: { jobId: newId("job"), attempt: 1, leaseId: newId("lease") } };
}
