// The feed under load, and what it does beside the events: batches, few requests, what is looked at, values and log lines. Time is the test's.
import { expect, test } from "vitest";
import type { DurableEvent } from "../../protocol/event.ts";
import type { LogLine } from "../../protocol/log.ts";
import { hasOutdatedRows, idsToFetch, intentOf, recordOf } from "../../web/state/shown.ts";
import { createFarEnd } from "./far-end.ts";
import { connect, newest, type Page, pass, push, sleep, stateOf, useLivePages } from "./live-page.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import { completes, noiseOfSitesAndAgents } from "./runs.ts";
import { at, deploymentId, event, evidence, intentId, jobId } from "./sample.ts";

useLivePages();

/** Runs one after the other, 1,000 events each second, a frame for each. */
async function load(server: ModelServer, seconds: number): Promise<void> {
  let run = 1;
  let left = [...completes(run)];
  for (let ms = 0; ms < seconds * 1_000; ms += 1) {
    if (left.length === 0) {
      run += 1;
      left = [...completes(run)];
    }
    const what = left.shift();
    if (what !== undefined) push(server, what);
    await pass(1);
  }
}

function changes(page: Page): { count: number } {
  const counted = { count: 0 };
  page.state.subscribe(() => (counted.count += 1));
  return counted;
}

test("a thousand events a second change the page twenty times, each event is told once and in order, and all of them arrive", async () => {
  const server = createModelServer();
  const told: DurableEvent[] = [];
  const end = createFarEnd(server);
  const page = await connect(server, end, { onEvents: (events) => told.push(...events) });
  await pass(1_000);
  end.down = true; // only what the room says
  const counted = changes(page);
  await load(server, 1);
  await pass(60);
  expect(told).toEqual(server.log);
  expect(page.state.getState().lastSeq).toBe(1_000);
  expect(counted.count).toBeLessThanOrEqual(22);
});

test("under steady load REST is asked a few times a second, and afterwards what is looked at is complete", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  page.watch(intentId(2));
  await pass(1_000);
  end.latencyMs = 50;
  const before = end.asked.length;
  await load(server, 5);
  expect(end.asked.length - before).toBeLessThanOrEqual(32);
  await pass(20_000);
  const state = page.state.getState();
  expect(state.lastSeq).toBe(server.head());
  for (const n of [1, 2]) expect(recordOf(state, intentId(n))).toEqual({ ...server.intent(intentId(n)), deployment: null });
  expect({ intents: idsToFetch(state), lists: hasOutdatedRows(state) }).toEqual({ intents: [], lists: false });
  expect(stateOf(page)).toBe("live");
});

test("a frame lost in a steady stream is asked for once or twice, and what came meanwhile is not lost with it", async () => {
  const server = createModelServer();
  const told: DurableEvent[] = [];
  const end = createFarEnd(server);
  const page = await connect(server, end, { onEvents: (events) => told.push(...events) });
  await pass(1_000);
  end.latencyMs = 200;
  const counted = changes(page);
  const fills = () => end.asked.filter((ask) => ask.includes("/events?")).length;
  const before = fills();
  for (let ms = 0; ms < 1_000; ms += 1) {
    const what = noiseOfSitesAndAgents(0)[ms % 4];
    if (what === undefined) continue;
    if (ms === 300) server.emit(what, 0);
    else push(server, what);
    await pass(1);
  }
  await pass(300);
  expect(told).toEqual(server.log);
  expect(stateOf(page)).toBe("live");
  expect(fills() - before).toBeLessThanOrEqual(2);
  expect(counted.count).toBeLessThan(40);
});

test("the first event of a quiet page is shown at once, the next ones together", async () => {
  const server = createModelServer();
  const page = await connect(server, createFarEnd(server));
  await pass(1_000);
  const counted = changes(page);
  for (const what of completes(1).slice(0, 4)) push(server, what);
  expect({ changes: counted.count, lastSeq: page.state.getState().lastSeq }).toEqual({ changes: 1, lastSeq: 1 });
  sleep(60); // no timer has fired; the next frame looks at the clock
  push(server, ...completes(1).slice(4, 5));
  expect(page.state.getState().lastSeq).toBe(5);
});

test("what is looked at is fetched though nobody told of it, kept complete, and forgotten when it is released", async () => {
  const server = createModelServer();
  for (const n of [1, 2]) for (const what of completes(n)) server.emit(what, 0);
  const end = createFarEnd(server);
  const page = await connect(server, end);
  const releases = [page.watch(intentId(2)), page.watch(intentId(2)), page.watch(intentId(77))];
  await pass(500);
  expect(intentOf(page.state.getState(), intentId(2))?.full).toBe(true);
  expect(page.state.getState().gone).toEqual([intentId(77)]);
  releases[0]?.();
  releases[0]?.();
  expect(page.state.getState().watched).toEqual([1, 2, 77].map(intentId));
  for (const release of releases) release();
  expect(page.state.getState().watched).toEqual([intentId(1)]);
  const asked = end.asked.filter((ask) => ask.endsWith(intentId(77)));
  expect(asked).toEqual([`GET /api/v1/intents/${intentId(77)}`]);
});

test("an intent that the server cannot tell well does not keep the others from being read", async () => {
  const server = createModelServer();
  for (const n of [1, 2]) for (const what of completes(n)) server.emit(what, 0);
  const end = createFarEnd(server);
  const intent = end.api.intent;
  const page = await connect(
    server,
    Object.assign(end, { api: { ...end.api, intent: (id: string) => intent(id === intentId(1) ? "x" : id) } }),
  );
  page.watch(intentId(2));
  await pass(500);
  expect(intentOf(page.state.getState(), intentId(2))?.full).toBe(true);
});

test("a command given while its intent is being read makes it be read once more", async () => {
  const server = createModelServer();
  for (const what of completes(1)) server.emit(what, 0);
  const end = createFarEnd(server);
  const page = await connect(server, end);
  await pass(5_000);
  end.latencyMs = 200;
  page.touch(intentId(1));
  await pass(100);
  page.touch(intentId(1));
  const before = end.asked.filter((ask) => ask.endsWith(intentId(1))).length;
  await pass(1_000);
  expect(end.asked.filter((ask) => ask.endsWith(intentId(1))).length - before).toBe(1);
});

const line: LogLine = {
  at: at(1),
  level: "info",
  intentId: intentId(1),
  jobId: jobId("a", 1),
  stage: "push",
  site: null,
  message: "pushed",
};

test("log lines are asked for while somebody looks at a log, and measured values are kept with the instant at which they were heard", async () => {
  const server = createModelServer();
  const lines: LogLine[] = [];
  const page = await connect(server, createFarEnd(server), { onLogs: (some) => lines.push(...some) });
  expect(newest().sent).toEqual(['{"type":"subscribe","since":0}']);
  const releases = [page.tailLogs(), page.tailLogs()];
  newest().say({ type: "subscribed", recovered: true, head: 0, events: [] });
  const measured = (seconds: number) => ({
    slice: "embb-1",
    site: "edge1",
    deploymentId: deploymentId(1),
    at: at(seconds),
    evidence: [evidence("edge1", "pass")],
  });
  newest().say({ type: "logs", lines: [line] });
  newest().say({ type: "metrics", measured: [measured(2)] });
  newest().say({ type: "metrics", measured: [measured(1)] });
  const { measured: kept } = page.live.getState();
  expect({ lines, kept }).toEqual({
    lines: [line],
    kept: { "embb-1 edge1": { ...measured(2), heardAt: Date.now() } },
  });
  for (const release of releases) release();
  expect(newest().sent.slice(1)).toEqual(['{"type":"subscribe","since":0,"logs":true}', '{"type":"subscribe","since":0}']);
});

test("a frame of a kind that only newer pages know is passed over", async () => {
  const server = createModelServer();
  const page = await connect(server, createFarEnd(server));
  newest().say({ type: "weather", sky: "blue" });
  push(server, ...completes(1).slice(0, 1));
  await pass(3_000);
  expect({ sent: newest().sent.length > 0, lastSeq: page.state.getState().lastSeq }).toEqual({ sent: true, lastSeq: 1 });
});

test("events that arrive together with a gap are applied up to it, and the rest comes from REST in order", async () => {
  const server = createModelServer();
  const told: number[] = [];
  const page = await connect(server, createFarEnd(server), { onEvents: (events) => told.push(...events.map((one) => one.seq)) });
  const log = completes(1).map((what) => server.emit(what, 0));
  newest().say({ type: "events", events: [...log.slice(0, 3), ...log.slice(5)].toReversed() });
  expect(page.state.getState().lastSeq).toBe(3);
  newest().say({ type: "events", events: [event(1, { type: "agent.online", data: { agentId: "a", name: "b" } })] });
  await pass(500);
  expect(told).toEqual(log.map((one) => one.seq));
});
