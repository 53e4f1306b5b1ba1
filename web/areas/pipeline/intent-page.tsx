// The page of one intent: its sentence, how it stands, what a person is asked, and behind tabs all that is known of it. Deep-linkable to each part.
import Box from "@mui/material/Box";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { paths } from "../../app/paths.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { ErrorBoundary } from "../../common/error-boundary.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page } from "../../common/page.tsx";
import { Asked } from "./asked.tsx";
import { IntentCommands } from "./commands.tsx";
import { IntentHead } from "./head.tsx";
import { Notices } from "./notices.tsx";
import { PipelineTab } from "./pipeline-tab.tsx";
import { type Known, useIntent } from "./use-intent.ts";

const TimelineTab = lazy(() => import("./timeline-tab.tsx").then((module) => ({ default: module.TimelineTab })));
const UnderstoodTab = lazy(() => import("./understood-tab.tsx").then((module) => ({ default: module.UnderstoodTab })));
const DiffTab = lazy(() => import("./diff-tab.tsx").then((module) => ({ default: module.DiffTab })));
const EvidenceTab = lazy(() => import("./evidence-tab.tsx").then((module) => ({ default: module.EvidenceTab })));
const LogTab = lazy(() => import("./log-tab.tsx").then((module) => ({ default: module.LogTab })));

const TABS = {
  pipeline: PipelineTab,
  timeline: TimelineTab,
  understood: UnderstoodTab,
  diff: DiffTab,
  evidence: EvidenceTab,
  log: LogTab,
} as const;
type TabName = keyof typeof TABS;
const NAMES = Object.keys(TABS) as TabName[]; // of the constant above

export function IntentPage({ intentId }: { intentId: string }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const { known, gone } = useIntent(intentId);
  const up = { href: paths.home, title: t("common:nav.intents") };
  if (known === null && gone) {
    const next = <AppLink href={paths.home}>{t("unknown.next")}</AppLink>;
    return (
      <Page title={t("unknown.title")} up={up}>
        <Empty title={t("unknown.text", { id: intentId })} next={next} />
      </Page>
    );
  }
  if (known === null) {
    return (
      <Page title={t("title")} up={up}>
        <Loading rows={1} height={92} />
        <Loading rows={1} height={420} />
      </Page>
    );
  }
  return (
    <Page title={known.record.text} up={up} actions={<IntentCommands known={known} />}>
      <IntentHead known={known} />
      <Notices known={known} />
      <Asked known={known} />
      <Parts known={known} />
    </Page>
  );
}

function Parts({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [search, setSearch] = useSearchParams();
  const asked = search.get("tab");
  const tab = NAMES.find((name) => name === asked) ?? "pipeline";
  const Shown = TABS[tab];
  return (
    <Box sx={{ minWidth: 0 }}>
      <Tabs
        value={tab}
        onChange={(_event, next: TabName) => setSearch({ tab: next })}
        variant="scrollable"
        scrollButtons={false}
        aria-label={t("tabs.label")}
        sx={{ borderBottom: 1, borderColor: "divider", mb: 2, minHeight: 40 }}
      >
        {NAMES.map((name) => (
          <Tab
            key={name}
            value={name}
            label={t(`tab.${name}`)}
            id={`tab-${name}`}
            aria-controls="intent-part"
            data-testid={`tab-${name}`}
            sx={{ minHeight: 40, py: 0 }}
          />
        ))}
      </Tabs>
      <Box role="tabpanel" id="intent-part" aria-labelledby={`tab-${tab}`} sx={{ minWidth: 0 }}>
        <ErrorBoundary key={tab}>
          <Suspense fallback={<Loading rows={1} height={420} />}>
            {known.full ? <Shown known={known} /> : <Loading rows={1} height={420} />}
          </Suspense>
        </ErrorBoundary>
      </Box>
    </Box>
  );
}
