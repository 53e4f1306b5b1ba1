// The figures at the top: latency, throughput, success rate, active slices, and the work that waits and goes on.
import Box from "@mui/material/Box";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { paths } from "../../app/paths.ts";
import { Loading } from "../../common/empty.tsx";
import { AppLink } from "../../common/link.tsx";
import { Problem } from "../../common/problem.tsx";
import { StateLabel } from "../../common/state-label.tsx";
import { duration } from "../../state/format.ts";
import { type Figure, successRate } from "../../state/tiles.ts";
import { Outcomes, Spark } from "./spark.tsx";
import { Tile } from "./tile.tsx";
import { useCounts, useMeasuredFigures } from "./use-figures.ts";
import { useMeasuredWords } from "./words.ts";

export function Tiles() {
  const { t } = useTranslation("monitoring");
  return (
    <Box
      component="ul"
      aria-label={t("tiles")}
      sx={{
        display: "grid",
        gridTemplateColumns: { xs: "repeat(2, minmax(0, 1fr))", sm: "repeat(3, minmax(0, 1fr))", lg: "repeat(6, minmax(0, 1fr))" },
        gap: 1.5,
        m: 0,
        p: 0,
        listStyle: "none",
      }}
    >
      <MeasuredTiles />
      <CountTiles />
    </Box>
  );
}

function MeasuredTiles() {
  const { t } = useTranslation("monitoring");
  const words = useMeasuredWords();
  const { loading, latency, latencyTrend, throughput, throughputTrend } = useMeasuredFigures();
  const coverage = ({ measured, expected, missed }: Figure): ReactNode => {
    if (loading) return t("tile.loading");
    if (expected === 0) return t("tile.no_slices");
    if (measured === 0) return t("tile.nothing_measured", { expected });
    return (
      <>
        {t("tile.coverage", { measured, expected })}{" "}
        {missed > 0 && <StateLabel tone="failed">{t("tile.missed", { count: missed })}</StateLabel>}
      </>
    );
  };
  const common = ({ value, at, stale }: Figure, digits: number) => ({ value: value === null ? null : value.toFixed(digits), at, stale });
  const worst = latency.worst;
  return (
    <>
      <Tile
        id="latency"
        title={t("tile.latency")}
        unit="ms"
        {...common(latency, 1)}
        trend={<Spark values={latencyTrend} />}
        note={
          <>
            {worst !== null && (
              <>
                <AppLink href={paths.slice(worst.slice)}>{worst.slice}</AppLink> · {worst.site}
                {worst.threshold !== null && ` · SLO ${words.threshold(worst.threshold, "ms")}`}
                <br />
              </>
            )}
            {coverage(latency)}
          </>
        }
      />
      <Tile
        id="throughput"
        title={t("tile.throughput")}
        unit="Mbps"
        {...common(throughput, 0)}
        trend={<Spark values={throughputTrend} />}
        note={
          <>
            {throughput.value !== null && (
              <>
                {t("tile.sum")}
                <br />
              </>
            )}
            {coverage(throughput)}
          </>
        }
      />
    </>
  );
}

function CountTiles() {
  const { t, i18n } = useTranslation("monitoring");
  const { metrics, problem, retry, loading, flying, outcomes, at, stale } = useCounts();
  const slices = useHistory(metrics?.active_slices, at);
  const queue = useHistory(metrics?.queue_size, at);
  const flown = useHistory(flying?.count, at);
  if (metrics === undefined || flying === undefined) {
    return (
      <Box component="li" sx={{ gridColumn: { xs: "1 / -1", sm: "auto / span 1", lg: "span 4" } }}>
        {loading ? <Loading rows={1} height={170} /> : <Problem problem={problem} onRetry={retry} />}
      </Box>
    );
  }
  const rate = successRate(metrics);
  const ended = metrics.successful_intents + metrics.failed_intents;
  const fresh = { at, stale };
  return (
    <>
      <Tile
        id="success"
        title={t("tile.success")}
        value={rate === null ? null : rate.toFixed(1)}
        unit="%"
        {...fresh}
        trend={<Outcomes outcomes={outcomes} />}
        note={rate === null ? t("tile.none_ended") : t("tile.ended", { good: metrics.successful_intents, count: ended })}
      />
      <Tile
        id="slices"
        title={t("tile.slices")}
        value={String(metrics.active_slices)}
        {...fresh}
        trend={<Spark values={slices} />}
        note={<AppLink href={paths.deployments}>{t("tile.slices_note")}</AppLink>}
      />
      <Tile
        id="queue"
        title={t("tile.queue")}
        value={String(metrics.queue_size)}
        {...fresh}
        trend={<Spark values={queue} />}
        note={t("tile.queue_note")}
      />
      <Tile
        id="in_flight"
        title={t("tile.in_flight")}
        value={`${flying.exact ? "" : "≤ "}${flying.count}`}
        {...fresh}
        trend={<Spark values={flown} />}
        note={
          <>
            {flying.exact ? t("tile.in_flight_note") : t("tile.in_flight_most")}
            {metrics.avg_processing_time > 0 && (
              <>
                <br />
                {t("tile.mean_time", { time: duration(metrics.avg_processing_time, i18n.language) })}
              </>
            )}
          </>
        }
      />
    </>
  );
}

const KEPT = 40; // the server keeps no history of its counts: these are those of this visit

function useHistory(value: number | undefined, at: number | null): readonly (number | null)[] {
  const [history, setHistory] = useState<readonly number[]>([]);
  useEffect(() => {
    if (value !== undefined && at !== null) setHistory((before) => [...before, value].slice(-KEPT));
  }, [value, at]);
  if (history.length < 2) return []; // a dot tells nothing
  return [...Array.from({ length: KEPT - history.length }, () => null), ...history]; // the newest at the right edge
}
