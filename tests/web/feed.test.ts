// The reducer of the feed: whatever the order of loads and events, with duplicates and gaps, it ends as a fresh load does.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { DurableEvent } from "../../protocol/event.ts";
import { type FeedAction, isBehind, reduceFeed } from "../../web/state/feed.ts";
import { EMPTY_FEED, EVENT_LIMIT, type FeedState, FRUITLESS_FILLS, INTENT_LIMIT } from "../../web/state/model.ts";
import { deploymentById, recordOf } from "../../web/state/shown.ts";
import { completed, fresh, known, play, plays, refreshed } from "./feed-play.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import { completes } from "./runs.ts";
import { at, deploymentId, event, intentId, record } from "./sample.ts";

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

test("frames of any size end exactly as the same events one by one", () => {
  fc.assert(
    fc.property(plays, ([steps, runs]) => {
      const { state, actions } = play(steps, runs);
      const single = actions.flatMap((action) => (action.type === "events" ? inOrder(action.events) : [action]));
      expect(single.reduce(reduceFeed, EMPTY_FEED)).toEqual(state);
    }),
    { numRuns: 400 },
  );
});

function inOrder(events: readonly DurableEvent[]): FeedAction[] {
  return events.toSorted((a, b) => a.seq - b.seq).map((one) => ({ type: "events", events: [one] }));
}

test("where a first look reaches only a little way back, all that the page holds is still the server's in the end", () => {
  fc.assert(
    fc.property(plays, fc.integer({ min: 1, max: 8 }), ([steps, runs], reach) => {
      const { state, server } = play(steps, runs, { reach, page: 1 });
      const end = refreshed(completed(state, server), server);
      for (const { record: shown } of end.intents.rows) expect(shown).toEqual({ ...server.intent(shown.intentId), deployment: null });
      for (const { deployment } of end.deployments.rows) expect(server.deployments()).toContainEqual(deployment);
      expect(end.sites).toEqual(server.sites());
      expect(end.outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
    }),
    { numRuns: 400 },
  );
});

test("before anything is asked again, status and stage of every intent and the sites of every known deployment are the server's", () => {
  const intents = (state: FeedState) => state.intents.rows.map(({ record: { intentId: id, status, stage } }) => ({ id, status, stage }));
  const places = (state: FeedState) =>
    state.deployments.rows.map(({ deployment: { deploymentId: id, status, commit, sites } }) => ({ id, status, commit, sites }));
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
  expect(deploymentById(state, deploymentId(1))?.sites.map(({ site, state: at }) => [site, at])).toEqual([
    ["edge1", "pending"],
    ["edge2", "pending"],
  ]);
  expect(recordOf(state, intentId(1))?.status).toBe("running");
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
  expect(state.intents.ids).toHaveLength(INTENT_LIMIT);
  expect(state.intents.rows).toHaveLength(INTENT_LIMIT);
  expect(recordOf(state, intentId(count))).not.toBeNull();
});

test("a person's command makes its intent and the deployments be read again", () => {
  const { state } = loaded();
  const full = reduceFeed(state, { type: "intent", asOf: 3, record: record() });
  expect(full.outdated).toEqual({ intents: {}, deployments: 0, sites: 0, agents: 0 });
  const touched = reduceFeed(full, { type: "recheck", intentId: intentId(1) });
  expect(touched.outdated).toEqual({ intents: { [intentId(1)]: 3 }, deployments: 3, sites: 0, agents: 0 });
});
