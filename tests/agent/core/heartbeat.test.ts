// What heartbeats carry of the sites and when they go: news and now and then all, at once when nudged, never more than fits.
import { expect, onTestFinished, test } from "vitest";
import { createLearner } from "../../../agent/llm/learner.ts";
import { createHeartbeat } from "../../../agent/loops/heartbeat.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { AgentHello, type SiteObservation } from "../../../protocol/agent.ts";
import { newId } from "../../../protocol/ids.ts";
import type { Integration } from "../../../protocol/llm.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import { type FakeWorker, startFakeWorker } from "../../helpers/fake-worker.ts";
import { captureLog } from "./assemble.ts";

const COMMIT = "a".repeat(40);
const FINE = { sync: "healthy", o2ims: "healthy", metrics: "healthy" } as const;

/** What a heartbeat needs besides what a test is about. */
function heartbeatParts(worker: FakeWorker) {
  const hello = AgentHello.parse({
    ...{ protocol: PROTOCOL_VERSION, instanceId: newId("inst"), version: "0", labels: {}, capabilities: [], slots: 1, inflight: [] },
  });
  return {
    ...{ client: createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0" }), hello: () => hello, sites: [] },
    ...{ log: captureLog([]), onCancel: () => undefined, onLost: () => undefined, onFatal: () => undefined, onAlive: () => undefined },
  };
}

test("heartbeats carry what has changed since the last accepted one, and now and then all", async () => {
  const worker = await startFakeWorker({ timings: { heartbeatMs: 10 } });
  onTestFinished(() => worker.close());
  const edge1: SiteObservation = { site: "edge1", status: "healthy", message: "", commit: COMMIT, components: FINE, drift: null };
  const edge2: SiteObservation = { ...edge1, site: "edge2", commit: null, drift: [] };
  const down: SiteObservation = { ...edge2, status: "unreachable", message: "ECONNREFUSED" };
  let current = [edge1, edge2];
  const heartbeat = createHeartbeat({
    ...heartbeatParts(worker),
    onAlive: () => {
      if (worker.heartbeats.length === 3) current = [edge1, down];
    },
    observations: () => current.map((seen) => ({ ...seen })),
    backoff: { baseMs: 10, capMs: 10, random: () => 1 },
  });
  const stop = new AbortController();
  worker.fault("heartbeat", "cut", 2);
  const running = heartbeat.run(stop.signal);
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(11);
  stop.abort();
  await running;
  const sent = worker.heartbeats.slice(0, 11).map((beat) => beat.observations);
  expect([sent[0], sent[1], sent[10]]).toEqual([[edge1, edge2], undefined, [edge1, down]]);
  expect(sent.slice(1, 10).filter((observations) => observations !== undefined)).toEqual([[down]]);
});

test("a nudged heartbeat does not wait for its turn, and nudges in a row are one", async () => {
  const worker = await startFakeWorker({ timings: { heartbeatMs: 60_000 } });
  onTestFinished(() => worker.close());
  const heartbeat = createHeartbeat(heartbeatParts(worker));
  const stop = new AbortController();
  const running = heartbeat.run(stop.signal);
  await expect.poll(() => worker.heartbeats.length).toBe(1);
  for (let times = 0; times < 20; times += 1) heartbeat.nudge();
  await expect.poll(() => worker.heartbeats.length, { timeout: 3_000 }).toBe(2);
  stop.abort();
  await running;
  expect(worker.heartbeats.map((beat) => beat.stopping)).toEqual([false, false, true]);
});

test("more than a heartbeat may carry goes with the next ones", async () => {
  const worker = await startFakeWorker({ timings: { heartbeatMs: 10 } });
  onTestFinished(() => worker.close());
  const diff = "x".repeat(20_000);
  const drift = Array.from({ length: 10 }, () => ({ kind: "slice_files" as const, slice: "video-1", message: "", diff }));
  const all = Array.from({ length: 5 }, (_, index): SiteObservation => {
    const site = `edge${index + 1}`;
    return { site, status: "healthy", message: "", commit: null, components: FINE, drift };
  });
  const heartbeat = createHeartbeat({ ...heartbeatParts(worker), observations: () => all });
  const stop = new AbortController();
  const running = heartbeat.run(stop.signal);
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(5);
  stop.abort();
  await running;
  const carried = worker.heartbeats.slice(0, 5).map((beat) => beat.observations?.map(({ site }) => site) ?? []);
  expect(carried[0]).toEqual(["edge1"]);
  expect([...new Set(carried.flat())].sort()).toEqual(["edge1", "edge2", "edge3", "edge4", "edge5"]);
});

function integration(more: Partial<Integration> = {}): Integration {
  const stats = {
    calls: 0,
    failures: 0,
    p50Ms: null,
    p95Ms: null,
    recentMs: [],
    promptTokens: 0,
    completionTokens: 0,
    unknownUsage: 0,
    costUsd: 0,
    unknownCost: 0,
  };
  return {
    ...{
      id: "ollama",
      name: "Ollama",
      type: "ollama",
      address: "http://127.0.0.1:11434",
      configured: false,
      status: "healthy",
      connected: true,
    },
    ...{ capabilities: ["chat"], models: ["llama3"], version: "0.9", latencyMs: 3, lastChecked: null, error: null, arm: null, stats },
    ...{ breaker: { state: "closed", failures: 0, retryAt: null }, ...more },
  };
}

test("heartbeats carry all language models when something about them is new, and now and then; a latency is not news", async () => {
  const worker = await startFakeWorker({ timings: { heartbeatMs: 10 } });
  onTestFinished(() => worker.close());
  let latencyMs = 0;
  let more: Partial<Integration> = {};
  const heartbeat = createHeartbeat({
    ...heartbeatParts(worker),
    onAlive: () => {
      latencyMs += 1;
      if (worker.heartbeats.length === 3) more = { status: "offline", error: "ECONNREFUSED" };
    },
    integrations: () => [integration({ latencyMs, ...more })],
  });
  const stop = new AbortController();
  const running = heartbeat.run(stop.signal);
  await expect.poll(() => worker.heartbeats.length).toBeGreaterThan(11);
  stop.abort();
  await running;
  const sent = worker.heartbeats.slice(0, 11).map((beat) => beat.integrations?.map(({ status }) => status).join());
  expect(sent.map((status) => status ?? "-").join(" ")).toBe("healthy - - offline - - - - - - offline");
});

test("corrections are asked for when there are more of them, and again when that failed", async () => {
  const worker = await startFakeWorker();
  onTestFinished(() => worker.close());
  const learnt: number[] = [];
  const { client, log } = heartbeatParts(worker);
  const learner = createLearner({ client, log, learn: (corrections) => learnt.push(corrections.length) });
  const asked = () => worker.requests.filter(({ route }) => route === "corrections").length;
  learner.told(0);
  worker.corrections = { version: 3, corrections: [] };
  worker.fault("corrections", "cut", 1);
  learner.told(3);
  learner.told(3); // while the first is under way
  await expect
    .poll(() => {
      learner.told(3);
      return learnt.length;
    })
    .toBe(1);
  const before = asked();
  learner.told(3);
  expect([asked(), before]).toEqual([2, 2]);
});
