// The store of corrections: kept, listed, taken back, and given to agents as examples. What a correction says is made in corrections.ts.
import { desc, eq, lt, sql } from "drizzle-orm";
import { corrections, settings } from "../../drizzle/schema.ts";
import {
  type Correction,
  type CorrectionPage,
  type CorrectionsResponse,
  type ListCorrectionsQuery,
  MAX_EXAMPLES,
} from "../../protocol/correction.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { createUnit, type Unit } from "./unit.ts";

const KEPT = 1_000; // the newest; models see a few, the evaluation all
const VERSION = "corrections"; // among the settings: a number that grows with every change, also when rows go

/** Of one intent, newest first. */
export async function correctionsOf(deps: Deps, intentId: string): Promise<Correction[]> {
  const rows = await deps.db.select().from(corrections).where(eq(corrections.intentId, intentId)).orderBy(desc(corrections.seq));
  return rows.map(toCorrection);
}

/** The guard: what was `earlier` when the correction was made is so still, or two would be made of one. */
export function keepCorrection(
  unit: Unit,
  deps: Deps,
  { correction, earlier }: { correction: Correction; earlier: readonly Correction[] },
) {
  const { at, ...rest } = correction;
  const last = earlier[0]?.id ?? null;
  unit.guard(sql`(select id from corrections where intent_id = ${correction.intentId} order by seq desc limit 1) is ${last}`);
  unit.add(deps.db.insert(corrections).values({ ...rest, at: Date.parse(at) }));
  unit.add(
    deps.db.delete(corrections).where(sql`${corrections.seq} <= (select seq from corrections order by seq desc limit 1 offset ${KEPT})`),
  );
  raiseVersion(unit, deps, correction.by);
}

/** A mistaken one shall teach no model any more. Intents that were prepared with it stay as they are. */
export async function takeBackCorrection(deps: Deps, { id, by }: { id: string; by: string }): Promise<void> {
  const there = await deps.db.select({ id: corrections.id }).from(corrections).where(eq(corrections.id, id)).get();
  if (there === undefined) throw new AppError("NOT_FOUND", `there is no correction ${id}`);
  const unit = createUnit(deps);
  unit.about(id);
  unit.add(deps.db.delete(corrections).where(eq(corrections.id, id)));
  raiseVersion(unit, deps, by);
  unit.wake(); // so that agents hear of it with a heartbeat now
  await unit.commit();
}

function raiseVersion(unit: Unit, deps: Deps, by: string): void {
  const row = { updatedBy: by, updatedAt: deps.now() };
  unit.add(
    deps.db
      .insert(settings)
      .values({ name: VERSION, value: 1, ...row })
      .onConflictDoUpdate({ target: settings.name, set: { value: sql`${settings.value} + 1`, ...row } }),
  );
}

/** The query behind it, so that it can go into a batch. */
export function selectVersion(deps: Deps) {
  return deps.db
    .select({ version: sql<number>`cast(${settings.value} as integer)` })
    .from(settings)
    .where(eq(settings.name, VERSION));
}

/** Newest first. */
export async function listCorrections(deps: Deps, { limit, cursor }: ListCorrectionsQuery): Promise<CorrectionPage> {
  const rows = await deps.db
    .select()
    .from(corrections)
    .where(cursor === undefined ? undefined : lt(corrections.seq, cursor))
    .orderBy(desc(corrections.seq))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return { corrections: page.map(toCorrection), nextCursor: rows.length > limit ? (page.at(-1)?.seq ?? null) : null };
}

/** For the prompt: the newest, of a sentence that was corrected more than once the last word only. */
export async function examplesOf(deps: Deps): Promise<CorrectionsResponse> {
  const newest = deps.db
    .select()
    .from(corrections)
    .where(sql`${corrections.seq} in (select max(seq) from corrections group by text)`)
    .orderBy(desc(corrections.seq))
    .limit(MAX_EXAMPLES);
  const [[head], rows] = await deps.db.batch([selectVersion(deps), newest]);
  return { version: head?.version ?? 0, corrections: rows.map(toCorrection) };
}

function toCorrection({ seq: _seq, at, ...row }: typeof corrections.$inferSelect): Correction {
  return { ...row, at: new Date(at).toISOString() };
}
