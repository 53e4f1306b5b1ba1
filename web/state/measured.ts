// The values that were measured last, per slice and site: ephemeral, as they come from the room. Bounded; nothing of it is history.
import type { MeasuredSlice } from "../../protocol/agent.ts";

export const MEASURED_LIMIT = 2_000; // slices times sites; the ones that were measured the longest ago go first

export interface HeardSlice extends MeasuredSlice {
  heardAt: number; // by the clock of this page: that of the agent may be wrong, and says nothing about how old a value is here
}

/** By measuredKey, in the order in which they came. */
export type Measured = Readonly<Record<string, HeardSlice>>;

export function measuredKey({ slice, site }: Pick<MeasuredSlice, "slice" | "site">): string {
  return `${slice} ${site}`;
}

/** A late frame never replaces a newer value. */
export function withMeasured(known: Measured, measured: readonly MeasuredSlice[], heardAt: number): Measured {
  const next: Record<string, HeardSlice> = { ...known };
  for (const one of measured) {
    const key = measuredKey(one);
    const before = next[key];
    if (before !== undefined && before.at > one.at) continue;
    delete next[key]; // to the end of the order
    next[key] = { ...one, heardAt };
  }
  for (const key of Object.keys(next).slice(0, -MEASURED_LIMIT)) delete next[key];
  return next;
}
