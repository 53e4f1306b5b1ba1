// The adapters against the real lab over HTTP: a push with real git, and every fault switch as the agent sees it.
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import type { EdgeSite } from "../../../agent/ports.ts";
import type { Lab } from "../../../lab/lab.ts";
import { SiteConfig } from "../../../protocol/site.ts";
import { clone, push, type SliceShape, setFaults, siteFiles, testLab, untilSynced } from "../../lab/support.ts";
import { never } from "./support.ts";

const LATENCY = 'slice_latency_p95_ms{edge_site="edge1",slice="video"}[30s]';
const DOWNLINK = 'slice_downlink_mbps{edge_site="edge1",slice="video"}[30s]';
const AVAILABILITY = 'slice_availability_percent{edge_site="edge1",slice="video"}[30s]';
const TIMEOUT_MS = 400; // for each call; the lab itself answers within a few milliseconds

const AgentFile = z.strictObject({ repository: z.strictObject({ url: z.url(), branch: z.literal("main") }), sites: z.array(SiteConfig) });

/** edge1 of the lab through the configuration that the lab itself hands out. */
async function edge1(lab: Lab): Promise<EdgeSite> {
  const file = AgentFile.parse(parse(await (await fetch(`${lab.url}/agent.yaml`)).text()));
  const site = createEdgePort({ sites: file.sites, secret: async () => undefined, timeoutMs: TIMEOUT_MS }).site("edge1");
  if (site === undefined) throw new Error("the lab has no edge1");
  return site;
}

async function deployed(shape: SliceShape = {}, options: { slowMs?: number } = {}) {
  const lab = await testLab(options);
  const tree = await clone(lab);
  const commit = await push(tree, siteFiles("edge1", { video: shape }));
  await untilSynced(lab, commit);
  return { lab, tree, commit, site: await edge1(lab) };
}

async function measure(site: EdgeSite, series: string, fn = "avg_over_time") {
  const result = await site.measure(`${fn}(${series})`, `count_over_time(${series})`, never());
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const enoughSamples = (site: EdgeSite) =>
  expect.poll(async () => (await measure(site, LATENCY)).samples, { interval: 20, timeout: 10_000 }).toBeGreaterThanOrEqual(3);

test("a push is reported as synced at that very commit, healthy and provisioned", async () => {
  const { site, commit } = await deployed();
  expect(await site.syncReport(never())).toEqual({
    ok: true,
    value: { phase: "synced", commit, attempted: commit, message: "Sync Completed" },
  });
  expect(await site.resources("video", never())).toEqual({ ok: true, value: { phase: "healthy", message: "3 resources are current" } });
  expect(await site.resources("other", never())).toMatchObject({ ok: true, value: { phase: "absent" } });
  expect(await site.deploymentManager(never())).toEqual({
    ok: true,
    value: { present: true, healthy: true, message: "deployment manager edge1 is present" },
  });
});

test("what is measured follows from what is deployed", async () => {
  const { site } = await deployed({ downlink: "200M", latencyMs: 12 });
  await enoughSamples(site);
  const latency = await measure(site, LATENCY, "max_over_time");
  const downlink = await measure(site, DOWNLINK, "min_over_time");
  expect(latency.value).toBeGreaterThan(4);
  expect(latency.value).toBeLessThan(12);
  expect(downlink.value).toBeGreaterThanOrEqual(200);
  expect((await measure(site, AVAILABILITY)).value).toBe(100);
});

test("two slices that together exceed the site do not get what they were promised", async () => {
  const { lab, tree, site } = await deployed({ downlink: "8G" });
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: { downlink: "8G" }, more: { downlink: "8G" } })));
  await expect
    .poll(async () => (await measure(site, DOWNLINK, "last_over_time")).value, { interval: 20, timeout: 10_000 })
    .toBeLessThan(8_000);
  expect((await measure(site, LATENCY, "last_over_time")).value).toBeGreaterThan(20);
});

test("a slice that is taken back is gone from the cluster and from the measurements", async () => {
  const { lab, tree, site } = await deployed();
  const empty = siteFiles("edge1", {});
  await untilSynced(lab, await push(tree, { ...empty, "sites/edge1/slices/video": null }));
  expect(await site.resources("video", never())).toMatchObject({ ok: true, value: { phase: "absent" } });
  expect(await measure(site, LATENCY)).toEqual({ value: null, samples: 0 });
});

test("sync slow: it moves on, later; and lifting the fault wakes it", async () => {
  const { lab, tree, commit, site } = await deployed({}, { slowMs: 600 });
  await setFaults(lab, "edge1", { sync: "slow" });
  const slow = await push(tree, siteFiles("edge1", { video: { downlink: "1G" } }));
  await expect
    .poll(() => site.syncReport(never()), { interval: 10, timeout: 10_000 })
    .toMatchObject({ value: { phase: "syncing", commit, attempted: slow } });
  await untilSynced(lab, slow, ["edge1"]);

  await setFaults(lab, "edge1", { sync: "stuck" });
  const stuck = await push(tree, siteFiles("edge1", { video: { downlink: "2G" } }));
  await untilSynced(lab, stuck, ["edge2"]);
  await expect
    .poll(() => site.syncReport(never()), { interval: 10, timeout: 10_000 })
    .toMatchObject({ value: { phase: "syncing", commit: slow, attempted: stuck } });
  await setFaults(lab, "edge1", {});
  await untilSynced(lab, stuck, ["edge1"]);
});

test("sync fail: the site's own error is reported and the old commit stays in force", async () => {
  const { lab, tree, commit, site } = await deployed();
  await setFaults(lab, "edge1", { sync: "fail" });
  const next = await push(tree, siteFiles("edge1", { video: { downlink: "1G" } }));
  await expect
    .poll(() => site.syncReport(never()), { interval: 10, timeout: 10_000 })
    .toEqual({
      ok: true,
      value: {
        phase: "failed",
        commit,
        attempted: next,
        message: "KNV2009: simulated fault: the API server refused the objects of sites/edge1",
      },
    });
});

test("a tree that is not valid is refused by the site, in its own words, and the next valid one is taken", async () => {
  const { lab, tree, commit, site } = await deployed();
  const broken = await push(tree, { "sites/edge1/slices/video/upf.yaml": "apiVersion: v1\nkind: [" });
  await expect
    .poll(() => site.syncReport(never()), { interval: 10, timeout: 10_000 })
    .toMatchObject({
      value: { phase: "failed", commit, attempted: broken, message: expect.stringContaining("KNV1006: slices/video/upf.yaml") },
    });
  expect(await site.resources("video", never())).toMatchObject({ value: { phase: "healthy" } });
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: {} })));
});

test("health fail: the newest slice fails, is measured no more, and heals when the fault is lifted", async () => {
  const { lab, tree, site } = await deployed();
  await setFaults(lab, "edge1", { health: "fail" });
  await setFaults(lab, "edge1", {});
  expect(await site.resources("video", never())).toMatchObject({ value: { phase: "healthy" } });

  await setFaults(lab, "edge1", { health: "fail" });
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: { downlink: "1G" } })));
  expect(await site.resources("video", never())).toEqual({
    ok: true,
    value: {
      phase: "failed",
      message: "NFDeployment video failed (simulated fault: the network function does not become ready)",
    },
  });
  expect((await site.syncReport(never())).ok).toBe(true);
  await fetch(`${lab.url}/sites/edge1/faults`, { method: "DELETE" });
  expect(await site.resources("video", never())).toMatchObject({ value: { phase: "healthy" } });
});

test("o2ims fail and hang: refused, and given up within the bound", async () => {
  const { lab, site } = await deployed();
  await setFaults(lab, "edge1", { o2ims: "fail" });
  expect(await site.deploymentManager(never())).toEqual({
    ok: false,
    error: { kind: "refused", message: "O2 IMS of edge1 answered 503: simulated fault: the inventory is down" },
  });
  await setFaults(lab, "edge1", { o2ims: "hang" });
  const started = performance.now();
  expect(await site.deploymentManager(never())).toMatchObject({ ok: false, error: { kind: "timeout" } });
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + 1_000);
});

test("metrics none, nan, error and hang are four different answers, and none of them a value", async () => {
  const { lab, site } = await deployed();
  await enoughSamples(site);
  const ask = () => site.measure(`avg_over_time(${LATENCY})`, `count_over_time(${LATENCY})`, never());
  await setFaults(lab, "edge1", { metrics: "none" });
  expect(await ask()).toEqual({ ok: true, value: { value: null, samples: 0 } });
  await setFaults(lab, "edge1", { metrics: "nan" });
  expect(await ask()).toEqual({ ok: true, value: { value: Number.NaN, samples: expect.any(Number) } });
  await setFaults(lab, "edge1", { metrics: "error" });
  expect(await ask()).toEqual({
    ok: false,
    error: { kind: "refused", message: "Prometheus of edge1 refused the query: unavailable: simulated fault: the query engine is down" },
  });
  await setFaults(lab, "edge1", { metrics: "hang" });
  expect(await ask()).toMatchObject({ ok: false, error: { kind: "timeout" } });
});

test("a faulty service level is what is measured from then on", async () => {
  const { lab, tree, site } = await deployed();
  await setFaults(lab, "edge1", { slo: { latencyMs: 80, throughputMbps: 3, availabilityPercent: 97.5 } });
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: { downlink: "1G" } })));
  await enoughSamples(site);
  const values = await Promise.all([LATENCY, DOWNLINK, AVAILABILITY].map(async (series) => (await measure(site, series)).value));
  expect(values).toEqual([80, 3, 97.5]);
});

test("a query outside the lab's family is refused, honestly", async () => {
  const { site } = await deployed();
  expect(await site.measure("rate(x[5m])", "1", never())).toEqual({
    ok: false,
    error: { kind: "refused", message: expect.stringContaining("bad_data: this lab evaluates only") },
  });
});

test("unreachable: every question fails as unreachable, and the other site does not notice", async () => {
  const { lab, site, commit } = await deployed();
  await setFaults(lab, "edge1", { unreachable: true });
  const answers = await Promise.all([
    site.syncReport(never()),
    site.resources("video", never()),
    site.deploymentManager(never()),
    site.measure("slice_downlink_mbps", "slice_downlink_mbps", never()),
  ]);
  expect(answers).toEqual(answers.map(() => ({ ok: false, error: { kind: "unreachable", message: expect.any(String) } })));
  await untilSynced(lab, commit, ["edge2"]);
  await setFaults(lab, "edge1", {});
  expect(await site.syncReport(never())).toMatchObject({ ok: true, value: { phase: "synced" } });
});

test("fifty questions at once are all answered", async () => {
  const { site } = await deployed();
  const answers = await Promise.all(Array.from({ length: 50 }, () => site.syncReport(never())));
  expect(answers.filter((answer) => answer.ok && answer.value.phase === "synced")).toHaveLength(50);
});

test("all slices of a site are measured at once, each as it is measured alone", async () => {
  const { lab, tree, site } = await deployed();
  await untilSynced(lab, await push(tree, siteFiles("edge1", { video: {}, meters: { latencyMs: 40 } })));
  const measured = async () => {
    const range = 'slice_latency_p95_ms{edge_site="edge1"}[30s]';
    const all = await site.measureSlices(`avg_over_time(${range})`, `count_over_time(${range})`, never());
    return all.ok ? all.value : new Map();
  };
  await expect
    .poll(async () => (await measured()).get("meters")?.samples ?? 0, { interval: 20, timeout: 10_000 })
    .toBeGreaterThanOrEqual(3);
  const all = await measured();
  expect([...all.keys()]).toEqual(["meters", "video"]);
  expect(all.get("meters")?.value).toBeCloseTo(20.8, 0); // half of what it asks for, on a site that is nearly empty
  expect(all.get("video")?.value).toBeCloseTo(10.4, 0);
});
