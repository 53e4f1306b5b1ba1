// A bar in words: its state, its exact instants in the viewer's zone, and how long it took.
import { useTranslation } from "react-i18next";
import { duration } from "../../state/format.ts";
import type { Bar } from "../../state/timeline.ts";

export function useBarWords(): (bar: Bar) => string {
  const { t, i18n } = useTranslation(["pipeline", "common"]);
  const format = new Intl.DateTimeFormat(i18n.language, {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  });
  return ({ from, to, tone }) => {
    const state = t(`common:tone.${tone}`);
    if (to === null) return t("timeline.open", { state, from: format.format(from) });
    if (to === from) return t("timeline.instant", { state, from: format.format(from) });
    return t("timeline.bar", { state, from: format.format(from), to: format.format(to), duration: duration(to - from, i18n.language) });
  };
}
