// What an answer of REST does to the page's knowledge: it replaces, and the events that came since are applied to it again. An answer that is
// too old for that never takes back what later events told; it stays marked, and is asked for again.
import type { AgentView } from "../../protocol/agent.ts";
import type { IntentRecord, IntentSummary } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import { deploymentIdOf, leavesOpen, settledSmall, sitesAfter } from "./apply.ts";
import { reaches, since } from "./log.ts";
import { type FeedState, FULL_LIMIT, type IntentEntry } from "./model.ts";
import { applyToDeployment, applyToIntent, recordOfSummary, summarized } from "./records.ts";
import { keptIds } from "./shown.ts";
import { rowOf } from "./table.ts";
import { closeWorld, forgetFull, openWorld, putDeploymentEntry, putIntentEntry, type World } from "./world.ts";

/** Whether an answer as of `asOf` can be brought up to date: nothing has happened to the thing since, or all of that is still here. */
function canReplay(state: FeedState, known: { touched: number } | undefined, asOf: number): boolean {
  return reaches(state.log, asOf) || (known !== undefined && known.touched <= asOf);
}

function grouped(events: readonly DurableEvent[], keyOf: (event: DurableEvent) => string | null | undefined): Map<string, DurableEvent[]> {
  const groups = new Map<string, DurableEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    if (key === null || key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return groups;
}

export function putIntent(state: FeedState, asOf: number, { deployment, ...loaded }: IntentRecord): FeedState {
  const known = rowOf(state.intents, loaded.intentId);
  if (known !== undefined && known.asOf > asOf) return state; // an answer that was overtaken
  const world = openWorld(state);
  const record: IntentRecord = { ...loaded, deployment: null };
  if (canReplay(state, known, asOf)) {
    const later = since(state.log, asOf);
    const own = later.filter((event) => event.intentId === record.intentId);
    const entry: IntentEntry = { record: own.reduce(applyToIntent, record), full: true, asOf, touched: own.at(-1)?.seq ?? 0 };
    const open = later.findLast((event) => leavesOpen(event, entry.record))?.seq ?? 0;
    const marked = state.outdated.intents[record.intentId] ?? 0;
    putFull(state, world, entry);
    setMark(world, record.intentId, Math.max(open, marked > asOf ? marked : 0));
  } else if (known?.full !== true) {
    // Better than the little that is known, save where events were newer.
    const newer = known === undefined ? {} : { status: known.record.status, stage: known.record.stage, updatedAt: known.record.updatedAt };
    putFull(state, world, { record: { ...record, ...newer }, full: true, asOf, touched: known?.touched ?? state.lastSeq });
    setMark(world, record.intentId, state.lastSeq);
  }
  if (deployment !== null) putDeployment(state, world, { asOf, deployments: [deployment] });
  return closeWorld(state, world);
}

function setMark({ outdated }: World, id: string, seq: number): void {
  if (seq > 0) outdated.intents[id] = seq;
  else delete outdated.intents[id];
}

/** Of those that are known in full, the one that was loaded the longest ago falls back to its summary when they are too many. */
function putFull(state: FeedState, world: World, entry: IntentEntry): void {
  const id = entry.record.intentId;
  putIntentEntry(world, entry);
  world.full = [...world.full.filter((full) => full !== id), id];
  if (world.full.length <= FULL_LIMIT) return;
  const kept = new Set([id, ...keptIds(state)]);
  const oldest = world.full.find((full) => !kept.has(full));
  const before = oldest === undefined ? undefined : world.intents.get(oldest);
  if (oldest === undefined || before === undefined) return;
  forgetFull(world, oldest);
  world.intents.put(oldest, { ...before, record: summarized(before.record), full: false });
}

export function putSummaries(state: FeedState, asOf: number, summaries: readonly IntentSummary[]): FeedState {
  const world = openWorld(state);
  const later = grouped(since(state.log, asOf), (event) => event.intentId);
  for (const summary of summaries) {
    const known = world.intents.get(summary.intentId);
    const replayable = canReplay(state, known, asOf);
    if (known !== undefined && (known.asOf > asOf || !replayable)) continue;
    const own = later.get(summary.intentId) ?? [];
    const record = own.reduce(applyToIntent, known === undefined ? recordOfSummary(summary) : { ...known.record, ...summary });
    const full = known?.full ?? false;
    putIntentEntry(world, { record: settledSmall(record, full), full, asOf, touched: touchedBy(state, own, replayable) });
  }
  return closeWorld(state, world);
}

/** What is missing of the events since may have touched it as late as now. */
function touchedBy({ lastSeq }: FeedState, own: readonly DurableEvent[], replayable: boolean): number {
  return replayable ? (own.at(-1)?.seq ?? 0) : lastSeq;
}

interface LoadedDeployments {
  asOf: number;
  deployments: readonly Deployment[];
}

/** Answers whether all of them are up to date now. */
function putDeployment(state: FeedState, world: World, { asOf, deployments }: LoadedDeployments): boolean {
  const later = grouped(since(state.log, asOf), (event) => deploymentIdOf(world, event));
  let current = true;
  for (const loaded of deployments) {
    const known = world.deployments.get(loaded.deploymentId);
    if ((world.replaced[loaded.deploymentId] ?? 0) <= asOf) delete world.replaced[loaded.deploymentId];
    if (known !== undefined && known.asOf > asOf) continue;
    const replayable = canReplay(state, known, asOf);
    current &&= replayable;
    if (known !== undefined && !replayable) continue;
    const own = later.get(loaded.deploymentId) ?? [];
    putDeploymentEntry(world, { deployment: own.reduce(applyToDeployment, loaded), asOf, touched: touchedBy(state, own, replayable) });
  }
  return current;
}

/** `newest`: it is the first page of all, so what events said of deployments is answered by it; else a few of them, however found. */
export function putDeployments(state: FeedState, { newest, ...loaded }: LoadedDeployments & { newest: boolean }): FeedState {
  const world = openWorld(state);
  const current = putDeployment(state, world, loaded);
  if (!newest) return closeWorld(state, world);
  if (current && world.outdated.deployments <= loaded.asOf) world.outdated.deployments = 0;
  return { ...closeWorld(state, world), deploymentsAsOf: Math.max(state.deploymentsAsOf, loaded.asOf) };
}

export function putSites(state: FeedState, asOf: number, loaded: readonly Site[]): FeedState {
  if (state.sitesAsOf > asOf) return state;
  const replayable = canReplay(state, { touched: state.sitesTouched }, asOf);
  if (!replayable && state.sites.length > 0) return state;
  const sites = since(state.log, asOf).reduce(sitesAfter, loaded);
  const marked = replayable ? state.outdated.sites : state.lastSeq;
  return { ...state, sites, sitesAsOf: asOf, outdated: { ...state.outdated, sites: marked <= asOf ? 0 : marked } };
}

export function putAgents(state: FeedState, asOf: number, loaded: readonly AgentView[]): FeedState {
  if (state.agentsAsOf > asOf) return state;
  const agents = state.outdated.agents <= asOf ? 0 : state.outdated.agents;
  return { ...state, agents: loaded, agentsAsOf: asOf, outdated: { ...state.outdated, agents } };
}
