// Which intents wait for a person, and for what. Pure.
import type { IntentRecord } from "../../protocol/api.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { FeedState } from "./model.ts";

export const WAITING = ["awaiting_approval", "needs_decision", "needs_clarification"] as const satisfies readonly IntentStatus[];
export type WaitingStatus = (typeof WAITING)[number];

export function waitingStatusOf(status: IntentStatus | undefined): WaitingStatus | undefined {
  return WAITING.find((waiting) => waiting === status);
}

export function isWaitingForPerson(record: Pick<IntentRecord, "status">): boolean {
  return waitingStatusOf(record.status) !== undefined;
}

let last: { rows: FeedState["intents"]["rows"]; count: number } | undefined;

/** Counted anew only when the table has changed. */
export function waitingCount({ intents: { rows } }: Pick<FeedState, "intents">): number {
  if (last?.rows !== rows) last = { rows, count: rows.filter(({ record }) => isWaitingForPerson(record)).length };
  return last.count;
}
