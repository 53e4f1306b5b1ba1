// What /metrics counts over the whole life of the installation: each event of an intent adds to it in its own batch, so that an event
// that is stored once is counted once. Not what is the case now: that is read when somebody asks.
import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { tallies } from "../../drizzle/schema.ts";
import { type EventType, MONITOR_STAGES } from "../../protocol/event.ts";
import type { IntentStatus } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";

export const INTENT_TOTAL = "intent_total";
export const PROCESSING_SECONDS = "intent_processing_seconds";

/** Upper bounds in seconds. A whole path takes one or two; a wait for a person, a bake time or a freeze takes hours. */
export const BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];

const ENDS: Partial<Record<EventType, IntentStatus>> = {
  "intent.completed": "completed",
  "intent.failed": "failed",
  "intent.rejected": "rejected",
  "intent.rolled_back": "rolled_back",
  "intent.cancelled": "cancelled",
};

interface Counted {
  type: EventType;
  intentId?: string | null;
  at?: number;
}

/** Statements for the batch of the event; the intent's row is there before them. */
export function tally(deps: Deps, { type, intentId, at }: Counted): BatchItem<"sqlite">[] {
  if (intentId === undefined || intentId === null) return [];
  const end = ENDS[type];
  const stage = MONITOR_STAGES[type];
  const statements: BatchItem<"sqlite">[] = [];
  if (end !== undefined) {
    const labels = sql`json_object('service_type', coalesce(service_type, 'unknown'), 'status', ${end})`;
    statements.push(add(deps, sql`select ${INTENT_TOTAL}, ${labels}, 1, 0 from intents where id = ${intentId}`));
  }
  if (stage !== undefined) {
    const bounds = sql.raw(BUCKETS_SECONDS.map((le) => `when s <= ${le} then '${le}'`).join(" "));
    const labels = sql`json_object('stage', ${stage}, 'le', case ${bounds} else '+Inf' end)`;
    const seconds = sql`select max(0, (${at ?? deps.now()} - created_at) / 1000.0) s from intents where id = ${intentId}`;
    statements.push(add(deps, sql`select ${PROCESSING_SECONDS}, ${labels}, 1, s from (${seconds}) where true`));
  }
  return statements;
}

function add(deps: Deps, row: SQL): BatchItem<"sqlite"> {
  return deps.db
    .insert(tallies)
    .select(row)
    .onConflictDoUpdate({
      target: [tallies.family, tallies.labels],
      set: { count: sql`${tallies.count} + 1`, sum: sql`${tallies.sum} + excluded."sum"` },
    });
}
