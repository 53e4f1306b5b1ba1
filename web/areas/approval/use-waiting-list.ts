// What waits for a person, grouped by what it waits for: the feed's table, into which the session puts what is older than the first load.
import { useMemo } from "react";
import type { IntentRecord } from "../../../protocol/api.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { allWaitingKnown } from "../../app/waiting.ts";
import { waitingGroups } from "../../state/approval.ts";
import type { WaitingStatus } from "../../state/waiting.ts";

export interface WaitingList {
  groups: Record<WaitingStatus, IntentRecord[]>; // each the oldest first
  loading: boolean;
  error: unknown; // undefined: none
  retry(): void;
}

/** `kept`: ids that stay in the group of this status although they wait no more. */
export function useWaitingList(kept: Readonly<Record<string, WaitingStatus>>): WaitingList {
  const asked = [useAsked("awaiting_approval"), useAsked("needs_decision"), useAsked("needs_clarification")];
  const table = useAppSelector((state) => state.feed.intents);
  const loading = useAppSelector((state) => !allWaitingKnown(state));
  const groups = useMemo(() => waitingGroups(table, kept), [table, kept]);
  return {
    groups,
    loading,
    error: asked.find(({ error }) => error !== undefined)?.error,
    retry() {
      for (const { error, refetch } of asked) if (error !== undefined) void refetch();
    },
  };
}

/** How the session's own question stands. */
function useAsked(status: WaitingStatus) {
  const loaded = useAppSelector((state) => state.feed.loaded); // before, the rows would be lost with the tables of before
  return server.useIntentsInfiniteQuery({ status }, { skip: !loaded });
}
