// Plays of the feed: a server in miniature whose events and answers reach the reducer in any order, in frames of any size, late, twice or never.
import fc from "fast-check";
import { expect } from "vitest";
import type { DurableEvent } from "../../protocol/event.ts";
import { type FeedAction, isBehind, reduceFeed } from "../../web/state/feed.ts";
import { EMPTY_FEED, type FeedState } from "../../web/state/model.ts";
import { createModelServer, type ModelServer, type ServerSize } from "./model-server.ts";
import { SCRIPTS } from "./runs.ts";

export const known = (state: FeedState) => ({
  lastSeq: state.lastSeq,
  head: state.head,
  events: state.events,
  intents: Object.fromEntries(state.intents.rows.map(({ record }) => [record.intentId, record])),
  deployments: Object.fromEntries(state.deployments.rows.map(({ deployment }) => [deployment.deploymentId, deployment])),
  sites: state.sites,
});

export function completed(state: FeedState, server: ModelServer): FeedState {
  let next = state.loaded ? state : reduceFeed(state, { type: "snapshot", snapshot: server.snapshot(server.head()) });
  next = reduceFeed(next, { type: "head", head: server.head() });
  for (let asks = 0; isBehind(next); asks += 1) {
    expect(asks).toBeLessThan(20); // bounded: a gap in the numbers is not asked for again and again
    next = reduceFeed(next, { type: "filled", after: next.lastSeq, page: server.events(next.lastSeq, 7) });
  }
  return next;
}

export function refreshed(state: FeedState, server: ModelServer): FeedState {
  const asOf = state.lastSeq;
  let next = state;
  for (const entry of state.intents.rows) {
    const id = entry.record.intentId;
    const loaded = server.intent(id);
    const due = !entry.full || state.outdated.intents[id] !== undefined;
    if (due && loaded !== undefined) next = reduceFeed(next, { type: "intent", asOf, record: loaded });
  }
  if (state.outdated.deployments > 0)
    next = reduceFeed(next, { type: "deployments", asOf, deployments: server.deployments(), newest: true });
  if (state.outdated.sites > 0) next = reduceFeed(next, { type: "sites", asOf, sites: server.sites() });
  return reduceFeed(next, { type: "agents", asOf, agents: [] });
}

export const fresh = (server: ModelServer) => refreshed(completed(EMPTY_FEED, server), server);

type Question = "snapshot" | "fill" | "intent" | "summaries" | "deployments" | "some deployments" | "sites";
type Step =
  | { kind: "emit"; script: number; skip: number; pushed: boolean; held: boolean }
  | { kind: "push"; from: number; count: number; shuffled: boolean }
  | { kind: "ask"; what: Question; late: boolean; pick: number }
  | { kind: "answer"; pick: number };

const index = fc.nat(99);
const question = fc.constantFrom<Question>(
  "snapshot",
  "fill",
  "fill",
  "intent",
  "intent",
  "intent",
  "summaries",
  "deployments",
  "some deployments",
  "sites",
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant("emit" as const),
      script: index,
      skip: fc.constantFrom(0, 0, 0, 0, 0, 0, 1),
      pushed: fc.constantFrom(true, true, true, false), // false: the frame was lost
      held: fc.boolean(), // gathered, to arrive together with the next one
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

export interface Played {
  state: FeedState;
  server: ModelServer;
  actions: readonly FeedAction[];
}

/** Plays the steps against a server whose runs go on side by side; answers come back in any order, events in frames of any size. */
export function play(steps: readonly Step[], runs: readonly number[], size: ServerSize = {}): Played {
  const server = createModelServer(size);
  const scripts = runs.map((script, n) => [...(SCRIPTS[script % SCRIPTS.length]?.(n + 1) ?? [])]);
  const answers: (() => FeedAction | undefined)[] = [];
  const actions: FeedAction[] = [];
  let frame: DurableEvent[] = [];
  let state = EMPTY_FEED;
  const act = (action: FeedAction | undefined) => {
    if (action === undefined) return;
    actions.push(action);
    state = reduceFeed(state, action);
  };

  const ask = ({ what, late, pick }: Extract<Step, { kind: "ask" }>): (() => FeedAction | undefined) => {
    const asOf = what === "snapshot" ? server.head() : state.lastSeq;
    const id = server.ids()[pick % Math.max(1, server.ids().length)];
    const read = () => answerOf(server, { what, asOf, id });
    if (late) return read;
    const now = read();
    return () => now;
  };

  act({ type: "snapshot", snapshot: server.snapshot(0) });
  for (const each of steps) {
    if (each.kind === "emit") {
      const going = scripts.filter((script) => script.length > 0);
      const next = going[each.script % Math.max(1, going.length)]?.shift();
      if (next === undefined) continue;
      const happened = server.emit(next, each.skip);
      if (each.pushed) frame.push(happened);
      if (each.held) continue;
      act({ type: "events", events: frame });
      frame = [];
    } else if (each.kind === "push") {
      const from = Math.max(0, server.log.length - each.from);
      const events = server.log.slice(from, from + each.count);
      if (events.length > 0) act({ type: "events", events: each.shuffled ? events.toReversed() : events });
    } else if (each.kind === "ask") {
      answers.push(ask(each));
    } else {
      const [answer] = answers.splice(each.pick % Math.max(1, answers.length), 1);
      act(answer?.());
    }
  }
  return { state, server, actions };
}

interface Asked {
  what: Question;
  asOf: number;
  id: string | undefined;
}

function answerOf(server: ModelServer, { what, asOf, id }: Asked): FeedAction | undefined {
  const loaded = id === undefined ? undefined : server.intent(id);
  switch (what) {
    case "snapshot":
      return { type: "snapshot", snapshot: server.snapshot(asOf) };
    case "fill":
      return { type: "filled", after: asOf, page: server.events(asOf, 5) };
    case "deployments":
      return { type: "deployments", asOf, deployments: server.deployments(), newest: true };
    case "some deployments":
      return { type: "deployments", asOf, deployments: server.deployments().slice(0, 1) };
    case "sites":
      return { type: "sites", asOf, sites: server.sites() };
    case "summaries":
      return { type: "summaries", asOf, intents: server.snapshot(asOf).intents.slice(-2) };
    case "intent":
      return loaded === undefined ? undefined : { type: "intent", asOf, record: loaded };
  }
}

export const plays = fc.tuple(
  fc.array(step, { minLength: 60, maxLength: 220, size: "max" }),
  fc.array(index, { minLength: 1, maxLength: 3 }),
);
