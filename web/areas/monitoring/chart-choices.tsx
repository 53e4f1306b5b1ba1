// What a chart shows, chosen and kept in the address: the metric, the range, the site, the slice.
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { ObjectiveName } from "../../../protocol/slo.ts";
import { Choice } from "../../common/field.tsx";
import { type ChartChoice, choiceOf, RANGE_NAMES, withChoice } from "../../state/series.ts";
import { UNITS } from "./words.ts";

/** The choice of the address, and how to change it; the way back does not lead through every change. */
export function useChartChoice(): [ChartChoice, (patch: Partial<ChartChoice>) => void] {
  const [params, setParams] = useSearchParams();
  return [choiceOf(params), (patch) => setParams((before) => withChoice(before, patch), { replace: true })];
}

interface Chooser {
  choice: ChartChoice;
  choose(patch: Partial<ChartChoice>): void;
}

export function MetricChoice({ choice, choose }: Chooser) {
  const { t } = useTranslation(["monitoring", "common"]);
  return (
    <Choice
      label={t("choice.metric")}
      data-testid="chart-metric"
      value={choice.metric}
      onChange={(event) => {
        const metric = ObjectiveName.safeParse(event.target.value);
        if (metric.success) choose({ metric: metric.data });
      }}
    >
      {ObjectiveName.options.map((metric) => (
        <option key={metric} value={metric}>
          {t(`common:objective.${metric}`)} ({UNITS[metric]})
        </option>
      ))}
    </Choice>
  );
}

export function RangeChoice({ choice, choose }: Chooser) {
  const { t } = useTranslation("monitoring");
  return (
    <Choice
      label={t("choice.range")}
      data-testid="chart-range"
      value={choice.range}
      onChange={(event) => {
        const range = RANGE_NAMES.find((name) => name === event.target.value);
        if (range !== undefined) choose({ range });
      }}
    >
      {RANGE_NAMES.map((range) => (
        <option key={range} value={range}>
          {t(`range.${range}`)}
        </option>
      ))}
    </Choice>
  );
}

/** Of a site or a slice. What the address names is offered also when it is gone: its past may still be there. */
export function NameChoice({ field, names, choice, choose }: Chooser & { field: "site" | "slice"; names: readonly string[] }) {
  const { t } = useTranslation("monitoring");
  const chosen = choice[field];
  const all = chosen === null || names.includes(chosen) ? names : [chosen, ...names];
  return (
    <Choice
      label={t(`choice.${field}`)}
      data-testid={`chart-${field}`}
      value={chosen ?? ""}
      onChange={(event) => choose({ [field]: event.target.value === "" ? null : event.target.value })}
    >
      <option value="">{t(`choice.${field}_all`)}</option>
      {all.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Choice>
  );
}
