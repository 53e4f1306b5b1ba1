// The feed against a far end that answers, falls silent, cuts, refuses and loses frames. Time is the test's.
import { expect, test } from "vitest";
import { PING, PONG } from "../../protocol/room.ts";
import { deploymentById, recordOf } from "../../web/state/shown.ts";
import { createFarEnd, FakeSocket } from "./far-end.ts";
import { connect, newest, pass, push, start, stateOf, useLivePages } from "./live-page.ts";
import { createModelServer } from "./model-server.ts";
import { completes, noiseOfSitesAndAgents } from "./runs.ts";
import { deploymentId, intentId, plan } from "./sample.ts";

useLivePages();

test("it loads, subscribes from where the load ends, is live, and follows a run to its end", async () => {
  const server = createModelServer();
  for (const what of noiseOfSitesAndAgents(0)) server.emit(what, 0);
  const end = createFarEnd(server);
  const one = await connect(server, end);
  expect(newest().url).toMatch(/^ws:\/\/here:1\/parties\/room\/main\?_pk=[\w-]+&ticket=ticket-1$/);
  expect(newest().sent).toEqual(['{"type":"subscribe","since":4}']);
  expect(stateOf(one)).toBe("live");
  for (const what of completes(1)) push(server, what);
  await pass(1_000);
  const { outdated } = one.state.getState();
  expect(recordOf(one.state.getState(), intentId(1))).toEqual({ ...server.intent(intentId(1)), deployment: null });
  expect(deploymentById(one.state.getState(), deploymentId(1))).toEqual(server.deployments()[0]);
  expect(outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
  expect(stateOf(one)).toBe("live");
});

test("a gap in what the room says is filled from REST", async () => {
  const server = createModelServer();
  const one = await connect(server, createFarEnd(server));
  const [first, second, third] = completes(1).map((what) => server.emit(what, 0));
  newest().say({ type: "events", events: [first] });
  newest().say({ type: "events", events: [third] });
  expect({ lastSeq: one.state.getState().lastSeq, state: stateOf(one) }).toEqual({ lastSeq: 1, state: "catching_up" });
  await pass(100);
  expect(one.state.getState().events.slice(-3)).toEqual([third, second, first]);
  expect(stateOf(one)).toBe("live");
});

test("a frame that was lost without a trace is found by the beacon", async () => {
  const server = createModelServer();
  const one = await connect(server, createFarEnd(server));
  for (const what of noiseOfSitesAndAgents(0)) server.emit(what, 0);
  await pass(19_000);
  newest().say(PONG);
  await pass(12_000);
  expect(one.state.getState().lastSeq).toBe(4);
});

test("a room that cannot recover makes the page load everything again", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const one = start(end);
  await pass(50);
  for (const what of completes(1)) server.emit(what, 0);
  newest().accept();
  newest().say({ type: "subscribed", recovered: false, head: server.head(), events: [] });
  expect(stateOf(one)).toBe("catching_up");
  await pass(1_000);
  expect(recordOf(one.state.getState(), intentId(1))).toEqual({ ...server.intent(intentId(1)), deployment: null });
  expect(stateOf(one)).toBe("live");
});

test("a cut socket comes back with a fresh ticket from where it was, and misses nothing", async () => {
  const server = createModelServer();
  const one = await connect(server, createFarEnd(server));
  await pass(6_000);
  newest().cut();
  expect(stateOf(one)).toBe("catching_up");
  const missed = completes(1).map((what) => server.emit(what, 0));
  await pass(1_100);
  expect(FakeSocket.opened).toHaveLength(2);
  expect(newest().url).toContain("ticket=ticket-2");
  newest().accept();
  newest().say({ type: "subscribed", recovered: true, head: server.head(), events: missed });
  await pass(500);
  expect(one.state.getState().lastSeq).toBe(server.head());
  expect(stateOf(one)).toBe("live");
});

test("without a socket it polls, and says that it is stale when that fails too", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const one = await connect(server, end);
  const cutAt = Date.now();
  newest().cut();
  end.down = true;
  await pass(10_000);
  const { link } = one.live.getState();
  expect(stateOf(one)).toBe("stale");
  expect(link.syncedAt).toBeGreaterThanOrEqual(cutAt - 100);
  expect(link.syncedAt).toBeLessThanOrEqual(cutAt);
  for (const what of completes(1)) server.emit(what, 0);
  end.down = false;
  await pass(16_000); // the longest wait between two tries
  expect(one.state.getState().lastSeq).toBe(server.head());
});

test("it pings every 20 s and takes a socket that stays silent for a dead one", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  await connect(server, end);
  await pass(20_000);
  newest().say(PONG);
  await pass(44_000);
  expect(newest().sent.filter((frame) => frame === PING)).toHaveLength(3);
  expect(FakeSocket.opened).toHaveLength(1);
  await pass(4_000);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("when the network is said to be gone, a socket that does not answer in 5 s is left", async () => {
  const server = createModelServer();
  const one = await connect(server, createFarEnd(server));
  one.doubt();
  expect(newest().sent.at(-1)).toBe(PING);
  newest().say(PONG);
  await pass(8_000);
  expect({ sockets: FakeSocket.opened.length, state: stateOf(one) }).toEqual({ sockets: 1, state: "live" });
  one.doubt();
  await pass(6_000);
  expect(stateOf(one)).toBe("catching_up");
  await pass(4_000);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("back online, it does not wait for the rest of a long delay", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const one = await connect(server, end);
  end.down = true;
  newest().cut();
  await pass(60_000);
  end.down = false;
  one.nudge();
  await pass(50);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("a terminal close stops the tries until a person asks for another", async () => {
  const server = createModelServer();
  const one = await connect(server, createFarEnd(server));
  newest().cut(4403, "forbidden");
  await pass(60_000);
  expect(FakeSocket.opened).toHaveLength(1);
  expect(one.live.getState().link.stopped).toBe("The live connection was refused (forbidden). Try again, or sign in anew.");
  expect(stateOf(one)).toBe("stale");
  one.nudge();
  await pass(2_100);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("a frame that cannot be read makes a new connection instead of being skipped", async () => {
  const server = createModelServer();
  await connect(server, createFarEnd(server));
  newest().say('{"type":"events","events":[{"seq":"x"}]}');
  await pass(2_100);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("a token that is no longer accepted ends the session", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  await connect(server, end);
  end.accepted = false;
  newest().cut();
  await pass(2_100);
  expect(end.signedOut).toBe(1);
});

test("a first load that fails is tried again and tells why meanwhile", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  end.down = true;
  const one = start(end);
  await pass(500);
  expect(one.live.getState().problem?.message).toMatch(/did not answer/);
  end.down = false;
  await pass(3_000);
  expect({ loaded: one.state.getState().loaded, problem: one.live.getState().problem }).toEqual({ loaded: true, problem: null });
});

test("an installation that began anew replaces the page's state", async () => {
  const server = createModelServer();
  for (const what of completes(1)) server.emit(what, 0);
  const end = createFarEnd(server);
  const one = await connect(server, end);
  const anew = createFarEnd(createModelServer());
  Object.assign(end.api, anew.api);
  newest().cut();
  await pass(6_000);
  expect({ lastSeq: one.state.getState().lastSeq, intents: one.state.getState().intents.ids }).toEqual({ lastSeq: 0, intents: [] });
});

test("after it is stopped it asks nothing more", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const one = await connect(server, end);
  one.stop();
  const before = end.asked.length;
  await pass(60_000);
  expect(end.asked.length).toBe(before);
  expect(FakeSocket.opened).toHaveLength(1);
});

test("a deployment whose place another one took is read again, which no event tells", async () => {
  const server = createModelServer();
  for (const what of completes(2)) server.emit(what, 0);
  const end = createFarEnd(server);
  const page = await connect(server, end);
  const taken = { ...plan("embb-2", ["edge1"]), replaces: [{ site: "edge1", deploymentId: deploymentId(2) }] };
  for (const what of completes(1)) push(server, what.type === "krm.generating" ? { ...what, data: { plan: taken, warnings: [] } } : what);
  await pass(1_000);
  expect(end.asked.filter((ask) => ask.endsWith(deploymentId(2)))).toHaveLength(1);
  expect(page.state.getState().replaced).toEqual({});
});

test("when the network is gone the health of the parts is unknown, and no longer what it was", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  const ok = { status: "ok" as const, message: "" };
  const components = { worker: ok, d1: ok, room: ok, agents: ok, sites: ok, llm: ok };
  page.live.dispatch({ health: { status: "ok", protocol: 4, components } });
  end.down = true;
  await pass(16_000);
  expect(page.live.getState().health).toBeNull();
});
