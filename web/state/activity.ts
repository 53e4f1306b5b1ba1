// The durable feed as a list to read: kinds of events, filters, and how one pages backwards. Pure.
import type { DurableEvent, EventType } from "../../protocol/event.ts";
import type { EventLog } from "./log.ts";

export const EVENT_KINDS = ["intent", "person", "delivery", "rollback", "service", "site", "agent", "integration"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export const KIND_OF: Record<EventType, EventKind> = {
  "intent.received": "intent",
  "intent.parsing": "intent",
  "intent.parsed": "intent",
  "intent.clarification_needed": "person",
  "krm.generating": "delivery",
  "krm.generated": "delivery",
  "approval.requested": "person",
  "approval.decided": "person",
  "gitops.pushing": "delivery",
  "gitops.pushed": "delivery",
  "edge.deploying": "delivery",
  "edge.deployed": "delivery",
  "edge.failed": "delivery",
  "slo.validating": "service",
  "slo.validated": "service",
  "decision.requested": "person",
  "rollback.initiated": "rollback",
  "rollback.completed": "rollback",
  "rollback.failed": "rollback",
  "intent.completed": "intent",
  "intent.failed": "intent",
  "intent.rejected": "intent",
  "intent.cancelled": "intent",
  "intent.rolled_back": "rollback",
  "metrics.update": "service",
  "alert.triggered": "service",
  "alert.resolved": "service",
  "site.updated": "site",
  "integration.updated": "integration",
  "agent.online": "agent",
  "agent.offline": "agent",
};

export interface ActivityFilter {
  kind: EventKind | null;
  site: string | null;
  intent: string; // an id or the beginning of one; empty: any
  text: string; // in any case; empty: any
}

export const NO_FILTER: ActivityFilter = { kind: null, site: null, intent: "", text: "" };

export function isFiltering({ kind, site, intent, text }: ActivityFilter): boolean {
  return kind !== null || site !== null || intent !== "" || text !== "";
}

/** `wordsOf`: all that a row shows, in small letters; asked for only where the rest of the filter lets the event through. */
export function passes(event: DurableEvent, filter: ActivityFilter, wordsOf: (event: DurableEvent) => string): boolean {
  if (filter.kind !== null && KIND_OF[event.type] !== filter.kind) return false;
  if (filter.site !== null && event.site !== filter.site) return false;
  if (filter.intent !== "" && !(event.intentId ?? "").startsWith(filter.intent)) return false;
  return filter.text === "" || wordsOf(event).includes(filter.text.toLowerCase());
}

/** All that the page holds, the newest first. */
export function newestFirst({ chunks }: EventLog): DurableEvent[] {
  return chunks.flat().reverse();
}

export function lastSeq({ chunks, from }: EventLog): number {
  return chunks.at(-1)?.at(-1)?.seq ?? from;
}

export const OLDER_PAGE = 500; // numbers of events that one look back covers

export interface OlderPage {
  events: DurableEvent[]; // the newest first, all older than what was known
  next: number | null; // where the next look back begins; null: nothing is older
}

/** What GET /events?after= has to be asked to see the OLDER_PAGE numbers before `before`. */
export function afterFor(before: number): number {
  return Math.max(0, before - 1 - OLDER_PAGE);
}

/** `oldest`: the number of the oldest event that is still kept, asked for only when a look found nothing; else null. */
export function olderPage(before: number, found: readonly DurableEvent[], oldest: number | null): OlderPage {
  const events = found.filter(({ seq }) => seq < before).sort((a, b) => b.seq - a.seq);
  const after = afterFor(before);
  const over = after === 0 || (events.length === 0 && (oldest === null || oldest >= before));
  return { events, next: over ? null : after + 1 };
}
