// What to do about a failed git command: start again, mend the clone, or give up with a StageFailure. Bounded in every direction.
import { setTimeout as delay } from "node:timers/promises";
import { err, type Result } from "../../protocol/result.ts";
import type { FailureReason, StageFailure, StageName } from "../../protocol/stage.ts";
import { classify, detailOf, type GitProblem } from "./classify.ts";
import type { Clone } from "./clone.ts";
import { QueueFullError } from "./queue.ts";
import { GitCommandError } from "./run.ts";
import type { GitLog, Settings } from "./settings.ts";

const MOVED_MAX = 30; // someone else's push wins each time, so this many others got through meanwhile
const MOVED_BASE_MS = 10;
const MOVED_CEILING_MS = 250;
const UNREACHABLE_CEILING_MS = 10_000;

interface RetryDeps {
  clone: Clone;
  settings: Settings;
  log: GitLog;
}

export function failure(stage: StageName, reason: FailureReason, rest: { message: string; retryable: boolean }): StageFailure {
  return { stage, reason, ...rest };
}

export function cancelled(stage: StageName, message = "The work was cancelled; nothing was pushed."): StageFailure {
  return failure(stage, "agent_error", { message, retryable: true });
}

/** Runs `once` until it answers or a limit is met; from its second try on it must look at the server again. Commands throw; what they mean is decided here and nowhere else. */
export async function withRetries<T>(
  deps: RetryDeps,
  { stage, signal }: { stage: StageName; signal: AbortSignal },
  once: (tries: number) => Promise<Result<T, StageFailure>>,
): Promise<Result<T, StageFailure>> {
  const counts = { moved: 0, lost: 0, broken: 0 };
  let before: (() => Promise<void>) | undefined;
  for (let tries = 0; ; tries += 1) {
    let generation = deps.clone.generation();
    try {
      await before?.();
      generation = deps.clone.generation();
      return await once(tries);
    } catch (error) {
      if (signal.aborted) return err(cancelled(stage));
      const { problem, detail } = explain(error);
      deps.log.warn({ stage, tries, problem, detail }, "git work failed");
      const next: Next =
        error instanceof QueueFullError ? { failure: busy(stage) } : decide(problem, { detail, stage, counts, settings: deps.settings });
      if ("failure" in next) return err(next.failure);
      before = async () => {
        if (next.mend !== undefined) await deps.clone.mend(next.mend, generation);
        await delay(next.waitMs, undefined, { signal });
      };
    }
  }
}

function busy(stage: StageName): StageFailure {
  return failure(stage, "agent_error", { message: "Too much git work is waiting.", retryable: true });
}

function explain(error: unknown): { problem: GitProblem; detail: string } {
  if (error instanceof GitCommandError) return { problem: classify(error.outcome), detail: detailOf(error.outcome) };
  return { problem: "other", detail: error instanceof Error ? error.message : "unknown error" };
}

type Next = { failure: StageFailure } | { waitMs: number; mend?: "clean" | "renew" };
interface State {
  detail: string;
  stage: StageName;
  counts: { moved: number; lost: number; broken: number };
  settings: Settings;
}

function decide(problem: GitProblem, { detail, stage, counts, settings }: State): Next {
  switch (problem) {
    case "git_refused":
      return { failure: failure(stage, problem, { message: `The git server refused: ${detail}`, retryable: false }) };
    case "git_conflict":
      return {
        failure: failure(stage, problem, { message: `The change does not apply to the branch any more: ${detail}`, retryable: false }),
      };
    case "non_fast_forward":
      counts.moved += 1;
      if (counts.moved > MOVED_MAX)
        return { failure: failure(stage, "git_conflict", { message: "The branch kept moving ahead of every push.", retryable: true }) };
      // The first time at once; then spread out, so that many agents do not meet again.
      return { waitMs: counts.moved === 1 ? 0 : Math.random() * Math.min(MOVED_BASE_MS * 2 ** counts.moved, MOVED_CEILING_MS) };
    case "git_unreachable":
      counts.lost += 1;
      if (counts.lost > settings.retries)
        return { failure: failure(stage, problem, { message: `The git server could not be reached: ${detail}`, retryable: true }) };
      return { waitMs: (0.5 + Math.random() / 2) * Math.min(settings.retryBaseMs * 2 ** (counts.lost - 1), UNREACHABLE_CEILING_MS) };
    case "other":
      counts.broken += 1;
      if (counts.broken > 2) return { failure: failure(stage, "agent_error", { message: `git failed: ${detail}`, retryable: true }) };
      return { waitMs: 0, mend: counts.broken === 1 ? "clean" : "renew" };
  }
}
