// The query family of the lab, over samples made here.
import { expect, test } from "vitest";
import { evaluate } from "../../lab/site/promql.ts";
import { createSampleStore, type SampleStore } from "../../lab/site/samples.ts";

const NOW = 1_800_000_000_000;

/** One sample per second, latencies 1, 2, 3 … ms, the newest at NOW. */
function store(latencies: number[], slice = "video"): SampleStore {
  const samples = createSampleStore();
  latencies.forEach((latencyMs, index) => {
    const delivered = { latencyMs, downlinkMbps: 200, uplinkMbps: null, availabilityPercent: 100 };
    samples.add(slice, { release: "r1", at: NOW - (latencies.length - 1 - index) * 1_000, delivered });
  });
  return samples;
}

function ask(query: string, samples = store([1, 2, 3, 4]), fault: "ok" | "none" | "nan" = "ok") {
  return evaluate({ query, at: NOW, site: "edge1", samples, fault });
}

const labels = { edge_site: "edge1", slice: "video" };

test.each([
  ["avg_over_time(slice_latency_p95_ms[3s])", 3],
  ["min_over_time(slice_latency_p95_ms[3s])", 2],
  ["max_over_time(slice_latency_p95_ms[3s])", 4],
  ["count_over_time(slice_latency_p95_ms[3s])", 3],
  ["last_over_time(slice_latency_p95_ms[3s])", 4],
  ["count_over_time(slice_latency_p95_ms[600s])", 4],
  ['avg_over_time(slice_latency_p95_ms{edge_site="edge1",slice="video"}[1s])', 4],
  ['  avg_over_time ( slice_latency_p95_ms { slice = "video" , } [1s] ) ', 4],
])("%s is %s", (query, value) => {
  expect(ask(query)).toEqual([{ labels, value }]);
});

test("a bare selector gives the newest sample under the metric's name", () => {
  expect(ask('slice_latency_p95_ms{slice="video"}')).toEqual([{ labels: { __name__: "slice_latency_p95_ms", ...labels }, value: 4 }]);
});

test.each([
  'slice_latency_p95_ms{slice="other"}',
  'slice_latency_p95_ms{edge_site="edge2"}',
  'slice_latency_p95_ms{pod="x"}',
  "slice_uplink_mbps", // this slice has none
  "up",
])("%s matches nothing and is no error", (query) => {
  expect(ask(query)).toEqual([]);
});

test.each([
  "",
  "1 + 1",
  "rate(slice_latency_p95_ms[3s])",
  "avg(slice_latency_p95_ms)",
  "avg_over_time(slice_latency_p95_ms[3m])",
  "avg_over_time(slice_latency_p95_ms[0s])",
  "avg_over_time(slice_latency_p95_ms)",
  "avg_over_time(slice_latency_p95_ms[3s]) > 1",
  'slice_latency_p95_ms{slice=~"v.*"}',
  'slice_latency_p95_ms{slice!="v"}',
  "toString(slice_latency_p95_ms[3s])",
  `slice_latency_p95_ms{slice="${"x".repeat(2_000)}"}`,
])("%s is not of the family", (query) => {
  expect(ask(query)).toBeNull();
});

test("samples that are NaN are counted and make every value NaN", () => {
  expect(ask("avg_over_time(slice_latency_p95_ms[3s])", store([1, 2, 3, 4]), "nan")).toEqual([{ labels, value: Number.NaN }]);
  expect(ask("count_over_time(slice_latency_p95_ms[3s])", store([1, 2, 3, 4]), "nan")).toEqual([{ labels, value: 3 }]);
});

test("no samples give an empty result", () => {
  expect(ask("avg_over_time(slice_latency_p95_ms[3s])", store([1, 2, 3, 4]), "none")).toEqual([]);
  expect(ask("avg_over_time(slice_latency_p95_ms[3s])", createSampleStore())).toEqual([]);
});

test("the memory of samples is bounded and keeps the newest", () => {
  const samples = store(Array.from({ length: 5_000 }, (_, index) => index));
  expect(ask("count_over_time(slice_latency_p95_ms[9000s])", samples)).toEqual([{ labels, value: 1_200 }]);
  expect(ask("min_over_time(slice_latency_p95_ms[9000s])", samples)).toEqual([{ labels, value: 3_800 }]);
});

test("another release of a slice begins without the samples of the one before", () => {
  const samples = store([1, 2, 3]);
  samples.add("video", {
    release: "r2",
    at: NOW,
    delivered: { latencyMs: 9, downlinkMbps: null, uplinkMbps: null, availabilityPercent: 100 },
  });
  expect(ask("min_over_time(slice_latency_p95_ms[60s])", samples)).toEqual([{ labels, value: 9 }]);
});
