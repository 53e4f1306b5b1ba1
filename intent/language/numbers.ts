// Numbers in tokens: digits with thousands and suffixes ("20k"), and number words ("two hundred and fifty", "half a million").
import { type Doc, markAt, wordAt } from "./doc.ts";

export interface NumberAt {
  value: number;
  from: number;
  to: number;
}

const K_SUFFIX = "k";
const MAX_WORDS = 12; // no number that a person writes has more words

function multiplierAfter(doc: Doc, at: number): NumberAt | undefined {
  const mark = markAt(doc, at, "multiplier");
  const token = doc.tokens[at];
  if (mark === undefined || token === undefined || doc.used[at]) return undefined;
  if (wordAt(doc, at) === K_SUFFIX && (!token.glued || doc.tokens[at + 1]?.text === "/")) return undefined; // "k" only as in 20k
  return { value: mark.sense.value, from: at, to: mark.to };
}

function digits(doc: Doc, at: number): NumberAt | undefined {
  const token = doc.tokens[at];
  if (token === undefined || token.kind !== "number" || doc.used[at]) return undefined;
  let { value } = token;
  let to = at + 1;
  const rest = doc.tokens[to];
  if (rest?.text === "000" && !rest.glued && value < 1000 && Number.isInteger(value)) {
    value *= 1000; // "50 000", with the space as the separator
    to += 1;
  }
  for (let next = multiplierAfter(doc, to); next !== undefined; next = multiplierAfter(doc, to)) {
    value *= next.value;
    to = next.to;
  }
  return { value, from: at, to };
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
  if (multiplier.value >= 1000) {
    state.total += state.current;
    state.current = 0;
  }
  state.to = state.at = multiplier.to;
  return true;
}

/** "-", "and" or "a" inside a number; "two and four" are two numbers, "two hundred and four" is one. */
function connects(doc: Doc, state: Spelling): boolean {
  if (state.current === undefined || state.to !== state.at) return false;
  const word = wordAt(doc, state.at);
  if (word === "a") return state.current === 0.5 && markAt(doc, state.at + 1, "multiplier") !== undefined;
  if (markAt(doc, state.at + 1, "number") === undefined) return false;
  return word === "-" || (word === "and" && (state.current >= 100 || state.total > 0));
}

/** "five point two five". */
function withDecimals(doc: Doc, whole: NumberAt): NumberAt {
  if (wordAt(doc, whole.to) !== "point") return whole;
  let digitsRead = "";
  let to = whole.to + 1;
  for (let next = markAt(doc, to, "number"); next !== undefined && digitsRead.length < MAX_WORDS; next = markAt(doc, to, "number")) {
    if (!Number.isInteger(next.sense.value) || next.sense.value > 9) break;
    digitsRead += next.sense.value;
    to = next.to;
  }
  return digitsRead === "" ? whole : { value: Number(`${whole.value}.${digitsRead}`), from: whole.from, to };
}

/** "a hundred", "half a million", "twenty-five", "two hundred and fifty thousand". */
function spelled(doc: Doc, at: number): NumberAt | undefined {
  const state: Spelling = { total: 0, current: undefined, to: at, at };
  if (wordAt(doc, at) === "a" && multiplierAfter(doc, at + 1) !== undefined) {
    state.current = 1;
    state.at += 1;
  }
  for (let words = 0; words < MAX_WORDS && !doc.used[state.at]; words += 1) {
    if (readWord(doc, state)) continue;
    if (!connects(doc, state)) break;
    state.at += 1;
  }
  if (state.current === undefined || state.to === at) return undefined;
  return withDecimals(doc, { value: state.total + state.current, from: at, to: state.to });
}

/** Whether a number word continues the number so far: "twenty" takes "five", "hundred" takes "fifty", "five" takes nothing. */
function joins(current: number, next: number): boolean {
  if (next >= 100 || next < 1) return false;
  if (current === 0 || (current >= 100 && current % 100 === 0)) return true;
  return current % 10 === 0 && current % 100 >= 20 && next < 10;
}

/** The number that starts at the token, in digits or words. */
export function numberAt(doc: Doc, at: number): NumberAt | undefined {
  return digits(doc, at) ?? spelled(doc, at);
}
