// A sentence under analysis: its tokens, the senses found in them, and which tokens an entity has claimed already.
import { fold } from "./fold.ts";
import { type Lexicon, type Mark, wordOf } from "./lexicon.ts";
import { findMarks } from "./phrases.ts";
import type { Segmenter } from "./segment.ts";
import type { Flag, Sense } from "./senses.ts";
import { type Token, tokenise } from "./tokens.ts";

export type Span = [number, number];

type Kind = Sense["kind"];
export type MarkOf<K extends Kind> = Mark & { sense: Extract<Sense, { kind: K }> };

export interface Doc {
  text: string;
  folded: string;
  tokens: readonly Token[];
  words: readonly string[]; // token texts with typos corrected
  used: boolean[]; // claimed by a name, a site, a number with its unit, or masked as noise
  marks: readonly Mark[];
  starting: readonly (readonly Mark[])[]; // marks by their first token
  ending: readonly (readonly Mark[])[]; // marks by the token after their last
  byKind: ReadonlyMap<Kind, readonly Mark[]>;
  byFlag: ReadonlyMap<Flag, readonly Mark[]>;
  lexicon: Lexicon;
}

export interface AnalyseInput {
  text: string;
  lexicon: Lexicon;
  segmenter: Segmenter;
  /** Names and noise are masked before words are looked up, so that "video-7" is no video and "CHG-30412" no number. */
  mask: (folded: string, tokens: readonly Token[]) => readonly Span[];
}

const NONE: readonly Mark[] = [];

function put<K>(map: Map<K, Mark[]>, key: K, mark: Mark): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [mark]);
  else list.push(mark);
}

function at(lists: Mark[][], index: number, mark: Mark): void {
  const list = lists[index];
  if (list === undefined) lists[index] = [mark];
  else list.push(mark);
}

export function analyse({ text, lexicon, segmenter, mask }: AnalyseInput): Doc {
  const folded = fold(text);
  const tokens = tokenise(folded, segmenter, text);
  const used = tokens.map(() => false);
  claimSpans(tokens, used, mask(folded, tokens));
  const words = tokens.map((token, i) => (token.kind === "word" && !used[i] ? wordOf(token.text, lexicon).spelled : token.text));
  const marks = findMarks({ words, skip: used }, lexicon);
  const starting: Mark[][] = new Array(tokens.length + 1);
  const ending: Mark[][] = new Array(tokens.length + 1);
  const byKind = new Map<Kind, Mark[]>();
  const byFlag = new Map<Flag, Mark[]>();
  for (const mark of marks) {
    at(starting, mark.from, mark);
    at(ending, mark.to, mark);
    put(byKind, mark.sense.kind, mark);
    if (mark.sense.kind === "flag") put(byFlag, mark.sense.flag, mark);
  }
  return { text, folded, tokens, words, used, marks, starting, ending, byKind, byFlag, lexicon };
}

function claimSpans(tokens: readonly Token[], used: boolean[], spans: readonly Span[]): void {
  let from = 0;
  for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
    while (from < tokens.length && (tokens[from]?.end ?? 0) <= start) from += 1;
    for (let i = from; i < tokens.length && (tokens[i]?.start ?? end) < end; i += 1) used[i] = true;
  }
}

export function claim(doc: Doc, from: number, to: number): void {
  for (let i = from; i < to; i += 1) doc.used[i] = true;
}

function isKind<K extends Kind>(mark: Mark, kind: K): mark is MarkOf<K> {
  return mark.sense.kind === kind;
}

export function markAt<K extends Kind>(doc: Doc, at: number, kind: K): MarkOf<K> | undefined {
  for (const mark of doc.starting[at] ?? NONE) if (isKind(mark, kind)) return mark;
  return undefined;
}

export function flagAt(doc: Doc, at: number, flag: Flag): Mark | undefined {
  for (const mark of doc.starting[at] ?? NONE) if (mark.sense.kind === "flag" && mark.sense.flag === flag) return mark;
  return undefined;
}

/** The mark of the flag that ends before the token. */
export function flagEndingAt(doc: Doc, end: number, flag: Flag): Mark | undefined {
  for (const mark of doc.ending[end] ?? NONE) if (mark.sense.kind === "flag" && mark.sense.flag === flag) return mark;
  return undefined;
}

/** Marks of a kind in the order of the text, without those in claimed tokens. */
export function marksOf<K extends Kind>(doc: Doc, kind: K): MarkOf<K>[] {
  return (doc.byKind.get(kind) ?? NONE).filter((mark): mark is MarkOf<K> => isKind(mark, kind) && !doc.used[mark.from]);
}

export function flagsOf(doc: Doc, flag: Flag): readonly Mark[] {
  const marks = doc.byFlag.get(flag);
  return marks === undefined ? NONE : marks.filter((mark) => !doc.used[mark.from]);
}

export function hasFlag(doc: Doc, flag: Flag): boolean {
  return flagsOf(doc, flag).length > 0;
}

export function wordAt(doc: Doc, at: number): string {
  return doc.words[at] ?? "";
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
