// What a job writes into the log as it goes: each stage's beginning and end, and whatever a site says that is new. The log is for
// people who look on; the facts go by job-report.ts.
import type { DeploymentSiteState } from "../protocol/deployment.ts";
import type { JobOutcome, StageOutput } from "../protocol/report.ts";
import type { Checkpoint, StageName } from "../protocol/stage.ts";
import type { JobScope } from "./job-scope.ts";
import type { Log } from "./log.ts";

export interface JobLog {
  begin(stage: StageName): void;
  /** `seconds` is undefined for a stage that this attempt has only found done; `before`: as it was without this result. */
  done(result: StageOutput, seconds: number | undefined, before: Checkpoint): void;
  site(news: { site: string; state: DeploymentSiteState; message: string }): void;
  ended(outcome: JobOutcome | null, unfinished: readonly { stage: StageName; seconds: number }[]): void;
}

export function createJobLog(log: Log, scope: JobScope): JobLog {
  const told = new Map<string, string>(); // by site: what it said last
  return {
    begin(stage) {
      scope.enter(stage);
      log.info(`${stage} begins`);
    },
    done(result, seconds, before) {
      if (result.stage === "verify") tellEvidence(log, result.output.evidence.slice(before.verify?.evidence.length ?? 0));
      const { stage } = result;
      log.info({ stage, ...durationOf(seconds), ...resultOf(result) }, `${stage} is done`);
      scope.enter(null);
    },
    site({ site, state, message }) {
      const news = `${state}: ${message}`;
      if (told.get(site) === news) return;
      told.set(site, news);
      log[state === "failed" ? "warn" : "info"]({ site }, news);
    },
    ended(outcome, unfinished) {
      scope.enter(null);
      for (const { stage, seconds } of unfinished) log.warn({ stage, ...durationOf(seconds) }, `${stage} has not been completed`);
      const failure = outcome !== null && "failure" in outcome ? outcome.failure : null;
      if (outcome === null) log.info("the job goes on in another attempt");
      else if (failure === null) log.info({ outcome: outcome.kind }, "job ended");
      else log.warn({ outcome: outcome.kind, failure }, "job ended");
    },
  };
}

function durationOf(seconds: number | undefined): { durationMs?: number } {
  return seconds === undefined ? {} : { durationMs: Math.round(seconds * 1_000) };
}

/** One line a measurement: which objective at which site, and what came of it. */
function tellEvidence(log: Log, evidence: Extract<StageOutput, { stage: "verify" }>["output"]["evidence"]): void {
  for (const { site, objective, verdict, message } of evidence)
    log[verdict === "pass" ? "info" : "warn"]({ site, objective, verdict }, message);
}

/** The few words by which somebody knows what came out; the whole is in the record of the intent. */
function resultOf(result: StageOutput): Record<string, unknown> {
  switch (result.stage) {
    case "parse": {
      const { status, intent, metadata } = result.output.understanding;
      return { status, action: intent.action, provider: metadata.provider };
    }
    case "plan": {
      const { slice, sites } = result.output.plan;
      return { slice, sites };
    }
    case "render":
      return { files: result.output.files.length, changes: result.output.diff.length, runner: result.output.runner };
    case "push":
      return { commit: result.output.commit, branch: result.output.branch };
    case "sync":
      return { sites: result.output.sites.map(({ site, state }) => `${site} ${state}`) };
    case "verify":
      return { verdict: result.output.verdict };
    case "rollback":
      return { commit: result.output.revertCommit, sites: result.output.sites };
  }
}
