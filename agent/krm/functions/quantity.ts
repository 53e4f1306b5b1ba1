// Kubernetes quantities for throughput and counts.

const SUFFIXES = ["", "k", "M", "G", "T", "P", "E"];

/** kbit/s (TS 28.541) → bit/s as a canonical quantity: the largest decimal suffix without a fraction. 200000 → "200M". */
export function throughputQuantity(kbps: number): string {
  let value = Math.max(1, Math.round(kbps * 1000));
  let power = 0;
  while (value % 1000 === 0 && power < SUFFIXES.length - 1) {
    value /= 1000;
    power += 1;
  }
  return `${value}${SUFFIXES[power] ?? ""}`;
}

/** bit/s of a quantity written by `throughputQuantity`; NaN for anything else. */
export function quantityValue(quantity: unknown): number {
  if (typeof quantity === "number") return quantity;
  const match = typeof quantity === "string" ? /^([0-9]+)([kMGTPE]?)$/.exec(quantity) : null;
  return match === null ? Number.NaN : Number(match[1]) * 1000 ** SUFFIXES.indexOf(match[2] ?? "");
}

/** Nephio counts sessions and subscribers in thousands; a started thousand counts whole. */
export function thousands(count: number): number {
  return Math.max(1, Math.ceil(count / 1000));
}
