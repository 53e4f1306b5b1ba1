// Which intents and deployments the page shows, in which order, and which of them REST still has to complete.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
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
