// The live slices this agent looks after, as the control centre says them; fetched once for all loops that ask at about the same time.
import type { WatchlistResponse } from "../protocol/agent.ts";
import type { Log } from "./log.ts";
import { classify } from "./retry.ts";
import type { WorkerClient } from "./worker-client.ts";

export interface Watchlist {
  /** Not older than this; null when the control centre does not say. */
  read(maxAgeMs: number, signal: AbortSignal): Promise<WatchlistResponse | null>;
}

interface WatchlistDeps {
  client: Pick<WorkerClient, "watchlist">;
  instanceId: string;
  log: Log;
}

export function createWatchlist({ client, instanceId, log }: WatchlistDeps): Watchlist {
  let newest: { list: WatchlistResponse; at: number } | undefined;
  let fetching: { answer: Promise<WatchlistResponse | null>; at: number } | undefined;
  let silent = false;

  async function fetchList(at: number, signal: AbortSignal): Promise<WatchlistResponse | null> {
    const answer = await client.watchlist({ instanceId }, { signal });
    fetching = undefined;
    if (answer.ok) newest = { list: answer.value, at };
    else if (!silent && !signal.aborted) log.warn({ error: answer.error.message }, `no watchlist: ${classify(answer.error).why}`);
    silent = !answer.ok;
    return answer.ok ? answer.value : null;
  }

  return {
    async read(maxAgeMs, signal) {
      const since = performance.now() - maxAgeMs;
      if (newest !== undefined && newest.at >= since) return newest.list;
      if (fetching === undefined || fetching.at < since) {
        const at = performance.now();
        fetching = { at, answer: fetchList(at, signal) };
      }
      return fetching.answer;
    },
  };
}
