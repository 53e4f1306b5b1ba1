// One unit of work: a state change and its events in one D1 batch, all or nothing; announced to the room after the commit.
import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { audit, batchGuard, events } from "../../drizzle/schema.ts";
import { toDurableEvent } from "../../party/feed.ts";
import { type DurableEvent, EVENT_DATA, type EventData, type EventType, MONITOR_STAGES } from "../../protocol/event.ts";
import type { Actor, Deps } from "../deps.ts";
import { tally } from "./tallies.ts";
import { recordLives } from "./trace.ts";

type Statement = BatchItem<"sqlite">;

export interface NewEvent<T extends EventType> {
  type: T;
  data: EventData<T>;
  id?: string; // of the fact behind it, so that a fact sent twice is stored once
  intentId?: string | null;
  jobId?: string | null;
  site?: string | null;
  at?: number;
}

export interface Unit {
  add(statement: Statement): void;
  event<T extends EventType>(event: NewEvent<T>): void;
  /** The whole batch is rolled back unless the condition holds when it runs. */
  guard(condition: SQL): void;
  /** What the audit takes the command to be about when no event of it says. */
  about(id: string): void;
  /** Agents have something to claim after this. */
  wake(): void;
  /** Commits, then hands the events to the room without waiting for it. Throws GuardFailed or Duplicate. */
  commit(): Promise<DurableEvent[]>;
}

/** A guard did not hold: somebody else changed the state first. Nothing was written. */
export class GuardFailed extends Error {
  override name = "GuardFailed";
}

/** A unique key is taken: the same thing was stored before. Nothing was written. */
export class Duplicate extends Error {
  override name = "Duplicate";
}

export function createUnit(deps: Deps): Unit {
  const statements: Statement[] = [];
  const eventIndexes = new Set<number>();
  let wake = false;
  let target: string | null = null; // of the audit: the first thing its events are about
  let subject: string | null = null; // of the audit: without such events
  return {
    add: (statement) => {
      statements.push(statement);
    },
    event: (event) => {
      target ??= targetOf(event);
      eventIndexes.add(statements.length);
      statements.push(
        deps.db
          .insert(events)
          .values({
            id: event.id ?? deps.newId("evt", deps.now()),
            type: event.type,
            intentId: event.intentId ?? null,
            jobId: event.jobId ?? null,
            site: event.site ?? null,
            stage: MONITOR_STAGES[event.type] ?? null,
            at: event.at ?? deps.now(),
            data: EVENT_DATA[event.type].parse(event.data) as Record<string, unknown>,
          })
          .returning(),
        ...tally(deps, event),
      );
    },
    guard: (condition) => {
      const holds = sql`case when ${condition} then 1 else 0 end`;
      statements.push(deps.db.insert(batchGuard).values({ id: holds }).onConflictDoNothing());
    },
    about: (id) => {
      subject ??= id;
    },
    wake: () => {
      wake = true;
    },
    commit: async () => {
      const [first, ...rest] = statements;
      if (first === undefined) return [];
      const actor = deps.actor?.audited === false ? deps.actor : null;
      if (actor !== null) {
        actor.audited = true;
        rest.push(deps.db.insert(audit).values(entryOf(actor, { target: target ?? subject, at: deps.now() })));
      }
      const results = await deps.db.batch([first, ...rest]).catch((error: unknown) => {
        if (actor !== null) actor.audited = false;
        throw classify(error);
      });
      const stored = [...eventIndexes].flatMap((index) => results[index] as (typeof events.$inferSelect)[]).map(toDurableEvent);
      if (stored.length > 0 || wake) deps.defer(deps.room.publish(stored, wake));
      if (deps.tracer !== null) deps.defer(recordLives(deps, deps.tracer, stored));
      return stored;
    },
  };
}

/** An alert is what its events are about, whatever else they name. */
function targetOf({ data, intentId, site }: NewEvent<EventType>): string | null {
  const { alert } = data as { alert?: { alertId: string } };
  return alert?.alertId ?? intentId ?? site ?? null;
}

function entryOf({ name, tokenId, requestId, action }: Actor, about: { target: string | null; at: number }): typeof audit.$inferInsert {
  return { who: name, tokenId, requestId, action, ...about };
}

/** D1 tells a broken constraint only by text, and drizzle may wrap it. */
function classify(error: unknown): unknown {
  const text = error instanceof Error ? `${error.message} ${String(error.cause)}` : String(error);
  if (text.includes("batch_guard_holds")) return new GuardFailed("the state has changed meanwhile", { cause: error });
  if (text.includes("UNIQUE constraint failed")) return new Duplicate("stored before", { cause: error });
  return error;
}
