// Has asked again what pages asked the server for, when the feed says that it is stale. The feed keeps its own tables by itself.
import type { DurableEvent } from "../../protocol/event.ts";
import { intentOf } from "../state/shown.ts";
import { STALE_TAGS, type StaleTag, staleAfter } from "../state/stale.ts";
import { invalidate } from "./server.ts";
import type { AppStore } from "./store.ts";

const STALE_MS = 500; // stale things are asked for again this often at most, however many events say so

export function keepFresh(store: AppStore) {
  const stale = new Set<StaleTag>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    onEvents(events: readonly DurableEvent[]): void {
      const { feed } = store.getState();
      for (const tag of staleAfter(events, (intentId) => intentOf(feed, intentId) !== undefined)) stale.add(tag);
      if (stale.size === 0) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        store.dispatch(invalidate([...stale]));
        stale.clear();
      }, STALE_MS);
    },
    /** The events between were never seen: any of them may have been about anything. */
    onReplaced(): void {
      store.dispatch(invalidate([...STALE_TAGS, "Lists", "IntentEvents"]));
    },
    stop: () => clearTimeout(timer),
  };
}
