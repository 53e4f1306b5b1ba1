// What the feed asks REST for: the first snapshot, and later what events leave open. It knows the API and the reducer, no socket and no clock.
import { type Api, ApiError } from "./api.ts";
import type { FeedAction, Snapshot } from "./state/feed.ts";
import { EVENT_LIMIT, type FeedState } from "./state/model.ts";
import { idsToFetch } from "./state/shown.ts";

const PAGE = 50; // intents and deployments of the first look
const PARALLEL_FETCHES = 6; // what a browser opens to one host anyway

/** Position first, then state: what happens in between is applied again. */
export async function loadSnapshot(api: Api): Promise<Snapshot> {
  const asOf = (await api.events(0, 1)).head;
  const [events, intents, deployments, sites, agents] = await Promise.all([
    api.events(Math.max(0, asOf - EVENT_LIMIT), EVENT_LIMIT),
    api.intents(PAGE),
    api.deployments(PAGE),
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

/** Fetches what is outdated of the first `shown` intents and of the lists; each answer is an action as soon as it is there. */
export async function refreshOutdated(api: Api, state: FeedState, shown: number, apply: (action: FeedAction) => void): Promise<void> {
  const asOf = state.lastSeq;
  const { outdated } = state;
  const ids = idsToFetch(state, shown).slice(0, PARALLEL_FETCHES);
  await Promise.all([
    ...ids.map(async (intentId) => apply(await intentAction(api, asOf, intentId))),
    outdated.deployments > 0 && api.deployments(PAGE).then((page) => apply({ type: "deployments", asOf, ...page })),
    outdated.sites > 0 && api.sites().then((page) => apply({ type: "sites", asOf, ...page })),
    outdated.agents > 0 && api.agents().then((page) => apply({ type: "agents", asOf, ...page })),
  ]);
}

async function intentAction(api: Api, asOf: number, intentId: string): Promise<FeedAction> {
  try {
    return { type: "intent", asOf, record: await api.intent(intentId) };
  } catch (error) {
    if (error instanceof ApiError && error.failure.status === 404) return { type: "gone", intentId };
    throw error;
  }
}
