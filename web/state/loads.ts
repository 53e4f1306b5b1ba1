// What an answer of REST does to the page's knowledge: it replaces, and the events that came since are applied to it again.
import type { AgentView } from "../../protocol/agent.ts";
import type { IntentRecord, IntentSummary } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import { bounded, deploymentIdOf, sitesAfter } from "./apply.ts";
import { EVENT_LIMIT, type FeedState, type IntentEntry } from "./model.ts";
import { applyToDeployment, applyToIntent, recordOfSummary } from "./records.ts";

/** The events after `asOf`, oldest first. */
function since(state: FeedState, asOf: number): DurableEvent[] {
  return state.events.filter((event) => event.seq > asOf).reverse();
}

/** Whether the kept events reach back to `asOf`; if not, a load of that age cannot be brought up to date here. */
function reaches(state: FeedState, asOf: number): boolean {
  const oldest = state.events.at(-1)?.seq ?? 0;
  return state.events.length < EVENT_LIMIT || oldest <= asOf + 1;
}

export function putIntent(state: FeedState, asOf: number, loaded: IntentRecord): FeedState {
  const known = state.intents[loaded.intentId];
  if (known !== undefined && known.asOf > asOf) return state; // an answer that was overtaken
  const { deployment, ...rest } = loaded;
  const withDeployment = deployment === null ? state : putDeployment(state, asOf, deployment);
  const { [loaded.intentId]: mark, ...others } = state.outdated.intents;
  const current = (mark ?? 0) <= asOf && reaches(state, asOf);
  const intents = current ? others : { ...others, [loaded.intentId]: state.lastSeq };
  const entry: IntentEntry = { record: replayed(state, asOf, { ...rest, deployment: null }), full: true, asOf };
  return {
    ...withDeployment,
    intents: bounded({ ...state.intents, [loaded.intentId]: entry }),
    outdated: { ...withDeployment.outdated, intents },
  };
}

function replayed(state: FeedState, asOf: number, record: IntentRecord): IntentRecord {
  return since(state, asOf)
    .filter((event) => event.intentId === record.intentId)
    .reduce(applyToIntent, record);
}

export function putSummaries(state: FeedState, asOf: number, summaries: readonly IntentSummary[]): FeedState {
  const intents: Record<string, IntentEntry> = { ...state.intents };
  const marks: Record<string, number> = { ...state.outdated.intents };
  for (const summary of summaries) {
    const known = intents[summary.intentId];
    if (known !== undefined && known.asOf > asOf) continue;
    const before = known?.full === true ? { ...known.record, ...summary } : recordOfSummary(summary);
    const record = replayed(state, asOf, before);
    intents[summary.intentId] = { record, full: known?.full ?? false, asOf };
    if (known?.full === true) marks[summary.intentId] = state.lastSeq;
  }
  return { ...state, intents: bounded(intents), outdated: { ...state.outdated, intents: marks } };
}

function putDeployment(state: FeedState, asOf: number, loaded: Deployment): FeedState {
  if ((state.deployments[loaded.deploymentId]?.asOf ?? 0) > asOf) return state;
  const deployment = since(state, asOf)
    .filter((event) => deploymentIdOf(state, event) === loaded.deploymentId)
    .reduce(applyToDeployment, loaded);
  return { ...state, deployments: { ...state.deployments, [loaded.deploymentId]: { deployment, asOf } } };
}

export function putDeployments(state: FeedState, asOf: number, loaded: readonly Deployment[]): FeedState {
  const next = loaded.reduce((before, deployment) => putDeployment(before, asOf, deployment), state);
  return { ...next, outdated: { ...next.outdated, deployments: mark(next, asOf, next.outdated.deployments) } };
}

export function putSites(state: FeedState, asOf: number, loaded: readonly Site[]): FeedState {
  if (state.sitesAsOf > asOf) return state;
  const next = { ...state, sites: loaded, sitesAsOf: asOf };
  next.sites = since(state, asOf).reduce((sites, event) => sitesAfter({ ...next, sites }, event), loaded);
  return { ...next, outdated: { ...next.outdated, sites: mark(next, asOf, next.outdated.sites) } };
}

export function putAgents(state: FeedState, asOf: number, loaded: readonly AgentView[]): FeedState {
  if (state.agentsAsOf > asOf) return state;
  const next = { ...state, agents: loaded, agentsAsOf: asOf };
  return { ...next, outdated: { ...next.outdated, agents: mark(next, asOf, next.outdated.agents) } };
}

function mark(state: FeedState, asOf: number, marked: number): number {
  return marked <= asOf && reaches(state, asOf) ? 0 : Math.max(marked, state.lastSeq);
}
