// The signed-in page: its store, its feed, and the shell in them. A new token is a new session with nothing of the old one in it.
import { useEffect, useState } from "react";
import { Provider } from "react-redux";
import type { Me } from "../../protocol/api.ts";
import type { Api } from "../api.ts";
import type { Feed } from "../feed.ts";
import { FeedContext } from "./feed-context.ts";
import { logged } from "./logs.ts";
import { runFeed } from "./run-feed.ts";
import { Shell } from "./shell.tsx";
import { keepFresh } from "./staleness.ts";
import { type AppStore, createAppStore, feedStores } from "./store.ts";

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
  const fresh = keepFresh(store);
  const run = runFeed(api, {
    ...feedStores(store),
    onEvents: fresh.onEvents,
    onReplaced: fresh.onReplaced,
    onLogs: (lines) => void store.dispatch(logged(lines)),
  });
  feed = run.feed;
  return {
    store,
    feed,
    stop() {
      run.stop();
      fresh.stop();
    },
  };
}
