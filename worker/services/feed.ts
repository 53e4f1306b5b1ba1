// The durable feed over HTTP: what a socket client asks for after a gap.
import { and, asc, eq, gt } from "drizzle-orm";
import { events } from "../../drizzle/schema.ts";
import { headQuery, toDurableEvent } from "../../party/feed.ts";
import type { EventPage, EventsQuery } from "../../protocol/api.ts";
import type { Deps } from "../deps.ts";

/** Events with seq > after, in order; of one intent, or of all. */
export async function readFeed(deps: Deps, query: EventsQuery, intentId?: string): Promise<EventPage> {
  const [rows, head] = await deps.db.batch([
    deps.db
      .select()
      .from(events)
      .where(and(gt(events.seq, query.after), intentId === undefined ? undefined : eq(events.intentId, intentId)))
      .orderBy(asc(events.seq))
      .limit(query.limit),
    headQuery(deps.db),
  ]);
  return { events: rows.map(toDurableEvent), head: head[0]?.seq ?? 0 };
}
