// Instants and durations as the viewer reads them: in the viewer's zone and language, the exact instant on hover.
import { useTranslation } from "react-i18next";
import { clockTime, duration, elapsed } from "../state/format.ts";
import { useNow } from "./use-now.ts";

export function Instant({ at }: { at: string | number }) {
  const { i18n } = useTranslation();
  const exact = new Date(at).toISOString();
  return (
    <time dateTime={exact} title={exact}>
      {clockTime(at, { now: Date.now(), language: i18n.language })}
    </time>
  );
}

/** How long from one instant to another; it counts while `to` is null. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const { i18n } = useTranslation();
  const now = useNow(to === null);
  return <span title={`${from} – ${to ?? "…"}`}>{duration(elapsed(from, to, now), i18n.language)}</span>;
}
