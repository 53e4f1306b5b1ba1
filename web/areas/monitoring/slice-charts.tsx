// The charts of one slice, for its page: each objective that it has, site by site, with its service level.
import { useTranslation } from "react-i18next";
import type { ObjectiveName } from "../../../protocol/slo.ts";
import { server } from "../../app/server.ts";
import { Panel } from "../../common/page.tsx";
import { RangeChoice, useChartChoice } from "./chart-choices.tsx";
import { SliceChart } from "./charts.tsx";
import { ChartGrid } from "./charts-panel.tsx";

const USUAL: readonly ObjectiveName[] = ["latencyP95", "throughputMin"]; // of a slice that is gone: what it may have left behind

export function SliceCharts({ name }: { name: string }) {
  const { t } = useTranslation("monitoring");
  const [choice, choose] = useChartChoice();
  const slices = server.useSlicesQuery();
  const objectives = slices.data?.find(({ slice }) => slice === name)?.objectives.map((objective) => objective.name);
  const metrics = objectives === undefined || objectives.length === 0 ? USUAL : [...new Set(objectives)];
  return (
    <Panel title={t("charts.measured")} testId="slice-charts" actions={<RangeChoice choice={choice} choose={choose} />}>
      <ChartGrid>
        {metrics.map((metric) => (
          <SliceChart key={metric} name={name} site={null} metric={metric} range={choice.range} titled="metric" />
        ))}
      </ChartGrid>
    </Panel>
  );
}
