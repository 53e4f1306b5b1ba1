// The feed in the troubles of a long day: cut for half a minute, asleep, throttled, offline, restarted, signed out. It ends as REST has it, and
// never says "live" of what it cannot know. Time is the test's.
import { expect, test } from "vitest";
import { PING, PONG } from "../../protocol/room.ts";
import { deploymentById, recordOf } from "../../web/state/shown.ts";
import { createFarEnd, FakeSocket } from "./far-end.ts";
import {
  accept,
  connect,
  freshnessOf,
  newest,
  type Page,
  pass,
  push,
  sleep,
  start,
  stateOf,
  untilTriedAgain,
  useLivePages,
} from "./live-page.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import { completes, noiseOfSitesAndAgents, revertsItself } from "./runs.ts";
import { deploymentId, intentId } from "./sample.ts";

useLivePages();

const TEN_MINUTES = 600_000;

function expectAllOf(server: ModelServer, page: Page): void {
  const state = page.state.getState();
  expect({ lastSeq: state.lastSeq, head: state.head }).toEqual({ lastSeq: server.head(), head: server.head() });
  expect(recordOf(state, intentId(1))).toEqual({ ...server.intent(intentId(1)), deployment: null });
  expect(deploymentById(state, deploymentId(1))).toEqual(server.deployments()[0]);
  expect(state.outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
}

/** The last socket answers its pings until told otherwise; what was answered already is not answered again. */
function answerPings(answered: { count: number }): void {
  const pings = newest().sent.filter((frame) => frame === PING).length;
  for (; answered.count < pings; answered.count += 1) newest().say(PONG);
}

test("a socket cut for 30 s: catching up, then stale since the cut, then live with all that happened", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  await pass(3_000);
  push(server, ...completes(1).slice(0, 2));
  await pass(100);
  const cutAt = Date.now();
  end.down = true;
  newest().cut();
  await pass(2_000);
  const before = server.head();
  for (const what of completes(1).slice(2)) server.emit(what, 0);
  expect(stateOf(page)).toBe("catching_up");
  await pass(7_000);
  expect(freshnessOf(page)).toEqual({ state: "stale", since: expect.any(Number), reason: null });
  expect(Math.abs((page.live.getState().link.syncedAt ?? 0) - cutAt)).toBeLessThan(1_000);
  await pass(21_000);
  end.down = false;
  await untilTriedAgain();
  await accept(server, server.log.slice(before));
  await pass(2_000);
  expectAllOf(server, page);
  expect(stateOf(page)).toBe("live");
});

test("a tab that slept for 10 min says so, believes no frame that waited, and comes back with a fresh ticket", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  push(server, ...completes(1).slice(0, 3));
  await pass(100);
  sleep(TEN_MINUTES);
  expect(stateOf(page)).toBe("stale");
  push(server, ...completes(1).slice(3, 4)); // it had arrived before the socket died
  expect(stateOf(page)).toBe("stale");
  const missed = completes(1)
    .slice(4)
    .map((what) => server.emit(what, 0));
  end.down = true; // the network is not back yet
  await pass(1_000);
  expect(stateOf(page)).toBe("stale");
  end.down = false;
  await pass(7_000);
  expect(FakeSocket.opened).toHaveLength(2);
  expect(newest().url).toContain("ticket=ticket-");
  await accept(server, missed);
  await pass(2_000);
  expectAllOf(server, page);
  expect(stateOf(page)).toBe("live");
});

test("a ticket that expired while the tab slept is replaced by a fresh one", async () => {
  const server = createModelServer();
  const page = start(createFarEnd(server));
  await pass(50);
  sleep(TEN_MINUTES);
  newest().accept();
  newest().cut(4501, "ticket");
  await pass(2_100);
  expect(FakeSocket.opened.map((socket) => /ticket-\d+/.exec(socket.url)?.[0])).toEqual(["ticket-1", "ticket-2"]);
  await accept(server);
  await pass(100);
  expect(stateOf(page)).toBe("live");
});

test("a tab that was long silent and is looked at again makes a new connection at once", async () => {
  const server = createModelServer();
  const page = await connect(server, createFarEnd(server));
  sleep(TEN_MINUTES);
  page.nudge();
  await pass(1_100);
  expect(FakeSocket.opened).toHaveLength(2);
});

test("too much missed in a sleep makes a new load, and lists are told that theirs is void", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  let replaced = 0;
  const page = await connect(server, end, { onReplaced: () => (replaced += 1) });
  push(server, ...completes(1).slice(0, 3));
  await pass(100);
  for (const what of completes(1).slice(3)) server.emit(what, 0);
  for (let round = 0; round < 1_500; round += 1) for (const what of noiseOfSitesAndAgents(0)) server.emit(what, 0);
  sleep(TEN_MINUTES);
  await pass(3_000);
  expectAllOf(server, page);
  expect({ replaced, generation: page.state.getState().generation }).toEqual({ replaced: 1, generation: 1 });
  expect(end.asked.filter((ask) => ask.includes("/events?")).length).toBeLessThan(10);
});

test("a hidden tab whose timers come once a minute keeps its well socket and follows what it says", async () => {
  const server = createModelServer();
  const page = await connect(server, createFarEnd(server));
  const answered = { count: 0 };
  for (const what of completes(1)) {
    sleep(59_000);
    await pass(1_000);
    answerPings(answered);
    sleep(59_000);
    push(server, what);
    expect(page.state.getState().lastSeq).toBe(server.head());
    answerPings(answered);
  }
  await pass(20);
  expect(FakeSocket.opened).toHaveLength(1);
  expect(stateOf(page)).toBe("live");
});

test("a worker that was restarted: the page returns from where it was, and what it commanded meanwhile is read again", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  push(server, ...revertsItself(1).slice(0, 6));
  await pass(1_000);
  end.down = true;
  newest().cut();
  await pass(6_000);
  end.down = false;
  const before = server.head();
  const missed = revertsItself(1)
    .slice(6)
    .map((what) => server.emit(what, 0));
  await untilTriedAgain();
  newest().accept();
  const { since } = JSON.parse(newest().sent[0] ?? "null") as { since: number };
  expect(since).toBeGreaterThanOrEqual(before);
  newest().say({ type: "subscribed", recovered: true, head: server.head(), events: missed.filter((one) => one.seq > since) });
  await pass(2_000);
  expectAllOf(server, page);
  expect(stateOf(page)).toBe("live");
});

test("offline is noticed before the silence limit, and back online all is asked at once", async () => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  await pass(1_000);
  end.down = true;
  page.doubt();
  push(server, ...completes(1).slice(0, 1)); // what it said before the network went
  await pass(6_000);
  expect(stateOf(page)).toBe("catching_up");
  await pass(20_000);
  expect(stateOf(page)).toBe("stale");
  for (const what of completes(1).slice(1)) server.emit(what, 0);
  end.down = false;
  page.nudge();
  await pass(100);
  expect(page.state.getState().lastSeq).toBe(server.head());
});

test.each([
  ["by the ticket", () => newest().cut(), 1],
  ["by REST", (page: Page) => page.touch(intentId(1)), 2], // the intent and the deployments were asked for together
])("after a token was refused %s nothing is asked any more, whatever happens", async (_how, trouble, refused) => {
  const server = createModelServer();
  const end = createFarEnd(server);
  const page = await connect(server, end);
  push(server, ...completes(1).slice(0, 2));
  await pass(2_000);
  end.accepted = false;
  const before = end.asked.length;
  trouble(page);
  await pass(3_000);
  expect(freshnessOf(page)).toMatchObject({ state: "stale", reason: "Your sign-in is no longer valid. Sign in again." });
  page.nudge();
  page.touch(intentId(1));
  await pass(TEN_MINUTES);
  expect({ signedOut: end.signedOut, asked: end.asked.length - before }).toEqual({ signedOut: 1, asked: refused });
});
