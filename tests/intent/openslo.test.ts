import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { objectivesFor } from "../../intent/objectives.ts";
import { OpenSloDocument, openSloDocuments, toYaml, type WatchedSlice } from "../../intent/openslo.ts";

const snssai = { sst: 1, sd: "00000a" };

function watched(patch: Partial<WatchedSlice> = {}): WatchedSlice {
  const objectives = objectivesFor("eMBB", { downlinkMbps: 200, uplinkMbps: 20, latencyMs: 20 });
  const sites = ["edge1", "edge2"].map((site) => ({ site, prometheusUrl: `http://${site}:9090`, objectives }));
  return { slice: "video-1", serviceType: "eMBB", snssai, sites, ...patch };
}

test("a slice has its service, a data source per site, and one SLO per site and objective", () => {
  const documents = openSloDocuments(watched());
  expect(documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Service video-1",
    "DataSource edge1-prometheus",
    "SLO video-1-edge1-latency-p95",
    "SLO video-1-edge1-throughput-min",
    "SLO video-1-edge1-uplink-throughput-min",
    "SLO video-1-edge1-availability",
    "DataSource edge2-prometheus",
    "SLO video-1-edge2-latency-p95",
    "SLO video-1-edge2-throughput-min",
    "SLO video-1-edge2-uplink-throughput-min",
    "SLO video-1-edge2-availability",
  ]);
});

test("an SLO names the query of the gate, the threshold with its direction, and the target", () => {
  const [, source, latency] = openSloDocuments(watched());
  expect(source).toEqual({
    apiVersion: "openslo/v1",
    kind: "DataSource",
    metadata: { name: "edge1-prometheus", displayName: "Prometheus of edge1" },
    spec: { type: "Prometheus", connectionDetails: { url: "http://edge1:9090" } },
  });
  const metadata = { name: "video-1-edge1-latency-p95", labels: { slice: "video-1", site: "edge1" } };
  const query = 'avg_over_time(slice_latency_p95_ms{edge_site="edge1",slice="video-1"}[30s])';
  expect(latency).toEqual({
    apiVersion: "openslo/v1",
    kind: "SLO",
    metadata: { ...metadata, displayName: "video-1 at edge1: latencyP95 at most 20 ms" },
    spec: {
      description: "The mean over 30 s meets the objective in 99 % of the samples.",
      service: "video-1",
      indicator: {
        metadata,
        spec: { thresholdMetric: { metricSource: { metricSourceRef: "edge1-prometheus", type: "Prometheus", spec: { query } } } },
      },
      timeWindow: [{ duration: "30d", isRolling: true }],
      budgetingMethod: "Occurrences",
      objectives: [{ displayName: "latencyP95 at most 20 ms", op: "lte", value: 20, target: 0.99 }],
    },
  });
});

test("every reference is defined, every name is unique and fits, also of a slice and a site with the longest names", () => {
  const long = "s".repeat(62);
  const objectives = objectivesFor("URLLC", {});
  const sites = [`${"e".repeat(60)}1`, `${"e".repeat(60)}2`].map((site) => ({ site, prometheusUrl: "http://x", objectives }));
  for (const slice of [`${long}1`, "a"]) {
    const documents = openSloDocuments(watched({ slice, sites })).map((one) => OpenSloDocument.parse(one));
    const names = documents.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const one of documents) {
      if (one.kind !== "SLO") continue;
      expect(names).toContain(`Service ${one.spec.service}`);
      expect(names).toContain(`DataSource ${one.spec.indicator.spec.thresholdMetric.metricSource.metricSourceRef}`);
    }
  }
});

test("the YAML says the same as the JSON, one document each", () => {
  const documents = openSloDocuments(watched({ slice: "no", snssai: { sst: 1, sd: "1e1000" } }));
  const yaml = toYaml(documents);
  expect(parseAllDocuments(yaml).map((one) => one.toJS())).toEqual(documents);
  expect(yaml.split("\n").slice(0, 7)).toEqual([
    "---",
    'apiVersion: "openslo/v1"',
    'kind: "Service"',
    "metadata:",
    '  name: "no"',
    "spec:",
    '  description: "eMBB slice, S-NSSAI 1-1e1000"',
  ]);
});
