// The log of one intent as it grows: its durable events and the agents' own lines, to be filtered and copied. It says what it cannot show.
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { useAppSelector } from "../../app/store.ts";
import { CopyText } from "../../common/copy-text.tsx";
import { Empty, Loading } from "../../common/empty.tsx";
import { Panel } from "../../common/page.tsx";
import { Problem } from "../../common/problem.tsx";
import { filteredLog, type LogFilter, logEntries, logText } from "../../state/logtail.ts";
import { LogFilters } from "./log-filters.tsx";
import { LogLines } from "./log-lines.tsx";
import type { Known } from "./use-intent.ts";
import { useIntentEvents } from "./use-intent-events.ts";

export function LogTab({ known: { record, deployment } }: { known: Known }) {
  const { t } = useTranslation(["pipeline", "common"]);
  const [search, setSearch] = useSearchParams();
  const [filter, setFilter] = useState<Omit<LogFilter, "site">>({ level: "all", text: "" });
  const site = search.get("site") ?? "";
  const lines = useAppSelector((state) => state.logs[record.intentId]);
  const { events, loading, error, retry } = useIntentEvents(record.intentId);
  const entries = useDeferredValue(useMemo(() => logEntries(events, lines ?? []), [events, lines]));
  const shown = useMemo(() => filteredLog(entries, { ...filter, site }), [entries, filter, site]);
  const sites = [...new Set([...(deployment?.sites.map((one) => one.site) ?? []), ...(site === "" ? [] : [site])])];
  const chooseSite = (value: string) => setSearch({ tab: "log", ...(value === "" ? {} : { site: value }) }, { replace: true });
  return (
    <Panel
      title={t("log.title")}
      testId="log"
      actions={<CopyText text={() => logText(shown)} label={t("log.copy", { count: shown.length })} testId="log-copy" />}
    >
      <LogFilters filter={{ ...filter, site }} sites={sites} onFilter={setFilter} onSite={chooseSite} />
      <Problem problem={error} onRetry={retry} />
      {loading ? (
        <Loading rows={1} height={420} />
      ) : shown.length === 0 ? (
        <Box sx={{ minHeight: 200 }}>
          <Empty
            title={entries.length === 0 ? t("log.empty") : t("log.no_match")}
            next={entries.length === 0 ? undefined : t("log.no_match_next")}
          />
        </Box>
      ) : (
        <LogLines entries={shown} />
      )}
      <Typography sx={{ color: "text.secondary", fontSize: "0.85rem", mt: 1 }}>{t("log.honest")}</Typography>
    </Panel>
  );
}
