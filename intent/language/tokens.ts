// Folded text to tokens: words, numbers, symbols. A script without spaces is split by the segmenter; without one a run of it is one word.
import type { NumeralTable } from "./numerals.ts";
import { type Segmenter, segment } from "./segment.ts";

export interface Token {
  kind: "word" | "number" | "symbol";
  text: string; // as folded
  value: number; // of a number; NaN otherwise
  start: number;
  end: number;
  glued: boolean; // nothing stands between this token and the one before
  clause: number; // grows at commas, brackets, colons, lone dashes, ends of sentences
  sentence: number;
}

const CLAUSE_END = new Set([",", ";", ":", "(", ")", "[", "]", "|", "!", "?", ".", "\u3001"]);
const SENTENCE_END = new Set([".", "!", "?", ";"]);
const LAST_ASCII = 0x7f; // nothing between the space and here is blank
const GROUP = 3; // digits between the separators of thousands

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 0xc0 && code <= 0x24f);
}

/** Han characters, with the zero and the repetition mark that are written among them. */
function isHan(code: number): boolean {
  return (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) || code === 0x3007 || code === 0x3005;
}

function skip(text: string, from: number, is: (code: number) => boolean): number {
  let at = from;
  while (at < text.length && is(text.charCodeAt(at))) at += 1;
  return at;
}

/** A word keeps an inner apostrophe: don't. */
function wordEnd(text: string, from: number): number {
  const end = skip(text, from, isLetter);
  if (text.charAt(end) !== "'" || !isLetter(text.charCodeAt(end + 1))) return end;
  return skip(text, end + 1, isLetter);
}

/** Whether a comma that was written there separates thousands: a full-width one between narrow digits separates clauses. */
function groupsThousands(raw: string, at: number): boolean {
  return raw.charAt(at) === "," || !isDigit(raw.charCodeAt(at + 1));
}

/** Thousands need whole groups of three, and none after a letter: "edge1,200" is two numbers. */
function numberEnd(text: string, from: number, raw: string): number {
  let end = skip(text, from, isDigit);
  const before = text.charCodeAt(from - 1);
  const grouped = end - from <= GROUP && !isLetter(before) && !isHan(before);
  while (grouped && text.charAt(end) === "," && skip(text, end + 1, isDigit) === end + 1 + GROUP && groupsThousands(raw, end))
    end += 1 + GROUP;
  if (text.charAt(end) === "." && isDigit(text.charCodeAt(end + 1))) end = skip(text, end + 1, isDigit);
  return end;
}

interface Scaled {
  value: number;
  end: number;
}

/** Digits with powers of a script: 1.5 萬, 3千5百. */
function scaled(text: string, number: Scaled, table: NumeralTable): Scaled {
  let { value, end } = number;
  for (let space = blankAt(text, end); ; space = 0) {
    if (!(text.charCodeAt(end + space) >= table.lowest)) return { value, end };
    const powers = powersAt(text, end + space, table);
    if (powers.end === end + space) return { value, end };
    value *= powers.value;
    end = powers.end;
    const groups = lowerGroups(text, { value: powers.value, end }, table);
    if (groups.end === end) return { value, end };
    value += groups.value;
    end = groups.end;
  }
}

/** "3 萬 2 千 5 百": the groups behind the first, each with a lower power. */
function lowerGroups(text: string, above: Scaled, table: NumeralTable): Scaled {
  let { value: limit, end } = above;
  for (let value = 0; ; ) {
    const first = end + blankAt(text, end);
    const last = skip(text, first, isDigit);
    const power = last + blankAt(text, last);
    const more = last === first ? undefined : powersAt(text, power, table);
    if (more === undefined || more.end === power || more.value >= limit) return { value, end };
    value += Number(text.slice(first, last)) * more.value;
    limit = more.value;
    end = more.end;
  }
}

function blankAt(text: string, at: number): number {
  return text.charAt(at) === " " ? 1 : 0;
}

function powersAt(text: string, from: number, table: NumeralTable): Scaled {
  let value = 1;
  let end = from;
  for (let power = table.powers[text.charAt(end)]; power !== undefined; power = table.powers[text.charAt(end)]) {
    value *= power;
    end += 1;
  }
  return { value, end };
}

interface Scan {
  text: string;
  raw: string;
  tokens: Token[];
  clause: number;
  sentence: number;
  last: number; // the end of the token before
}

const NEWLINE = 10;

function hasNewline(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (text.charCodeAt(at) === NEWLINE) return true;
  return false;
}

function push(scan: Scan, kind: Token["kind"], { start, end, value }: { start: number; end: number; value: number }): void {
  const { text, tokens, last } = scan;
  const written = text.slice(start, end);
  if (start > last) {
    if (hasNewline(text, last, start)) {
      scan.sentence += 1;
      scan.clause += 1;
    } else if (written === "-" && text.charCodeAt(end) <= 32) scan.clause += 1; // a lone dash
  }
  const glued = tokens.length > 0 && start === last;
  tokens.push({ kind, text: written, value, start, end, glued, clause: scan.clause, sentence: scan.sentence });
  scan.last = end;
}

/** A comma between two digits may be a decimal one, and the dot of "max. 5 ms" ends no sentence. */
function breakAt(scan: Scan, symbol: string, at: number): void {
  const { text } = scan;
  if (!CLAUSE_END.has(symbol)) return;
  if (symbol === "," && isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1))) return;
  scan.clause += 1;
  if (!SENTENCE_END.has(symbol)) return;
  const abbreviates = symbol === "." && isLetter(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 2));
  const insideName = symbol === "." && /[^\s"\u201d)]/.test(text.charAt(at + 1)); // a quote or a bracket closes behind a sentence
  if (!abbreviates && !insideName) scan.sentence += 1;
}

function scanHan(scan: Scan, start: number, segmenter: Segmenter | undefined): number {
  const { text } = scan;
  const end = skip(text, start, isHan);
  const parts = segmenter === undefined ? [{ start, end, value: undefined }] : segment(text, [start, end], segmenter);
  for (const part of parts) {
    const { value = Number.NaN } = part;
    push(scan, part.value === undefined ? "word" : "number", { start: part.start, end: part.end, value });
  }
  return end;
}

function scanNumber(scan: Scan, start: number, segmenter: Segmenter | undefined): number {
  const { text } = scan;
  const digits = numberEnd(text, start, scan.raw);
  const written = text.slice(start, digits);
  const plain = { value: Number(written.includes(",") ? written.replaceAll(",", "") : written), end: digits };
  const { value, end } = segmenter?.numerals === undefined ? plain : scaled(text, plain, segmenter.numerals);
  push(scan, "number", { start, end, value });
  return end;
}

/** `raw`: the text before it was folded. */
export function tokenise(folded: string, segmenter?: Segmenter, raw = folded): Token[] {
  const scan: Scan = { text: folded, raw, tokens: [], clause: 0, sentence: 0, last: 0 };
  for (let at = 0; at < folded.length; ) {
    const code = folded.charCodeAt(at);
    if (code <= 32) at += 1;
    else if (isLetter(code)) {
      const end = wordEnd(folded, at);
      push(scan, "word", { start: at, end, value: Number.NaN });
      at = end;
    } else if (isDigit(code)) at = scanNumber(scan, at, segmenter);
    else if (isHan(code)) at = scanHan(scan, at, segmenter);
    else {
      const symbol = folded.charAt(at);
      if (code <= LAST_ASCII || symbol.trim() !== "") {
        push(scan, "symbol", { start: at, end: at + 1, value: Number.NaN });
        breakAt(scan, symbol, at);
      }
      at += 1;
    }
  }
  return scan.tokens;
}
