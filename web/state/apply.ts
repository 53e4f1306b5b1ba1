// One durable event, in its turn, applied to all the page knows; and the note of what REST has to complete afterwards.
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import { eventData } from "../../protocol/event.ts";
import { SETTLED_INTENT_STATUSES } from "../../protocol/intent.ts";
import { EVENT_LIMIT, type FeedState, INTENT_LIMIT, type IntentEntry, type Outdated } from "./model.ts";
import { applyToDeployment, applyToIntent, deploymentOfEvent, recordOfEvent } from "./records.ts";

/** These tell all there is to know about the intent; any other event of an intent leaves something for REST to add. */
const COMPLETE_IN_THEMSELVES: ReadonlySet<EventType> = new Set(["edge.deploying", "edge.deployed", "slo.validating"]);

const TOUCHES_DEPLOYMENTS: ReadonlySet<EventType> = new Set([
  "gitops.pushing",
  "gitops.pushed",
  "edge.failed",
  "slo.validated",
  "rollback.initiated",
  "rollback.completed",
  "rollback.failed",
  "intent.completed", // may supersede the slice's deployment before
  "intent.failed",
  "intent.cancelled",
  "intent.rolled_back",
  "decision.requested",
]);

const TOUCHES_SITES: ReadonlySet<EventType> = new Set([
  "edge.deployed",
  "edge.failed",
  "intent.completed",
  "rollback.completed",
  "site.updated",
]);

const TOUCHES_AGENTS: ReadonlySet<EventType> = new Set(["agent.online", "agent.offline"]);

/** `event.seq` must be the next one; the caller has seen to that. */
export function applyEvent(state: FeedState, event: DurableEvent): FeedState {
  const next: FeedState = {
    ...state,
    lastSeq: event.seq,
    head: Math.max(state.head, event.seq),
    fruitlessFills: 0,
    events: [event, ...state.events].slice(0, EVENT_LIMIT),
    outdated: outdatedBy(state, event),
  };
  next.intents = intentsAfter(next, event);
  next.deployments = deploymentsAfter(next, event);
  next.sites = sitesAfter(next, event);
  return next;
}

function intentsAfter(state: FeedState, event: DurableEvent): FeedState["intents"] {
  if (event.intentId === null) return state.intents;
  const entry = state.intents[event.intentId];
  const before = entry?.record ?? recordOfEvent(event);
  if (before === undefined) return state.intents;
  const record = applyToIntent(before, event);
  return bounded({ ...state.intents, [event.intentId]: { record, full: entry?.full ?? false, asOf: entry?.asOf ?? 0 } });
}

/** The newest intents only. */
export function bounded(intents: Record<string, IntentEntry>): Record<string, IntentEntry> {
  const ids = Object.keys(intents);
  if (ids.length <= INTENT_LIMIT) return intents;
  const dropped = new Set(ids.sort().slice(0, -INTENT_LIMIT)); // ids sort by time
  return Object.fromEntries(Object.entries(intents).filter(([id]) => !dropped.has(id)));
}

function deploymentsAfter(state: FeedState, event: DurableEvent): FeedState["deployments"] {
  const id = deploymentIdOf(state, event);
  if (id === undefined) return state.deployments;
  const record = event.intentId === null ? undefined : state.intents[event.intentId]?.record;
  const entry = state.deployments[id];
  const before = entry?.deployment ?? (record === undefined ? undefined : deploymentOfEvent(record, event));
  if (before === undefined) return state.deployments;
  return { ...state.deployments, [id]: { deployment: applyToDeployment(before, event), asOf: entry?.asOf ?? 0 } };
}

/** The deployment an event is about: named in its data, or the one of its intent. */
export function deploymentIdOf(state: FeedState, event: DurableEvent): string | undefined {
  const named = event.data.deploymentId;
  if (typeof named === "string") return named;
  if (event.intentId === null) return undefined;
  return state.intents[event.intentId]?.record.deploymentId ?? undefined;
}

export function sitesAfter(state: FeedState, event: DurableEvent): FeedState["sites"] {
  const data = eventData(event, "site.updated");
  if (data === undefined) return state.sites;
  return state.sites.map((site) => (site.id === event.site ? { ...site, status: data.status, message: data.message } : site));
}

function outdatedBy(state: FeedState, event: DurableEvent): Outdated {
  const { outdated } = state;
  return {
    intents: outdatedIntents(state, event),
    deployments: TOUCHES_DEPLOYMENTS.has(event.type) ? event.seq : outdated.deployments,
    sites: TOUCHES_SITES.has(event.type) ? event.seq : outdated.sites,
    agents: TOUCHES_AGENTS.has(event.type) || isUnexpectedWork(state, event) ? event.seq : outdated.agents,
  };
}

/** A job speaks although no agent was known to be online: one came back without an event. */
function isUnexpectedWork(state: FeedState, event: DurableEvent): boolean {
  return event.jobId !== null && !state.agents.some((agent) => agent.status === "online");
}

function outdatedIntents(state: FeedState, event: DurableEvent): Outdated["intents"] {
  const intents = { ...state.outdated.intents };
  // "Waiting for an agent" changes when agents come and go, without an event of the intent.
  if (TOUCHES_AGENTS.has(event.type)) {
    for (const [id, { record }] of Object.entries(state.intents)) {
      if (!SETTLED_INTENT_STATUSES.includes(record.status)) intents[id] = event.seq;
    }
  }
  if (event.intentId !== null && !COMPLETE_IN_THEMSELVES.has(event.type)) intents[event.intentId] = event.seq;
  return intents;
}
