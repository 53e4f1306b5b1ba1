// What the tiles are made of: the values that were measured last (from the room, and from the series until it has spoken) and the server's counts.
import { useMemo } from "react";
import { server } from "../../app/server.ts";
import { useAppSelector } from "../../app/store.ts";
import { useNow } from "../../common/use-now.ts";
import {
  expectedKeys,
  FRESH_MS,
  figureOf,
  inFlight,
  outcomesOf,
  readingsOfRoom,
  readingsOfSeries,
  TREND_MS,
  trendOf,
} from "../../state/tiles.ts";
import { useRefresh } from "./use-refresh.ts";

const MAX_SLICES = 12; // of which the recent past is asked for; of the others the room tells within a round
const POINTS = 62; // of half a minute each
const REFRESH_MS = 30_000;
const OUTCOMES_AMONG = 200;

export function useMeasuredFigures() {
  const slices = server.useSlicesQuery();
  const names = (slices.data ?? []).map(({ slice }) => slice).slice(0, MAX_SLICES);
  const recent = server.useRecentSeriesQuery({ slices: names, lastMs: TREND_MS, points: POINTS }, { skip: names.length === 0 });
  useRefresh(names.length === 0 ? null : recent.refetch, REFRESH_MS);
  const measured = useAppSelector((state) => state.live.measured);
  const now = useNow();
  const pages = recent.currentData;
  const expected = useMemo(() => expectedKeys(slices.data ?? []), [slices.data]);
  const readings = useMemo(() => [...readingsOfSeries(pages ?? []), ...readingsOfRoom(measured)], [pages, measured]);
  const latency = figureOf(readings, { metric: "latencyP95", expected, now });
  const throughput = figureOf(readings, { metric: "throughputMin", expected, now });
  return {
    loading: slices.isLoading || recent.isLoading,
    latency,
    latencyTrend: latency.worst === null ? [] : trendOf(pages ?? [], { metric: "latencyP95", now, only: latency.worst.key }),
    throughput,
    throughputTrend: trendOf(pages ?? [], { metric: "throughputMin", now }),
  };
}

export function useCounts() {
  const metrics = server.useMetricsQuery();
  useRefresh(metrics.refetch, REFRESH_MS);
  const now = useNow();
  const rows = useAppSelector((state) => state.feed.intents.rows);
  const outcomes = useMemo(() => outcomesOf(rows.slice(0, OUTCOMES_AMONG).map(({ record }) => record.status)), [rows]);
  const counts = metrics.data?.metrics;
  const flying = useMemo(
    () =>
      counts === undefined
        ? undefined
        : inFlight(
            counts,
            rows.map(({ record }) => record),
          ),
    [counts, rows],
  );
  const at = metrics.data === undefined ? null : (metrics.fulfilledTimeStamp ?? null);
  return {
    metrics: counts,
    flying,
    problem: metrics.error,
    retry: metrics.refetch,
    loading: metrics.isLoading,
    outcomes,
    at,
    stale: metrics.isError || (at !== null && now - at > FRESH_MS),
  };
}
