// Events from before those that the page keeps: asked for page by page, from where the kept ones begin.
import { useCallback, useMemo, useState } from "react";
import type { DurableEvent } from "../../../protocol/event.ts";
import { server } from "../../app/server.ts";
import type { EventLog } from "../../state/log.ts";

export interface Older {
  events: readonly DurableEvent[]; // the newest first
  from: number; // everything after this number is shown
  hasMore: boolean;
  loading: boolean;
  error: unknown; // undefined: none
  more(): void;
}

const NONE: readonly DurableEvent[] = [];

export function useOlder(log: EventLog): Older {
  const [before, setBefore] = useState<number | null>(null); // the first look back began here; null: nobody has looked yet
  // The kept events begin elsewhere: what was looked up would leave a hole between.
  const valid = before === log.from + 1 ? before : null;
  if (before !== valid) setBefore(valid);
  const { data, isFetching, hasNextPage, fetchNextPage, error, refetch } = server.useEventsInfiniteQuery(valid ?? 0, {
    skip: valid === null,
  });
  const pages = valid === null ? undefined : data?.pages;
  const events = useMemo(() => pages?.flatMap((page) => page.events) ?? NONE, [pages]);
  const more = useCallback(() => {
    if (isFetching) return;
    if (valid === null) setBefore(log.from > 0 ? log.from + 1 : null);
    else if (error !== undefined && pages === undefined) void refetch();
    else if (hasNextPage) void fetchNextPage();
  }, [valid, log.from, isFetching, error, pages, hasNextPage, fetchNextPage, refetch]);
  const last = pages?.at(-1);
  return {
    events,
    from: last === undefined ? log.from : (last.next ?? 1) - 1,
    hasMore: pages === undefined ? log.from > 0 : hasNextPage,
    loading: isFetching,
    error,
    more,
  };
}
