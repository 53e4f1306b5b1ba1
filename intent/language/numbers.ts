// Numbers in tokens: digits with thousands and suffixes ("20k"), and number words ("two hundred and fifty", "half a million").
import { type Doc, flagAt, markAt, wordAt } from "./doc.ts";

export interface NumberAt {
  value: number;
  from: number;
  to: number;
}

const MAX_WORDS = 12; // no number that a person writes has more words
const THOUSAND = 1000;
const TEN = 10;

function multiplierAfter(doc: Doc, at: number): NumberAt | undefined {
  const mark = markAt(doc, at, "multiplier");
  const token = doc.tokens[at];
  if (mark === undefined || token === undefined || doc.used[at]) return undefined;
  if (mark.sense.suffix && (!token.glued || wordAt(doc, at + 1) === "/")) return undefined; // "k" only as in 20k
  return { value: mark.sense.value, from: at, to: mark.to };
}

/** "1,5 Gbps": one or two digits behind a comma and before a unit are decimals. */
function decimalComma(doc: Doc, at: number): NumberAt | undefined {
  const [whole, comma, decimals] = [doc.tokens[at], doc.tokens[at + 1], doc.tokens[at + 2]];
  if (whole === undefined || comma?.text !== "," || !comma.glued || !decimals?.glued || decimals.kind !== "number") return undefined;
  const isPlain = /^\d+$/.test(whole.text) && /^\d{1,2}$/.test(decimals.text) && !whole.glued;
  if (!isPlain || doc.used[at + 2] || markAt(doc, at + 3, "unit") === undefined || flagAt(doc, at - 1, "siteNoun")) return undefined;
  return { value: Number(`${whole.text}.${decimals.text}`), from: at, to: at + 3 };
}

/** "10^-5", "1e-5". */
function power(doc: Doc, at: number): NumberAt | undefined {
  const base = doc.tokens[at];
  const sign = wordAt(doc, at + 1);
  if (base === undefined || !doc.tokens[at + 1]?.glued || (sign !== "^" && sign !== "e")) return undefined;
  const isNegative = wordAt(doc, at + 2) === "-";
  const exponent = doc.tokens[at + (isNegative ? 3 : 2)];
  if (exponent?.kind !== "number" || !exponent.glued || !Number.isInteger(exponent.value) || exponent.value > MAX_WORDS) return undefined;
  const signed = isNegative ? -exponent.value : exponent.value;
  const value = sign === "^" ? base.value ** signed : Number(`${base.value}e${signed}`);
  return { value, from: at, to: at + (isNegative ? 4 : 3) };
}

function digits(doc: Doc, at: number): NumberAt | undefined {
  const token = doc.tokens[at];
  if (token === undefined || token.kind !== "number" || doc.used[at]) return undefined;
  const special = decimalComma(doc, at) ?? power(doc, at);
  if (special !== undefined) return special;
  let { value } = token;
  let to = at + 1;
  const rest = doc.tokens[to];
  if (rest?.text === "000" && !rest.glued && value < THOUSAND && Number.isInteger(value)) {
    value *= THOUSAND; // "50 000", with the space as the separator
    to += 1;
  }
  for (let next = multiplierAfter(doc, to); next !== undefined; next = multiplierAfter(doc, to)) {
    value *= next.value;
    to = next.to;
  }
  return withHalf(doc, withLowerGroup(doc, { value, from: at, to }, token.value));
}

/** "3 萬 2 千", "2 thousand 5 hundred": a second group with a lower power goes on with the number. */
function withLowerGroup(doc: Doc, number: NumberAt, first: number): NumberAt {
  const power = number.value / first; // the first group has a power of its own
  const second = doc.tokens[number.to];
  const isWhole = Number.isInteger(first) && second?.kind === "number" && Number.isInteger(second.value) && !doc.used[number.to];
  if (!(power >= TEN) || !isWhole) return number;
  const low = multiplierAfter(doc, number.to + 1);
  const value = low === undefined ? second.value : second.value * low.value;
  return low !== undefined && value < power ? { ...number, value: number.value + value, to: low.to } : number;
}

/** "1 and a half gigs". */
function withHalf(doc: Doc, number: NumberAt): NumberAt {
  if (flagAt(doc, number.to, "numberJoin") === undefined || flagAt(doc, number.to + 1, "article") === undefined) return number;
  const half = markAt(doc, number.to + 2, "number");
  return half?.sense.value === 0.5 ? { ...number, value: number.value + 0.5, to: half.to } : number;
}

interface Spelling {
  total: number; // closed groups: "two thousand" of "two thousand and five"
  current: number | undefined; // the group being read
  to: number; // behind the last word that belongs to the number
  at: number;
}

/** One more number word, "hundred" or "thousand"; false when the next word does not go on with the number. */
function readWord(doc: Doc, state: Spelling): boolean {
  const unit = markAt(doc, state.at, "number");
  if (unit !== undefined) {
    if (state.current !== undefined && !joins(state.current, unit.sense.value)) return false;
    state.current = (state.current ?? 0) + unit.sense.value;
    state.to = state.at = unit.to;
    return true;
  }
  const multiplier = state.current === undefined ? undefined : multiplierAfter(doc, state.at);
  if (multiplier === undefined || state.current === undefined) return false;
  state.current *= multiplier.value;
  if (multiplier.value >= THOUSAND) {
    state.total += state.current;
    state.current = 0;
  }
  state.to = state.at = multiplier.to;
  return true;
}

/** "-", "and" or "a" inside a number; "two and four" are two numbers, "two hundred and four" is one. */
function connects(doc: Doc, state: Spelling): boolean {
  if (state.current === undefined || state.to !== state.at) return false;
  const next = state.at + 1;
  if (flagAt(doc, state.at, "article")) {
    return state.current === 0.5 && (markAt(doc, next, "multiplier") ?? markAt(doc, next, "unit")) !== undefined; // half a million, half a gig
  }
  if (flagAt(doc, state.at, "filler") && markAt(doc, next, "multiplier")) return state.current < TEN; // a couple of hundred
  if (markAt(doc, next, "number") === undefined) return false;
  return wordAt(doc, state.at) === "-" || (flagAt(doc, state.at, "numberJoin") !== undefined && (state.current >= 100 || state.total > 0));
}

/** "five point two five". */
function withDecimals(doc: Doc, whole: NumberAt): NumberAt {
  if (flagAt(doc, whole.to, "decimalPoint") === undefined) return whole;
  let digitsRead = "";
  let to = whole.to + 1;
  for (let next = markAt(doc, to, "number"); next !== undefined && digitsRead.length < MAX_WORDS; next = markAt(doc, to, "number")) {
    if (!Number.isInteger(next.sense.value) || next.sense.value > 9) break;
    digitsRead += next.sense.value;
    to = next.to;
  }
  return digitsRead === "" ? whole : { value: Number(`${whole.value}.${digitsRead}`), from: whole.from, to };
}

/** "a gig", "a hundred": the article is a one only before these. */
function articleCounts(doc: Doc, at: number): boolean {
  if (flagAt(doc, at, "article") === undefined) return false;
  const unit = markAt(doc, at + 1, "unit");
  return multiplierAfter(doc, at + 1) !== undefined || (unit?.sense.unit.dimension === "bandwidth" && wordAt(doc, at + 1).length > 2);
}

/** "a hundred", "half a million", "twenty-five", "two hundred and fifty thousand". */
function spelled(doc: Doc, at: number): NumberAt | undefined {
  if (markAt(doc, at, "number") === undefined && flagAt(doc, at, "article") === undefined) return undefined;
  const state: Spelling = { total: 0, current: undefined, to: at, at };
  if (articleCounts(doc, at)) {
    state.current = 1;
    state.to = state.at = at + 1;
    if (markAt(doc, state.at, "unit") !== undefined) return { value: 1, from: at, to: state.at };
  }
  for (let words = 0; words < MAX_WORDS && !doc.used[state.at]; words += 1) {
    if (readWord(doc, state)) continue;
    const at0 = state.at;
    if (!connects(doc, state)) break;
    state.at = at0 + 1;
    if (markAt(doc, state.at, "unit") !== undefined) {
      state.to = state.at; // "half a" of "half a gig"
      break;
    }
  }
  if (state.current === undefined || state.to === at) return undefined;
  return withHalf(doc, withDecimals(doc, { value: state.total + state.current, from: at, to: state.to }));
}

/** Whether a number word continues the number so far: "twenty" takes "five", "hundred" takes "fifty", "five" takes nothing. */
function joins(current: number, next: number): boolean {
  if (next >= 100 || next < 1) return false;
  if (current === 0 || (current >= 100 && current % 100 === 0)) return true;
  return current % TEN === 0 && current % 100 >= 20 && next < TEN;
}

/** The number that starts at the token, in digits or words. */
export function numberAt(doc: Doc, at: number): NumberAt | undefined {
  return digits(doc, at) ?? spelled(doc, at);
}
