// Durable events, in their turn, applied to all the page knows; and the note of what REST has to complete afterwards.
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import { eventData } from "../../protocol/event.ts";
import { SETTLED_INTENT_STATUSES } from "../../protocol/intent.ts";
import type { Site } from "../../protocol/site.ts";
import { appended } from "./log.ts";
import { EVENT_LIMIT, type FeedState, type IntentEntry } from "./model.ts";
import { applyToDeployment, applyToIntent, deploymentOfEvent, recordOfEvent, summarized } from "./records.ts";
import { closeWorld, openWorld, putDeploymentEntry, putIntentEntry, type World } from "./world.ts";

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

/** After these the deployments that were in force before are so no more, or are so again. */
const REPLACES: ReadonlySet<EventType> = new Set(["intent.completed", "rollback.completed", "intent.rolled_back"]);

const TOUCHES_AGENTS: ReadonlySet<EventType> = new Set(["agent.online", "agent.offline"]);

/** `events` must be the next ones, in order; the caller has seen to that. Batched or one by one, the state ends the same. */
export function applyEvents(state: FeedState, events: readonly DurableEvent[]): FeedState {
  const last = events.at(-1);
  if (last === undefined) return state;
  const world = openWorld(state);
  for (const event of events) applyOne(world, event);
  return {
    ...closeWorld(state, world),
    lastSeq: last.seq,
    head: Math.max(state.head, last.seq),
    fruitlessFills: 0,
    events: [...events.slice(-EVENT_LIMIT).reverse(), ...state.events].slice(0, EVENT_LIMIT),
    log: appended(state.log, events),
  };
}

function applyOne(world: World, event: DurableEvent): void {
  noteOutdated(world, event);
  noteReplaced(world, event);
  if (event.intentId !== null) applyToIntents(world, event, event.intentId);
  applyToDeployments(world, event);
  if (event.type !== "site.updated") return;
  world.sites = sitesAfter(world.sites, event);
  world.sitesTouched = event.seq;
}

function applyToIntents(world: World, event: DurableEvent, intentId: string): void {
  const entry = world.intents.get(intentId);
  const before = entry?.record ?? recordOfEvent(event);
  if (before === undefined) return;
  const full = entry?.full ?? false;
  putIntentEntry(world, { record: settledSmall(applyToIntent(before, event), full), full, asOf: entry?.asOf ?? 0, touched: event.seq });
}

/** An intent that is over and was never loaded in full needs no plan and no understanding any more: there may be thousands of them. */
export function settledSmall(record: IntentEntry["record"], full: boolean): IntentEntry["record"] {
  return full || !SETTLED_INTENT_STATUSES.includes(record.status) ? record : summarized(record);
}

function applyToDeployments(world: World, event: DurableEvent): void {
  const id = deploymentIdOf(world, event);
  if (id === undefined) return;
  const record = event.intentId === null ? undefined : world.intents.get(event.intentId)?.record;
  const entry = world.deployments.get(id);
  const before = entry?.deployment ?? (record === undefined ? undefined : deploymentOfEvent(record, event));
  if (before === undefined) return;
  putDeploymentEntry(world, { deployment: applyToDeployment(before, event), asOf: entry?.asOf ?? 0, touched: event.seq });
}

/** The deployment an event is about: named in its data, or the one of its intent. */
export function deploymentIdOf({ intents }: Pick<World, "intents">, event: DurableEvent): string | undefined {
  const named = event.data.deploymentId;
  if (typeof named === "string") return named;
  if (event.intentId === null) return undefined;
  return intents.get(event.intentId)?.record.deploymentId ?? undefined;
}

export function sitesAfter(sites: readonly Site[], event: DurableEvent): readonly Site[] {
  const data = eventData(event, "site.updated");
  if (data === undefined) return sites;
  return sites.map((site) => (site.id === event.site ? { ...site, status: data.status, message: data.message } : site));
}

function noteOutdated(world: World, event: DurableEvent): void {
  const { outdated } = world;
  if (TOUCHES_DEPLOYMENTS.has(event.type)) outdated.deployments = event.seq;
  if (TOUCHES_SITES.has(event.type)) outdated.sites = event.seq;
  if (TOUCHES_AGENTS.has(event.type) || isUnexpectedWork(world, event)) outdated.agents = event.seq;
  const concerned = TOUCHES_AGENTS.has(event.type) ? world.full : event.intentId === null ? [] : [event.intentId];
  for (const id of concerned) {
    const entry = world.intents.get(id);
    if (entry?.full === true && leavesOpen(event, entry.record)) outdated.intents[id] = event.seq;
  }
}

/** Before the event is applied: an intent that is over may be left without its plan. Only of what is known here. */
function noteReplaced({ intents, deployments, replaced }: World, { type, intentId, seq }: DurableEvent): void {
  if (!REPLACES.has(type) || intentId === null) return;
  const plan = intents.get(intentId)?.record.plan;
  for (const { deploymentId } of [...(plan?.replaces ?? []), ...(plan?.preempts ?? [])])
    if (deployments.get(deploymentId) !== undefined) replaced[deploymentId] = seq;
}

/** Whether REST knows more of the intent after the event than the event told. */
export function leavesOpen(event: DurableEvent, record: IntentEntry["record"]): boolean {
  // "Waiting for an agent" changes when agents come and go, without an event of the intent.
  if (TOUCHES_AGENTS.has(event.type)) return !SETTLED_INTENT_STATUSES.includes(record.status);
  return event.intentId === record.intentId && !COMPLETE_IN_THEMSELVES.has(event.type);
}

/** A job speaks although no agent was known to be online: one came back without an event. */
function isUnexpectedWork({ agents }: World, event: DurableEvent): boolean {
  return event.jobId !== null && !agents.some((agent) => agent.status === "online");
}
