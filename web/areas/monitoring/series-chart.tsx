// One chart with all that is said around it: what it shows, its service level, its key with the newest values, silence, and the same as a table.
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { type ReactNode, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SeriesPage } from "../../../protocol/history.ts";
import { Loading } from "../../common/empty.tsx";
import { ErrorBoundary } from "../../common/error-boundary.tsx";
import { Instant } from "../../common/instant.tsx";
import { part } from "../../common/part.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { Untrusted } from "../../common/text.tsx";
import { clockTime } from "../../state/format.ts";
import { type Chart, chartOf } from "../../state/series.ts";
import { LineSwatch, MissMark } from "./line-style.tsx";
import { Quiet } from "./row.tsx";
import { useMeasuredWords } from "./words.ts";

const SeriesPlot = part(
  () => import("./series-plot.tsx"),
  (module) => module.SeriesPlot,
);
const SeriesTable = part(
  () => import("./series-table.tsx"),
  (module) => module.SeriesTable,
);

const PLOT_PX = 220;

export interface SeriesChartProps {
  title: ReactNode;
  about: string; // the same as plain text, for its name
  page: SeriesPage | undefined;
  problem: unknown;
  retry(): void;
}

export function SeriesChart({ title, about, page, problem, retry }: SeriesChartProps) {
  const { t } = useTranslation("monitoring");
  const [table, setTable] = useState(false);
  const chart = useMemo(() => (page === undefined ? null : chartOf(page)), [page]);
  const empty = chart !== null && chart.rows.length === 0;
  return (
    <Box data-testid="chart" data-metric={page?.metric} data-points={chart?.rows.length} sx={{ minWidth: 0 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1, minHeight: 34 }}>
        <Typography variant="h3" sx={{ flex: "1 1 auto" }}>
          {title}
        </Typography>
        {chart !== null && (
          <Quiet>
            {t("as_of")} <Instant at={chart.to} />
          </Quiet>
        )}
        {chart !== null && !empty && (
          <Button
            variant="text"
            onClick={() => setTable(!table)}
            aria-label={`${t(table ? "chart.as_chart" : "chart.as_table")}: ${about}`}
          >
            {t(table ? "chart.as_chart" : "chart.as_table")}
          </Button>
        )}
      </Box>
      {problem !== undefined && <Problem problem={problem} onRetry={retry} />}
      <Box sx={{ minHeight: PLOT_PX }}>
        {chart === null && problem === undefined && <Loading rows={1} height={PLOT_PX} />}
        {empty && <NothingMeasured />}
        {chart !== null && !empty && (
          <ErrorBoundary>
            <Suspense fallback={<Loading rows={1} height={PLOT_PX} />}>
              {table ? <SeriesTable chart={chart} caption={about} height={PLOT_PX} /> : <Drawing chart={chart} about={about} />}
            </Suspense>
          </ErrorBoundary>
        )}
      </Box>
      {chart !== null && <Key chart={chart} />}
    </Box>
  );
}

function NothingMeasured() {
  const { t } = useTranslation("monitoring");
  return (
    <Box
      data-testid="chart-empty"
      sx={{
        height: PLOT_PX,
        display: "grid",
        placeItems: "center",
        textAlign: "center",
        border: 1,
        borderStyle: "dashed",
        borderColor: "divider",
        borderRadius: 1,
        p: 2,
      }}
    >
      <div>
        <Typography sx={{ fontWeight: 600 }}>{t("chart.empty")}</Typography>
        <Typography sx={{ color: "text.secondary" }}>{t("chart.empty_next")}</Typography>
      </div>
    </Box>
  );
}

/** One picture for a screen reader, told in a sentence per line. */
function Drawing({ chart, about }: { chart: Chart; about: string }) {
  const { t, i18n } = useTranslation("monitoring");
  const words = useMeasuredWords();
  const time = (at: number) => clockTime(at, { now: Date.now(), language: i18n.language });
  const lines = chart.lines.map(({ name, last, low, high, missed }) =>
    last === null
      ? t("chart.line_empty", { name })
      : t("chart.line", {
          ...{
            name,
            last: words.value(last.mean, chart.unit),
            low: words.value(low, chart.unit),
            high: words.value(high, chart.unit),
            count: missed,
          },
        }),
  );
  const levels = chart.thresholds.map((threshold) => `SLO ${words.threshold(threshold, chart.unit)}.`);
  const label = [`${about}, ${time(chart.from)} – ${time(chart.to)}.`, ...levels, ...lines].join(" ");
  return (
    <Box role="img" aria-label={label}>
      <SeriesPlot chart={chart} height={PLOT_PX} />
    </Box>
  );
}

function Key({ chart }: { chart: Chart }) {
  const { t } = useTranslation("monitoring");
  const words = useMeasuredWords();
  return (
    <Box sx={{ fontSize: "0.85rem", mt: 0.5 }}>
      <Box component="ul" sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, rowGap: 0.25, m: 0, p: 0, listStyle: "none" }}>
        {chart.lines.map((line, index) => (
          <Box
            key={`${line.slice} ${line.site}`}
            component="li"
            sx={{ display: "inline-flex", alignItems: "center", gap: 0.75, flexWrap: "wrap" }}
          >
            <LineSwatch index={index} />
            <Untrusted>{line.name}</Untrusted>
            <strong>{line.last === null ? t("chart.not_measured") : words.value(line.last.mean, chart.unit)}</strong>
            {line.threshold !== null && <span>SLO {words.threshold(line.threshold, chart.unit)}</span>}
            {line.missed > 0 && (
              <span>
                <MissMark /> {t("chart.misses", { count: line.missed })}
              </span>
            )}
          </Box>
        ))}
      </Box>
      <Box sx={{ color: "text.secondary", minHeight: "1.5em" }}>
        {chart.thresholds.length === 0 && chart.rows.length > 0 && `${t("chart.no_slo")} `}
        {chart.hidden > 0 && `${t("chart.hidden", { count: chart.hidden })} `}
        {chart.silentSince !== null && (
          <StateLabel tone="wait">
            {t("chart.silent")} <Instant at={chart.silentSince} />
          </StateLabel>
        )}
      </Box>
    </Box>
  );
}
