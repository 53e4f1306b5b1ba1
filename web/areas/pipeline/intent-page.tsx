// The page of one intent: its sentence, how it stands, what a person is asked, and behind tabs all that is known of it. Deep-linkable to each part.
import Box from "@mui/material/Box";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useLogTail } from "../../app/feed-context.ts";
import { paths } from "../../app/paths.ts";
import { Empty, Loading } from "../../common/empty.tsx";
import { ErrorBoundary } from "../../common/error-boundary.tsx";
import { AppLink } from "../../common/link.tsx";
import { Page } from "../../common/page.tsx";
import { part } from "../../common/part.tsx";
import { isQuestion, staysDry } from "../../state/kind.ts";
import { Asked } from "./asked.tsx";
import { IntentCommands } from "./commands.tsx";
import { IntentHead } from "./head.tsx";
import { Notices } from "./notices.tsx";
import { PipelineTab } from "./pipeline-tab.tsx";
import { type Known, useIntent } from "./use-intent.ts";

const TimelineTab = part(
  () => import("./timeline-tab.tsx"),
  (module) => module.TimelineTab,
);
const UnderstoodTab = part(
  () => import("./understood-tab.tsx"),
  (module) => module.UnderstoodTab,
);
const DiffTab = part(
  () => import("./diff-tab.tsx"),
  (module) => module.DiffTab,
);
const EvidenceTab = part(
  () => import("./evidence-tab.tsx"),
  (module) => module.EvidenceTab,
);
const LogTab = part(
  () => import("./log-tab.tsx"),
  (module) => module.LogTab,
);

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
  useLogTail(); // on every tab: who turns to the log finds what was said since the page was opened
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
      {known.full ? (
        <>
          <Notices known={known} />
          <Asked known={known} />
          <Parts known={known} />
        </>
      ) : (
        <Loading rows={1} height={420} />
      )}
    </Page>
  );
}

/** A question changes nothing, and what is not carried out is not measured: there is no tab for what cannot be. */
function partsOf({ record, deployment }: Known): readonly TabName[] {
  if (isQuestion(record)) return NAMES.filter((name) => name !== "diff" && name !== "evidence");
  const unmeasured = deployment === null && (staysDry(record) || record.status === "rejected");
  return unmeasured ? NAMES.filter((name) => name !== "evidence") : NAMES;
}

function Parts({ known }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [search, setSearch] = useSearchParams();
  const asked = search.get("tab");
  const names = partsOf(known);
  const { record } = known;
  const first = staysDry(record) && record.status === "parsed" ? "diff" : "pipeline"; // what a dry run is made for
  const tab = names.find((name) => name === asked) ?? first;
  const Shown = TABS[tab];
  return (
    <Box sx={{ minWidth: 0 }}>
      <Tabs
        value={tab}
        onChange={(_event, next: TabName) => setSearch({ tab: next })}
        variant="scrollable"
        scrollButtons="auto"
        allowScrollButtonsMobile // else nothing tells of the tabs that do not fit
        aria-label={t("tabs.label")}
        sx={{ borderBottom: 1, borderColor: "divider", mb: 2, minHeight: 40 }}
      >
        {names.map((name) => (
          <Tab
            key={name}
            value={name}
            label={t(`tab.${name}`)}
            id={`tab-${name}`}
            aria-controls="intent-part"
            data-testid={`tab-${name}`}
            sx={{ minHeight: 40, py: 0, minWidth: { xs: 0, sm: 90 }, px: { xs: 1.25, sm: 2 } }}
          />
        ))}
      </Tabs>
      <Box role="tabpanel" id="intent-part" aria-labelledby={`tab-${tab}`} sx={{ minWidth: 0 }}>
        <ErrorBoundary key={tab}>
          <Suspense fallback={<Loading rows={1} height={420} />}>
            <Shown known={known} />
          </Suspense>
        </ErrorBoundary>
      </Box>
    </Box>
  );
}
