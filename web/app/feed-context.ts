// The running feed for components: to keep an intent complete while it is looked at, and to try again at once.
import { createContext, useContext, useEffect } from "react";
import type { Feed } from "../feed.ts";

export const FeedContext = createContext<Feed | null>(null);

export function useFeedHandle(): Feed {
  const feed = useContext(FeedContext);
  if (feed === null) throw new Error("a component that needs the feed is outside of the session");
  return feed;
}

/** While the component is shown, the intent is known in full and kept so. */
export function useWatchedIntent(intentId: string): void {
  const feed = useFeedHandle();
  useEffect(() => feed.watch(intentId), [feed, intentId]);
}

/** While the component is shown, the lines of the agents' logs come. */
export function useLogTail(): void {
  const feed = useFeedHandle();
  useEffect(() => feed.tailLogs(), [feed]);
}
