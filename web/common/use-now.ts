// One clock for all that counts on the page: a tick a second, only while something listens and the tab is looked at.
import { useSyncExternalStore } from "react";

const TICK_MS = 1_000;

let now = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  if (document.visibilityState === "hidden") return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  if (timer === undefined) {
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick); // whoever comes back to the tab sees no old age, not even for a second
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
    timer = undefined;
  };
}

const stand = () => () => {};

/** Milliseconds since the epoch; it moves only while `running`. */
export function useNow(running = true): number {
  return useSyncExternalStore(running ? subscribe : stand, () => now);
}
