// Something done now and then: never twice at once, after a failure with a growing, jittered delay, and in all not oftener than agreed.
import { reconnectDelayMs } from "./freshness.ts";

const MIN_RETRY_MS = 250;

export interface Task {
  running: boolean;
  dueAt: number;
  failures: number;
}

export function newTask(): Task {
  return { running: false, dueAt: 0, failures: 0 };
}

export interface Round {
  now(): number;
  random(): number;
  everyMs: number; // to the next round after a good one
  work(): Promise<void>;
  /** How long the far end asked to be left alone, in ms. */
  asked(error: unknown): number;
}

/** Runs a round if it is due. Resolves to the error of a failed round, else to undefined. */
export async function runWhenDue(task: Task, round: Round): Promise<unknown> {
  if (task.running || round.now() < task.dueAt) return undefined;
  task.running = true;
  try {
    await round.work();
    task.failures = 0;
    task.dueAt = round.now() + round.everyMs;
    return undefined;
  } catch (error) {
    task.failures += 1;
    const wait = Math.max(MIN_RETRY_MS, round.asked(error), reconnectDelayMs(task.failures, round.random()));
    task.dueAt = round.now() + wait;
    return error;
  } finally {
    task.running = false;
  }
}

export interface Allowance {
  /** How many of the wanted may be done now; they count as done. */
  take(wanted: number): number;
}

/** A token bucket: `burst` at once, in the long run `perSecond`. A clock that is set back gives nothing and takes nothing. */
export function newAllowance({ now, burst, perSecond }: { now(): number; burst: number; perSecond: number }): Allowance {
  let left = burst;
  let countedAt = now();
  return {
    take(wanted) {
      const elapsed = Math.max(0, now() - countedAt);
      countedAt = now();
      left = Math.min(burst, left + (elapsed / 1000) * perSecond);
      const taken = Math.min(wanted, Math.floor(left));
      left -= taken;
      return taken;
    },
  };
}
