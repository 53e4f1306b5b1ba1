// What the page knows, and the one reducer by which it comes to know it: loads from REST and durable events, in any interleaving.
//
// Every load carries `asOf`: the seq up to which the page had everything when the request was sent. The answer is at least that new,
// so later events are applied to it again; applying them twice in order does no harm (records.ts).
import type { AgentView } from "../../protocol/agent.ts";
import type { EventPage, IntentRecord, IntentSummary } from "../../protocol/api.ts";
import type { Deployment, DeploymentStatus } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import { applyEvents } from "./apply.ts";
import { putAgents, putDeployments, putIntent, putSites, putSummaries } from "./loads.ts";
import { appended, since } from "./log.ts";
import { EMPTY_FEED, EVENT_LIMIT, type FeedState, FRUITLESS_FILLS, GONE_LIMIT } from "./model.ts";
import { isSettled } from "./pipeline.ts";
import { intentOf } from "./shown.ts";
import { closeWorld, dropIntent, openWorld } from "./world.ts";

export interface Snapshot {
  asOf: number;
  events: readonly DurableEvent[]; // the newest ones up to asOf, and perhaps some after it
  intents: readonly IntentSummary[];
  deployments: readonly Deployment[];
  sites: readonly Site[];
  agents: readonly AgentView[];
}

export type FeedAction =
  | { type: "snapshot"; snapshot: Snapshot }
  | { type: "events"; events: readonly DurableEvent[] } // pushed by the room
  | { type: "filled"; after: number; page: EventPage } // told by the server as complete from `after` on
  | { type: "head"; head: number }
  | { type: "intent"; asOf: number; record: IntentRecord }
  | { type: "gone"; intentId: string } // the server does not know it
  | { type: "watched"; intentIds: readonly string[] } // all that are looked at now
  | { type: "recheck"; intentId: string | "unsettled" } // some changes have no event of their own: read again
  | { type: "summaries"; asOf: number; intents: readonly IntentSummary[] } // a page of the history
  | { type: "deployments"; asOf: number; deployments: readonly Deployment[]; newest?: boolean } // newest: the first page of all
  | { type: "sites"; asOf: number; sites: readonly Site[] }
  | { type: "agents"; asOf: number; agents: readonly AgentView[] };

export function reduceFeed(state: FeedState, action: FeedAction): FeedState {
  switch (action.type) {
    case "snapshot":
      return takeSnapshot(state, action.snapshot);
    case "events":
      return takeEvents(state, action.events);
    case "filled":
      return fill(state, action.after, action.page);
    case "head":
      return action.head > state.head ? { ...state, head: action.head } : state;
    case "intent":
      return putIntent(state, action.asOf, action.record);
    case "gone":
      return forget(state, action.intentId);
    case "watched":
      return watch(state, action.intentIds);
    case "recheck":
      return recheck(state, action.intentId);
    case "summaries":
      return putSummaries(state, action.asOf, action.intents);
    case "deployments":
      return putDeployments(state, { newest: false, ...action });
    case "sites":
      return putSites(state, action.asOf, action.sites);
    case "agents":
      return putAgents(state, action.asOf, action.agents);
  }
}

/** Whether events are missing that the server has. */
export function isBehind(state: Pick<FeedState, "lastSeq" | "head">): boolean {
  return state.head > state.lastSeq;
}

const RESTING: readonly DeploymentStatus[] = ["live", "failed", "reverted", "superseded"];

const bySeq = (a: DurableEvent, b: DurableEvent) => a.seq - b.seq;

function takeEvents(state: FeedState, events: readonly DurableEvent[]): FeedState {
  const next: DurableEvent[] = [];
  let last = state.lastSeq;
  let head = state.head;
  for (const event of [...events].sort(bySeq)) {
    head = Math.max(head, event.seq);
    // Ahead of a predecessor: it is not applied now, the fill brings it in its place.
    if (!state.loaded || event.seq !== last + 1) continue;
    next.push(event);
    last = event.seq;
  }
  const applied = applyEvents(state, next);
  return head > applied.head ? { ...applied, head } : applied;
}

/** In order, each once, without those that are known. */
function newer(events: readonly DurableEvent[], lastSeq: number): DurableEvent[] {
  const sorted = events.filter((event) => event.seq > lastSeq).sort(bySeq);
  return sorted.filter((event, index) => event.seq !== sorted[index - 1]?.seq);
}

function fill(state: FeedState, after: number, page: EventPage): FeedState {
  if (!state.loaded || after > state.lastSeq) return state;
  const next = applyEvents(state, newer(page.events, state.lastSeq));
  const last = page.events.reduce((max, event) => Math.max(max, event.seq), 0);
  // Up to the end of the page nothing else exists: numbers that are missing in it were never given to an event.
  const lastSeq = Math.max(next.lastSeq, last > 0 ? last : page.head);
  const fruitless = lastSeq === state.lastSeq && page.head < state.head;
  const fruitlessFills = fruitless ? state.fruitlessFills + 1 : 0;
  const head = fruitlessFills >= FRUITLESS_FILLS ? lastSeq : Math.max(next.head, page.head, lastSeq);
  return { ...next, lastSeq, head, fruitlessFills: fruitlessFills >= FRUITLESS_FILLS ? 0 : fruitlessFills };
}

function takeSnapshot(state: FeedState, snapshot: Snapshot): FeedState {
  const { asOf } = snapshot;
  const before = newer(snapshot.events, 0).filter((event) => event.seq <= asOf);
  const base = sharesHistory(state, snapshot) ? applyEvents(state, newer(before, state.lastSeq)) : begun(state, before, asOf);
  const lastSeq = Math.max(base.lastSeq, asOf);
  let next: FeedState = { ...base, loaded: true, lastSeq, head: Math.max(base.head, lastSeq) };
  next = putSummaries(next, asOf, snapshot.intents);
  next = putDeployments(next, { asOf, deployments: snapshot.deployments, newest: true });
  next = putSites(next, asOf, snapshot.sites);
  next = putAgents(next, asOf, snapshot.agents);
  return takeEvents(next, snapshot.events);
}

/** A history that begins with these events. What is looked at stays so. */
function begun({ loaded, generation, watched }: FeedState, events: readonly DurableEvent[], asOf: number): FeedState {
  const from = (events[0]?.seq ?? asOf + 1) - 1;
  return {
    ...EMPTY_FEED,
    generation: loaded ? generation + 1 : generation,
    watched,
    events: events.slice(-EVENT_LIMIT).reverse(),
    log: appended({ from, size: 0, chunks: [] }, events),
  };
}

function forget(state: FeedState, intentId: string): FeedState {
  const world = openWorld(state);
  dropIntent(world, intentId);
  return { ...closeWorld(state, world), gone: [...state.gone.filter((id) => id !== intentId), intentId].slice(-GONE_LIMIT) };
}

/** What comes into view anew is asked for even if the server did not know it before. */
function watch(state: FeedState, watched: readonly string[]): FeedState {
  const added = watched.filter((id) => !state.watched.includes(id));
  return { ...state, watched, gone: state.gone.filter((id) => !added.includes(id)) };
}

function recheck(state: FeedState, intentId: string | "unsettled"): FeedState {
  const intents: Record<string, number> = { ...state.outdated.intents };
  for (const id of state.full) {
    const entry = intentOf(state, id);
    if (id === intentId || (intentId === "unsettled" && entry !== undefined && !isSettled(entry.record))) intents[id] = state.lastSeq;
  }
  const moving = state.deployments.rows.some(({ deployment }) => !RESTING.includes(deployment.status));
  const deployments = moving || intentId !== "unsettled" ? state.lastSeq : state.outdated.deployments;
  return { ...state, outdated: { ...state.outdated, intents, deployments } };
}

/**
 * Whether what we have and the snapshot meet. If they do not, too much was missed, or the installation began anew (a fresh data
 * directory counts from 1 again); either way nothing of what we have is worth keeping, and the kept events must have no hole.
 */
function sharesHistory(state: FeedState, snapshot: Snapshot): boolean {
  const first = snapshot.events.reduce((least, event) => Math.min(least, event.seq), Number.POSITIVE_INFINITY);
  const ids = new Map(since(state.log, first - 1).map((event) => [event.seq, event.id]));
  const common = snapshot.events.filter((event) => ids.has(event.seq));
  return common.length > 0 && common.every((event) => ids.get(event.seq) === event.id);
}
