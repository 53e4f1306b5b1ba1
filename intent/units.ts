// Quantities of the domain: their units, conversion to the canonical ones (Mbps, ms, percent) and how they are printed.
// Not the reading of sentences; that is language/quantities.ts, with the factors of this file.

/** Significant digits kept after a conversion: hides binary noise (0.1 + 0.2), loses nothing a person writes. */
const DIGITS = 12;

const KBIT_PER_MBIT = 1000; // decimal prefixes, as networks count (TS 28.541: kbit/s)
const BITS_PER_BYTE = 8;

export type Dimension = "bandwidth" | "time" | "percent" | "other";

/** A unit as data: what it measures and the factor to the canonical unit (Mbps, ms, percent). */
export interface Unit {
  dimension: Dimension;
  factor: number;
}

export const MBPS: Unit = { dimension: "bandwidth", factor: 1 };
export const MILLISECOND: Unit = { dimension: "time", factor: 1 };
export const PERCENT: Unit = { dimension: "percent", factor: 1 };
/** Something measured that is no requirement of a slice: a frequency, a distance, a data volume. */
export const OTHER: Unit = { dimension: "other", factor: 1 };

/** Factor to Mbit/s of a decimal prefix; `bytes` for megabytes per second and the like. */
export function bandwidthUnit(prefix: "" | "k" | "m" | "g" | "t", bytes: boolean): Unit {
  const power = { "": 1e-6, k: 1e-3, m: 1, g: 1e3, t: 1e6 }[prefix];
  return { dimension: "bandwidth", factor: bytes ? power * BITS_PER_BYTE : power };
}

export function tidy(value: number): number {
  if (Number.isInteger(value) && Math.abs(value) < 10 ** DIGITS) return value; // has no more digits than are kept
  return Number(value.toPrecision(DIGITS));
}

export function toCanonical(value: number, unit: Unit): number {
  return tidy(value * unit.factor);
}

export function mbpsToKbps(mbps: number): number {
  return tidy(mbps * KBIT_PER_MBIT);
}

export function kbpsToMbps(kbps: number): number {
  return tidy(kbps / KBIT_PER_MBIT);
}

/** "five nines" → 99.999, "three and a half nines" → 99.95. `undefined` for a count that is no percentage people use. */
export function ninesToPercent(nines: number): number | undefined {
  if (!Number.isInteger(nines * 2) || nines < 1 || nines > 9) return undefined;
  const whole = Math.floor(nines);
  return tidy(100 - 10 ** (2 - whole) / (whole === nines ? 1 : 2));
}

/** Plain decimals, never the exponent form that `String` chooses for very small and very large numbers. */
function decimal(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  return value.toFixed(20).replace(/\.?0+$/, "");
}

export function formatMbps(mbps: number): string {
  return `${decimal(mbps)}Mbps`;
}

export function formatMs(ms: number): string {
  return `${decimal(ms)}ms`;
}

export function formatPercent(percent: number): string {
  return `${decimal(percent)}%`;
}

const PRINTED = /^(\d+(?:\.\d+)?)(Mbps|ms|%)$/;
const PRINTED_UNITS: Record<string, Unit> = { Mbps: MBPS, ms: MILLISECOND, "%": PERCENT };

/** Reads back what the three format functions print; `undefined` for anything else. */
export function parsePrinted(text: string): { dimension: Dimension; value: number } | undefined {
  const match = PRINTED.exec(text);
  const unit = PRINTED_UNITS[match?.[2] ?? ""];
  if (match === null || unit === undefined) return undefined;
  return { dimension: unit.dimension, value: Number(match[1]) };
}
