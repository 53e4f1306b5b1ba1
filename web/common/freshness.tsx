// How fresh what is shown is: live, catching up, or stale since when. From seq and what was heard, never from the socket alone.
import { useTranslation } from "react-i18next";
import { useFeedHandle } from "../app/feed-context.ts";
import { useAppSelector } from "../app/store.ts";
import { clockTime } from "../state/format.ts";
import { type Freshness, freshness } from "../state/freshness.ts";
import type { Tone } from "../state/tones.ts";
import { StateLabel } from "./state-label.tsx";
import { useNow } from "./use-now.ts";
import { useOnline } from "./use-online.ts";

const TONES: Record<Freshness["state"], Tone> = { live: "done", catching_up: "active", stale: "failed" };

export function useFreshness(): Freshness {
  const link = useAppSelector((state) => state.live.link);
  const loaded = useAppSelector((state) => state.feed.loaded);
  const lastSeq = useAppSelector((state) => state.feed.lastSeq);
  const head = useAppSelector((state) => state.feed.head);
  const { startedAt } = useFeedHandle();
  return freshness(link, { loaded, lastSeq, head }, { now: useNow(), startedAt, online: useOnline() });
}

/** For the header and for panels. */
export function FreshnessLabel() {
  const fresh = useFreshness();
  const { t, i18n } = useTranslation();
  const word = () => {
    if (fresh.state === "live") return t("connection.live");
    if (fresh.state === "catching_up") return t("connection.catching_up");
    if (fresh.since === null) return t("connection.not_connected");
    return t("connection.stale_since", { time: clockTime(fresh.since, { now: Date.now(), language: i18n.language }) });
  };
  return (
    <StateLabel tone={TONES[fresh.state]}>
      <span data-testid="freshness" data-state={fresh.state}>
        {word()}
      </span>
    </StateLabel>
  );
}
