import { expect, test } from "vitest";
import { chooseFiveQi } from "../../intent/five-qi.ts";
import { objectiveQueries, objectivesFor } from "../../intent/objectives.ts";
import { judge, overallVerdict } from "../../intent/verdict.ts";
import { SloObjective } from "../../protocol/slo.ts";

const WINDOW = { windowSeconds: 30, minSamples: 3, noData: "inconclusive" } as const;

test("objectives come from the requirements, with defaults in the gaps and no uplink unless stated", () => {
  expect(objectivesFor("eMBB", { downlinkMbps: 200, latencyMs: 20 })).toEqual([
    { name: "latencyP95", comparator: "lte", threshold: 20, unit: "ms", ...WINDOW },
    { name: "throughputMin", comparator: "gte", threshold: 200, unit: "Mbps", ...WINDOW },
    { name: "availability", comparator: "gte", threshold: 99.9, unit: "%", ...WINDOW },
  ]);
  expect(objectivesFor("URLLC", { uplinkMbps: 5 })).toEqual([
    { name: "latencyP95", comparator: "lte", threshold: 5, unit: "ms", ...WINDOW },
    { name: "throughputMin", comparator: "gte", threshold: 10, unit: "Mbps", ...WINDOW },
    { name: "uplinkThroughputMin", comparator: "gte", threshold: 5, unit: "Mbps", ...WINDOW },
    { name: "availability", comparator: "gte", threshold: 99.99, unit: "%", ...WINDOW },
  ]);
});

const latency = SloObjective.parse({ name: "latencyP95", comparator: "lte", threshold: 20, unit: "ms", ...WINDOW });

test("queries name the metric, the site, the slice and the window", () => {
  expect(objectiveQueries(latency, { site: "edge1", slice: "embb-x" })).toEqual({
    query: 'avg_over_time(slice_latency_p95_ms{edge_site="edge1",slice="embb-x"}[30s])',
    countQuery: 'count_over_time(slice_latency_p95_ms{edge_site="edge1",slice="embb-x"}[30s])',
  });
});

test("a label value cannot break out of its quotes", () => {
  expect(objectiveQueries(latency, { site: 'a"} or vector(1)', slice: "b\\\n" }).query).toBe(
    'avg_over_time(slice_latency_p95_ms{edge_site="a\\"} or vector(1)",slice="b\\\\\\n"}[30s])',
  );
});

test.each([
  [{ value: 20, samples: 3 }, "pass"],
  [{ value: 20.01, samples: 9 }, "fail"],
  [{ value: 5, samples: 2 }, "inconclusive"],
  [{ value: 5, samples: Number.NaN }, "inconclusive"],
  [{ value: null, samples: 0 }, "inconclusive"],
  [{ value: Number.NaN, samples: 9 }, "inconclusive"],
  [{ value: Number.POSITIVE_INFINITY, samples: 9 }, "inconclusive"],
  [{ value: Number.NEGATIVE_INFINITY, samples: 9 }, "inconclusive"],
  [{ error: "connection refused" }, "error"],
] as const)("%j at most 20 ms is %s", (measured, verdict) => {
  expect(judge(latency, measured).verdict).toBe(verdict);
});

test("a floor is judged the other way round, and the message says what was measured", () => {
  const floor = SloObjective.parse({ name: "throughputMin", comparator: "gte", threshold: 200, unit: "Mbps", ...WINDOW });
  expect([judge(floor, { value: 200, samples: 3 }), judge(floor, { value: 199, samples: 3 })]).toEqual([
    { verdict: "pass", message: "throughputMin: 200 Mbps, within ≥ 200 Mbps" },
    { verdict: "fail", message: "throughputMin: 199 Mbps, misses ≥ 200 Mbps" },
  ]);
});

test("no data is a failure where the objective says so, and never a pass", () => {
  expect(judge({ ...latency, noData: "fail" }, { value: null, samples: 0 }).verdict).toBe("fail");
});

test("the worst verdict wins", () => {
  expect([
    overallVerdict(["pass", "pass"]),
    overallVerdict(["pass", "inconclusive"]),
    overallVerdict(["inconclusive", "error"]),
    overallVerdict(["error", "fail", "pass"]),
    overallVerdict([]),
  ]).toEqual(["pass", "inconclusive", "error", "fail", "inconclusive"]);
});

test("the 5QI fits the type and keeps the latency", () => {
  expect([chooseFiveQi("eMBB", 300), chooseFiveQi("eMBB", 50), chooseFiveQi("eMBB", 20), chooseFiveQi("eMBB", 6)]).toEqual([9, 80, 80, 86]);
  expect([chooseFiveQi("URLLC", 30), chooseFiveQi("URLLC", 10), chooseFiveQi("URLLC", 5)]).toEqual([84, 82, 85]);
  expect([chooseFiveQi("mMTC", 1000), chooseFiveQi("mMTC", 100)]).toEqual([9, 7]);
});

test("below 5 ms there is no standard 5QI", () => {
  expect([chooseFiveQi("URLLC", 4.9), chooseFiveQi("eMBB", 1), chooseFiveQi("mMTC", 0.1)]).toEqual([undefined, undefined, undefined]);
});
