// The state under change: opened once for a batch of events or an answer of REST, changed many times, closed into the next state. It keeps the
// limits of the tables; what happens to a single intent or deployment is told by apply.ts and loads.ts.
import type { AgentView } from "../../protocol/agent.ts";
import type { DeploymentStatus } from "../../protocol/deployment.ts";
import type { Site } from "../../protocol/site.ts";
import { DEPLOYMENT_LIMIT, type DeploymentEntry, type FeedState, INTENT_LIMIT, type IntentEntry } from "./model.ts";
import { draftOf, type TableDraft } from "./table.ts";

export interface World {
  intents: TableDraft<IntentEntry>;
  deployments: TableDraft<DeploymentEntry>;
  full: readonly string[];
  watched: ReadonlySet<string>;
  gone: readonly string[];
  sites: readonly Site[];
  sitesTouched: number;
  agents: readonly AgentView[];
  outdated: { intents: Record<string, number>; deployments: number; sites: number; agents: number };
  replaced: Record<string, number>;
}

export function openWorld(state: FeedState): World {
  const { full, gone, sites, sitesTouched, agents, outdated, replaced } = state;
  return {
    intents: draftOf(state.intents),
    deployments: draftOf(state.deployments),
    full,
    watched: new Set(state.watched),
    gone,
    sites,
    sitesTouched,
    agents,
    outdated: { ...outdated, intents: { ...outdated.intents } },
    replaced: { ...replaced },
  };
}

export function closeWorld(state: FeedState, world: World): FeedState {
  const { full, gone, sites, sitesTouched, outdated, replaced } = world;
  const tables = { intents: world.intents.table(), deployments: world.deployments.table() };
  return { ...state, ...tables, full, gone, sites, sitesTouched, outdated, replaced };
}

/** The newest intents only, and those that are looked at. */
export function putIntentEntry(world: World, entry: IntentEntry): void {
  const id = entry.record.intentId;
  const isNew = world.intents.get(id) === undefined;
  world.intents.put(id, entry);
  if (!isNew) return;
  if (world.gone.includes(id)) world.gone = world.gone.filter((gone) => gone !== id);
  if (world.intents.size() <= INTENT_LIMIT) return;
  const oldest = world.intents.findOldest((_row, candidate) => !world.watched.has(candidate));
  if (oldest !== undefined) dropIntent(world, oldest);
}

export function dropIntent(world: World, id: string): void {
  world.intents.remove(id);
  forgetFull(world, id);
}

/** From now on nothing is fetched for it by itself. */
export function forgetFull(world: World, id: string): void {
  delete world.outdated.intents[id];
  if (world.full.includes(id)) world.full = world.full.filter((full) => full !== id);
}

const OVER: readonly DeploymentStatus[] = ["failed", "reverted", "superseded"];

/** What is over goes first, the oldest of it; what is in force or on its way only when there is nothing else. */
export function putDeploymentEntry(world: World, entry: DeploymentEntry): void {
  const { deployments, watched } = world;
  deployments.put(entry.deployment.deploymentId, entry);
  if (deployments.size() <= DEPLOYMENT_LIMIT) return;
  const oldest =
    deployments.findOldest(({ deployment }) => OVER.includes(deployment.status) && !watched.has(deployment.intentId)) ??
    deployments.findOldest(({ deployment }) => deployment.status === "live" && !watched.has(deployment.intentId)) ??
    deployments.findOldest(() => true);
  if (oldest !== undefined) deployments.remove(oldest);
}
