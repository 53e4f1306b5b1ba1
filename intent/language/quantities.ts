// Numbers with their units in a sentence: single values, ranges, "from 100 to 400", pairs ("300/60 Mbps"), nines and plain numbers.
import { ninesToPercent, tidy, toCanonical, type Unit } from "../units.ts";
import { claim, type Doc, flagAt, flagEndingAt, markAt, wordAt } from "./doc.ts";
import { type NumberAt, numberAt } from "./numbers.ts";

export interface Quantity {
  dimension: "bandwidth" | "time" | "percent" | "other" | "bare";
  low: number; // Mbps, ms, percent, or the bare number
  high: number;
  shape: "single" | "range" | "fromTo" | "pair"; // a pair keeps its order: low is the first, high the second
  coarse: boolean; // whole seconds: a latency only where the text says so
  nines: boolean;
  wasFrom: boolean; // "from 100 Mbps": the value that is left behind
  from: number;
  to: number;
}

interface UnitAt {
  unit: Unit;
  to: number;
}

const BYTES_WRITTEN = /[KkMGT]B(?:$|\/|ps)/; // "MB/s" as against "Mb/s"
const VOLUME_WRITTEN = /^[KMGT]B$/; // "GB" alone is an amount of data
const BITS_PER_BYTE = 8;

function unitAt(doc: Doc, at: number): UnitAt | undefined {
  const start = wordAt(doc, at) === "-" && doc.tokens[at]?.glued ? at + 1 : at; // 200-Mbps
  const mark = doc.used[start] ? undefined : markAt(doc, start, "unit");
  if (mark === undefined) return undefined;
  const { unit } = mark.sense;
  if (unit.dimension !== "bandwidth") return { unit, to: mark.to };
  const written = doc.text.slice(doc.tokens[start]?.start, doc.tokens[mark.to - 1]?.end).replaceAll(" ", "");
  if (VOLUME_WRITTEN.test(written)) return { unit: { ...unit, dimension: "other" }, to: mark.to };
  const factor = BYTES_WRITTEN.test(written) ? unit.factor * BITS_PER_BYTE : unit.factor;
  return { unit: { ...unit, factor }, to: mark.to };
}

const RANGE_SIGNS = new Set(["-", "~", "to", "until"]);

interface Second {
  number: NumberAt;
  unit: UnitAt | undefined;
  sign: string;
}

/** The second number of a range or pair: after "-", "~", "to", "..", "/", "->", or "and" when "between" or "from" came before. */
function secondNumber(doc: Doc, first: NumberAt, afterFirst: number): Second | undefined {
  let i = afterFirst;
  let sign = wordAt(doc, i);
  const joined = (sign === "and" || sign === "&") && flagEndingAt(doc, first.from, "between") !== undefined;
  if (sign === "." && wordAt(doc, i + 1) === ".") i += 1;
  else if (sign === "-" && wordAt(doc, i + 1) === ">") {
    i += 1;
    sign = "to";
  } else if (!RANGE_SIGNS.has(sign) && sign !== "/" && !joined) return undefined;
  i += 1;
  if (sign === "to" && flagAt(doc, i, "filler") !== undefined) i += 1;
  const number = numberAt(doc, i);
  if (number === undefined) return undefined;
  return { number, unit: unitAt(doc, number.to), sign };
}

function ninesAt(doc: Doc, number: NumberAt): Quantity | undefined {
  const at = wordAt(doc, number.to) === "-" ? number.to + 1 : number.to;
  const mark = flagAt(doc, at, "nines");
  const percent = mark === undefined ? undefined : ninesToPercent(number.value);
  if (mark === undefined || percent === undefined) return undefined;
  return { ...single(number, percent), dimension: "percent", nines: true, to: mark.to };
}

function single(number: NumberAt, value: number): Quantity {
  return {
    dimension: "bare",
    low: value,
    high: value,
    shape: "single",
    coarse: false,
    nines: false,
    wasFrom: false,
    from: number.from,
    to: number.to,
  };
}

/** A number glued to a letter before it (n78, v3, p95) is part of a name, unless that word says what is measured (latency5ms). */
function isPartOfName(doc: Doc, at: number): boolean {
  const token = doc.tokens[at];
  const before = doc.tokens[at - 1];
  if (token === undefined || before === undefined || !token.glued || doc.used[at - 1]) return false;
  if (before.text === "-" || before.text === "_") {
    const word = doc.tokens[at - 2];
    const says = flagEndingAt(doc, at - 1, "filler") !== undefined || endsMark(doc, at - 1); // sub-10 ms, dl-300Mbps
    return before.glued && word?.kind === "word" && !doc.used[at - 2] && !says;
  }
  if (before.kind !== "word" || token.kind !== "number") return false;
  return !endsMark(doc, at);
}

function endsMark(doc: Doc, end: number): boolean {
  return (doc.ending[end] ?? []).some((mark) => mark.sense.kind === "measure" || mark.sense.kind === "direction");
}

/** "deploy from 50 to 100 Mbps" is a range; which of the two counts is decided with the action, so the shape is kept. */
function shapeOf(doc: Doc, first: NumberAt, sign: string): Quantity["shape"] {
  if (sign === "/") return "pair";
  if (sign === "to" || sign === "until") return "fromTo";
  return flagEndingAt(doc, first.from, "from") !== undefined && sign !== "-" && sign !== "~" ? "fromTo" : "range";
}

function quantityAt(doc: Doc, at: number): Quantity | undefined {
  if (doc.used[at] || isPartOfName(doc, at)) return undefined;
  const first = numberAt(doc, at);
  if (first === undefined || !Number.isFinite(first.value)) return undefined;
  const nines = ninesAt(doc, first);
  if (nines !== undefined) return nines;
  const firstUnit = unitAt(doc, first.to);
  const second = secondNumber(doc, first, firstUnit?.to ?? first.to);
  const wasFrom = flagEndingAt(doc, first.from, "from") !== undefined;

  const unit = firstUnit ?? second?.unit;
  if (second !== undefined && second.unit !== undefined && unit?.unit.dimension === second.unit.unit.dimension) {
    const a = toCanonical(first.value, unit.unit);
    const b = toCanonical(second.number.value, second.unit.unit);
    const shape = shapeOf(doc, first, second.sign);
    const ordered = shape === "range";
    return {
      ...single(first, 0),
      dimension: unit.unit.dimension,
      low: ordered ? Math.min(a, b) : a,
      high: ordered ? Math.max(a, b) : b,
      shape,
      coarse: unit.unit.factor >= 1000,
      to: second.unit.to,
    };
  }
  if (unit === undefined || firstUnit === undefined) {
    return { ...single(first, tidy(first.value)), wasFrom };
  }
  const value = toCanonical(first.value, unit.unit);
  return { ...single(first, value), dimension: unit.unit.dimension, coarse: unit.unit.factor >= 1000, wasFrom, to: firstUnit.to };
}

/** All quantities in the order of the text. Those with a unit claim their tokens; bare numbers wait for a noun to claim them. */
export function findQuantities(doc: Doc): Quantity[] {
  const found: Quantity[] = [];
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const quantity = quantityAt(doc, i);
    if (quantity === undefined) continue;
    if (quantity.dimension !== "bare") claim(doc, quantity.from, quantity.to);
    found.push(quantity);
    i = quantity.to - 1;
  }
  return found;
}
