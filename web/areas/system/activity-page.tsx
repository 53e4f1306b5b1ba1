// The durable feed to read: newest first, live, older events on the way down. It holds still while somebody reads, and says how much came meanwhile.
import Button from "@mui/material/Button";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DurableEvent } from "../../../protocol/event.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { Page } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { VirtualList } from "../../common/virtual-list.tsx";
import { isFiltering, lastSeq, newestFirst, passes } from "../../state/activity.ts";
import { type EventLog, since } from "../../state/log.ts";
import { ActivityBar } from "./activity-bar.tsx";
import { EventRow } from "./event-row.tsx";
import { useActivityFilter } from "./use-activity-filter.ts";
import { useEventWords } from "./use-event-words.ts";
import { useLog } from "./use-log.ts";
import { useOlder } from "./use-older.ts";
import { useScrolledDown } from "./use-scrolled-down.ts";

const ROW_PX = 58;
const idOf = (event: DurableEvent) => event.id;

export function ActivityPage() {
  const { t } = useTranslation(["system", "common"]);
  const loaded = useAppSelector((state) => state.feed.loaded);
  const { log, newer, paused, pause, resume } = useHeldLog();
  const { filter } = useActivityFilter();
  const words = useEventWords();
  const older = useOlder(log);
  const wanted = useCallback((event: DurableEvent) => passes(event, filter, words), [filter, words]);
  const events = useMemo(() => [...newestFirst(log), ...older.events].filter(wanted), [log, older.events, wanted]);
  const fresh = useMemo(() => newer.filter(wanted).length, [newer, wanted]);

  const filtering = isFiltering(filter);
  const more = older.hasMore && (
    <Button variant="text" data-testid="older" disabled={older.loading} onClick={older.more}>
      {older.loading ? t("common:list.loading_more") : t(filtering ? "activity.search_older" : "activity.older", { seq: older.from })}
    </Button>
  );
  return (
    <Page title={t("activity.title")}>
      <ActivityBar count={events.length} fresh={fresh} paused={paused} onPause={pause} onResume={resume} />
      {!loaded && <Loading rows={8} height={ROW_PX - 8} />}
      {loaded && events.length === 0 && (
        <Empty
          title={t(filtering ? "activity.no_match" : "activity.empty")}
          next={t(filtering ? "activity.no_match.next" : "activity.empty.next")}
        />
      )}
      {events.length > 0 && (
        <VirtualList
          items={events}
          keyOf={idOf}
          rowHeight={ROW_PX}
          label={t("activity.title")}
          render={(event) => <EventRow event={event} />}
          {...(filtering ? {} : { onNearEnd: older.more })}
        />
      )}
      <Problem problem={older.error} onRetry={older.more} />
      {loaded && <div>{more || (events.length > 0 && !older.hasMore && t("common:list.end"))}</div>}
    </Page>
  );
}

interface HeldLog {
  log: EventLog; // what is shown
  newer: readonly DurableEvent[]; // what came since, while it is held
  paused: boolean; // by hand, or because one has scrolled down to read
  pause(): void;
  resume(): void;
}

function useHeldLog(): HeldLog {
  const now = useLog();
  const generation = useAppSelector((state) => state.feed.generation);
  const [held, setHeld] = useState<{ log: EventLog; generation: number; byHand: boolean } | null>(null);
  const down = useScrolledDown();
  // Another history has begun: what was held is not part of it.
  const valid = held !== null && held.generation === generation && (held.byHand || down) ? held : null;
  if (held !== valid) setHeld(valid);
  if (valid === null && down) setHeld({ log: now, generation, byHand: false });
  const log = valid?.log ?? now;
  const newer = useMemo(() => (log === now ? [] : since(now, lastSeq(log))), [log, now]);
  return {
    log,
    newer,
    paused: valid !== null,
    pause: () => setHeld({ log, generation, byHand: true }),
    resume: () => {
      window.scrollTo(0, 0);
      setHeld(null);
    },
  };
}
