// What the page knows: the shape of the state, its limits, and the empty state. Who fills it: feed.ts.
import type { AgentView } from "../../protocol/agent.ts";
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";

export const EVENT_LIMIT = 200; // rows of the feed, and the reach of a replay over a load
export const INTENT_LIMIT = 300; // a page that is open for weeks must not grow; older intents are a search away
export const FRUITLESS_FILLS = 3; // asks for a missing event before the server's own head is believed

export interface IntentEntry {
  record: IntentRecord; // `deployment` is always null here: deployments have their own table
  full: boolean; // false: only the summary is known
  asOf: number; // the seq behind which the last load from REST was asked for; 0 when there was none
}

export interface DeploymentEntry {
  deployment: Deployment;
  asOf: number; // as above
}

/** For each thing, the seq of the event after which REST knows more than we do; 0 or absent when nothing is to be fetched. */
export interface Outdated {
  intents: Readonly<Record<string, number>>;
  deployments: number;
  sites: number;
  agents: number;
}

export interface FeedState {
  loaded: boolean;
  lastSeq: number; // everything up to here is applied
  head: number; // the newest seq anybody told us of
  fruitlessFills: number;
  events: readonly DurableEvent[]; // newest first
  intents: Readonly<Record<string, IntentEntry>>;
  deployments: Readonly<Record<string, DeploymentEntry>>;
  sites: readonly Site[];
  sitesAsOf: number;
  agents: readonly AgentView[];
  agentsAsOf: number;
  outdated: Outdated;
}

export const EMPTY_FEED: FeedState = {
  loaded: false,
  lastSeq: 0,
  head: 0,
  fruitlessFills: 0,
  events: [],
  intents: {},
  deployments: {},
  sites: [],
  sitesAsOf: 0,
  agents: [],
  agentsAsOf: 0,
  outdated: { intents: {}, deployments: 0, sites: 0, agents: 0 },
};
