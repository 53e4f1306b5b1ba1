// What the feed asks REST for: the first snapshot, and later what events leave open. It knows the API and the reducer, no socket and no timers.
import { type Api, ApiError, isUnauthenticated } from "./api.ts";
import type { FeedAction, Snapshot } from "./state/feed.ts";
import { EVENT_LIMIT, type FeedState } from "./state/model.ts";
import { idsToFetch, loadedAt } from "./state/shown.ts";
import { newAllowance } from "./state/task.ts";

const PAGE = 50; // intents and deployments of the first look
const PARALLEL_FETCHES = 6; // what a browser opens to one host anyway
const BURST = 12; // a page that is opened asks for all it shows at once
const PER_SECOND = 3; // in the long run, however many events there are
const REST_MS = 5_000; // an intent whose answer is broken must not stand in the way of the others

export type FeedApi = Pick<Api, "events" | "intents" | "intent" | "deployments" | "deployment" | "sites" | "agents" | "health">;

/** Position first, then state: what happens in between is applied again. */
export async function loadSnapshot(api: FeedApi): Promise<Snapshot> {
  const asOf = (await api.events(0, 1)).head;
  const [events, intents, deployments, sites, agents] = await Promise.all([
    api.events(Math.max(0, asOf - EVENT_LIMIT), EVENT_LIMIT),
    api.intents({ limit: PAGE }),
    api.deployments({ limit: PAGE }),
    api.sites(),
    api.agents(),
  ]);
  return {
    asOf,
    events: events.events,
    intents: intents.intents,
    deployments: deployments.deployments,
    sites: sites.sites,
    agents: agents.agents,
  };
}

export interface RefreshDeps {
  api: FeedApi;
  now(): number;
  state(): FeedState;
  apply(action: FeedAction): void;
}

/** Fetches what is open of the kept intents and of the lists, as many as are allowed now; each answer is an action as soon as it is there. */
export function createRefresher({ api, now, state, apply }: RefreshDeps): () => Promise<void> {
  const allowance = newAllowance({ now, burst: BURST, perSecond: PER_SECOND });
  const resting = new Map<string, number>(); // until when

  async function intent(asOf: number, intentId: string): Promise<void> {
    try {
      apply({ type: "intent", asOf, record: await api.intent(intentId) });
    } catch (error) {
      if (isUnknown(error)) return apply({ type: "gone", intentId });
      if (!isOfThisOne(error)) throw error;
      resting.set(intentId, now() + REST_MS);
    }
  }

  async function deployment(asOf: number, id: string): Promise<void> {
    try {
      apply({ type: "deployments", asOf, deployments: [await api.deployment(id)] });
    } catch (error) {
      if (!isUnknown(error) && !isOfThisOne(error)) throw error;
      resting.set(id, now() + REST_MS);
    }
  }

  /** What was loaded the longest ago first, so that under a steady stream of events each has its turn. */
  function wanted(known: FeedState): (() => Promise<void>)[] {
    const asOf = known.lastSeq;
    const { outdated } = known;
    for (const [id, until] of resting) if (until <= now()) resting.delete(id);
    const ids = idsToFetch(known).filter((id) => !resting.has(id));
    const wants = ids.map((id) => ({ loadedAt: loadedAt(known, id), fetch: () => intent(asOf, id) }));
    const lists = {
      deployments: async () => apply({ type: "deployments", asOf, newest: true, ...(await api.deployments({ limit: PAGE })) }),
      sites: async () => apply({ type: "sites", asOf, ...(await api.sites()) }),
      agents: async () => apply({ type: "agents", asOf, ...(await api.agents()) }),
    };
    for (const [id, loadedAt] of Object.entries(known.replaced))
      if (!resting.has(id)) wants.push({ loadedAt, fetch: () => deployment(asOf, id) });
    if (outdated.deployments > 0) wants.push({ loadedAt: known.deploymentsAsOf, fetch: lists.deployments });
    if (outdated.sites > 0) wants.push({ loadedAt: known.sitesAsOf, fetch: lists.sites });
    if (outdated.agents > 0) wants.push({ loadedAt: known.agentsAsOf, fetch: lists.agents });
    return wants.sort((a, b) => a.loadedAt - b.loadedAt).map((want) => want.fetch);
  }

  return async () => {
    const all = wanted(state());
    await Promise.all(all.slice(0, allowance.take(Math.min(all.length, PARALLEL_FETCHES))).map((fetch) => fetch()));
  };
}

/** The server has no such intent, or the id, perhaps typed into the address, cannot be one. */
function isUnknown(error: unknown): boolean {
  return error instanceof ApiError && (error.failure.status === 404 || error.failure.code === "VALIDATION");
}

function isOfThisOne(error: unknown): boolean {
  if (!(error instanceof ApiError) || isUnauthenticated(error)) return false;
  return error.failure.code === "BAD_REPLY" || error.failure.code === "INTERNAL";
}
