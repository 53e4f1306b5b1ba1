// The charts of the monitoring page: of a chosen slice, of a chosen site, or of the sites that carry something when nothing is chosen.
import Box from "@mui/material/Box";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Panel } from "../../common/page.tsx";
import type { ChartChoice } from "../../state/series.ts";
import { sitesShown } from "../../state/site-view.ts";
import { MetricChoice, NameChoice, RangeChoice, useChartChoice } from "./chart-choices.tsx";
import { SiteChart, SliceChart } from "./charts.tsx";
import { Quiet } from "./row.tsx";

const MAX_SITES = 6; // side by side; the others by choosing them

export function ChartsPanel() {
  const { t } = useTranslation("monitoring");
  const [choice, choose] = useChartChoice();
  const sites = useAppSelector((state) => state.feed.sites);
  const slices = server.useSlicesQuery();
  const ids = sitesShown(sites, { text: "", status: null }).map(({ id }) => id);
  const names = (slices.data ?? []).map(({ slice }) => slice).sort();
  const chooser = { choice, choose };
  return (
    <Panel title={t("charts")} testId="charts">
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1.5, mb: 2 }}>
        <MetricChoice {...chooser} />
        <RangeChoice {...chooser} />
        <NameChoice field="site" names={ids} {...chooser} />
        <NameChoice field="slice" names={names} {...chooser} />
      </Box>
      <Chosen choice={choice} />
    </Panel>
  );
}

function Chosen({ choice: { metric, range, site, slice } }: { choice: ChartChoice }) {
  if (slice !== null) return <SliceChart name={slice} site={site} metric={metric} range={range} />;
  if (site !== null) return <SiteChart id={site} metric={metric} range={range} />;
  return <AllSites metric={metric} range={range} />;
}

function AllSites({ metric, range }: Pick<ChartChoice, "metric" | "range">) {
  const { t } = useTranslation("monitoring");
  const sites = useAppSelector((state) => state.feed.sites);
  const loaded = useAppSelector((state) => state.feed.loaded);
  if (!loaded) return <Loading rows={2} height={220} />;
  if (sites.length === 0) return <Empty title={t("sites.none")} next={t("sites.none_next")} />;
  const busy = sitesShown(sites, { text: "", status: null }).filter((one) => one.slices.length > 0);
  if (busy.length === 0)
    return <Empty title={t("charts.no_slices")} next={<AppLink href={paths.home}>{t("charts.no_slices_next")}</AppLink>} />;
  return (
    <>
      <ChartGrid>
        {busy.slice(0, MAX_SITES).map(({ id }) => (
          <SiteChart key={id} id={id} metric={metric} range={range} />
        ))}
      </ChartGrid>
      {busy.length > MAX_SITES && <Quiet>{t("charts.more_sites", { count: busy.length - MAX_SITES })}</Quiet>}
    </>
  );
}

export function ChartGrid({ children }: { children: ReactNode }) {
  return (
    <Box sx={{ display: "grid", gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" }, columnGap: 4, rowGap: 3 }}>
      {children}
    </Box>
  );
}
