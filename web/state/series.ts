// What a chart of measurements shows: which range and metric an address asks for, and the rows, gaps, service levels and misses of an answer. Pure.
import type { Series, SeriesPage, SeriesPoint } from "../../protocol/history.ts";
import { ObjectiveName } from "../../protocol/slo.ts";

const MINUTE_MS = 60_000;
export const RANGES = { "15m": 15 * MINUTE_MS, "1h": 60 * MINUTE_MS, "6h": 360 * MINUTE_MS, "24h": 1_440 * MINUTE_MS } as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES).filter(isRange);

/** So many steps that one is never shorter than two rounds of measuring, and fewer than there are pixels. At most MAX_POINTS. */
export const POINTS: Readonly<Record<Range, number>> = { "15m": 32, "1h": 122, "6h": 182, "24h": 290 };

export const MAX_LINES = 8; // more cannot be told apart

export interface ChartChoice {
  metric: ObjectiveName;
  range: Range;
  site: string | null; // null: all
  slice: string | null; // null: all of the site together
}

function isRange(name: string): name is Range {
  return Object.hasOwn(RANGES, name);
}

const DEFAULT: ChartChoice = { metric: "latencyP95", range: "1h", site: null, slice: null };

/** What an address asks for; what it cannot mean is as if it were not there. */
export function choiceOf(params: URLSearchParams): ChartChoice {
  const metric = ObjectiveName.safeParse(params.get("metric"));
  const range = params.get("range") ?? "";
  return {
    metric: metric.success ? metric.data : DEFAULT.metric,
    range: isRange(range) ? range : DEFAULT.range,
    site: params.get("site") || null,
    slice: params.get("slice") || null,
  };
}

/** The address with another choice; what is the default, and what was chosen of other things, stays as short as it was. */
export function withChoice(params: URLSearchParams, patch: Partial<ChartChoice>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries({ ...choiceOf(params), ...patch })) {
    if (value === null || value === DEFAULT[name as keyof ChartChoice]) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export type Threshold = NonNullable<Series["threshold"]>;

export interface Cell extends SeriesPoint {
  missed: boolean; // its worst measurement does not meet the service level
  alone: boolean; // without a neighbour to draw a line to
}

export interface Line {
  name: string; // of the slice and the site, as far as they differ among the lines
  site: string;
  slice: string | null;
  threshold: Threshold | null;
  last: SeriesPoint | null;
  low: number | null;
  high: number | null;
  missed: number; // steps
}

/** One instant: per line what was measured, and what is drawn: between two measurements that belong together, the straight line; in a gap nothing. */
export interface Row {
  at: number;
  cells: readonly (Cell | null)[];
  drawn: readonly (number | null)[];
}

export interface Chart {
  unit: SeriesPage["unit"];
  from: number;
  to: number;
  lines: readonly Line[];
  hidden: number; // lines that are left out
  rows: readonly Row[];
  thresholds: readonly Threshold[]; // each once
  levels: readonly number[]; // of the axis: round numbers, from its one end to the other
  silentSince: number | null; // the last measurement, when it is too old to be the present
}

export function misses({ min, max }: Pick<SeriesPoint, "min" | "max">, threshold: Threshold | null): boolean {
  if (threshold === null) return false;
  return threshold.comparator === "lte" ? max > threshold.value : min < threshold.value;
}

const ENOUGH = 3; // distances between measurements that tell how often is measured

function median(values: readonly number[]): number {
  if (values.length < ENOUGH) return 0;
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

const instant = ({ at }: SeriesPoint): number => Date.parse(at);

/** Above this distance two measurements do not belong together, in ms: steps may be empty, and rounds come late. */
function gapOf(series: readonly Series[], stepMs: number): number {
  const spacing = series.map(({ points }) => median(points.slice(1).map((point, index) => instant(point) - pointAt(points, index))));
  return Math.max(2.5 * stepMs, 3 * Math.max(0, ...spacing));
}

function pointAt(points: readonly SeriesPoint[], index: number): number {
  const point = points[index];
  return point === undefined ? Number.NaN : instant(point);
}

interface Track {
  cells: ReadonlyMap<number, Cell>;
  between: ReadonlyMap<number, number | null>; // at instants of others: on the line, or in a gap
}

function trackOf({ points, threshold }: Series, times: readonly number[], gapMs: number): Track {
  const cells = new Map<number, Cell>();
  const between = new Map<number, number | null>();
  for (const [index, point] of points.entries()) {
    const at = instant(point);
    const near = (neighbour: number) => Math.abs(pointAt(points, neighbour) - at) <= gapMs;
    cells.set(at, { ...point, missed: misses(point, threshold), alone: !near(index - 1) && !near(index + 1) });
  }
  let next = 0;
  for (const at of times) {
    while (pointAt(points, next) < at) next += 1;
    if (cells.has(at)) continue;
    const [before, after] = [points[next - 1], points[next]];
    if (before === undefined || after === undefined || instant(after) - instant(before) > gapMs) between.set(at, null);
    else between.set(at, before.mean + ((after.mean - before.mean) * (at - instant(before))) / (instant(after) - instant(before)));
  }
  return { cells, between };
}

/** Instants at which a line must break although no other line has one there. */
function breaksOf({ points }: Series, gapMs: number): number[] {
  return points.flatMap((point, index) => {
    const next = pointAt(points, index + 1);
    return next - instant(point) > gapMs ? [instant(point) + gapMs / 2] : [];
  });
}

function lineOf(series: Series, name: string): Line {
  const { site, slice, threshold, points } = series;
  const last = points.at(-1) ?? null;
  const low = points.length === 0 ? null : Math.min(...points.map(({ min }) => min));
  const high = points.length === 0 ? null : Math.max(...points.map(({ max }) => max));
  return { name, site, slice, threshold, last, low, high, missed: points.filter((point) => misses(point, threshold)).length };
}

function nameOf({ site, slice }: Series, all: readonly Series[]): string {
  if (slice === null) return site;
  return all.every((other) => other.slice === slice) ? site : `${slice} · ${site}`;
}

/** The worst first, so that what is left out is what has nothing to tell. */
function chosen(series: readonly Series[]): Series[] {
  const missed = ({ points, threshold }: Series) => points.filter((point) => misses(point, threshold)).length;
  const rank = (one: Series) => (one.points.length === 0 ? -1 : missed(one));
  if (series.length <= MAX_LINES) return [...series];
  return [...series].sort((a, b) => rank(b) - rank(a)).slice(0, MAX_LINES);
}

export function chartOf(page: SeriesPage): Chart {
  const series = chosen(page.series);
  const stepMs = page.stepSeconds * 1_000;
  const gapMs = gapOf(series, stepMs);
  const instants = series.flatMap((one) => [...one.points.map(instant), ...breaksOf(one, gapMs)]);
  const times = [...new Set(instants)].sort((a, b) => a - b);
  const tracks = series.map((one) => trackOf(one, times, gapMs));
  const rows = times.map((at): Row => {
    const cells = tracks.map((track) => track.cells.get(at) ?? null);
    return { at, cells, drawn: cells.map((cell, index) => cell?.mean ?? tracks[index]?.between.get(at) ?? null) };
  });
  const lines = series.map((one) => lineOf(one, nameOf(one, series)));
  const thresholds = [...new Map(lines.flatMap(({ threshold: t }) => (t === null ? [] : [[`${t.comparator} ${t.value}`, t]]))).values()];
  const newest = Math.max(...series.flatMap(({ points }) => (points.length === 0 ? [] : [pointAt(points, points.length - 1)])));
  const to = Date.parse(page.to);
  return {
    ...{ unit: page.unit, from: Date.parse(page.from), to, lines, hidden: page.series.length - series.length, rows, thresholds },
    levels: levelsOf(page.unit, lines, thresholds),
    silentSince: Number.isFinite(newest) && to - newest > gapMs + stepMs ? newest : null,
  };
}

/** From zero, save for percents, of which the last ones matter; the service level is always in sight. */
function levelsOf(unit: Chart["unit"], lines: readonly Line[], thresholds: readonly Threshold[]): number[] {
  const values = [...lines.flatMap(({ low, high }) => [low, high]), ...thresholds.map(({ value }) => value)].filter((v) => v !== null);
  if (values.length === 0) return unit === "%" ? [0, 50, 100] : [0, 1];
  if (unit !== "%") return roundLevels(Math.max(...values) * 1.1);
  // Downwards from 100, so that 99.9 and 99.99 are told apart.
  const below = roundLevels(Math.min(100, (100 - Math.min(...values)) * 1.1));
  return below.map((level) => rounded(100 - level)).reverse();
}

const STEPS = [1, 2, 2.5, 5, 10];
const LEVELS = 5; // lines across the chart, about

/** 0, then steps of 1, 2, 2.5 or 5 times a power of ten, until all of it is in. */
function roundLevels(high: number): number[] {
  const top = high > 0 ? high : 1;
  const power = 10 ** Math.floor(Math.log10(top / LEVELS));
  const step = (STEPS.find((one) => top / (one * power) <= LEVELS) ?? 10) * power;
  return Array.from({ length: Math.ceil(top / step) + 1 }, (_none, index) => rounded(index * step));
}

/** Without what binary fractions leave behind. */
function rounded(value: number): number {
  return Number(value.toPrecision(10));
}

const TICK_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360];

/** Round instants of the viewer's clock within the range, at most `count`; the offset is as Date.getTimezoneOffset gives it. */
export function ticksOf({ from, to }: Pick<Chart, "from" | "to">, count: number, offsetMinutes: number): number[] {
  const wide = (minutes: number) => (to - from) / (minutes * MINUTE_MS) <= count;
  const step = (TICK_MINUTES.find(wide) ?? 720) * MINUTE_MS;
  const shift = offsetMinutes * MINUTE_MS;
  const first = Math.ceil((from - shift) / step) * step + shift;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_none, index) => first + index * step);
}
