// Which of the things that pages have asked REST for are stale after which events. Pure; the feed keeps its own tables by itself.
import type { DurableEvent, EventType } from "../../protocol/event.ts";

export const STALE_TAGS = ["Slices", "Alerts", "Metrics", "Integrations", "SiteTasks", "Waiting"] as const;
export type StaleTag = (typeof STALE_TAGS)[number];

const RUN_ENDS: readonly EventType[] = [
  "intent.completed",
  "intent.failed",
  "intent.cancelled",
  "intent.rejected",
  "intent.rolled_back",
  "rollback.completed",
  "rollback.failed",
];

// Who changes a slice, and who holds it, changes with the plan and with the word that lets it be carried out.
const SLICES: ReadonlySet<EventType> = new Set([
  ...RUN_ENDS,
  "krm.generated",
  "approval.decided",
  "gitops.pushing",
  "rollback.initiated",
  "alert.triggered",
  "alert.resolved",
]);
const ALERTS: ReadonlySet<EventType> = new Set(["alert.triggered", "alert.resolved"]);
const METRICS: ReadonlySet<EventType> = new Set([...RUN_ENDS, "intent.received", "site.updated", "agent.online", "agent.offline"]);
const AGENTS: ReadonlySet<EventType> = new Set(["agent.online", "agent.offline"]);

const WAITS: ReadonlySet<EventType> = new Set(["approval.requested", "decision.requested", "intent.clarification_needed"]);

/** Whether the feed's own table has the intent: then an event is enough. */
type Knows = (intentId: string) => boolean;

function isStale(tag: StaleTag, { type, data, intentId }: DurableEvent, knows: Knows): boolean {
  switch (tag) {
    case "Slices":
      return SLICES.has(type);
    case "Alerts":
      return ALERTS.has(type);
    case "Metrics":
      return METRICS.has(type);
    case "Integrations":
      return AGENTS.has(type) || (type === "integration.updated" && data.kind === "backend");
    case "SiteTasks":
      return type === "site.updated";
    case "Waiting":
      return WAITS.has(type) && intentId !== null && !knows(intentId);
  }
}

export function staleAfter(events: readonly DurableEvent[], knows: Knows): StaleTag[] {
  return STALE_TAGS.filter((tag) => events.some((event) => isStale(tag, event, knows)));
}
