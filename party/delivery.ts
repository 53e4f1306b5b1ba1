// Pure decision of the room: which of the announced events may be sent as they are, and whether D1 must be asked first.
import type { DurableEvent } from "../protocol/event.ts";

export type DeliveryPlan =
  | { kind: "nothing" }
  | { kind: "send"; events: DurableEvent[] }
  /** There are rows between the cursor and the announced events, or the numbers were skipped: only D1 can tell. */
  | { kind: "fill"; after: number; upTo: number };

/** `cursor` is the seq up to which everything was delivered. The announced events may come in any order, twice, or ahead of others. */
export function planDelivery(cursor: number, announced: readonly DurableEvent[]): DeliveryPlan {
  const fresh = announced.filter((event) => event.seq > cursor).sort((a, b) => a.seq - b.seq);
  const last = fresh.at(-1);
  if (last === undefined) return { kind: "nothing" };
  const contiguous = fresh.every((event, index) => event.seq === cursor + 1 + index);
  return contiguous ? { kind: "send", events: fresh } : { kind: "fill", after: cursor, upTo: last.seq };
}
