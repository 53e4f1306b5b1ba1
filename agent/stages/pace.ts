// How often a waiting stage looks: eagerly at first, as most sites follow within a second, then less and less.
import { setTimeout as sleep } from "node:timers/promises";

const EAGER_MS = 60; // a look costs the site one small read
const EAGER_FOR_MS = 3_000;
const PATIENT_MS = 1_000;

export interface Deadline {
  /** Sleeps until the next look; false when the time is up. Throws when the signal fires. */
  next(): Promise<boolean>;
}

export function deadline(timeoutMs: number, signal: AbortSignal): Deadline {
  const start = performance.now();
  return {
    next: async () => {
      signal.throwIfAborted();
      const elapsed = performance.now() - start;
      if (elapsed >= timeoutMs) return false;
      const wait = elapsed < EAGER_FOR_MS ? EAGER_MS : PATIENT_MS;
      await sleep(Math.min(wait, timeoutMs - elapsed), undefined, { signal });
      return true;
    },
  };
}
