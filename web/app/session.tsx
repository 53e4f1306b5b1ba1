// The signed-in page: its store, its feed, and the shell in them. A new token is a new session with nothing of the old one in it.
import { useEffect, useState } from "react";
import { Provider } from "react-redux";
import type { Me } from "../../protocol/api.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Api } from "../api.ts";
import type { Feed } from "../feed.ts";
import { type StaleTag, staleAfter } from "../state/stale.ts";

import { FeedContext } from "./feed-context.ts";
import { logged } from "./logs.ts";
import { runFeed } from "./run-feed.ts";
import { invalidate } from "./server.ts";
import { Shell } from "./shell.tsx";
import { type AppStore, createAppStore, feedStores } from "./store.ts";

const STALE_MS = 500; // stale things are asked for again this often at most, however many events say so

interface Running {
  store: AppStore;
  feed: Feed;
  stop(): void;
}

export function Session({ api, me, onSignOut }: { api: Api; me: Me; onSignOut(): void }) {
  const [running, setRunning] = useState<Running | null>(null);
  useEffect(() => {
    const started = start(api, me);
    setRunning(started);
    return started.stop;
  }, [api, me]);
  if (running === null) return null;
  return (
    <Provider store={running.store}>
      <FeedContext value={running.feed}>
        <Shell onSignOut={onSignOut} />
      </FeedContext>
    </Provider>
  );
}

function start(api: Api, me: Me): Running {
  let feed: Feed | undefined;
  const store = createAppStore({ api, touch: (intentId) => feed?.touch(intentId) }, me);
  const stale = new Set<StaleTag>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onEvents = (events: readonly DurableEvent[]) => {
    for (const tag of staleAfter(events)) stale.add(tag);
    if (stale.size === 0) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      store.dispatch(invalidate([...stale]));
      stale.clear();
    }, STALE_MS);
  };
  const run = runFeed(api, {
    ...feedStores(store),
    onEvents,
    onReplaced: () => void store.dispatch(invalidate(["Lists"])),
    onLogs: (lines) => void store.dispatch(logged(lines)),
  });
  feed = run.feed;
  return {
    store,
    feed,
    stop() {
      run.stop();
      clearTimeout(timer);
    },
  };
}
