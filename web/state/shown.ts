// Which intents and deployments the page shows, in which order, and which of them REST still has to complete.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import type { FeedState } from "./model.ts";
import { byAttention } from "./pipeline.ts";

export function intentsInOrder(state: FeedState): IntentRecord[] {
  return Object.values(state.intents)
    .map((entry) => entry.record)
    .sort(byAttention);
}

export function deploymentsInOrder(state: FeedState): Deployment[] {
  return Object.values(state.deployments)
    .map((entry) => entry.deployment)
    .sort((a, b) => b.deploymentId.localeCompare(a.deploymentId)); // ids sort by time
}

export function deploymentOf(state: FeedState, record: IntentRecord): Deployment | null {
  return record.deploymentId === null ? null : (state.deployments[record.deploymentId]?.deployment ?? null);
}

/** Of the first `count` intents, those that are known by summary only or have changed since they were loaded. */
export function idsToFetch(state: FeedState, count: number): string[] {
  return intentsInOrder(state)
    .slice(0, count)
    .map((record) => record.intentId)
    .filter((id) => state.intents[id]?.full === false || state.outdated.intents[id] !== undefined);
}

/** Lists of which an event said that they changed. */
export function hasOutdatedLists(state: FeedState): boolean {
  return state.outdated.deployments + state.outdated.sites + state.outdated.agents > 0;
}

const SLICE_EVENTS: ReadonlySet<EventType> = new Set([
  "gitops.pushing",
  "intent.completed",
  "intent.failed",
  "intent.cancelled",
  "intent.rolled_back",
  "rollback.initiated",
  "rollback.completed",
  "rollback.failed",
  "alert.triggered",
  "alert.resolved",
]);

/** Events after which another set of slices, or another state of them, may be live. */
export function changesSlices({ type }: DurableEvent): boolean {
  return SLICE_EVENTS.has(type);
}

export function isAlert({ type }: DurableEvent): boolean {
  return type === "alert.triggered" || type === "alert.resolved";
}

/** Events after which a backend may be another, elsewhere in the router, or gone with its agent. */
export function changesIntegrations({ type, data }: DurableEvent): boolean {
  return type === "agent.online" || type === "agent.offline" || (type === "integration.updated" && data.kind === "backend");
}

/** The newest event of the kind that is known, as a sign that something is to be loaded again; 0 when there is none. */
export function lastSeqOf(events: readonly DurableEvent[], isOne: (event: DurableEvent) => boolean): number {
  return events.find(isOne)?.seq ?? 0;
}
