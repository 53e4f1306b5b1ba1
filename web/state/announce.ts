// What a screen reader hears: the newest change that matters, not every event.
import type { EventType } from "../../protocol/event.ts";
import type { FeedState } from "./model.ts";
import { recordOf } from "./shown.ts";

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

export interface Announcement {
  type: EventType;
  text: string; // of the intent; its id when it is not known
}

let last: Announcement | null = null;

/** The same news is the same object: a store that is asked at each change would else tell it again. */
export function announcement(state: Pick<FeedState, "events" | "intents">): Announcement | null {
  const event = state.events.find((one) => MATTERS.has(one.type));
  if (event === undefined || event.intentId === null) return null;
  const { type } = event;
  const text = recordOf(state, event.intentId)?.text ?? event.intentId;
  if (last?.type !== type || last.text !== text) last = { type, text };
  return last;
}
