// Four eyes: who made a change what it is may not be the one who lets it happen. Pure.
import type { IntentRow } from "./intent-draft.ts";

/** Asked for it, answered what it left open, or corrected what was understood of it. */
export function hasShaped({ createdBy, shapedBy }: Pick<IntentRow, "createdBy" | "shapedBy">, who: string): boolean {
  return createdBy === who || shapedBy.includes(who);
}

export function shapedAlsoBy({ shapedBy }: Pick<IntentRow, "shapedBy">, who: string): string[] {
  return [...new Set([...shapedBy, who])];
}
