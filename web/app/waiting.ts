// All that waits for a person, however old: the first load knows the newest intents only. Asked for once and after each replacement; from then on
// live events keep it. The rows are put into the feed's table; here it matters only whether they have come.
import { useEffect } from "react";
import { WAITING, type WaitingStatus, waitingCount } from "../state/waiting.ts";
import { server } from "./server.ts";
import { type RootState, useAppSelector } from "./store.ts";

const RETRY_MS = 10_000;

/** For the shell, once. */
export function useKeepWaiting(): void {
  const loaded = useAppSelector((state) => state.feed.loaded);
  useAll("awaiting_approval", loaded);
  useAll("needs_decision", loaded);
  useAll("needs_clarification", loaded);
}

/** All pages, one after the other: the oldest are on the last. */
function useAll(status: WaitingStatus, loaded: boolean): void {
  const { isFetching, error, refetch, hasNextPage, fetchNextPage } = server.useIntentsInfiniteQuery({ status }, { skip: !loaded });
  useEffect(() => {
    if (hasNextPage && !isFetching && error === undefined) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  useEffect(() => {
    if (error === undefined || isFetching) return;
    const timer = setTimeout(() => void refetch(), RETRY_MS);
    return () => clearTimeout(timer);
  }, [error, isFetching, refetch]);
}

const ASKED = WAITING.map((status) => server.endpoints.intents.select({ status }));

/** Whether all of it is in the feed's table as it is now. */
export function allWaitingKnown(state: RootState): boolean {
  const { generation } = state.feed;
  return ASKED.every((select) => {
    const pages = select(state).data?.pages;
    return pages?.at(-1)?.nextCursor === null && pages.every((page) => page.generation === generation);
  });
}

/** How many intents wait for a person; null while that is not known. */
export function useWaitingCount(): number | null {
  return useAppSelector((state) => (allWaitingKnown(state) ? waitingCount(state.feed) : null));
}
