// The one sentence a screen reader hears: the newest change that matters, not every event.
import type { EventType } from "../../protocol/event.ts";
import { EVENT_LABELS } from "./labels.ts";
import type { FeedState } from "./model.ts";

const MATTERS: ReadonlySet<EventType> = new Set([
  "intent.clarification_needed",
  "approval.requested",
  "decision.requested",
  "intent.completed",
  "intent.failed",
  "intent.rejected",
  "intent.cancelled",
  "intent.rolled_back",
  "rollback.failed",
]);

export function announcement(state: Pick<FeedState, "events" | "intents">): string {
  const event = state.events.find((one) => MATTERS.has(one.type));
  if (event === undefined || event.intentId === null) return "";
  const text = state.intents[event.intentId]?.record.text ?? event.intentId;
  return `${EVENT_LABELS[event.type].word}: ${text}`;
}
