// Runs one claimed job: the stages of its kind in order, from the checkpoint on, and exactly one outcome at the end.
import type { ClaimedJob } from "../protocol/job.ts";
import type { JobOutcome, StageOutput } from "../protocol/report.ts";
import type { Checkpoint, StageFailure, StageName } from "../protocol/stage.ts";
import { createEffects, type Effects } from "./effects.ts";
import { applyFlow } from "./flows/apply.ts";
import { prepareFlow } from "./flows/prepare.ts";
import { rollbackFlow } from "./flows/rollback.ts";
import { createJobLog, type JobLog } from "./job-log.ts";
import { createJobReport, type JobReport } from "./job-report.ts";
import type { JobScope } from "./job-scope.ts";
import { stopReason } from "./lease-keeper.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import { type FlushOutcome, type Outbox, OutboxError } from "./outbox.ts";
import { type StageDeps, stageFailure } from "./stages/deps.ts";
import type { JobTrace, Tracing } from "./trace.ts";

const LOOK_UP_MS = 5_000; // of one commit, in a repository that was reached before

export interface RunnerDeps extends StageDeps {
  outbox: Pick<Outbox, "append" | "flushed" | "release">;
  metrics: Pick<Metrics, "jobEnded" | "stageEnded">;
  tracing: Pick<Tracing, "job">;
  log: Log;
  scope: JobScope; // the log's own: its lines name the job by it
}

/** What a flow works with. `checkpoint` is what earlier attempts, and this one so far, have completed. */
export interface FlowContext {
  deps: StageDeps;
  job: ClaimedJob;
  checkpoint: Checkpoint;
  report: JobReport;
  effects: Effects;
  signal: AbortSignal;
  /** Notes a stage as done: checkpoint, report, metrics. */
  done(result: StageOutput): Promise<void>;
  /** Starts the clock of a stage. */
  begin(stage: StageName): void;
  /** The stages that were begun and not done, with the seconds they have taken so far. */
  unfinished(): { stage: StageName; seconds: number }[];
}

/** Resolves when every fact of the job is stored by the worker, or the lease is not ours any more. Never throws for what the job did. */
export function runJob(deps: RunnerDeps, job: ClaimedJob, signal: AbortSignal): Promise<FlushOutcome> {
  const { lease, input } = job;
  const about = { jobId: lease.jobId, intentId: input.intentId, attempt: lease.attempt, kind: input.kind };
  return deps.scope.run(about, () => run(deps, job, signal));
}

async function run(deps: RunnerDeps, job: ClaimedJob, signal: AbortSignal): Promise<FlushOutcome> {
  const { lease, input } = job;
  const { log } = deps;
  const told = createJobLog(log, deps.scope);
  const report = createJobReport(deps.outbox, lease, deps.now);
  const trace = deps.tracing.job(job);
  const context = createContext(deps, { job, report, signal, trace, told });
  log.info({ resumesAfter: Object.keys(job.checkpoint) }, `job started: ${input.kind}, attempt ${lease.attempt}`);
  const outcome = await decideOutcome(context, log);
  trace.end(outcome);
  told.ended(outcome, context.unfinished());
  try {
    if (outcome !== null) {
      await report.finished(outcome);
      deps.metrics.jobEnded(input.kind, outcome.kind);
      for (const { stage, seconds } of context.unfinished()) deps.metrics.stageEnded(stage, "failed", seconds);
    }
    return await deps.outbox.flushed(lease);
  } catch (error) {
    log.error({ err: error }, "the end of the job could not be reported");
    return "rejected";
  } finally {
    deps.outbox.release(lease);
    trace.release();
  }
}

function createContext(
  deps: RunnerDeps,
  { job, report, signal, trace, told }: Pick<FlowContext, "job" | "report" | "signal"> & { trace: JobTrace; told: JobLog },
): FlowContext {
  const started = new Map<StageName, number>();
  const effects = createEffects();
  const site: JobReport["site"] = (news) => {
    effects.site(news);
    told.site(news);
    return report.site(news);
  };
  const context: FlowContext = {
    ...{ deps, job, effects, signal },
    report: { ...report, site },
    checkpoint: { ...job.checkpoint },
    begin: (stage) => {
      started.set(stage, performance.now());
      trace.begin(stage);
      told.begin(stage);
    },
    done: async (result) => {
      const before = context.checkpoint;
      context.checkpoint = { ...before, [result.stage]: result.output };
      const since = started.get(result.stage);
      const seconds = since === undefined ? undefined : (performance.now() - since) / 1000;
      if (seconds !== undefined) deps.metrics.stageEnded(result.stage, "ok", seconds);
      told.done(result, seconds, before);
      started.delete(result.stage);
      trace.done(result);
      await report.completed(result);
    },
    unfinished: () => [...started].map(([stage, since]) => ({ stage, seconds: (performance.now() - since) / 1000 })),
  };
  return context;
}

/** Null when nothing may be said any more: the lease is gone, or the agent stops and another attempt will go on. */
async function decideOutcome(context: FlowContext, log: Log): Promise<JobOutcome | null> {
  const { signal, job } = context;
  try {
    if (!signal.aborted) {
      const outcome = await runFlow(context);
      if (!signal.aborted || isLastWord(outcome)) return outcome;
    }
  } catch (error) {
    if (!signal.aborted) {
      log.error({ err: error }, "the job failed unexpectedly");
      return { kind: "failed", failure: unexpected(job, error) };
    }
  }
  const reason = stopReason(signal);
  if (reason === "cancelled") return cancelled(context);
  if (reason === "report_rejected") {
    const message = "the control centre refused what this agent reported; its log has the cause";
    return { kind: "failed", failure: stageFailure(currentStage(job), { reason: "agent_error", message }) };
  }
  return null;
}

/** Null when it cannot be found out now what has been done; the next attempt looks again. */
async function cancelled(context: FlowContext): Promise<JobOutcome | null> {
  if (context.job.lease.attempt > 1 && !(await lookUpEffects(context))) return null;
  return { kind: "cancelled", effects: context.effects.list(context.checkpoint) };
}

/** An earlier attempt may have pushed or reverted and died before it could say so: git knows. False when git cannot be asked. */
async function lookUpEffects(context: FlowContext): Promise<boolean> {
  const { deps, job, effects } = context;
  const { input, lease } = job;
  if (input.kind === "intent.prepare") return true;
  const signal = AbortSignal.timeout(LOOK_UP_MS);
  if (input.kind === "intent.apply") {
    const known = context.checkpoint.push?.waves ?? []; // a resumed job's first ones carry another Job-Id
    if (known.length < input.plan.waves.length) {
      const found = await deps.git.published(lease.jobId, known.length + 1, signal);
      if (!found.ok) return false;
      if (found.value !== null) await context.done({ stage: "push", output: { ...found.value, waves: [...known, ...found.value.waves] } });
    }
  }
  const commits = input.kind === "intent.apply" ? (context.checkpoint.push?.waves ?? []) : input.commits;
  if (commits.length === 0) return true;
  const back = await deps.git.reverts(lease.jobId, commits, signal);
  if (!back.ok) return false;
  for (const { commit, sites } of back.value) effects.reverted(commit, sites);
  return true;
}

/** A job that had reached its end when the cancel came has ended that way. */
function isLastWord(outcome: JobOutcome): boolean {
  return outcome.kind === "completed" || outcome.kind === "rolled_back";
}

function runFlow(context: FlowContext): Promise<JobOutcome> {
  const { input } = context.job;
  switch (input.kind) {
    case "intent.prepare":
      return prepareFlow(context, input);
    case "intent.apply":
      return applyFlow(context, input);
    case "deployment.rollback":
      return rollbackFlow(context, input);
  }
}

function unexpected(job: ClaimedJob, error: unknown): StageFailure {
  const message =
    error instanceof OutboxError
      ? `the agent could not keep its report: ${error.kind}`
      : "the agent failed; its log has the cause under this job";
  return stageFailure(currentStage(job), { reason: "agent_error", message, retryable: true });
}

function currentStage(job: ClaimedJob): StageName {
  const first: Record<ClaimedJob["input"]["kind"], StageName> = {
    "intent.prepare": "parse",
    "intent.apply": "push",
    "deployment.rollback": "rollback",
  };
  return first[job.input.kind];
}
