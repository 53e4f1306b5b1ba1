// The figures of the monitoring page: only what is in force counts, old values are told as old, and nothing measured is not zero.
import { expect, test } from "vitest";
import type { SeriesPage } from "../../protocol/history.ts";
import type { MonitorMetrics } from "../../protocol/monitor.ts";
import type { Evidence, ObjectiveName } from "../../protocol/slo.ts";
import type { HeardSlice } from "../../web/state/measured.ts";
import {
  expectedKeys,
  FRESH_MS,
  figureOf,
  inFlight,
  outcomesOf,
  type Reading,
  readingsOfRoom,
  readingsOfSeries,
  sparkPaths,
  successRate,
  trendOf,
} from "../../web/state/tiles.ts";

const NOW = Date.parse("2026-11-21T12:00:00.000Z");
const iso = (agoMs: number) => new Date(NOW - agoMs).toISOString();
const reading = (key: string, value: number, agoMs = 0, metric: ObjectiveName = "latencyP95"): Reading => {
  const [slice = "", site = ""] = key.split(" ");
  return {
    key,
    slice,
    site,
    metric,
    value,
    at: NOW - agoMs,
    threshold: { value: 20, comparator: metric === "latencyP95" ? "lte" : "gte" },
  };
};
const expected = new Set(["video edge1", "video edge2"]);
const latency = { metric: "latencyP95", expected, now: NOW } as const;
const throughput = { metric: "throughputMin", expected, now: NOW } as const;

test("latency is that of the slice which is closest to its service level or farthest beyond, and says which that is", () => {
  const meter = { ...reading("video edge1", 150), threshold: { value: 300, comparator: "lte" as const } };
  const figure = figureOf([meter, reading("video edge2", 12)], latency);
  expect(figure).toMatchObject({ value: 12, stale: false, measured: 2, expected: 2, missed: 0, worst: { slice: "video", site: "edge2" } });
  expect(figureOf([meter, reading("video edge2", 21)], latency)).toMatchObject({ value: 21, missed: 1 });
});

test("throughput is the sum over slices and sites, with what misses its service level counted", () => {
  const readings = [
    reading("video edge1", 100, 0, "throughputMin"),
    reading("video edge2", 15, 0, "throughputMin"),
    reading("video edge1", 9),
  ];
  expect(figureOf(readings, throughput)).toMatchObject({ value: 115, measured: 2, missed: 1, worst: { site: "edge2" } });
});

test("of one slice at one site the newest value counts, from wherever it came", () => {
  expect(figureOf([reading("video edge1", 5, 1_000), reading("video edge1", 7, 20_000)], latency).value).toBe(5);
  expect(figureOf([reading("video edge1", 7, 20_000), reading("video edge1", 5, 1_000)], latency).value).toBe(5);
});

test("a slice that is not in force any more counts no longer", () => {
  expect(figureOf([reading("gone edge1", 500)], latency)).toEqual({
    value: null,
    at: null,
    stale: false,
    measured: 0,
    expected: 2,
    missed: 0,
    worst: null,
  });
});

test("an old value does not mix with fresh ones, and is told as stale when there is nothing else", () => {
  const old = reading("video edge2", 400, FRESH_MS + 1);
  expect(figureOf([reading("video edge1", 9), old], latency)).toMatchObject({ value: 9, measured: 1, expected: 2, stale: false });
  expect(figureOf([old], latency)).toMatchObject({ value: 400, at: NOW - FRESH_MS - 1, stale: true });
});

test("a measurement without a value is no reading, and how old one is does not depend on the agent's clock", () => {
  const evidence = (value: number | null): Evidence => ({
    ...{ site: "edge1", objective: "latencyP95", query: "q", value, samples: 1, threshold: 20, comparator: "lte", unit: "ms" },
    ...{ verdict: "pass", message: "", measuredAt: iso(0) },
  });
  const measured = (value: number | null): HeardSlice => ({
    heardAt: NOW - 5_000,
    ...{ slice: "video", site: "edge1", deploymentId: "dep_00000000000000000000000000", at: iso(600_000), evidence: [evidence(value)] },
  });
  expect(readingsOfRoom({ "video edge1": measured(12) })).toEqual([reading("video edge1", 12, 5_000)]);
  expect(readingsOfRoom({ "video edge1": measured(null) })).toEqual([]);
});

const page = (metric: ObjectiveName, sites: Record<string, [agoMs: number, mean: number][]>): SeriesPage => ({
  ...{ metric, unit: metric === "latencyP95" ? "ms" : "Mbps", from: iso(1_800_000), to: iso(0), stepSeconds: 60 },
  series: Object.entries(sites).map(([site, points]) => ({
    ...{ site, slice: "video", threshold: { value: 20, comparator: metric === "latencyP95" ? "lte" : "gte" } as const },
    points: points.map(([agoMs, mean]) => ({ at: iso(agoMs), mean, min: mean, max: mean, count: 1 })),
  })),
});

test("before the room has told anything the newest points of the series are the readings", () => {
  expect(
    readingsOfSeries([
      page("latencyP95", {
        edge1: [
          [90_000, 8],
          [30_000, 9],
        ],
        edge2: [],
      }),
    ]),
  ).toEqual([reading("video edge1", 9, 30_000)]);
});

test("a trend adds up all slices or follows one, and has holes where nothing was measured", () => {
  const sites: Record<string, [number, number][]> = {
    edge1: [
      [90_000, 10],
      [30_000, 20],
    ],
    edge2: [[30_000, 5]],
  };
  expect(trendOf([page("throughputMin", sites)], { metric: "throughputMin", now: NOW }).slice(-3)).toEqual([null, 10, 25]);
  expect(trendOf([page("latencyP95", sites)], { metric: "latencyP95", now: NOW, only: "video edge2" }).slice(-2)).toEqual([null, 5]);
  expect(trendOf([page("latencyP95", sites)], { metric: "throughputMin", now: NOW }).every((value) => value === null)).toBe(true);
});

test("a slice that was not measured for one step does not make the sum dip", () => {
  const sites: Record<string, [number, number][]> = {
    edge1: [
      [150_000, 10],
      [90_000, 10],
      [30_000, 10],
    ],
    edge2: [
      [150_000, 5],
      [30_000, 5],
    ],
  };
  expect(trendOf([page("throughputMin", sites)], { metric: "throughputMin", now: NOW }).slice(-3)).toEqual([15, 15, 15]);
});

const metrics: MonitorMetrics = {
  ...{ total_intents: 0, successful_intents: 0, failed_intents: 0, avg_processing_time: 0, success_rate: 0, active_slices: 0 },
  ...{ queue_size: 0, current_stage: "idle", last_update: null, uptime_ms: 0 },
};

test("there is no success rate before the first intent has ended", () => {
  expect(successRate(metrics)).toBeNull();
  expect(successRate({ ...metrics, failed_intents: 1 })).toBe(0);
  expect(successRate({ ...metrics, successful_intents: 3, failed_intents: 1, success_rate: 75 })).toBe(75);
});

test("in flight is what has neither ended nor failed, and no dry run that is over", () => {
  const going = { status: "running", dryRun: false } as const;
  const done = { status: "completed", dryRun: false } as const;
  const dryRun = { status: "parsed", dryRun: true } as const;
  const told = { ...metrics, total_intents: 4, successful_intents: 1 };
  expect(inFlight(told, [dryRun, done, going, going])).toEqual({ count: 2, exact: true });
  expect(inFlight({ ...told, total_intents: 2 }, [dryRun, done])).toEqual({ count: 0, exact: true });
  expect(inFlight({ ...told, total_intents: 9 }, [dryRun, going])).toEqual({ count: 7, exact: false });
});

test("outcomes are those of intents that have ended, the oldest first", () => {
  expect(outcomesOf(["running", "completed", "needs_clarification", "rolled_back", "completed"])).toEqual(["good", "bad", "good"]);
  expect(outcomesOf(["rejected", "failed", "cancelled"])).toEqual(["dropped", "bad", "dropped"]);
  expect(outcomesOf(Array.from({ length: 100 }, () => "completed" as const))).toHaveLength(24);
});

test("where slices are in force is told by slice and site", () => {
  const slice = { slice: "video", sites: [{ site: "edge1" }, { site: "edge2" }] };
  expect(expectedKeys([slice])).toEqual(expected);
});

test("a small line breaks where there is no value, and a lone value is a dot", () => {
  const box = { width: 30, height: 10 };
  expect(sparkPaths([0, 10, null, 5], box)).toEqual(["M0.0 10.0L10.0 0.0", "M30.0 5.0h0.1"]);
  expect(sparkPaths([null, null], box)).toEqual([]);
  expect(sparkPaths([0, 0], box)).toEqual(["M0.0 10.0L30.0 10.0"]);
});
