// The intents that wait for a person: those the feed tells of, and older ones that the server is asked for once. Grouped by what they wait for.
import { useEffect, useMemo } from "react";
import type { IntentRecord } from "../../../protocol/api.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { type WaitingStatus, waitingGroups } from "../../state/approval.ts";

export interface WaitingList {
  groups: Record<WaitingStatus, IntentRecord[]>; // each the oldest first
  loading: boolean;
  error: unknown; // undefined: none
  retry(): void;
}

/** `kept`: ids that stay in the group of this status although they wait no more. */
export function useWaitingList(kept: Readonly<Record<string, WaitingStatus>>): WaitingList {
  // The answers are put into the feed's table, where live events keep them current; here only whether they have come matters.
  const asked = [useAll("awaiting_approval"), useAll("needs_decision"), useAll("needs_clarification")];
  const table = useAppSelector((state) => state.feed.intents);
  const groups = useMemo(() => waitingGroups(table, kept), [table, kept]);
  return {
    groups,
    loading: asked.some(({ isFetching }) => isFetching),
    error: asked.find(({ error }) => error !== undefined)?.error,
    retry() {
      for (const { error, refetch } of asked) if (error !== undefined) void refetch();
    },
  };
}

/** All pages, one after the other: the oldest are on the last. */
function useAll(status: WaitingStatus) {
  const generation = useAppSelector((state) => state.feed.generation);
  const { isFetching, error, refetch, hasNextPage, fetchNextPage } = server.useIntentsInfiniteQuery(
    { status },
    { refetchOnMountOrArgChange: true },
  );
  useEffect(() => {
    if (hasNextPage && !isFetching && error === undefined) void fetchNextPage();
  }, [hasNextPage, isFetching, error, fetchNextPage]);
  // Everything was replaced by a new load, which knows the newest only.
  useEffect(() => {
    if (generation > 0) void refetch();
  }, [generation, refetch]);
  return { isFetching, error, refetch };
}
