// Charts of measurements: gaps stay gaps, misses are found in the worst of a step, and an address that makes no sense asks for the usual chart.
import { expect, test } from "vitest";
import type { Series, SeriesPage, SeriesPoint } from "../../protocol/history.ts";
import { MAX_POINTS } from "../../protocol/history.ts";
import { chartOf, choiceOf, MAX_LINES, misses, POINTS, RANGE_NAMES, RANGES, ticksOf, withChoice } from "../../web/state/series.ts";

const T0 = Date.parse("2026-11-21T12:00:00.000Z");
const at = (seconds: number) => new Date(T0 + seconds * 1_000).toISOString();
const point = (seconds: number, mean: number, spread = 0): SeriesPoint => ({
  ...{ at: at(seconds), mean, min: mean - spread, max: mean + spread, count: 2 },
});
const atMost20 = { value: 20, comparator: "lte" } as const;
const series = (site: string, points: SeriesPoint[], threshold: Series["threshold"] = atMost20): Series => ({
  ...{ site, slice: "video-1", threshold, points },
});
const page = (all: Series[], change: Partial<SeriesPage> = {}): SeriesPage => ({
  ...{ metric: "latencyP95", unit: "ms", from: at(0), to: at(300), stepSeconds: 30, series: all },
  ...change,
});

test("a hole in the measurements breaks the line, and nothing is drawn as zero", () => {
  const chart = chartOf(page([series("edge1", [point(0, 10), point(30, 11), point(240, 12), point(270, 13)])]));
  expect(chart.rows.map(({ drawn }) => drawn[0])).toEqual([10, 11, null, 12, 13]);
  expect(chart.rows.map(({ cells }) => cells[0]?.mean)).toEqual([10, 11, undefined, 12, 13]);
});

test("a step that only another site was measured in does not break a line", () => {
  const chart = chartOf(page([series("edge1", [point(0, 10), point(60, 20)]), series("edge2", [point(0, 5), point(30, 6), point(60, 7)])]));
  expect(chart.rows.map(({ at: instant }) => instant - T0)).toEqual([0, 30_000, 60_000]);
  expect(chart.rows[1]?.drawn).toEqual([15, 6]); // between two measurements: the line, not a value
  expect(chart.rows[1]?.cells[0]).toBeNull();
});

test("nothing is drawn before the first measurement and after the last one", () => {
  const chart = chartOf(
    page([series("edge1", [point(30, 10), point(60, 10)]), series("edge2", [point(0, 5), point(30, 5), point(60, 5), point(90, 5)])]),
  );
  expect(chart.rows.map(({ drawn }) => drawn[0])).toEqual([null, 10, 10, null]);
});

test("a lone measurement is marked, for no line leads to it", () => {
  const chart = chartOf(page([series("edge1", [point(0, 10), point(30, 11), point(270, 12)])]));
  expect(chart.rows.flatMap(({ cells }) => (cells[0] === null ? [] : [cells[0]?.alone]))).toEqual([false, false, true]);
});

test("rounds that are farther apart than the steps are wide belong together all the same", () => {
  const points = [0, 120, 240, 360].map((seconds) => point(seconds, 10));
  expect(chartOf(page([series("edge1", points)], { to: at(400) })).rows.map(({ drawn }) => drawn[0])).toEqual([10, 10, 10, 10]);
});

test("a step misses its service level when its worst measurement does, whatever its mean", () => {
  expect(misses(point(0, 19, 2), atMost20)).toBe(true);
  expect(misses(point(0, 18, 2), atMost20)).toBe(false); // exactly at it is met
  expect(misses(point(0, 101, 2), { value: 100, comparator: "gte" })).toBe(true);
  expect(misses(point(0, 5, 2), null)).toBe(false);
  const chart = chartOf(page([series("edge1", [point(0, 19, 2), point(30, 10)])]));
  expect(chart.lines[0]).toMatchObject({ missed: 1, low: 10, high: 21 });
});

test("the service level is in sight though everything measured is far from it, and the axis has round numbers", () => {
  expect(chartOf(page([series("edge1", [point(0, 2)])])).levels).toEqual([0, 5, 10, 15, 20, 25]);
  const availability = page([series("edge1", [point(0, 99.99)], { value: 99.9, comparator: "gte" })], {
    metric: "availability",
    unit: "%",
  });
  expect(chartOf(availability).levels).toEqual([99.875, 99.9, 99.925, 99.95, 99.975, 100]);
  expect(chartOf(page([series("edge1", [point(0, 0)], null)])).levels).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
});

test("the axis of time has round times of the viewer's clock", () => {
  const hour = { from: T0 + 7 * 60_000, to: T0 + 67 * 60_000 };
  expect(ticksOf(hour, 5, 0).map((tick) => (tick - T0) / 60_000)).toEqual([15, 30, 45, 60]);
  const day = { from: T0, to: T0 + 24 * 3_600_000 };
  const inTaipei = ticksOf(day, 5, -480).map((tick) => new Date(tick + 8 * 3_600_000).getUTCHours());
  expect(inTaipei).toEqual([0, 6, 12, 18]);
});

test("a threshold that several sites share is one line; different ones are each drawn", () => {
  const other = { value: 30, comparator: "lte" } as const;
  const all = [series("edge1", [point(0, 1)]), series("edge2", [point(0, 1)]), series("edge3", [point(0, 1)], other)];
  expect(chartOf(page(all)).thresholds).toEqual([atMost20, other]);
});

test("no measurement at all is an empty chart that says so and not a flat line", () => {
  const chart = chartOf(page([series("edge1", [])]));
  expect(chart.rows).toEqual([]);
  expect(chart.lines[0]).toMatchObject({ last: null, low: null, high: null, missed: 0 });
  expect(chart.silentSince).toBeNull();
});

test("measurements that stopped before the end of the range are told as silence since the last", () => {
  expect(chartOf(page([series("edge1", [point(0, 10), point(30, 10)])])).silentSince).toBe(T0 + 30_000);
  expect(chartOf(page([series("edge1", [point(240, 10), point(270, 10)])])).silentSince).toBeNull();
});

test("of more lines than can be told apart those that miss are kept, and how many are hidden is told", () => {
  const all = Array.from({ length: 20 }, (_none, index) => series(`edge${index + 1}`, [point(0, index === 15 ? 50 : 10)]));
  const chart = chartOf(page(all));
  expect(chart.lines).toHaveLength(MAX_LINES);
  expect(chart.hidden).toBe(12);
  expect(chart.lines[0]).toMatchObject({ site: "edge16", missed: 1 });
});

test("lines are named by what tells them apart", () => {
  expect(chartOf(page([series("edge1", []), series("edge2", [])])).lines.map(({ name }) => name)).toEqual(["edge1", "edge2"]);
  const other = { ...series("edge1", []), slice: "iot-2" };
  expect(chartOf(page([series("edge1", []), other])).lines.map(({ name }) => name)).toEqual(["video-1 · edge1", "iot-2 · edge1"]);
  expect(chartOf(page([{ ...series("edge1", []), slice: null }])).lines[0]?.name).toBe("edge1");
});

test("what an address cannot mean is the usual chart", () => {
  expect(choiceOf(new URLSearchParams("metric=nonsense&range=7d&site="))).toEqual({
    metric: "latencyP95",
    range: "1h",
    site: null,
    slice: null,
  });
  expect(choiceOf(new URLSearchParams("range=toString"))).toMatchObject({ range: "1h" });
});

test("an address keeps what is chosen of other things, and leaves out what is usual", () => {
  const next = withChoice(new URLSearchParams("alerts=resolved&metric=availability&site=edge1"), { metric: "latencyP95", range: "6h" });
  expect(next.toString()).toBe("alerts=resolved&site=edge1&range=6h");
  expect(choiceOf(withChoice(next, { site: null, slice: "video-1" }))).toEqual({
    metric: "latencyP95",
    range: "6h",
    site: null,
    slice: "video-1",
  });
});

test("no range asks for more points than the server gives, and no step is shorter than two rounds of measuring", () => {
  for (const range of RANGE_NAMES) {
    expect(POINTS[range]).toBeLessThanOrEqual(MAX_POINTS);
    expect(RANGES[range] / (POINTS[range] - 2)).toBeGreaterThanOrEqual(30_000);
  }
});
