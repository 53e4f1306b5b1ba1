// Waits for a state of the running system that is only to be had by asking. Bounded; the error shows what was seen last.
import { setTimeout as sleep } from "node:timers/promises";

const LOOK_MS = 100; // a look is a request to the worker: more of them and the tests are what the machine is busy with
const TIMEOUT_MS = 20_000;

interface Wait<T> {
  holds: (seen: T) => boolean;
  timeoutMs?: number;
}

/** A probe that throws (the worker is being restarted, say) counts as "not yet". Answers what was seen. */
export async function until<T>(what: string, probe: () => T | Promise<T>, { holds, timeoutMs = TIMEOUT_MS }: Wait<T>): Promise<T> {
  const end = performance.now() + timeoutMs;
  let last: unknown;
  while (performance.now() < end) {
    try {
      const seen = await probe();
      if (holds(seen)) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await sleep(LOOK_MS);
  }
  const seen = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`waited ${timeoutMs} ms for ${what}; last seen: ${seen?.slice(0, 3000)}`, { cause: last });
}
