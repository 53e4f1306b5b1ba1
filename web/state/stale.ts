// Which of the things that pages have asked REST for are stale after which events. Pure; the feed keeps its own tables by itself.
import type { DurableEvent, EventType } from "../../protocol/event.ts";

export const STALE_TAGS = ["Slices", "Alerts", "Metrics", "Integrations", "SiteTasks"] as const;
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

const SLICES: ReadonlySet<EventType> = new Set([...RUN_ENDS, "gitops.pushing", "rollback.initiated", "alert.triggered", "alert.resolved"]);
const ALERTS: ReadonlySet<EventType> = new Set(["alert.triggered", "alert.resolved"]);
const METRICS: ReadonlySet<EventType> = new Set([...RUN_ENDS, "intent.received", "site.updated", "agent.online", "agent.offline"]);
const AGENTS: ReadonlySet<EventType> = new Set(["agent.online", "agent.offline"]);

function isStale(tag: StaleTag, { type, data }: DurableEvent): boolean {
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
  }
}

export function staleAfter(events: readonly DurableEvent[]): StaleTag[] {
  return STALE_TAGS.filter((tag) => events.some((event) => isStale(tag, event)));
}
