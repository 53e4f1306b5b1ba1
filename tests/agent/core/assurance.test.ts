// The loop that keeps measuring: how few questions it asks, that sites do not wait for each other, and what it says of one that is silent.
import type { RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { createAssurance } from "../../../agent/loops/assurance.ts";
import { createWatchlist } from "../../../agent/watchlist.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { objectivesFor } from "../../../intent/objectives.ts";
import type { MeasuredSlice, WatchedSlice } from "../../../protocol/agent.ts";
import { newId } from "../../../protocol/ids.ts";
import { SiteConfig } from "../../../protocol/site.ts";
import { type FakeWorker, startFakeWorker } from "../../helpers/fake-worker.ts";
import { serve } from "../edge/support.ts";
import { captureLog } from "./assemble.ts";

/** Prometheus of one site: a value for each slice and metric; slices that are not named have no series. */
function prometheus(values: Record<string, Record<string, number>>) {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    const query = new URL(request.url ?? "/", "http://site").searchParams.get("query") ?? "";
    asked.push(query);
    const metric = /\((\w+)\{/.exec(query)?.[1] ?? "";
    const result = Object.entries(values).flatMap(([slice, metrics]) => {
      const value = query.startsWith("count_over_time") ? 6 : metrics[metric];
      return value === undefined ? [] : [{ metric: { edge_site: "edge1", slice }, value: [1, String(value)] }];
    });
    response
      .setHeader("content-type", "application/json")
      .end(JSON.stringify({ status: "success", data: { resultType: "vector", result } }));
  };
  return { asked, listener };
}

function watched(site: string, slice: string, patch: Partial<WatchedSlice> = {}): WatchedSlice {
  const objectives = objectivesFor("eMBB", { latencyMs: 20, downlinkMbps: 200 });
  return { slice, site, deploymentId: newId("dep"), commit: "a".repeat(40), busy: false, objectives, ...patch };
}

interface Started {
  worker: FakeWorker;
  log: string[];
  stop(): Promise<void>;
}

/** The loop as the entry file makes it, with the far ends of this test. */
async function start(
  urls: Record<string, string>,
  slices: WatchedSlice[],
  bounds: { timeoutMs?: number; siteTimeoutMs?: number } = {},
): Promise<Started> {
  const worker = await startFakeWorker();
  onTestFinished(() => worker.close());
  worker.watchlist = { intervalSeconds: 1, enabled: true, sites: Object.keys(urls), slices };
  const client = createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0", timeoutMs: 500 });
  const capacity = { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 };
  const sites = Object.entries(urls).map(([id, url]) =>
    SiteConfig.parse({ id, kube: { url }, o2ims: { url }, prometheus: { url }, capacity }),
  );
  const edge = createEdgePort({ sites, secret: async () => undefined, timeoutMs: bounds.timeoutMs ?? 2_000 });
  const lines: string[] = [];
  const log = captureLog(lines);
  const instanceId = newId("inst");
  const watchlist = createWatchlist({ client, instanceId, log });
  const limit = bounds.siteTimeoutMs === undefined ? {} : { siteTimeoutMs: bounds.siteTimeoutMs };
  const loop = createAssurance({ client, watchlist, instanceId, edge, log, ...limit });
  const over = new AbortController();
  const running = loop.run(over.signal);
  const stop = async () => {
    over.abort();
    await running;
  };
  onTestFinished(stop);
  return { worker, log: lines, stop };
}

function verdicts(measured: readonly MeasuredSlice[]): string[] {
  return measured.flatMap(({ slice, evidence }) =>
    evidence.map(({ objective, verdict, value }) => `${slice} ${objective} ${value} ${verdict}`),
  );
}

async function firstOf({ worker }: Started, count = 1) {
  await expect.poll(() => worker.measurements.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  return worker.measurements.slice(0, count);
}

test("all slices of a site are measured by one pair of queries per objective, each against its own threshold", async () => {
  const good = { slice_latency_p95_ms: 12, slice_downlink_mbps: 210, slice_availability_percent: 100 };
  const site = prometheus({ "video-7": good, "video-8": { ...good, slice_latency_p95_ms: 18 }, stranger: good });
  const strict = objectivesFor("eMBB", { latencyMs: 15, downlinkMbps: 200 });
  const slices = [
    watched("edge1", "video-7"),
    watched("edge1", "video-8", { objectives: strict }),
    watched("edge1", "silent"),
    watched("edge1", "moving", { busy: true }),
  ];
  const started = await start({ edge1: await serve(site.listener) }, slices);
  const [first] = await firstOf(started);
  expect(verdicts(first?.measured ?? [])).toEqual([
    "video-7 latencyP95 12 pass",
    "video-7 throughputMin 210 pass",
    "video-7 availability 100 pass",
    "video-8 latencyP95 18 fail",
    "video-8 throughputMin 210 pass",
    "video-8 availability 100 pass",
    "silent latencyP95 null inconclusive",
    "silent throughputMin null inconclusive",
    "silent availability null inconclusive",
  ]);
  expect(first?.measured[1]).toMatchObject({ slice: "video-8", site: "edge1", deploymentId: slices[1]?.deploymentId });
  expect(first?.measured[1]?.evidence[0]).toEqual({
    ...{ site: "edge1", objective: "latencyP95", query: 'avg_over_time(slice_latency_p95_ms{edge_site="edge1"}[30s])' },
    ...{ value: 18, samples: 6, threshold: 15, comparator: "lte", unit: "ms", verdict: "fail" },
    ...{ message: "latencyP95: 18 ms, misses ≤ 15 ms", measuredAt: expect.any(String) },
  });
  await started.stop();
  expect(site.asked.length).toBe(6 * started.worker.measurements.length);
});

test("a site whose Prometheus hangs holds up no other, and is told as not measured when its time is over", async () => {
  const site = prometheus({ "video-7": { slice_latency_p95_ms: 12, slice_downlink_mbps: 210, slice_availability_percent: 100 } });
  const urls = { edge1: await serve(() => undefined), edge2: await serve(site.listener) };
  const slices = [watched("edge1", "video-7"), watched("edge2", "video-7")];
  const started = await start(urls, slices, { timeoutMs: 60_000, siteTimeoutMs: 2_500 });
  const sent = await firstOf(started, 3); // two rounds of the well site, or three, before the one of the other
  expect(sent.slice(0, 2).map(({ measured }) => measured.map((one) => one.site))).toEqual([["edge2"], ["edge2"]]);
  const silent = () => started.worker.measurements.find(({ measured }) => measured[0]?.site === "edge1");
  await expect.poll(silent, { timeout: 5_000 }).toBeDefined();
  expect(verdicts(silent()?.measured ?? [])).toEqual([
    "video-7 latencyP95 null error",
    "video-7 throughputMin null error",
    "video-7 availability null error",
  ]);
  expect(silent()?.round).toBe(sent[0]?.round); // of the round in which it was asked
});

test("a round that may have been lost is sent again as the same round", async () => {
  const site = prometheus({ "video-7": { slice_latency_p95_ms: 12, slice_downlink_mbps: 210, slice_availability_percent: 100 } });
  const worker = await start({ edge1: await serve(site.listener) }, [watched("edge1", "video-7")]);
  worker.worker.fault("measurements", "lose_ack", 1);
  const [first, second] = await firstOf(worker, 2);
  expect(second).toEqual(first);
});

test("a large site is sent in parts of one round", async () => {
  const names = Array.from({ length: 450 }, (_, index) => `s-${index}`);
  const site = prometheus(
    Object.fromEntries(names.map((name) => [name, { slice_latency_p95_ms: 1, slice_downlink_mbps: 900, slice_availability_percent: 100 }])),
  );
  const started = await start(
    { edge1: await serve(site.listener) },
    names.map((name) => watched("edge1", name)),
  );
  const sent = await firstOf(started, 3);
  expect(sent.map(({ measured }) => measured.length)).toEqual([200, 200, 50]);
  expect(new Set(sent.map(({ round }) => round)).size).toBe(1);
});

test("nothing is asked where nothing is live, or the watching is switched off", async () => {
  const site = prometheus({});
  const started = await start({ edge1: await serve(site.listener) }, [
    watched("edge1", "moving", { busy: true }),
    watched("edge1", "failed", { objectives: [] }),
  ]);
  const rounds = () => started.worker.requests.filter(({ route }) => route === "watchlist").length;
  await expect.poll(rounds, { timeout: 5_000 }).toBe(2);
  started.worker.watchlist = { ...started.worker.watchlist, enabled: false, slices: [watched("edge1", "video-7")] };
  await expect.poll(rounds, { timeout: 5_000 }).toBe(4);
  expect([site.asked, started.worker.measurements]).toEqual([[], []]);
});

test("the end of the agent cuts its questions and sends nothing of them", async () => {
  const asked = Promise.withResolvers<void>();
  const started = await start({ edge1: await serve(() => asked.resolve()) }, [watched("edge1", "video-7")], { timeoutMs: 60_000 });
  await asked.promise;
  await started.stop();
  expect(started.worker.measurements).toEqual([]);
});
