// Which way a bit rate goes: every direction word is given to the nearest bit rate, with a stop at commas and conjunctions.
import { type Doc, flagAt, marksOf, wordAt } from "./doc.ts";
import type { Quantity } from "./quantities.ts";
import type { Direction } from "./senses.ts";

interface DirectionWord {
  direction: Direction;
  from: number;
  to: number;
}

const REACH = 7; // tokens between a direction word and its bit rate
const BREAK_COST = 6; // a comma or "and" between them counts as that many tokens

/** "600 Mbps down", "300 up / 60 down": "up" and "down" are directions only right beside a number, and never in "up to" or "scale up". */
function upAndDown(doc: Doc, rates: readonly Quantity[]): DirectionWord[] {
  const words: DirectionWord[] = [];
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const word = wordAt(doc, i);
    if ((word !== "up" && word !== "down") || doc.used[i] || wordAt(doc, i + 1) === "to") continue;
    if (doc.marks.some((mark) => mark.sense.kind === "action" && mark.from <= i && mark.to > i)) continue;
    const beside = rates.some((rate) => rate.to === i || rate.from === i + 1);
    if (beside) words.push({ direction: word === "up" ? "uplink" : "downlink", from: i, to: i + 1 });
  }
  return words;
}

function cost(doc: Doc, rate: Quantity, word: DirectionWord): number {
  const [a, b] = rate.from < word.from ? [rate.to, word.from] : [word.to, rate.from];
  let total = b - a;
  if (total > REACH + BREAK_COST) return total; // too far already; also keeps a long text linear
  for (let i = a; i < b; i += 1) {
    const separates = wordAt(doc, i) === "," || wordAt(doc, i) === "/" || wordAt(doc, i) === ";" || flagAt(doc, i, "join") !== undefined;
    if (separates) total += BREAK_COST;
  }
  return total;
}

/** The direction of each bit rate that has one. A tie goes to the bit rate that has none yet, then to the one before the word. */
export function directionsOf(doc: Doc, rates: readonly Quantity[]): Map<Quantity, Direction> {
  const given = new Map<Quantity, Direction>();
  const spoken = marksOf(doc, "direction").map((mark) => ({ direction: mark.sense.direction, from: mark.from, to: mark.to }));
  const words = [...spoken, ...upAndDown(doc, rates)].sort((a, b) => a.from - b.from);
  for (const word of words) {
    let best: { rate: Quantity; cost: number } | undefined;
    for (const rate of rates) {
      const isTaken = given.has(rate);
      const price = cost(doc, rate, word) + (isTaken ? 0.5 : 0);
      const limit = word.direction === "both" ? Infinity : REACH + BREAK_COST;
      if (price <= limit && (best === undefined || price < best.cost)) best = { rate, cost: price };
    }
    if (best === undefined) continue;
    const before = given.get(best.rate);
    given.set(best.rate, before === undefined || before === word.direction ? word.direction : "both");
  }
  return given;
}

/** The order of a pair such as "60/300 Mbps UL/DL": downlink first unless the words say otherwise. */
export function pairIsUplinkFirst(doc: Doc): boolean {
  const first = marksOf(doc, "direction").find((mark) => mark.sense.direction !== "both");
  return first?.sense.direction === "uplink";
}
