// What the page knows, and the one reducer by which it comes to know it: loads from REST and durable events, in any interleaving.
//
// Every load carries `asOf`: the seq up to which the page had everything when the request was sent. The answer is at least that new,
// so later events are applied to it again; applying them twice in order does no harm (records.ts).
import type { AgentView } from "../../protocol/agent.ts";
import type { EventPage, IntentRecord, IntentSummary } from "../../protocol/api.ts";
import type { Deployment, DeploymentStatus } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import { applyEvent } from "./apply.ts";
import { putAgents, putDeployments, putIntent, putSites, putSummaries } from "./loads.ts";
import { EMPTY_FEED, EVENT_LIMIT, type FeedState, FRUITLESS_FILLS } from "./model.ts";
import { isSettled } from "./pipeline.ts";

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
  | { type: "gone"; intentId: string } // the server knows it no more
  | { type: "recheck"; intentId: string | "unsettled" } // some changes have no event of their own: read again
  | { type: "deployments"; asOf: number; deployments: readonly Deployment[] }
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
    case "gone": {
      const { [action.intentId]: _gone, ...intents } = state.intents;
      return { ...state, intents };
    }
    case "recheck":
      return recheck(state, action.intentId);
    case "deployments":
      return putDeployments(state, action.asOf, action.deployments);
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
  let next = state;
  for (const event of [...events].sort(bySeq)) {
    if (event.seq <= next.lastSeq) continue;
    // Ahead of a predecessor: it is not applied now, the fill brings it in its place.
    if (!next.loaded || event.seq > next.lastSeq + 1) {
      const head = Math.max(next.head, event.seq);
      return reduceFeed(next, { type: "head", head: events.reduce((max, e) => Math.max(max, e.seq), head) });
    }
    next = applyEvent(next, event);
  }
  return next;
}

function fill(state: FeedState, after: number, page: EventPage): FeedState {
  if (!state.loaded || after > state.lastSeq) return state;
  let next = state;
  const events = [...page.events].sort(bySeq);
  for (const event of events) if (event.seq > next.lastSeq) next = applyEvent(next, event);
  const last = events.at(-1)?.seq ?? page.head;
  // Up to the end of the page nothing else exists: numbers that are missing in it were never given to an event.
  const lastSeq = Math.max(next.lastSeq, last);
  const fruitless = lastSeq === state.lastSeq && page.head < state.head;
  const fruitlessFills = fruitless ? state.fruitlessFills + 1 : 0;
  const head = fruitlessFills >= FRUITLESS_FILLS ? lastSeq : Math.max(next.head, page.head, lastSeq);
  return { ...next, lastSeq, head, fruitlessFills: fruitlessFills >= FRUITLESS_FILLS ? 0 : fruitlessFills };
}

function takeSnapshot(state: FeedState, snapshot: Snapshot): FeedState {
  const base = sharesHistory(state, snapshot) ? state : EMPTY_FEED;
  const known = new Map(base.events.map((event) => [event.seq, event]));
  for (const event of snapshot.events) if (event.seq <= Math.max(snapshot.asOf, base.lastSeq)) known.set(event.seq, event);
  const events = [...known.values()].sort((a, b) => b.seq - a.seq).slice(0, EVENT_LIMIT);
  const lastSeq = Math.max(base.lastSeq, snapshot.asOf);
  let next: FeedState = { ...base, loaded: true, lastSeq, head: Math.max(base.head, lastSeq), events };
  next = putSummaries(next, snapshot.asOf, snapshot.intents);
  next = putDeployments(next, snapshot.asOf, snapshot.deployments);
  next = putSites(next, snapshot.asOf, snapshot.sites);
  next = putAgents(next, snapshot.asOf, snapshot.agents);
  return takeEvents(next, snapshot.events);
}

function recheck(state: FeedState, intentId: string | "unsettled"): FeedState {
  const intents: Record<string, number> = { ...state.outdated.intents };
  for (const [id, { record }] of Object.entries(state.intents)) {
    if (id === intentId || (intentId === "unsettled" && !isSettled(record))) intents[id] = state.lastSeq;
  }
  const moving = Object.values(state.deployments).some(({ deployment }) => !RESTING.includes(deployment.status));
  const deployments = moving || intentId !== "unsettled" ? state.lastSeq : state.outdated.deployments;
  return { ...state, outdated: { ...state.outdated, intents, deployments } };
}

/**
 * Whether what we have and the snapshot meet. If they do not, too much was missed, or the installation began anew (a fresh data
 * directory counts from 1 again); either way nothing of what we have is worth keeping, and the kept events must have no hole.
 */
function sharesHistory(state: FeedState, snapshot: Snapshot): boolean {
  const ids = new Map(state.events.map((event) => [event.seq, event.id]));
  const common = snapshot.events.filter((event) => ids.has(event.seq));
  return common.length > 0 && common.every((event) => ids.get(event.seq) === event.id);
}
