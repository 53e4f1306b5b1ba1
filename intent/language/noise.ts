// Noise: tickets, dates, times, versions, addresses, telephone numbers and prices, whose digits are no requirement and no site.
import type { Chunk } from "./chunks.ts";
import type { Span } from "./doc.ts";
import { flagsOfWord, type Lexicon, type Word } from "./lexicon.ts";
import type { Flag } from "./senses.ts";
import type { Token } from "./tokens.ts";

export interface NoiseInput {
  text: string;
  folded: string;
  tokens: readonly Token[];
  words: readonly Word[]; // what is known of the tokens' texts
  chunks: readonly Chunk[];
  lexicon: Lexicon;
  isSite: (name: string) => boolean;
}

const ADDRESS = /https?:\/\/\S+|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|\bwww\.\S+/g;
const NUMERIC_NOISE =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|\d{4}([-.])\d{1,2}\1\d{1,2}(?:t\d+)?|v\d+(?:\.\d+)*|v?\d+\.\d+\.\d+[\w.-]*|0\d{1,3}-\d{3,4}(?:-\d{3,4})?|\d{3}-\d{3}-\d{4}|0\d{8,9})$/;
const TICKET = /^([a-z]{2,})[-_]?\d+$/;
const UPPER_CASE_TICKET = /^[A-Z]{2,10}[A-Z0-9]*-\d+$/;
const LONGEST = 80; // characters in one piece; what is longer is no ticket and no date
const MONTHS = 12;
const DAYS = 31;

function isNoise(input: NoiseInput, chunk: Chunk): boolean {
  const { name } = chunk;
  if (NUMERIC_NOISE.test(name)) return true;
  const prefix = TICKET.exec(name)?.[1];
  if (prefix === undefined) return false;
  if (flagsOfWord(prefix, input.lexicon).has("ticket")) return true;
  return UPPER_CASE_TICKET.test(input.text.slice(chunk.start, chunk.end)) && !input.lexicon.known.has(prefix);
}

interface Cursor {
  input: NoiseInput;
  spans: Span[];
}

function isWord({ input }: Cursor, at: number, flag: Flag): boolean {
  return at >= 0 && input.words[at]?.flags.has(flag) === true;
}

function number({ input }: Cursor, at: number): Token | undefined {
  const token = input.tokens[at];
  return token?.kind === "number" ? token : undefined;
}

function mask(cursor: Cursor, from: number, to: number): void {
  const { tokens } = cursor.input;
  cursor.spans.push([tokens[from]?.start ?? 0, tokens[to - 1]?.end ?? 0]);
}

/** 18:30 and 18:30:00, 2025/12/01 and, beside a word of time, 11/20. */
function timeOrDate(cursor: Cursor, at: number): void {
  const { tokens } = cursor.input;
  const sign = tokens[at + 1]?.text;
  const [first, second] = [number(cursor, at), number(cursor, at + 2)];
  if (first === undefined || second === undefined || !tokens[at + 1]?.glued || !second.glued) return;
  const third = tokens[at + 3]?.text === sign ? number(cursor, at + 4) : undefined;
  const to = third?.glued ? at + 5 : at + 3;
  if (sign === ":") {
    const partOfName = first.glued && tokens[at - 1]?.kind === "word";
    if (first.value < 24 && second.value < 60 && second.text.length === 2 && !partOfName) mask(cursor, at, to);
  } else if (sign === "/") {
    const beside = isWord(cursor, at - 1, "dateBefore") || isWord(cursor, to, "dateAfter");
    const isDay = first.value <= DAYS && second.value <= DAYS && Math.min(first.value, second.value) <= MONTHS;
    if (third?.glued ? first.value > DAYS || third.value > DAYS || third.text.length === 2 : beside && isDay) mask(cursor, at, to);
  }
}

const CURRENCIES = "$\u20ac\u00a3\u00a5";

function isOneOf(text: string, symbols: string): boolean {
  return text.length === 1 && symbols.includes(text);
}

/** "ticket 4711", "case no. 7", "#88", "$500", "December 5". */
function labelled(cursor: Cursor, at: number): void {
  const { tokens } = cursor.input;
  let i = at - 1;
  const currency = i < 0 ? "" : (tokens[i]?.text ?? "");
  if (isOneOf(currency, CURRENCIES) || isWord(cursor, i, "currency")) return mask(cursor, at, at + 1);
  if (isWord(cursor, i, "month")) return mask(cursor, at, at + 1);
  if (isWord(cursor, at + 1, "month") && !tokens[at + 1]?.glued) return mask(cursor, at, at + 1);
  const hash = currency === "#" && tokens[at]?.glued === true;
  while (i >= 0 && i > at - 4 && (isOneOf(tokens[i]?.text ?? "", ":#.=-") || isWord(cursor, i, "numberWord"))) i -= 1;
  if (isWord(cursor, i, "ticket")) return mask(cursor, at, at + 1);
  if (hash && !isWord(cursor, i, "siteNoun") && !isWord(cursor, i, "nameNoun")) mask(cursor, at, at + 1);
}

/** Spans to be masked before words are looked up. */
export function findNoise(input: NoiseInput): Span[] {
  const { folded, tokens, chunks, isSite } = input;
  const spans: Span[] = [];
  if (/:\/\/|@|www\./.test(folded)) {
    for (const match of folded.matchAll(ADDRESS)) spans.push([match.index, match.index + match[0].length]);
  }
  for (const chunk of chunks) {
    if (chunk.to - chunk.from < 2 && !(tokens[chunk.from]?.kind === "number" && /^0\d{8,9}$/.test(chunk.name))) continue;
    if (chunk.name.length <= LONGEST && isNoise(input, chunk) && !isSite(chunk.name)) spans.push([chunk.start, chunk.end]);
  }
  const cursor = { input, spans };
  for (let at = 0; at < tokens.length; at += 1) {
    if (tokens[at]?.kind !== "number") continue;
    timeOrDate(cursor, at);
    labelled(cursor, at);
  }
  return spans;
}
