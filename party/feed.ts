// Reads the durable feed out of D1, to fill what a socket missed. Reads only: the room never writes state.
import { and, asc, eq, getTableName, gt, lte } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { events } from "../drizzle/schema.ts";
import { DurableEvent } from "../protocol/event.ts";

export const FILL_BATCH = 500; // rows per read while a gap is filled

/** SQLite's own table of AUTOINCREMENT; no migration makes it. max(seq) would go back to 0 when all events are pruned. */
const sequences = sqliteTable("sqlite_sequence", { name: text().notNull(), seq: integer().notNull() });

/** The query for the newest seq ever given, to run alone or in a batch; no row when there was none yet. */
export function headQuery(db: DrizzleD1Database) {
  return db
    .select({ seq: sequences.seq })
    .from(sequences)
    .where(eq(sequences.name, getTableName(events)));
}

/** The newest seq of the installation, 0 when there is none. Survives pruning. */
export async function readHead(db: D1Database): Promise<number> {
  return (await headQuery(drizzle(db)).get())?.seq ?? 0;
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

/** The events after `since`; null when they are too many, when pruning has taken some of them, or when `since` is yet to come. */
export async function replay(db: D1Database, range: { since: number; upTo: number; limit: number }): Promise<DurableEvent[] | null> {
  const { since, upTo, limit } = range;
  if (since > upTo || upTo - since > limit) return null;
  const missed: DurableEvent[] = [];
  while (missed.length < upTo - since) {
    const page = await readEvents(db, { after: missed.at(-1)?.seq ?? since, upTo, limit: FILL_BATCH });
    if (page.length === 0) return null;
    missed.push(...page);
  }
  return missed;
}

/** A row as the wire has it. */
export function toDurableEvent(row: typeof events.$inferSelect): DurableEvent {
  return DurableEvent.parse({ ...row, at: new Date(row.at).toISOString() });
}
