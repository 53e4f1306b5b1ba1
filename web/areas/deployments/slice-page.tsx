// One slice: what is in force where, what it is held to, who changes it now, what fires, and all that was ever done with it.
import Box from "@mui/material/Box";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { SliceView } from "../../../protocol/api.ts";
import { paths } from "../../app/paths.ts";
import { server } from "../../app/server.ts";
import { Loading } from "../../common/empty.tsx";
import { Fact, Facts } from "../../common/facts.tsx";
import { FreshnessLabel } from "../../common/freshness.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page, Panel } from "../../common/page.tsx";
import { part } from "../../common/part.tsx";
import { Problem } from "../../common/problem.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { SliceAlerts } from "./slice-alerts.tsx";
import { SliceCommands } from "./slice-commands.tsx";
import { SliceObjectives, SliceRequirements } from "./slice-requirements.tsx";
import { SliceSites } from "./slice-sites.tsx";
import { AlertsState, BusyState } from "./slice-state.tsx";
import { Snssai } from "./snssai.tsx";

const SliceCharts = part(
  () => import("../monitoring/slice-charts.tsx"),
  (module) => module.SliceCharts,
);

export function SlicePage({ name }: { name: string }) {
  const { t } = useTranslation("deployments");
  const { data, error, isLoading, refetch } = server.useSlicesQuery();
  const slice = data?.find((one) => one.slice === name) ?? null;
  return (
    <Page
      title={t("slice.title", { slice: name })}
      up={{ href: paths.deployments, title: t("title") }}
      actions={slice !== null && <SliceCommands slice={slice} />}
    >
      <Problem problem={error} onRetry={refetch} />
      {isLoading && <Loading rows={3} height={180} />}
      {slice !== null && <Live slice={slice} />}
      {data !== undefined && slice === null && (
        <Panel title={t("slice.not_live")}>
          <Box sx={{ color: "text.secondary" }}>
            {t("slice.not_live.next")} <AppLink href={paths.home}>{t("slices.deploy")}</AppLink>
          </Box>
        </Panel>
      )}
      {!isLoading && <HistoryPanel slice={name} live={slice} here={null} />}
    </Page>
  );
}

function Live({ slice }: { slice: SliceView }) {
  const { t } = useTranslation("deployments");
  const { serviceType, snssai, priority, latest, intentId, alerts, busy } = slice;
  return (
    <>
      <Panel title={t("slice.in_force")} actions={<FreshnessLabel />} testId="slice-head">
        <Facts way="tiles">
          <Fact name={t("slice.type")}>{serviceType}</Fact>
          <Fact name={t("slice.snssai")}>
            <Snssai snssai={snssai} />
          </Fact>
          <Fact name={t("slice.priority")}>{priority}</Fact>
          <Fact name={t("slice.changing")}>
            <BusyState busy={busy} />
          </Fact>
          <Fact name={t("slice.alerts_title")}>
            <AlertsState alerts={alerts} />
          </Fact>
          <Fact name={t("slice.latest")}>
            <AppLink href={paths.deployment(latest.deploymentId)}>{latest.deploymentId}</AppLink>
          </Fact>
          <Fact name={t("slice.intent")}>
            <AppLink href={paths.intent(intentId)}>{intentId}</AppLink>
          </Fact>
        </Facts>
      </Panel>
      {alerts > 0 && <SliceAlerts slice={slice.slice} />}
      <SliceSites slice={slice} />
      <Box
        sx={{
          display: "grid",
          gap: 2,
          alignItems: "start",
          gridTemplateColumns: { xs: "minmax(0, 1fr)", lg: "repeat(2, minmax(0, 1fr))" },
        }}
      >
        <SliceRequirements slice={slice} />
        <SliceObjectives slice={slice} />
      </Box>
      <Suspense fallback={<Loading rows={1} height={240} />}>
        <SliceCharts name={slice.slice} />
      </Suspense>
    </>
  );
}
