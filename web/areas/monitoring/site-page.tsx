// One edge site in full, at its own address. Any of its aliases leads here too.
import Box from "@mui/material/Box";
import { useTranslation } from "react-i18next";
import type { Site } from "../../../protocol/site.ts";
import { ObjectiveName } from "../../../protocol/slo.ts";
import { paths } from "../../app/paths.ts";
import { useAppSelector } from "../../app/store.ts";
import { Copy } from "../../common/copy.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { Instant } from "../../common/instant.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page, Panel } from "../../common/page.tsx";
import { Untrusted } from "../../common/text.tsx";
import { shortCommit } from "../../state/format.ts";
import { Words } from "./agent-facts.tsx";
import { AlertsPanel } from "./alerts-panel.tsx";
import { RangeChoice, useChartChoice } from "./chart-choices.tsx";
import { SiteChart } from "./charts.tsx";
import { ChartGrid } from "./charts-panel.tsx";
import { Row } from "./row.tsx";
import { SiteDeployments } from "./site-deployments.tsx";
import { SiteDrift } from "./site-drift.tsx";
import { AgentLink, DIALECT_NAMES, SiteCapacity, SiteComponents, SiteMarks, SiteState, SliceLinks, SYNC_NAMES } from "./site-parts.tsx";
import { SiteChecks, SiteFreeze, SiteTasks } from "./site-upkeep.tsx";

export function SitePage({ siteId }: { siteId: string }) {
  const { t } = useTranslation("monitoring");
  const loaded = useAppSelector((state) => state.feed.loaded);
  const site = useAppSelector(
    ({ feed }) => feed.sites.find(({ id }) => id === siteId) ?? feed.sites.find(({ aliases }) => aliases.includes(siteId)),
  );
  const up = { href: paths.sites, title: t("sites") };
  if (site === undefined) {
    const next = <AppLink href={paths.sites}>{t("site.unknown_next")}</AppLink>;
    return (
      <Page title={siteId} up={up}>
        {loaded ? <Empty title={t("site.unknown")} next={next} /> : <Loading rows={6} />}
      </Page>
    );
  }
  return (
    <Page title={site.id} up={up} actions={<FreshnessLabel />}>
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" },
          alignItems: "start",
        }}
      >
        <SiteFacts site={site} />
        <Box sx={{ display: "grid", gap: 2, minWidth: 0 }}>
          <Panel title={t("capacity")}>
            <SiteCapacity site={site} />
          </Panel>
          <Panel title={t("drift")} testId="site-drift">
            <SiteDrift drift={site.drift} />
          </Panel>
          <Panel title={t("site.deployments")}>
            <SiteDeployments siteId={site.id} />
          </Panel>
        </Box>
      </Box>
      <AlertsPanel about={{ site: site.id }} />
      <SiteCharts siteId={site.id} />
      <Box
        sx={{
          display: "grid",
          gap: 2,
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" },
          alignItems: "start",
        }}
      >
        <Panel title={t("checks")}>
          <SiteChecks checks={site.checks} />
        </Panel>
        <Panel title={t("freeze")}>
          <SiteFreeze freeze={site.freeze} frozenUntil={site.frozenUntil} />
        </Panel>
      </Box>
      <Panel title={t("tasks")}>
        <SiteTasks siteId={site.id} />
      </Panel>
    </Page>
  );
}

function SiteFacts({ site }: { site: Site }) {
  const { t } = useTranslation("monitoring");
  const agent = useAppSelector((state) => state.feed.agents.find(({ agentId }) => agentId === site.agentId));
  return (
    <Panel title={t("site")} testId="site-detail">
      <Facts way="rows">
        <Fact name={t("site.state")}>
          <Row>
            <SiteState site={site} boxed />
            <SiteMarks site={site} />
          </Row>
          {site.message !== "" && <Untrusted>{site.message}</Untrusted>}
        </Fact>
        <Fact name={t("site.components")}>
          <SiteComponents site={site} />
        </Fact>
        <Fact name={t("site.last_sync")}>{site.lastSync === null ? t("site.never") : <Instant at={site.lastSync} />}</Fact>
        <Fact name={t("site.commit")}>
          {site.commit === null ? t("site.never") : <Copy value={site.commit} shown={shortCommit(site.commit)} what={t("site.commit")} />}
        </Fact>
        <Fact name={t("site.slices")}>
          <SliceLinks slices={site.slices} all />
        </Fact>
        <Fact name={t("site.agent")}>
          <AgentLink agentId={site.agentId} name={agent?.name} />
        </Fact>
        <Fact name={t("site.sync_by")}>{SYNC_NAMES[site.sync]}</Fact>
        <Fact name={t("site.dialect")}>{DIALECT_NAMES[site.o2Dialect]}</Fact>
        <Fact name={t("site.source")}>{t(`siteSource.${site.source}`)}</Fact>
        <Fact name={t("site.aliases")}>
          <Words words={site.aliases} />
        </Fact>
        <Fact name={t("labels")}>
          <Words words={Object.entries(site.labels).map(([name, value]) => `${name}=${value}`)} />
        </Fact>
      </Facts>
    </Panel>
  );
}

function SiteCharts({ siteId }: { siteId: string }) {
  const { t } = useTranslation("monitoring");
  const [choice, choose] = useChartChoice();
  return (
    <Panel title={t("charts.measured")} testId="site-charts" actions={<RangeChoice choice={choice} choose={choose} />}>
      <ChartGrid>
        {ObjectiveName.options.map((metric) => (
          <SiteChart key={metric} id={siteId} metric={metric} range={choice.range} titled="metric" />
        ))}
      </ChartGrid>
    </Panel>
  );
}
