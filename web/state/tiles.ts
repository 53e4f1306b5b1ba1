// The figures at the top of the monitoring page: from what was measured last and from the server's counts, each with its age. Pure; no words.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Series, SeriesPage, SeriesPoint } from "../../protocol/history.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { MonitorMetrics } from "../../protocol/monitor.ts";
import type { ObjectiveName } from "../../protocol/slo.ts";
import { type Measured, measuredKey } from "./measured.ts";
import { isSettled } from "./pipeline.ts";
import type { Threshold } from "./series.ts";

export const FRESH_MS = 90_000; // six rounds of measuring at the usual 15 s; what is older is not the present
export const TREND_MS = 30 * 60_000;
const TREND_STEPS = 30;
const CARRIED_STEPS = 2; // a slice that was not measured for a moment still carries its traffic

/** One value of one slice at one site. */
export interface Reading {
  key: string; // measuredKey
  slice: string;
  site: string;
  metric: ObjectiveName;
  value: number;
  at: number;
  threshold: Threshold | null; // its service level
}

/** Where slices are in force, as measuredKey: only these count. */
export function expectedKeys(slices: readonly { slice: string; sites: readonly { site: string }[] }[]): ReadonlySet<string> {
  return new Set(slices.flatMap(({ slice, sites }) => sites.map(({ site }) => measuredKey({ slice, site }))));
}

export function readingsOfRoom(measured: Measured): Reading[] {
  return Object.entries(measured).flatMap(([key, { slice, site, heardAt, evidence }]) =>
    evidence.flatMap(({ objective, value, threshold, comparator }): Reading[] =>
      value === null ? [] : [{ key, slice, site, metric: objective, value, at: heardAt, threshold: { value: threshold, comparator } }],
    ),
  );
}

export function readingsOfSeries(pages: readonly SeriesPage[]): Reading[] {
  return pages.flatMap(({ metric, series }) =>
    series.flatMap(({ slice, site, points, threshold }): Reading[] => {
      const last = points.at(-1);
      if (slice === null || last === undefined) return [];
      return [{ key: measuredKey({ slice, site }), slice, site, metric, value: last.mean, at: Date.parse(last.at), threshold }];
    }),
  );
}

export interface Figure {
  value: number | null;
  at: number | null; // of the newest measurement in it
  stale: boolean; // nothing of it is of the present
  measured: number; // how many of
  expected: number; // these are in it
  missed: number; // of the measured ones, below their service level
  worst: Reading | null; // the one that is closest to its service level, or farthest beyond
}

interface About {
  metric: ObjectiveName;
  expected: ReadonlySet<string>;
  now: number;
}

/** Latency is that of the worst: 150 ms are well for a meter and a disaster for a robot. Throughput is the sum. Old values count only while there is no fresh one. */
export function figureOf(readings: readonly Reading[], { metric, expected, now }: About): Figure {
  const newest = new Map<string, Reading>();
  for (const reading of readings) {
    if (reading.metric !== metric || !expected.has(reading.key)) continue;
    if ((newest.get(reading.key)?.at ?? 0) <= reading.at) newest.set(reading.key, reading);
  }
  const all = [...newest.values()];
  const fresh = all.filter(({ at }) => now - at <= FRESH_MS);
  const stale = fresh.length === 0;
  const used = stale ? all : fresh;
  if (used.length === 0) return { value: null, at: null, stale: false, measured: 0, expected: expected.size, missed: 0, worst: null };
  const worst = used.reduce((before, one) => (strain(one) > strain(before) ? one : before));
  return {
    value: metric === "latencyP95" ? worst.value : used.reduce((sum, { value }) => sum + value, 0),
    at: Math.max(...used.map(({ at }) => at)),
    stale,
    measured: used.length,
    expected: expected.size,
    missed: used.filter((one) => strain(one) > 1).length,
    worst,
  };
}

/** How much of what its service level allows is used up; above 1 it is missed. */
function strain({ value, threshold }: Reading): number {
  if (threshold === null || threshold.value === 0) return 0;
  return threshold.comparator === "lte" ? value / threshold.value : 2 - value / threshold.value;
}

/** The sum over all, or one alone (a measuredKey), over the last half hour in equal steps; null where nothing was measured. */
export function trendOf(
  pages: readonly SeriesPage[],
  { metric, now, only = null }: { metric: ObjectiveName; now: number; only?: string | null },
) {
  const width = TREND_MS / TREND_STEPS;
  const from = now - TREND_MS;
  const wanted = ({ slice, site }: Series) => only === null || (slice !== null && measuredKey({ slice, site }) === only);
  const series = pages.filter((page) => page.metric === metric).flatMap((page) => page.series.filter(wanted));
  const tracks = series.map(({ points }) => stepsOf(points, from, width));
  return Array.from({ length: TREND_STEPS }, (_none, step): number | null => {
    const values = tracks.flatMap((track) => carried(track, step) ?? []);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  });
}

function stepsOf(points: readonly SeriesPoint[], from: number, width: number): (number | undefined)[] {
  const steps: (number | undefined)[] = [];
  for (const { at, mean } of points) {
    const step = Math.floor((Date.parse(at) - from) / width);
    if (step >= 0 && step < TREND_STEPS) steps[step] = mean;
  }
  return steps;
}

function carried(track: readonly (number | undefined)[], step: number): number | undefined {
  for (let back = 0; back <= CARRIED_STEPS && back <= step; back += 1) {
    const value = track[step - back];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Null before the first intent has ended: zero would be a lie. */
export function successRate({ successful_intents, failed_intents, success_rate }: MonitorMetrics): number | null {
  return successful_intents + failed_intents === 0 ? null : success_rate;
}

/**
 * Neither ended nor dropped, whoever waits for whom. The server counts a dry run that has ended as open; here it is over. `exact` is false while
 * there are intents that this page does not know: dry runs may be among them.
 */
export function inFlight(
  { total_intents, successful_intents, failed_intents }: MonitorMetrics,
  known: readonly Pick<IntentRecord, "status" | "dryRun">[],
): { count: number; exact: boolean } {
  if (known.length >= total_intents) return { count: known.filter((record) => !isSettled(record)).length, exact: true };
  const open = total_intents - successful_intents - failed_intents;
  const dryRuns = known.filter(({ status, dryRun }) => dryRun && status === "parsed").length;
  return { count: Math.max(0, open - dryRuns), exact: open <= dryRuns };
}

/** `dropped`: refused or called off, by a person or for what was asked; nothing has failed. */
export type Outcome = "good" | "bad" | "dropped";

const ENDS: Partial<Record<IntentStatus, Outcome>> = {
  ...{ completed: "good", failed: "bad", rolled_back: "bad" },
  ...{ rejected: "dropped", cancelled: "dropped" },
};
const OUTCOMES = 24;

/** How the newest intents that have ended did, oldest first. */
export function outcomesOf(newestFirst: Iterable<IntentStatus>): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const status of newestFirst) {
    const outcome = ENDS[status];
    if (outcome !== undefined) outcomes.push(outcome);
    if (outcomes.length === OUTCOMES) break;
  }
  return outcomes.reverse();
}

/** The segments of a small line, as SVG paths over a box of the given size; one per run without a gap, a dot for a lone value. */
export function sparkPaths(values: readonly (number | null)[], { width, height }: { width: number; height: number }): string[] {
  const known = values.filter((value) => value !== null);
  const top = Math.max(...known, 0) || 1;
  const dx = width / Math.max(1, values.length - 1);
  const paths: string[] = [];
  let path = "";
  for (const [index, value] of [...values, null].entries()) {
    if (value !== null) path += `${path === "" ? "M" : "L"}${(index * dx).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}`;
    else if (path !== "") {
      paths.push(path.includes("L") ? path : `${path}h0.1`);
      path = "";
    }
  }
  return paths;
}
