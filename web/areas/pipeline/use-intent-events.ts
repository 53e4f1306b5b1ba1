// All durable events of one intent: those that the server keeps, and newer ones as the feed brings them. Others' events cause no rendering.
import { useEffect, useMemo, useState } from "react";
import { useStore } from "react-redux";
import type { DurableEvent } from "../../../protocol/event.ts";
import { server } from "../../app/server.ts";
import type { RootState } from "../../app/store.ts";
import { since } from "../../state/log.ts";
import { MAX_ENTRIES } from "../../state/logtail.ts";

export interface IntentEvents {
  events: readonly DurableEvent[]; // oldest first, each once
  loading: boolean;
  error: unknown;
  retry(): void;
}

export function useIntentEvents(intentId: string): IntentEvents {
  const { data, isLoading, error, refetch } = server.useIntentEventsQuery(intentId);
  const newer = useNewerEvents(intentId);
  const events = useMemo(() => {
    const bySeq = new Map([...(data?.events ?? []), ...newer].map((event) => [event.seq, event]));
    return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }, [data, newer]);
  return { events, loading: isLoading, error, retry: () => void refetch() };
}

/** What the feed still has of it, and what comes while this is shown. */
function useNewerEvents(intentId: string): readonly DurableEvent[] {
  const store = useStore<RootState>();
  const [events, setEvents] = useState<readonly DurableEvent[]>([]);
  useEffect(() => {
    let seen = 0;
    let { generation } = store.getState().feed;
    let log: RootState["feed"]["log"] | undefined;
    const look = () => {
      const { feed } = store.getState();
      if (feed.log === log) return;
      log = feed.log;
      if (feed.generation !== generation) {
        generation = feed.generation; // perhaps another history, which counts from the beginning
        seen = 0;
        setEvents([]);
      }
      const found = since(log, seen).filter((event) => event.intentId === intentId);
      seen = feed.lastSeq;
      if (found.length > 0) setEvents((before) => [...before, ...found].slice(-MAX_ENTRIES));
    };
    look();
    return store.subscribe(look);
  }, [store, intentId]);
  return events;
}
