// The reducer of the feed: whatever the order of loads and events, with duplicates and gaps, it ends as a fresh load does.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FeedAction, isBehind, reduceFeed } from "../../web/state/feed.ts";
import { EMPTY_FEED, EVENT_LIMIT, type FeedState, FRUITLESS_FILLS, INTENT_LIMIT } from "../../web/state/model.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import { completes, SCRIPTS } from "./runs.ts";
import { at, deploymentId, event, intentId, record } from "./sample.ts";

const known = (state: FeedState) => ({
  lastSeq: state.lastSeq,
  head: state.head,
  events: state.events,
  intents: Object.fromEntries(Object.entries(state.intents).map(([id, entry]) => [id, entry.record])),
  deployments: Object.fromEntries(Object.entries(state.deployments).map(([id, entry]) => [id, entry.deployment])),
  sites: state.sites,
});

function completed(state: FeedState, server: ModelServer): FeedState {
  let next = state.loaded ? state : reduceFeed(state, { type: "snapshot", snapshot: server.snapshot(server.head()) });
  next = reduceFeed(next, { type: "head", head: server.head() });
  for (let asks = 0; isBehind(next); asks += 1) {
    expect(asks).toBeLessThan(20); // bounded: a gap in the numbers is not asked for again and again
    next = reduceFeed(next, { type: "filled", after: next.lastSeq, page: server.events(next.lastSeq, 7) });
  }
  return next;
}

function refreshed(state: FeedState, server: ModelServer): FeedState {
  const asOf = state.lastSeq;
  let next = state;
  for (const [id, entry] of Object.entries(state.intents)) {
    const loaded = server.intent(id);
    const due = !entry.full || state.outdated.intents[id] !== undefined;
    if (due && loaded !== undefined) next = reduceFeed(next, { type: "intent", asOf, record: loaded });
  }
  if (state.outdated.deployments > 0) next = reduceFeed(next, { type: "deployments", asOf, deployments: server.deployments() });
  if (state.outdated.sites > 0) next = reduceFeed(next, { type: "sites", asOf, sites: server.sites() });
  return reduceFeed(next, { type: "agents", asOf, agents: [] });
}

const fresh = (server: ModelServer) => refreshed(completed(EMPTY_FEED, server), server);

type Question = "snapshot" | "fill" | "intent" | "deployments" | "sites";
type Step =
  | { kind: "emit"; script: number; skip: number; pushed: boolean }
  | { kind: "push"; from: number; count: number; shuffled: boolean }
  | { kind: "ask"; what: Question; late: boolean; pick: number }
  | { kind: "answer"; pick: number };

const index = fc.nat(99);
const question = fc.constantFrom<Question>("snapshot", "fill", "fill", "intent", "intent", "intent", "deployments", "sites");
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant("emit" as const),
      script: index,
      skip: fc.constantFrom(0, 0, 0, 0, 0, 0, 1),
      pushed: fc.constantFrom(true, true, true, false), // false: the frame was lost
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("push" as const),
      from: fc.nat(12),
      count: fc.integer({ min: 1, max: 12 }),
      shuffled: fc.boolean(),
    }),
  },
  // late: the server reads when it answers, not when it is asked.
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("ask" as const), what: question, late: fc.boolean(), pick: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick: index }) },
);

/** Plays the steps against a server whose runs go on side by side; answers come back in any order. */
function play(steps: readonly Step[], runs: readonly number[]): { state: FeedState; server: ModelServer } {
  const server = createModelServer();
  const scripts = runs.map((script, n) => [...(SCRIPTS[script % SCRIPTS.length]?.(n + 1) ?? [])]);
  const answers: (() => FeedAction | undefined)[] = [];
  let state = reduceFeed(EMPTY_FEED, { type: "snapshot", snapshot: server.snapshot(0) });

  const ask = (what: Extract<Step, { kind: "ask" }>): (() => FeedAction | undefined) => {
    const asOf = what.what === "snapshot" ? server.head() : state.lastSeq;
    const id = server.ids()[what.pick % Math.max(1, server.ids().length)];
    const read = (): FeedAction | undefined => {
      if (what.what === "snapshot") return { type: "snapshot", snapshot: server.snapshot(asOf) };
      if (what.what === "fill") return { type: "filled", after: asOf, page: server.events(asOf, 5) };
      if (what.what === "deployments") return { type: "deployments", asOf, deployments: server.deployments() };
      if (what.what === "sites") return { type: "sites", asOf, sites: server.sites() };
      const loaded = id === undefined ? undefined : server.intent(id);
      return loaded === undefined ? undefined : { type: "intent", asOf, record: loaded };
    };
    if (what.late) return read;
    const now = read();
    return () => now;
  };

  for (const each of steps) {
    if (each.kind === "emit") {
      const going = scripts.filter((script) => script.length > 0);
      const next = going[each.script % Math.max(1, going.length)]?.shift();
      const happened = next === undefined ? undefined : server.emit(next, each.skip);
      if (happened !== undefined && each.pushed) state = reduceFeed(state, { type: "events", events: [happened] });
    } else if (each.kind === "push") {
      const from = Math.max(0, server.log.length - each.from);
      const events = server.log.slice(from, from + each.count);
      if (events.length > 0) state = reduceFeed(state, { type: "events", events: each.shuffled ? events.toReversed() : events });
    } else if (each.kind === "ask") {
      answers.push(ask(each));
    } else {
      const [answer] = answers.splice(each.pick % Math.max(1, answers.length), 1);
      const action = answer?.();
      if (action !== undefined) state = reduceFeed(state, action);
    }
  }
  return { state, server };
}

const plays = fc.tuple(fc.array(step, { minLength: 60, maxLength: 220, size: "max" }), fc.array(index, { minLength: 1, maxLength: 3 }));

test("any interleaving of loads and events, with duplicates and gaps, ends as a fresh load does", () => {
  fc.assert(
    fc.property(plays, ([steps, runs]) => {
      const { state, server } = play(steps, runs);
      const end = refreshed(completed(state, server), server);
      expect(known(end)).toEqual(known(fresh(server)));
      expect(end.outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
    }),
    { numRuns: 400 },
  );
});

test("before anything is asked again, status and stage of every intent and the sites of every known deployment are the server's", () => {
  const intents = (state: FeedState) =>
    Object.values(state.intents).map(({ record: { intentId: id, status, stage } }) => ({ id, status, stage }));
  const places = (state: FeedState) =>
    Object.values(state.deployments).map(({ deployment: { deploymentId: id, status, commit, sites } }) => ({ id, status, commit, sites }));
  fc.assert(
    fc.property(plays, ([steps, runs]) => {
      const { state, server } = play(steps, runs);
      const seen = completed(state, server);
      const there = fresh(server);
      expect(intents(seen)).toEqual(expect.arrayContaining(intents(there)));
      expect(places(there)).toEqual(expect.arrayContaining(places(seen)));
    }),
    { numRuns: 400 },
  );
});

function loaded(): { state: FeedState; server: ModelServer } {
  const server = createModelServer();
  for (const happened of completes(1).slice(0, 3)) server.emit(happened, 0);
  return { state: reduceFeed(EMPTY_FEED, { type: "snapshot", snapshot: server.snapshot(server.head()) }), server };
}

test("an event that comes twice is applied once", () => {
  const { state } = loaded();
  const next = event(4, { type: "agent.online", data: { agentId: "agt_1", name: "vm-1" } });
  const once = reduceFeed(state, { type: "events", events: [next] });
  expect(reduceFeed(once, { type: "events", events: [next, next] })).toBe(once);
});

test("an event ahead of its predecessor waits for the fill, and the page knows that it is behind", () => {
  const { state } = loaded();
  const ahead = event(6, { type: "agent.online", data: { agentId: "agt_1", name: "vm-1" } });
  const next = reduceFeed(state, { type: "events", events: [ahead] });
  expect({ lastSeq: next.lastSeq, head: next.head, behind: isBehind(next), rows: next.events.length }).toEqual({
    lastSeq: 3,
    head: 6,
    behind: true,
    rows: 3,
  });
});

test("numbers that no event has are passed over after one ask", () => {
  const { state } = loaded();
  const ahead = event(6, { type: "agent.online", data: { agentId: "agt_1", name: "vm-1" } });
  const behind = reduceFeed(state, { type: "events", events: [ahead] });
  const filled = reduceFeed(behind, { type: "filled", after: 3, page: { events: [ahead], head: 6 } });
  expect({ lastSeq: filled.lastSeq, head: filled.head, newest: filled.events[0]?.seq }).toEqual({ lastSeq: 6, head: 6, newest: 6 });
});

test("a head that the server itself never reaches is believed no more after a few asks", () => {
  let { state } = loaded();
  state = reduceFeed(state, { type: "head", head: 9 });
  for (let ask = 0; ask < FRUITLESS_FILLS; ask += 1) {
    expect(isBehind(state)).toBe(true);
    state = reduceFeed(state, { type: "filled", after: 3, page: { events: [], head: 3 } });
  }
  expect({ lastSeq: state.lastSeq, head: state.head }).toEqual({ lastSeq: 3, head: 3 });
});

test("a snapshot of another history replaces everything", () => {
  const { state } = loaded();
  const first = event(1, { type: "agent.online", data: { agentId: "agt_2", name: "vm-9" }, lineage: "b" });
  const snapshot = { asOf: 1, events: [first], intents: [], deployments: [], sites: [], agents: [] };
  const next = reduceFeed(state, { type: "snapshot", snapshot });
  expect(known(next)).toEqual({ lastSeq: 1, head: 1, events: [first], intents: {}, deployments: {}, sites: [] });
});

test("an answer that was overtaken by a newer one is dropped", () => {
  const { state } = loaded();
  const newer = reduceFeed(state, { type: "intent", asOf: 3, record: record({ text: "newer" }) });
  const older = reduceFeed(newer, { type: "intent", asOf: 2, record: record({ text: "older" }) });
  expect(older).toBe(newer);
});

test("the push of an intent shows its sites before REST is asked again", () => {
  const server = createModelServer();
  let state = reduceFeed(EMPTY_FEED, { type: "snapshot", snapshot: server.snapshot(0) });
  for (const happened of completes(1).slice(0, 6)) state = reduceFeed(state, { type: "events", events: [server.emit(happened, 0)] });
  expect(state.deployments[deploymentId(1)]?.deployment.sites.map(({ site, state: at }) => [site, at])).toEqual([
    ["edge1", "pending"],
    ["edge2", "pending"],
  ]);
  expect(state.intents[intentId(1)]?.record.status).toBe("running");
});

test("the page keeps a bounded number of events and intents, the newest", () => {
  let state = reduceFeed(EMPTY_FEED, {
    type: "snapshot",
    snapshot: { asOf: 0, events: [], intents: [], deployments: [], sites: [], agents: [] },
  });
  const count = INTENT_LIMIT + 50;
  for (let n = 1; n <= count; n += 1) {
    const received = { text: "x", targetSites: [], by: "ada", dryRun: false };
    state = reduceFeed(state, { type: "events", events: [event(n, { type: "intent.received", intent: n, data: received })] });
  }
  expect(state.events).toHaveLength(EVENT_LIMIT);
  expect(state.events[0]?.at).toBe(at(count));
  expect(Object.keys(state.intents)).toHaveLength(INTENT_LIMIT);
  expect(state.intents[intentId(count)]).toBeDefined();
});

test("a person's command makes its intent and the deployments be read again", () => {
  const { state } = loaded();
  const full = reduceFeed(state, { type: "intent", asOf: 3, record: record() });
  expect(full.outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
  const touched = reduceFeed(full, { type: "recheck", intentId: intentId(1) });
  expect(touched.outdated).toEqual({ intents: { [intentId(1)]: 3 }, deployments: 3, sites: 0, agents: 0 });
});
