// Measured values, service levels and what an alert is about, as sentences in the viewer's language.
import { useTranslation } from "react-i18next";
import type { Alert } from "../../../protocol/alert.ts";
import type { SeriesPage, SeriesPoint } from "../../../protocol/history.ts";
import type { ObjectiveName } from "../../../protocol/slo.ts";
import { COMPARISONS, measured } from "../../state/format.ts";
import type { Threshold } from "../../state/series.ts";

type Unit = SeriesPage["unit"];

export const UNITS: Record<ObjectiveName, Unit> = {
  latencyP95: "ms",
  throughputMin: "Mbps",
  uplinkThroughputMin: "Mbps",
  availability: "%",
};

export function useMeasuredWords() {
  const { t } = useTranslation("common");
  const value = (number: number | null, unit: Unit) => measured(number, unit) ?? t("unknown.value");
  return {
    value,
    threshold: (threshold: Threshold, unit: Unit) => `${COMPARISONS[threshold.comparator]} ${value(threshold.value, unit)}`,
    /** `12 ms`, or `12 ms (9–20)` when a step holds several that differ. */
    spread({ mean, min, max }: SeriesPoint, unit: Unit): string {
      const [low, high] = [Math.round(min * 100) / 100, Math.round(max * 100) / 100];
      return low === high ? value(mean, unit) : `${value(mean, unit)} (${low}–${high})`;
    },
  };
}

/** The value of an alert against its service level; null when it has none. */
export function useAlertValue(): (alert: Pick<Alert, "objective" | "value" | "threshold">) => string | null {
  const { t } = useTranslation(["monitoring", "common"]);
  return ({ objective, value, threshold }) => {
    if (objective === null) return null;
    const unit = UNITS[objective];
    const limit = measured(threshold, unit);
    const name = t(`common:objective.${objective}`);
    const now = measured(value, unit) ?? t("common:unknown.value");
    if (limit === null) return `${name}: ${now}`;
    return t("alert.value", { name, value: now, sign: objective === "latencyP95" ? COMPARISONS.lte : COMPARISONS.gte, limit });
  };
}
