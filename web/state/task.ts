// Something done now and then: never twice at once, and after a failure with a growing, jittered delay.
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
