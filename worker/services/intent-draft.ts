// An intent being moved inside one unit of work: moves are checked against the table, and written once, guarded by where it began.
import { eq, sql } from "drizzle-orm";
import { intentSites, intents } from "../../drizzle/schema.ts";
import { type EventData, type EventType, MONITOR_STAGES } from "../../protocol/event.ts";
import { INTENT_MOVES, type IntentStatus } from "../../protocol/intent.ts";
import { canMove } from "../../protocol/moves.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { Unit } from "./unit.ts";

export type IntentRow = typeof intents.$inferSelect;

export interface IntentDraft {
  /** The row as it will be after the commit. */
  readonly row: Readonly<IntentRow>;
  set(patch: Partial<IntentRow>): void;
  /** Throws CONFLICT when the table of moves does not allow it. */
  moveTo(status: IntentStatus): void;
  event<T extends EventType>(type: T, data: EventData<T>, about?: { id?: string; jobId?: string; site?: string; at?: number }): void;
  /** Adds the UPDATE and its guard to the unit; call once, before the commit. */
  write(): void;
}

export function draftIntent(unit: Unit, deps: Deps, original: IntentRow): IntentDraft {
  let row: IntentRow = original;
  let changed = false;
  unit.about(original.id);
  const set = (patch: Partial<IntentRow>) => {
    row = { ...row, ...patch };
    changed = true;
  };
  return {
    get row() {
      return row;
    },
    set,
    moveTo: (status) => {
      if (!canMove(INTENT_MOVES, row.status, status))
        throw new AppError("CONFLICT", `an intent that is ${row.status} cannot become ${status}`);
      set({ status });
    },
    event: (type, data, about = {}) => {
      const stage = MONITOR_STAGES[type];
      if (stage !== undefined) set({ stage });
      unit.event({ type, data, intentId: row.id, ...about });
    },
    write: () => {
      unit.guard(sql`exists (select 1 from intents where id = ${row.id} and status = ${original.status})`);
      if (!changed) return;
      const { id, ...rest } = row;
      const patch = Object.fromEntries(Object.entries(rest).filter(([key, value]) => original[key as keyof IntentRow] !== value));
      unit.add(
        deps.db
          .update(intents)
          .set({ ...patch, updatedAt: deps.now() })
          .where(eq(intents.id, id)),
      );
      if (row.sites === original.sites) return;
      unit.add(deps.db.delete(intentSites).where(eq(intentSites.intentId, id)));
      noteSites(unit, deps, row);
    },
  };
}

/** Makes an intent findable by its sites. */
export function noteSites(unit: Unit, deps: Deps, { id, sites }: Pick<IntentRow, "id" | "sites">): void {
  if (sites.length === 0) return;
  unit.add(deps.db.insert(intentSites).select(sql`select distinct value, ${id} from json_each(${JSON.stringify(sites)})`));
}
