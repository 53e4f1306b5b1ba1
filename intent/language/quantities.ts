// Numbers with their units in a sentence: single values, ranges, "from 100 to 400", pairs ("300/60 Mbps"), nines and plain numbers.
import { ninesToPercent, OTHER, PERCENT, tidy, toCanonical, type Unit } from "../units.ts";
import { claim, type Doc, flagAt, flagEndingAt, markAt, wordAt } from "./doc.ts";
import { isMetres } from "./metres.ts";
import { type NumberAt, numberAt } from "./numbers.ts";

export interface Quantity {
  dimension: "bandwidth" | "time" | "percent" | "other" | "bare";
  low: number; // Mbps, ms, percent, or the bare number
  high: number;
  shape: "single" | "range" | "fromTo" | "change" | "pair"; // a pair keeps its order: low is the first, high the second
  coarse: boolean; // whole seconds: a latency only where the text says so
  loss: boolean; // "1 in 100 000": a share of what is lost
  wasFrom: boolean; // "from 100 Mbps": the value that is left behind
  from: number;
  to: number;
}

/** "set one up", "a separate one for …": the word stands for a slice and counts nothing. */
export function isPronoun(doc: Doc, { from, to, low, dimension }: Quantity): boolean {
  return dimension === "bare" && low === 1 && to === from + 1 && /^[a-z]/.test(wordAt(doc, from));
}

interface UnitAt {
  unit: Unit;
  to: number;
}

const BYTES_WRITTEN = /[KkMGT]B(?:$|\/|p|as)/; // "MB/s", "MB per second" as against "Mb/s"
const VOLUME_WRITTEN = /^[KMGT]B$/; // "GB" alone is an amount of data
const BITS_PER_BYTE = 8;
const SECOND = 1000; // ms
const ARROW = "\u2192";
const TEN = 10;
const ONE_IN_MIN = 100; // "1 in 20" is no error rate of a network
const GENERATIONS = 6; // 2G to 6G name a radio

function unitAt(doc: Doc, at: number, number?: NumberAt): UnitAt | undefined {
  const start = wordAt(doc, at) === "-" && doc.tokens[at]?.glued ? at + 1 : at; // 200-Mbps
  const counter = doc.used[start] ? undefined : flagAt(doc, start, "counter");
  const after = counter === undefined ? undefined : markAt(doc, counter.to, "unit"); // 半個 G
  const mark = doc.used[start] ? undefined : (markAt(doc, start, "unit") ?? after);
  if (mark === undefined || (wordAt(doc, start) === "x" && leadsToDevice(doc, start + 1))) return undefined; // 480 x smart lockers
  if (number !== undefined && isMetres(doc, number, mark)) return { unit: OTHER, to: mark.to };
  const { unit } = mark.sense;
  if (unit.dimension !== "bandwidth") return { unit, to: mark.to };
  const written = doc.text.slice(doc.tokens[mark.from]?.start, doc.tokens[mark.to - 1]?.end).replaceAll(" ", "");
  const perSecond = number !== undefined && flagEndingAt(doc, number.from, "perSecond") !== undefined; // 每秒 100 MB
  if (VOLUME_WRITTEN.test(written) && perSecond) return { unit: { ...unit, factor: unit.factor * BITS_PER_BYTE }, to: mark.to };
  if (VOLUME_WRITTEN.test(written)) return { unit: { ...unit, dimension: "other" }, to: mark.to };
  const factor = BYTES_WRITTEN.test(written) && !isShouted(doc, mark.to - 1) ? unit.factor * BITS_PER_BYTE : unit.factor;
  return { unit: { ...unit, factor }, to: mark.to };
}

/** In a text all in capitals "MB/S" says nothing about bytes. */
function isShouted(doc: Doc, at: number): boolean {
  const { start, end } = doc.tokens[at] ?? { start: 0, end: 0 };
  const last = doc.text.slice(start, end);
  return last === "S" || last === "SEC";
}

interface Second {
  number: NumberAt;
  unit: UnitAt | undefined;
  shape: Quantity["shape"];
}

/** The second number of a range or pair: after "-", "~", "to", "..", "/", "->", or "and" when "between" came before. */
function secondNumber(doc: Doc, first: NumberAt, afterFirst: number): Second | undefined {
  let i = afterFirst;
  const sign = wordAt(doc, i);
  const to = flagAt(doc, i, "to");
  let shape: Quantity["shape"] = "range";
  if (sign === "." && wordAt(doc, i + 1) === ".") i += 2;
  else if ((sign === "-" || sign === "=") && wordAt(doc, i + 1) === ">") {
    i += 2;
    shape = "change";
  } else if (sign === "-" || sign === "~") i += 1;
  else if (sign === "/") {
    i += 1;
    shape = "pair";
  } else if (to !== undefined) {
    i = to.to;
    shape = sign === ARROW ? "change" : "fromTo";
  } else if (flagAt(doc, i, "join") !== undefined && flagEndingAt(doc, first.from, "between") !== undefined) i += 1;
  else return undefined;
  if (to !== undefined && flagAt(doc, i, "filler") !== undefined) i += 1;
  const number = numberAt(doc, i);
  return number === undefined ? undefined : { number, unit: unitAt(doc, number.to), shape };
}

function single(number: NumberAt, value: number): Quantity {
  const plain = { dimension: "bare", shape: "single", coarse: false, loss: false, wasFrom: false } as const;
  return { ...plain, low: value, high: value, from: number.from, to: number.to };
}

function ninesAt(doc: Doc, number: NumberAt): Quantity | undefined {
  const at = wordAt(doc, number.to) === "-" ? number.to + 1 : number.to;
  const mark = flagAt(doc, at, "nines");
  const percent = mark === undefined ? undefined : ninesToPercent(number.value);
  if (mark === undefined || percent === undefined) return undefined;
  return { ...single(number, percent), dimension: "percent", to: mark.to };
}

function belongsElsewhere(doc: Doc, at: number): boolean {
  return unitAt(doc, at) !== undefined || flagAt(doc, at, "device") !== undefined;
}

/** "1 in 100,000", "1 in 10^5". */
function oneIn(doc: Doc, first: NumberAt): Quantity | undefined {
  const mark = flagAt(doc, first.to, "oneIn");
  const second = mark === undefined ? undefined : numberAt(doc, mark.to);
  if (second === undefined || second.value < ONE_IN_MIN || first.value >= TEN || belongsElsewhere(doc, second.to)) return undefined;
  return { ...single(first, tidy((first.value / second.value) * 100)), dimension: "percent", loss: true, to: second.to };
}

/** A power of ten below one, "10^-5", is a share; only errors are counted so. */
function share(number: NumberAt): Quantity | undefined {
  if (number.to < number.from + 3 || !(number.value > 0 && number.value < 0.1)) return undefined;
  return { ...single(number, tidy(number.value * 100)), dimension: "percent", loss: true };
}

/** 百分之九十九: the unit comes first. */
function percentBefore(doc: Doc, at: number): Quantity | undefined {
  const perMille = flagAt(doc, at, "perMilleBefore");
  const mark = flagAt(doc, at, "percentBefore") ?? perMille;
  const number = mark === undefined ? undefined : numberAt(doc, mark.to);
  if (mark === undefined || number === undefined) return undefined;
  return {
    ...single(number, toCanonical(perMille === undefined ? number.value : number.value / TEN, PERCENT)),
    dimension: "percent",
    from: mark.from,
  };
}

/** A number glued to a letter before it (n78, v3, p95) is part of a name, unless that word says what is measured (latency5ms). */
function isPartOfName(doc: Doc, at: number): boolean {
  const token = doc.tokens[at];
  const before = doc.tokens[at - 1];
  if (token === undefined || before === undefined || !token.glued || doc.used[at - 1]) return false;
  if (before.text === "-" || before.text === "_") {
    const word = doc.tokens[at - 2];
    return before.glued && word?.kind === "word" && !doc.used[at - 2] && !saysSomething(doc, at - 1); // sub-10 ms, dl-300Mbps
  }
  return /^[a-z]/.test(before.text) && token.kind === "number" && !saysSomething(doc, at);
}

function saysSomething(doc: Doc, end: number): boolean {
  return (doc.ending[end] ?? []).some(({ sense }) => sense.kind !== "useCase" && sense.kind !== "unit" && sense.kind !== "multiplier");
}

/** "5G" is a radio, not a rate, unless the words around it ask for a rate: "bandwidth 2G", "scale to 5G". */
function isGeneration(doc: Doc, number: NumberAt): boolean {
  if (!flagAt(doc, number.to, "generation") || wordAt(doc, number.to + 1) === "/" || number.value > GENERATIONS || number.value < 2)
    return false;
  if (!Number.isInteger(number.value) || flagAt(doc, number.from - 1, "join")) return Number.isInteger(number.value);
  const isPlace = flagEndingAt(doc, number.from, "leadsOn") !== undefined && flagEndingAt(doc, number.from, "to") === undefined; // on 5G
  let at = number.from;
  while (at > number.from - 3 && flagEndingAt(doc, at, "filler") !== undefined && flagEndingAt(doc, at, "to") === undefined) at -= 1;
  if (/^[:=<>\u2264\u2265]$/.test(wordAt(doc, at - 1))) at -= 1;
  const says = (doc.ending[at] ?? []).some(({ sense }) => {
    return sense.kind === "measure" || sense.kind === "direction" || (sense.kind === "flag" && sense.flag === "to");
  });
  const unit = markAt(doc, number.to, "unit");
  const behind = markAt(doc, unit?.to ?? number.to, "direction") ?? markAt(doc, unit?.to ?? number.to, "measure");
  return (isPlace || !says) && behind === undefined;
}

const ADJECTIVES = 3; // "gas meters", "connected soil sensors"

function leadsToDevice(doc: Doc, at: number): boolean {
  for (let i = at; i <= at + ADJECTIVES; i += 1) {
    if (flagAt(doc, i, "device") !== undefined) return true;
    if (doc.tokens[i]?.kind !== "word" || doc.used[i] || flagAt(doc, i, "filler") !== undefined) return false;
  }
  return false;
}

/** "5,000-8,000 devices": numbers without a unit are a range only where something is counted. */
function countedRange(doc: Doc, first: NumberAt, second: Second | undefined): Quantity | undefined {
  if (second === undefined || second.unit !== undefined || second.shape === "pair") return undefined;
  const { to, value } = second.number;
  const counted = (["counter", "thingCounter"] as const).some((flag) => flagAt(doc, to, flag) !== undefined) || leadsToDevice(doc, to);
  if (!counted && !(second.shape === "fromTo" && flagEndingAt(doc, first.from, "from"))) return undefined;
  return { ...single(first, first.value), high: value, shape: second.shape, to };
}

function quantityAt(doc: Doc, at: number): Quantity | undefined {
  if (doc.used[at] || (doc.tokens[at]?.kind !== "number" && doc.starting[at] === undefined)) return undefined; // most words end here
  const percent = percentBefore(doc, at);
  if (percent !== undefined) return percent;
  if (isPartOfName(doc, at)) return undefined;
  const first = numberAt(doc, at);
  if (first === undefined || !Number.isFinite(first.value)) return undefined;
  const special = ninesAt(doc, first) ?? oneIn(doc, first) ?? share(first);
  if (special !== undefined) return special;
  const firstUnit = unitAt(doc, first.to, first);
  if (firstUnit !== undefined && isGeneration(doc, first)) return { ...single(first, 0), dimension: "other", to: firstUnit.to };
  const second = secondNumber(doc, first, firstUnit?.to ?? first.to);
  const wasFrom = flagEndingAt(doc, first.from, "from") !== undefined;

  const unit = firstUnit ?? second?.unit;
  if (second?.unit !== undefined && unit?.unit.dimension === second.unit.unit.dimension) {
    const a = toCanonical(first.value, unit.unit);
    const b = toCanonical(second.number.value, second.unit.unit);
    const ordered = second.shape === "range";
    const [low, high] = ordered ? [Math.min(a, b), Math.max(a, b)] : [a, b];
    const coarse = unit.unit.dimension === "time" && unit.unit.factor >= SECOND;
    return { ...single(first, 0), dimension: unit.unit.dimension, low, high, shape: second.shape, coarse, to: second.unit.to };
  }
  if (firstUnit === undefined) return countedRange(doc, first, second) ?? { ...single(first, tidy(first.value)), wasFrom };
  const half = flagAt(doc, firstUnit.to, "half"); // 1 G 半
  const value = toCanonical(half === undefined ? first.value : first.value + 0.5, firstUnit.unit);
  const coarse = firstUnit.unit.dimension === "time" && firstUnit.unit.factor >= SECOND;
  return { ...single(first, value), dimension: firstUnit.unit.dimension, coarse, wasFrom, to: half?.to ?? firstUnit.to };
}

/** A verb between two numbers ("從 100 拉到 400 Mbps") stays a verb. */
export function claimQuantity(doc: Doc, { from, to }: Quantity): void {
  for (let i = from; i < to; i += 1) if (markAt(doc, i, "action") === undefined) claim(doc, i, i + 1);
}

/** "-50 Mbps": a sign that stands apart from what is before it; at the start of a line it is a bullet. */
function isNegative(doc: Doc, from: number): boolean {
  const sign = doc.tokens[from - 1];
  if (sign?.text !== "-" || sign.glued || !doc.tokens[from]?.glued || doc.used[from - 1]) return false;
  const before = doc.tokens[from - 2];
  return before !== undefined && !doc.text.slice(before.end, sign.start).includes("\n");
}

/** All quantities in the order of the text. Those with a unit claim their tokens; bare numbers wait for a noun to claim them. */
export function findQuantities(doc: Doc): Quantity[] {
  const found: Quantity[] = [];
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const read = quantityAt(doc, i);
    if (read === undefined) continue;
    const quantity = isNegative(doc, read.from) ? { ...read, low: -read.low, high: -read.high } : read;
    if (quantity.dimension !== "bare") claimQuantity(doc, quantity);
    found.push(quantity);
    i = quantity.to - 1;
  }
  return found;
}
