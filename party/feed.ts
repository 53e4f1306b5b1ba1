// Reads the durable feed out of D1, to fill what a socket missed. Reads only: the room never writes state.
import { and, asc, gt, lte, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { events } from "../drizzle/schema.ts";
import { DurableEvent } from "../protocol/event.ts";

/** The newest seq of the installation, 0 when there is none. Survives pruning. */
export async function readHead(db: D1Database): Promise<number> {
  const row = await drizzle(db)
    .select({ seq: sql<number>`coalesce(max(${events.seq}), 0)` })
    .from(events)
    .get();
  return row?.seq ?? 0;
}

/** Events with `after < seq <= upTo`, in order, at most `limit`. */
export async function readEvents(db: D1Database, range: { after: number; upTo: number; limit: number }): Promise<DurableEvent[]> {
  const rows = await drizzle(db)
    .select()
    .from(events)
    .where(and(gt(events.seq, range.after), lte(events.seq, range.upTo)))
    .orderBy(asc(events.seq))
    .limit(range.limit);
  return rows.map((row) => toDurableEvent(row));
}

/** A row as the wire has it. */
export function toDurableEvent(row: typeof events.$inferSelect): DurableEvent {
  return DurableEvent.parse({ ...row, at: new Date(row.at).toISOString() });
}
