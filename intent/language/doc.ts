// A sentence under analysis: its tokens, the senses found in them, and which tokens an entity has claimed already.
import { fold } from "./fold.ts";
import { idOf, type Key, keyCount, type Lexicon, type Mark, type Word, wordOf } from "./lexicon.ts";
import { findMarks } from "./phrases.ts";
import type { Segmenter } from "./segment.ts";
import type { Flag, Sense } from "./senses.ts";
import { type Token, tokenise } from "./tokens.ts";

export type Span = [number, number];

type Kind = Exclude<Sense["kind"], "flag">;
export type MarkOf<K extends Kind> = Mark & { sense: Extract<Sense, { kind: K }> };

export interface Doc {
  text: string;
  folded: string;
  tokens: readonly Token[];
  words: readonly Word[]; // of the tokens, with typos corrected
  used: boolean[]; // claimed by a name, a site, a number with its unit, or masked as noise
  marks: readonly Mark[];
  starting: readonly (readonly Mark[])[]; // marks by their first token
  ending: readonly (readonly Mark[])[]; // marks by the token after their last
  byKey: readonly (readonly Mark[])[]; // marks by the id of their key
  lexicon: Lexicon;
}

export interface AnalyseInput {
  text: string;
  lexicon: Lexicon;
  segmenter: Segmenter;
  /** Names and noise are masked before words are looked up, so that "video-7" is no video and "CHG-30412" no number. */
  mask: (folded: string, tokens: readonly Token[], words: readonly Word[]) => readonly Span[];
}

const NONE: readonly Mark[] = [];

function put(lists: Mark[][], index: number, mark: Mark): void {
  const list = lists[index];
  if (list === undefined) lists[index] = [mark];
  else list.push(mark);
}

export function analyse({ text, lexicon, segmenter, mask }: AnalyseInput): Doc {
  const folded = fold(text);
  const tokens = tokenise(folded, segmenter, text);
  const words: Word[] = [];
  const used: boolean[] = [];
  for (const token of tokens) {
    words.push(wordOf(token.text, lexicon));
    used.push(false);
  }
  claimSpans(tokens, used, mask(folded, tokens, words));
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === undefined || word.spelled === word.text) continue;
    if (tokens[i]?.kind === "word" && !used[i]) words[i] = wordOf(word.spelled, lexicon);
  }
  const marks = findMarks({ words, skip: used }, lexicon);
  const starting: Mark[][] = new Array(tokens.length + 1);
  const ending: Mark[][] = new Array(tokens.length + 1);
  const byKey: Mark[][] = new Array(keyCount());
  for (const mark of marks) {
    put(starting, mark.from, mark);
    put(ending, mark.to, mark);
    put(byKey, mark.id, mark);
  }
  return { text, folded, tokens, words, used, marks, starting, ending, byKey, lexicon };
}

function claimSpans(tokens: readonly Token[], used: boolean[], spans: readonly Span[]): void {
  let from = 0;
  if (spans.length === 0) return;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    while (from < tokens.length && (tokens[from]?.end ?? 0) <= start) from += 1;
    for (let i = from; i < tokens.length && (tokens[i]?.start ?? end) < end; i += 1) used[i] = true;
  }
}

export function claim(doc: Doc, from: number, to: number): void {
  for (let i = from; i < to; i += 1) doc.used[i] = true;
}

function isKind<K extends Kind>(mark: Mark, kind: K): mark is MarkOf<K> {
  return mark.key === kind;
}

// Looks before the first token are answered here: a negative index would make every look at the arrays slow.

export function markAt<K extends Kind>(doc: Doc, at: number, kind: K): MarkOf<K> | undefined {
  if (at < 0) return undefined;
  for (const mark of doc.starting[at] ?? NONE) if (isKind(mark, kind)) return mark;
  return undefined;
}

export function flagAt(doc: Doc, at: number, flag: Flag): Mark | undefined {
  return at < 0 ? undefined : withKey(doc.starting[at], flag);
}

/** The mark of the flag that ends before the token. */
export function flagEndingAt(doc: Doc, end: number, flag: Flag): Mark | undefined {
  return end < 0 ? undefined : withKey(doc.ending[end], flag);
}

function withKey(marks: readonly Mark[] | undefined, key: Mark["key"]): Mark | undefined {
  if (marks === undefined) return undefined;
  for (let i = 0; i < marks.length; i += 1) {
    const mark = marks[i];
    if (mark?.key === key) return mark;
  }
  return undefined;
}

/** Every mark of the key in the order of the text, claimed or not. */
export function allOf(doc: Doc, key: Key): readonly Mark[] {
  return doc.byKey[idOf(key)] ?? NONE;
}

/** The marks themselves where no token of them is claimed, which is the rule. */
function unclaimed(doc: Doc, marks: readonly Mark[]): readonly Mark[] {
  for (const mark of marks) if (doc.used[mark.from]) return marks.filter((other) => !doc.used[other.from]);
  return marks;
}

function areOf<K extends Kind>(marks: readonly Mark[], kind: K): marks is readonly MarkOf<K>[] {
  return marks[0]?.key === kind; // lists by key hold no other
}

/** Marks of a kind in the order of the text, without those in claimed tokens. */
export function marksOf<K extends Kind>(doc: Doc, kind: K): readonly MarkOf<K>[] {
  const marks = unclaimed(doc, allOf(doc, kind));
  return areOf(marks, kind) ? marks : [];
}

export function flagsOf(doc: Doc, flag: Flag): readonly Mark[] {
  return unclaimed(doc, allOf(doc, flag));
}

export function hasFlag(doc: Doc, flag: Flag): boolean {
  for (const mark of allOf(doc, flag)) if (!doc.used[mark.from]) return true;
  return false;
}

export function wordAt(doc: Doc, at: number): string {
  return at < 0 ? "" : (doc.words[at]?.text ?? "");
}

/** The place in the text of tokens [from, to). */
export function spanOf(doc: Doc, from: number, to: number): Span {
  return [doc.tokens[from]?.start ?? 0, doc.tokens[to - 1]?.end ?? 0];
}

/** Of things named in order, those that a correction ("oops", "no wait") between two of them does not take back. */
export function afterCorrection<T extends { from: number }>(doc: Doc, things: readonly T[]): T[] {
  if (things.length < 2) return [...things];
  let start = 0;
  const first = Math.min(...things.map((thing) => thing.from));
  const last = Math.max(...things.map((thing) => thing.from));
  for (const point of flagsOf(doc, "correction")) if (first < point.from && last >= point.to) start = point.to;
  return things.filter((thing) => thing.from >= start);
}
