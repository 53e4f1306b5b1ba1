// What a quantity is a quantity of: the nearest noun decides whether a percentage is reliability or a time is latency.
import { type Doc, flagAt, flagsOf, marksOf, wordAt } from "./doc.ts";
import type { Quantity } from "./quantities.ts";
import type { Measure } from "./senses.ts";

const CLAUSE_COST = 5; // a comma between the noun and the quantity counts as that many tokens
const REACH = 12; // tokens; what is farther away is about something else
const UNLABELLED_PERCENT_MIN = 90; // "99.9 %" without a noun can only be reliability; "20 %" is no requirement

const WANTED: Record<"time" | "percent", readonly Measure[]> = {
  time: ["latency", "other"],
  percent: ["reliability", "availability", "loss", "other"],
};

/** The measure that the nearest noun gives a time or percentage; `undefined` without one. */
export function measureOf(doc: Doc, quantity: Quantity): Measure | undefined {
  if (quantity.dimension !== "time" && quantity.dimension !== "percent") return undefined;
  const wanted = WANTED[quantity.dimension];
  let best: { measure: Measure; cost: number } | undefined;
  for (const mark of marksOf(doc, "measure")) {
    if (!wanted.includes(mark.sense.measure)) continue;
    const cost = distance(doc, quantity, mark);
    if (cost <= REACH && (best === undefined || cost < best.cost)) best = { measure: mark.sense.measure, cost };
  }
  return best?.measure;
}

/** "99.9 %" without a noun: the reliability is what is nearest to it; said in a warning. */
export function isUnlabelledReliability(quantity: Quantity): boolean {
  return quantity.low >= UNLABELLED_PERCENT_MIN;
}

/** Tokens between them; a noun after the quantity is a little nearer ("99.9% availability, reliability 99%"). */
function distance(doc: Doc, quantity: Quantity, mark: { from: number; to: number }): number {
  const after = mark.from >= quantity.to;
  const gap = after ? mark.from - quantity.to : quantity.from - mark.to;
  const here = doc.tokens[quantity.from];
  const there = doc.tokens[mark.from];
  if (here === undefined || there === undefined || here.sentence !== there.sentence) return REACH + 1;
  let joins = 0;
  for (let i = after ? quantity.to : mark.to; i < (after ? mark.from : quantity.from); i += 1) if (flagAt(doc, i, "join")) joins += 1;
  return gap + Math.abs(here.clause - there.clause) * CLAUSE_COST + joins * CLAUSE_COST + (after ? -0.5 : 0);
}

/** "10 kbps per sensor", "each sending 10 kbps": a rate of one device, not of the slice. */
export function perDeviceRate(doc: Doc, rate: Quantity): boolean {
  if (flagsOf(doc, "perDevice").some((mark) => mark.from === rate.to)) return true;
  if (wordAt(doc, rate.to) === "each" && flagAt(doc, rate.to + 1, "siteNoun") === undefined) return true;
  if (wordAt(doc, rate.to) === "/" && flagAt(doc, rate.to + 1, "device") !== undefined) return true;
  for (let i = rate.from - 1; i >= 0 && i >= rate.from - 4; i -= 1) {
    if (doc.tokens[i]?.clause !== doc.tokens[rate.from]?.clause) return false;
    if (wordAt(doc, i) === "each" && flagAt(doc, i + 1, "siteNoun") === undefined) return true;
  }
  return false;
}

/** A bare number takes the unit of the sentence's other bit rates when a direction word is beside it ("300 Mbps down, 60 up"). */
export function bandwidthFromBareNumbers(
  doc: Doc,
  quantities: readonly Quantity[],
): { rates: Quantity[]; times: Quantity[]; warnings: string[] } {
  const rates: Quantity[] = [];
  const times: Quantity[] = [];
  const warnings: string[] = [];
  const model = quantities.find((quantity) => quantity.dimension === "bandwidth");
  for (const quantity of quantities) {
    if (quantity.dimension !== "bare" || doc.used[quantity.from]) continue;
    if (model !== undefined && besideDirection(doc, quantity)) rates.push({ ...quantity, dimension: "bandwidth" });
    else {
      const measure = measureRightBefore(doc, quantity.from);
      if (measure === "bandwidth") {
        rates.push({ ...quantity, dimension: "bandwidth" });
        warnings.push(`The bandwidth ${quantity.low} has no unit; it is read as Mbps.`);
      } else if (measure === "latency") {
        times.push({ ...quantity, dimension: "time" });
        warnings.push(`The latency ${quantity.low} has no unit; it is read as ms.`);
      }
    }
  }
  return { rates, times, warnings };
}

function besideDirection(doc: Doc, quantity: Quantity): boolean {
  const after = wordAt(doc, quantity.to);
  if (after === "up" || after === "down") return true;
  return marksOf(doc, "direction").some((mark) => mark.from === quantity.to || mark.to === quantity.from);
}

/** "bandwidth: 200", "latency of 20", "throughput at least 50": the noun, then nothing but fillers. */
function measureRightBefore(doc: Doc, at: number): Measure | undefined {
  for (let i = at; i > at - 5; i -= 1) {
    const mark = (doc.ending[i] ?? []).find((candidate) => candidate.sense.kind === "measure");
    if (mark?.sense.kind === "measure") return mark.sense.measure;
    const word = wordAt(doc, i - 1);
    if (
      !(
        flagAt(doc, i - 1, "filler") ||
        word === ":" ||
        word === "=" ||
        word === "<" ||
        word === ">" ||
        word === "\u2264" ||
        word === "\u2265"
      )
    ) {
      return undefined;
    }
  }
  return undefined;
}
