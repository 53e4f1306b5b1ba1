// Which intents wait for a person, and for what. Pure.
import type { IntentRecord } from "../../protocol/api.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { FeedState } from "./model.ts";

export const WAITING_STATUSES: readonly IntentStatus[] = ["awaiting_approval", "needs_decision", "needs_clarification"];

export function isWaitingForPerson(record: Pick<IntentRecord, "status">): boolean {
  return WAITING_STATUSES.includes(record.status);
}

let last: { rows: FeedState["intents"]["rows"]; count: number } | undefined;

/** Counted anew only when the table has changed. */
export function waitingCount({ intents: { rows } }: Pick<FeedState, "intents">): number {
  if (last?.rows !== rows) last = { rows, count: rows.filter(({ record }) => isWaitingForPerson(record)).length };
  return last.count;
}
