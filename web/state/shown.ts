// How things are found in the state, and what of it REST still has to complete. Nothing here goes through a whole table.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { FeedState, IntentEntry } from "./model.ts";
import { isSettled } from "./pipeline.ts";
import { rowOf } from "./table.ts";

const KEPT_AMONG = 20; // of the newest intents those that go on are kept in full without being asked for

export function intentOf({ intents }: Pick<FeedState, "intents">, intentId: string): IntentEntry | undefined {
  return rowOf(intents, intentId);
}

export function recordOf({ intents }: Pick<FeedState, "intents">, intentId: string): IntentRecord | null {
  return rowOf(intents, intentId)?.record ?? null;
}

export function deploymentById({ deployments }: Pick<FeedState, "deployments">, deploymentId: string): Deployment | null {
  return rowOf(deployments, deploymentId)?.deployment ?? null;
}

export function deploymentOf(state: Pick<FeedState, "deployments">, record: Pick<IntentRecord, "deploymentId">): Deployment | null {
  return record.deploymentId === null ? null : deploymentById(state, record.deploymentId);
}

/** The intents that are kept complete: what is looked at, and what goes on among the newest. */
export function keptIds({ intents, watched }: Pick<FeedState, "intents" | "watched">): string[] {
  const rows = intents.rows.slice(0, KEPT_AMONG).map((entry) => entry.record);
  const going = rows.filter((record) => !isSettled(record) && !watched.includes(record.intentId));
  return [...watched, ...going.map((record) => record.intentId)];
}

/** Of the kept intents, those that are not known in full or have changed since they were loaded; the most urgent first. */
export function idsToFetch(state: FeedState): string[] {
  const due = (id: string) => intentOf(state, id)?.full !== true || state.outdated.intents[id] !== undefined;
  return keptIds(state)
    .filter((id) => due(id) && !state.gone.includes(id))
    .sort((a, b) => loadedAt(state, a) - loadedAt(state, b));
}

/**
 * The position as of which an intent was loaded last, to give each its turn under a steady stream of events. What is looked at and was never
 * loaded comes before all; what merely is new does not push it aside, there may be a hundred of those a second.
 */
export function loadedAt(state: FeedState, intentId: string): number {
  const entry = intentOf(state, intentId);
  if (entry?.full === true) return entry.asOf;
  return entry === undefined || state.watched.includes(intentId) ? -1 : entry.touched;
}

/** Lists, and deployments that were replaced, of which an event said that they changed. */
export function hasOutdatedRows({ outdated, replaced }: FeedState): boolean {
  return outdated.deployments + outdated.sites + outdated.agents > 0 || Object.keys(replaced).length > 0;
}
