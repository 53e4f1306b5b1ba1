// A server in miniature: an event log, and at every point of it what REST would answer. It shares the fold of single events with the page
// (records.ts) and adds what only a server knows, so that a page which forgets to ask again is found out.
import type { EventPage, IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import type { Site } from "../../protocol/site.ts";
import type { Snapshot } from "../../web/state/feed.ts";
import { EVENT_LIMIT } from "../../web/state/model.ts";
import { applyToDeployment, applyToIntent, deploymentOfEvent, recordOfEvent } from "../../web/state/records.ts";
import { type EventOf, event, site } from "./sample.ts";

interface World {
  intents: Map<string, IntentRecord>;
  deployments: Map<string, Deployment>;
  sites: Map<string, Site>;
}

/** Events that change nothing which only the server knows. */
const TELL_ALL: readonly EventType[] = ["edge.deploying", "edge.deployed", "slo.validating", "site.updated"];

export interface ServerSize {
  reach?: number; // how many of the newest events a first look gets
  page?: number; // and how many intents
}

export function createModelServer({ reach = EVENT_LIMIT, page = EVENT_LIMIT }: ServerSize = {}) {
  const log: DurableEvent[] = [];
  const world: World = {
    intents: new Map(),
    deployments: new Map(),
    sites: new Map(["edge1", "edge2"].map((id) => [id, site(id)])),
  };
  const head = () => log.at(-1)?.seq ?? 0;
  const intent = (id: string) => {
    const found = world.intents.get(id);
    if (found === undefined) return undefined;
    return { ...found, deployment: found.deploymentId === null ? null : (world.deployments.get(found.deploymentId) ?? null) };
  };
  return {
    head,
    log: log as readonly DurableEvent[],
    ids: () => [...world.intents.keys()],
    emit(what: EventOf<EventType>, skip: number): DurableEvent {
      const happened = event(head() + 1 + skip, what);
      log.push(happened);
      happen(world, happened);
      return happened;
    },
    events: (after: number, limit: number): EventPage => ({ events: log.filter((one) => one.seq > after).slice(0, limit), head: head() }),
    intent,
    deployments: () => [...world.deployments.values()],
    sites: () => [...world.sites.values()],
    snapshot: (asOf: number): Snapshot => ({
      asOf,
      events: log.filter((one) => one.seq > asOf - reach),
      intents: [...world.intents.values()].slice(-page),
      deployments: [...world.deployments.values()],
      sites: [...world.sites.values()],
      agents: [],
    }),
  };
}

export type ModelServer = ReturnType<typeof createModelServer>;

function happen(world: World, happened: DurableEvent): void {
  const touched = happened.intentId === null ? undefined : (world.intents.get(happened.intentId) ?? recordOfEvent(happened));
  if (touched !== undefined) {
    const record = applyToIntent(touched, happened);
    const known = TELL_ALL.includes(happened.type)
      ? record
      : { ...record, context: { rev: String(happened.seq) }, policy: "pause" as const };
    world.intents.set(record.intentId, known);
    const id = record.deploymentId;
    const before = id === null ? undefined : (world.deployments.get(id) ?? deploymentOfEvent(record, happened));
    if (id !== null && before !== undefined) {
      const after = applyToDeployment(before, happened);
      world.deployments.set(id, TELL_ALL.includes(happened.type) ? after : { ...after, digest: `rev ${happened.seq}` });
    }
  }
  const state = happened.type === "site.updated" ? happened.data : undefined;
  const before = world.sites.get(happened.site ?? "");
  if (before === undefined) return;
  if (state !== undefined) {
    const status = state["status"] === "degraded" ? "degraded" : "healthy";
    world.sites.set(before.id, { ...before, status, message: String(state["message"]) });
  } else if (happened.type === "edge.deployed") {
    world.sites.set(before.id, { ...before, lastSync: happened.at }); // only REST tells
  }
}
