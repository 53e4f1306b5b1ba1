// One thing at a time, with a limited line of those who wait. Work that has begun keeps its place until it has really ended.
import { AsyncLocalStorage } from "node:async_hooks";
import PQueue from "p-queue";

const WAITING_MAX = 500; // one agent's slots times a wide margin; beyond it something is stuck

export class QueueFullError extends Error {
  constructor() {
    super("too much git work is waiting");
  }
}

type Mutex = <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;

export function createMutex(): Mutex {
  const queue = new PQueue({ concurrency: 1 });
  return async (signal, work) => {
    if (queue.size >= WAITING_MAX) throw new QueueFullError();
    // p-queue frees the place of aborted work at once, while its git may still be running: only waiting is aborted here.
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener("abort", leave, { once: true });
    const inOwnName = AsyncLocalStorage.snapshot(); // the queue begins what waited in the name of the work that was before it
    const begin = () => {
      signal.removeEventListener("abort", leave);
      return inOwnName(work);
    };
    try {
      return await queue.add(begin, { signal: waiting.signal });
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
}
