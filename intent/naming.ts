// Names and numbers that a plan gives out: the slice's name and its own SD. Deterministic, so that a repeated plan is the same plan.
import { DnsLabel } from "../protocol/ids.ts";
import type { ServiceType } from "../protocol/intent.ts";
import type { LiveSlice } from "../protocol/job.ts";

const ID_TAIL = 6; // characters of the intent id in a slice name: 30 random bits
const SD_VALUES = 0x1000000; // 24 bits, TS 23.003 28.4.2
const RESERVED_SDS: ReadonlySet<number> = new Set([0x000000, 0xffffff]); // ffffff means "no SD"; zero reads as "none" in many tools

/** A name as a person wrote it, as a DNS label; `undefined` when lower-casing does not make it one. */
export function labelOf(name: string): string | undefined {
  return DnsLabel.safeParse(name.toLowerCase()).data;
}

/** `embb-4x7q2m`, with `-2`, `-3` … when a live slice has that name already. */
export function freeSliceName(serviceType: ServiceType, intentId: string, live: readonly LiveSlice[]): string {
  const taken = new Set(live.map((slice) => slice.slice));
  const tail = intentId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(-ID_TAIL);
  const base = tail === "" ? serviceType.toLowerCase() : `${serviceType.toLowerCase()}-${tail}`;
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!taken.has(name)) return name; // ends: there are only so many live slices
  }
}

/** FNV-1a, folded to 24 bits. Spreads ids; it protects nothing. */
function hash24(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 24)) & (SD_VALUES - 1);
}

/** An SD of six hex digits that no live slice of this SST has; `undefined` when all are in use. */
export function freeSd(intentId: string, sst: number, live: readonly LiveSlice[]): string | undefined {
  const taken = new Set(live.filter((slice) => slice.snssai.sst === sst).map((slice) => slice.snssai.sd.toLowerCase()));
  const start = hash24(intentId);
  for (let step = 0; step < SD_VALUES; step += 1) {
    const value = (start + step) % SD_VALUES;
    const sd = value.toString(16).padStart(6, "0");
    if (!RESERVED_SDS.has(value) && !taken.has(sd)) return sd;
  }
  return undefined;
}
