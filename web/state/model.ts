// What the page knows: the shape of the state, its limits, and the empty state. Who fills it: feed.ts.
import type { AgentView } from "../../protocol/agent.ts";
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import { EMPTY_LOG, type EventLog } from "./log.ts";
import { EMPTY_TABLE, type Table } from "./table.ts";

export const EVENT_LIMIT = 200; // rows of the feed
export const INTENT_LIMIT = 12_000; // a page that is open for weeks must not grow; older intents are a search away
export const FULL_LIMIT = 200; // of them with plan, diff and all: some 20 kB each
export const DEPLOYMENT_LIMIT = 2_000;
export const GONE_LIMIT = 100;
export const FRUITLESS_FILLS = 3; // asks for a missing event before the server's own head is believed

export interface IntentEntry {
  record: IntentRecord; // `deployment` is always null here: deployments have their own table
  full: boolean; // false: only the summary is known, and what events told of an intent that goes on
  asOf: number; // the seq behind which the last load from REST was asked for; 0 when there was none
  touched: number; // the seq of the last event that was applied to it here; 0 when there was none
}

export interface DeploymentEntry {
  deployment: Deployment;
  asOf: number; // as above
  touched: number;
}

/** For each thing, the seq of the event after which REST knows more than we do; 0 or absent when nothing is to be fetched. */
export interface Outdated {
  intents: Readonly<Record<string, number>>; // only those that are known in full
  deployments: number;
  sites: number;
  agents: number;
}

export interface FeedState {
  loaded: boolean;
  generation: number; // how often all was replaced, because too much was missed: lists that were loaded before have to be loaded again
  lastSeq: number; // everything up to here is applied
  head: number; // the newest seq anybody told us of
  fruitlessFills: number;
  events: readonly DurableEvent[]; // newest first
  log: EventLog;
  intents: Table<IntentEntry>;
  full: readonly string[]; // ids of the intents that are known in full, in the order in which they were loaded
  watched: readonly string[]; // ids of the intents that are looked at: kept in full, and never dropped
  gone: readonly string[]; // ids that the server does not know
  deployments: Table<DeploymentEntry>;
  deploymentsAsOf: number;
  sites: readonly Site[];
  sitesAsOf: number;
  sitesTouched: number;
  agents: readonly AgentView[];
  agentsAsOf: number;
  outdated: Outdated;
  replaced: Readonly<Record<string, number>>; // deployments of which another one took or gave back the place, which has no event of its own; as above
}

export const EMPTY_FEED: FeedState = {
  loaded: false,
  generation: 0,
  lastSeq: 0,
  head: 0,
  fruitlessFills: 0,
  events: [],
  log: EMPTY_LOG,
  intents: EMPTY_TABLE,
  full: [],
  watched: [],
  gone: [],
  deployments: EMPTY_TABLE,
  deploymentsAsOf: 0,
  sites: [],
  sitesAsOf: 0,
  sitesTouched: 0,
  agents: [],
  agentsAsOf: 0,
  outdated: { intents: {}, deployments: 0, sites: 0, agents: 0 },
  replaced: {},
};
