// Idempotency keys, kept with the response: the row is written in the same batch as the effect, so a key means exactly one effect.
import { and, eq } from "drizzle-orm";
import { idempotency } from "../../drizzle/schema.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { Unit } from "./unit.ts";

export interface IdempotencyKey {
  principal: string;
  key: string;
  fingerprint: string; // of method, path and body
}

export interface Answer<T> {
  status: number;
  body: T;
}

/** Runs the effect once per key. `effect` must pass the unit it commits to `remember`. The same key again gives the same answer. */
export async function once<T>(
  deps: Deps,
  key: IdempotencyKey | null,
  effect: (remember: (unit: Unit, answer: Answer<T>) => void) => Promise<Answer<T>>,
): Promise<Answer<T>> {
  if (key === null) return effect(() => undefined);
  const known = await recall<T>(deps, key);
  if (known !== null) return known;
  try {
    return await effect((unit, { status, body }) => {
      unit.add(deps.db.insert(idempotency).values({ ...key, status, response: body, createdAt: deps.now() }));
    });
  } catch (error) {
    // The same request may have been served at the same time: what fails now fails because that one went through.
    const other = await recall<T>(deps, key);
    if (other === null) throw error;
    return other;
  }
}

/** Replaces what is replayed, when the first answer turned out richer than what was known at the commit. */
export async function amend<T>(deps: Deps, key: IdempotencyKey | null, { status, body }: Answer<T>): Promise<void> {
  if (key === null) return;
  await deps.db
    .update(idempotency)
    .set({ status, response: body })
    .where(and(eq(idempotency.principal, key.principal), eq(idempotency.key, key.key)));
}

async function recall<T>(deps: Deps, key: IdempotencyKey): Promise<Answer<T> | null> {
  const row = await deps.db
    .select()
    .from(idempotency)
    .where(and(eq(idempotency.principal, key.principal), eq(idempotency.key, key.key)))
    .get();
  if (row === undefined) return null;
  if (row.fingerprint !== key.fingerprint)
    throw new AppError("IDEMPOTENCY_MISMATCH", "this Idempotency-Key was used before with another request");
  return { status: row.status, body: row.response as T }; // written by us, from a typed answer
}
