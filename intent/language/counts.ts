// Counts of devices: a bare number that leads to a device noun, or stands after one ("devices: 5000").
import { claim, type Doc, flagAt, flagEndingAt, markAt, wordAt } from "./doc.ts";
import type { Quantity } from "./quantities.ts";

export interface DeviceCount {
  quantity: Quantity;
  from: number;
  to: number;
}

const ADJECTIVES = 3; // "20k connected soil moisture sensors"
const SURELY_A_COUNT = 1000; // from here a plural noun that no table knows is counted too

/** Where the counted noun ends, or `undefined` when the words after the number do not lead to one. */
function nounEnd(doc: Doc, quantity: Quantity): number | undefined {
  let plural: number | undefined;
  let i = quantity.to;
  const ofThem = flagAt(doc, i, "device");
  if (ofThem !== undefined) return ofThem.to;
  if (wordAt(doc, i) === "of") i += 1; // "a million of sensors"
  for (let words = 0; words <= ADJECTIVES; words += 1, i += 1) {
    if (doc.tokens[i]?.kind !== "word" || doc.used[i]) break;
    const device = flagAt(doc, i, "device");
    if (device !== undefined) {
      const next = flagAt(doc, device.to, "device"); // "robot arms": the last noun is the head
      return next?.to ?? device.to;
    }
    const stops =
      flagAt(doc, i, "sliceNoun") ||
      flagAt(doc, i, "siteNoun") ||
      flagAt(doc, i, "join") ||
      markAt(doc, i, "type") ||
      flagAt(doc, i, "clauseBreak") ||
      markAt(doc, i, "measure");
    if (stops) break;
    if (flagAt(doc, i, "filler") && words > 0) break;
    if (/[a-z]{3,}s$/.test(wordAt(doc, i)) && plural === undefined) plural = i + 1;
  }
  return quantity.high >= SURELY_A_COUNT ? plural : undefined;
}

/** "devices: 5000", "number of UEs = 200", "max users 40". */
function nounBefore(doc: Doc, quantity: Quantity): number | undefined {
  let i = quantity.from;
  while (i > quantity.from - 3 && /^(?::|=|of|is|to|<|\u2264|up|max)$/.test(wordAt(doc, i - 1))) i -= 1;
  const noun = flagEndingAt(doc, i, "device");
  if (noun === undefined) return undefined;
  const said = i < quantity.from || /^(?:max|maximum|total)$/.test(wordAt(doc, noun.from - 1)); // "customer 4711" counts nothing
  return said ? noun.from : undefined;
}

/** "200M devices": the suffix that is a bit rate elsewhere is a million before a device noun. */
function millions(doc: Doc, quantity: Quantity): Quantity | undefined {
  const last = doc.tokens[quantity.to - 1];
  if (quantity.dimension !== "bandwidth" || last?.text !== "m" || flagAt(doc, quantity.to, "device") === undefined) return undefined;
  return { ...quantity, dimension: "bare", low: quantity.low * 1e6, high: quantity.high * 1e6 };
}

export function findDeviceCounts(doc: Doc, quantities: readonly Quantity[]): DeviceCount[] {
  const counts: DeviceCount[] = [];
  for (const found of quantities) {
    const quantity = found.dimension === "bare" ? found : millions(doc, found);
    if (quantity === undefined || (found.dimension === "bare" && doc.used[found.from]) || isResolution(doc, quantity)) continue;
    const end = nounEnd(doc, quantity);
    const start = end === undefined ? nounBefore(doc, quantity) : undefined;
    if (end === undefined && start === undefined) continue;
    claim(doc, quantity.from, quantity.to);
    counts.push({ quantity, from: start ?? quantity.from, to: end ?? quantity.to });
  }
  return counts;
}

/** "4K cameras", "8k live stream": a picture size, no count. "4k sensors" is one. */
function isResolution(doc: Doc, quantity: Quantity): boolean {
  const video = markAt(doc, quantity.from, "useCase");
  if (video === undefined || video.sense.type !== "eMBB") return false;
  const next = markAt(doc, quantity.to, "useCase");
  return next === undefined || next.sense.type === "eMBB";
}
