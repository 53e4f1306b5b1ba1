// Which way a bit rate goes: every direction word is given to the nearest bit rate, with a stop at commas and conjunctions.
import { type Doc, flagAt, flagEndingAt, flagsOf, marksOf, wordAt } from "./doc.ts";
import type { Quantity } from "./quantities.ts";
import type { Direction } from "./senses.ts";

interface DirectionWord {
  direction: Direction;
  from: number;
  to: number;
}

const REACH = 7; // tokens between a direction word and its bit rate
const BREAK_COST = 6; // a comma or "and" between them counts as that many tokens
const TAKEN_COST = 4; // a bit rate that has a direction already
const BEHIND_COST = 1.5; // "上行 50M 下行 100M": in a list of labels, the rate comes after its label

/** "600 Mbps down", "300 up / 60 down": "up" and "down" are directions only right beside a number, and never in "up to" or "scale up". */
function upAndDown(doc: Doc, rates: readonly Quantity[]): DirectionWord[] {
  const words: DirectionWord[] = [];
  for (const [flag, direction] of [
    ["up", "uplink"],
    ["down", "downlink"],
  ] as const) {
    for (const mark of flagsOf(doc, flag)) {
      if (flagAt(doc, mark.to, "to") !== undefined || flagAt(doc, mark.from, "to") !== undefined) continue;
      if (doc.marks.some((other) => other.sense.kind === "action" && other.from <= mark.from && other.to > mark.from)) continue;
      const label = /^[:=]$/.test(wordAt(doc, mark.to)) ? mark.to + 1 : mark.to;
      const beside = rates.some((rate) => rate.to === mark.from || rate.from === label);
      if (beside) words.push({ direction, from: mark.from, to: mark.to });
    }
  }
  return words;
}

const SPARED = ["leaveAlone", "notBehind", "untouched"] as const;

/** "下行不動", "downlink stays as it is", "leave the downlink alone": a direction without a rate of its own that is to stay as it is. */
function isSpared(doc: Doc, word: DirectionWord, rates: readonly Quantity[]): boolean {
  const clause = doc.tokens[word.from]?.clause;
  if (rates.some((rate) => doc.tokens[rate.from]?.clause === clause)) return false;
  let at = word.to;
  while (doc.tokens[at]?.clause === clause && (flagAt(doc, at, "copula") ?? flagAt(doc, at, "filler") ?? flagAt(doc, at, "domain")))
    at += 1;
  const behind = [word.to, at].some((place) => SPARED.some((flag) => flagAt(doc, place, flag) !== undefined));
  return behind || keptBefore(doc, word.from);
}

/** "keep the downlink". */
function keptBefore(doc: Doc, from: number): boolean {
  const at = flagEndingAt(doc, from, "definite")?.from ?? from;
  return (flagEndingAt(doc, at, "keep") ?? flagEndingAt(doc, at, "leaveAlone")) !== undefined;
}

function cost(doc: Doc, rate: Quantity, word: DirectionWord): number {
  const isBehind = rate.from < word.from; // the rate comes first
  const [a, b] = isBehind ? [rate.to, word.from] : [word.to, rate.from];
  let total = b - a;
  if (total > REACH + BREAK_COST) return total; // too far already; also keeps a long text linear
  for (let i = a; i < b; i += 1) {
    const sign = wordAt(doc, i);
    const separates = sign === "," || sign === "/" || sign === ";" || sign === "|" || flagAt(doc, i, "join") !== undefined;
    if (separates) total += BREAK_COST;
    if (sign === ":" || sign === "=") total -= 1; // a label holds on to its value
  }
  return total;
}

/** Whether the text writes its directions as labels before the rates: "DL 300 Mbps UL 60 Mbps". */
function labelsComeFirst(words: readonly DirectionWord[], rates: readonly Quantity[]): boolean {
  const [word, rate] = [words[0], rates[0]];
  return word !== undefined && rate !== undefined && word.to <= rate.from && words.length >= rates.length;
}

interface Rates {
  rates: readonly Quantity[];
  given: ReadonlyMap<Quantity, Direction>;
  labelled: boolean;
}

/** The bit rate that the word is nearest to. "Both ways" is said of a rate at any distance. */
function nearest(doc: Doc, word: DirectionWord, { rates, given, labelled }: Rates): Quantity | undefined {
  const limit = word.direction === "both" ? Infinity : REACH + BREAK_COST;
  let best: { rate: Quantity; price: number } | undefined;
  for (const rate of rates) {
    if (word.from - rate.to > limit) continue;
    if (rate.from - word.to > limit) break;
    const behind = labelled && rate.from < word.from ? BEHIND_COST : 0;
    const price = cost(doc, rate, word) + (given.has(rate) ? TAKEN_COST : 0) + behind;
    if (price <= limit && (best === undefined || price < best.price)) best = { rate, price };
  }
  return best?.rate;
}

/** The direction of each bit rate that has one. A tie goes to the bit rate that has none yet, then to the one before the word. */
export function directionsOf(doc: Doc, rates: readonly Quantity[]): Map<Quantity, Direction> {
  const given = new Map<Quantity, Direction>();
  if (rates.length === 0) return given;
  const spoken = marksOf(doc, "direction").map((mark) => ({ direction: mark.sense.direction, from: mark.from, to: mark.to }));
  const words = [...spoken, ...upAndDown(doc, rates)].filter((word) => !isSpared(doc, word, rates)).sort((a, b) => a.from - b.from);
  const about = { rates, given, labelled: labelsComeFirst(words, rates) };
  for (const word of words) {
    const rate = nearest(doc, word, about);
    if (rate === undefined) continue;
    const before = given.get(rate);
    given.set(rate, before === undefined || before === word.direction ? word.direction : "both");
  }
  return given;
}

/** The order of a pair such as "60/300 Mbps UL/DL": downlink first unless the words say otherwise. */
export function pairIsUplinkFirst(doc: Doc): boolean {
  const spoken = marksOf(doc, "direction").find((mark) => mark.sense.direction !== "both");
  if (spoken !== undefined) return spoken.sense.direction === "uplink";
  const [up, down] = [flagsOf(doc, "up")[0], flagsOf(doc, "down")[0]];
  return up !== undefined && down !== undefined && up.from < down.from;
}
