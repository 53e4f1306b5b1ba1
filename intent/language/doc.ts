// A sentence under analysis: its tokens, the senses found in them, and which tokens an entity has claimed already.
import type { Lexicon, Mark } from "./lexicon.ts";
import { correct, findMarks } from "./lexicon.ts";
import type { Flag, Sense } from "./senses.ts";
import { fold, type Token, tokenise } from "./tokens.ts";

export type Span = [number, number];

export interface Doc {
  text: string;
  folded: string;
  tokens: readonly Token[];
  words: readonly string[]; // token texts with typos corrected
  used: boolean[]; // claimed by a name, a site, a number with its unit, or masked as noise
  marks: readonly Mark[];
  starting: readonly (readonly Mark[])[]; // marks by their first token
  ending: readonly (readonly Mark[])[]; // marks by the token after their last
}

type Kind = Sense["kind"];
export type MarkOf<K extends Kind> = Mark & { sense: Extract<Sense, { kind: K }> };

/** Names and noise are masked before words are looked up, so that "video-7" is no video and "CHG-30412" no number. */
export function analyse(text: string, lexicon: Lexicon, maskSpans: (folded: string) => readonly Span[]): Doc {
  const folded = fold(text);
  const tokens = tokenise(folded);
  const used = tokens.map(() => false);
  claimSpans(tokens, used, maskSpans(folded));
  const words = tokens.map((token, i) => (token.kind === "word" && !used[i] ? correct(token.text, lexicon) : token.text));
  const marks = findMarks({ words, skip: used }, lexicon);
  const starting: Mark[][] = tokens.map(() => []);
  const ending: Mark[][] = [...tokens.map(() => []), []];
  for (const mark of marks) {
    starting[mark.from]?.push(mark);
    ending[mark.to]?.push(mark);
  }
  return { text, folded, tokens, words, used, marks, starting, ending };
}

function claimSpans(tokens: readonly Token[], used: boolean[], spans: readonly Span[]): void {
  for (const [start, end] of spans) {
    for (let i = 0; i < tokens.length; i += 1) {
      const token = tokens[i];
      if (token !== undefined && token.start < end && token.end > start) used[i] = true;
    }
  }
}

export function claim(doc: Doc, from: number, to: number): void {
  for (let i = from; i < to; i += 1) doc.used[i] = true;
}

function isKind<K extends Kind>(mark: Mark, kind: K): mark is MarkOf<K> {
  return mark.sense.kind === kind;
}

export function markAt<K extends Kind>(doc: Doc, at: number, kind: K): MarkOf<K> | undefined {
  for (const mark of doc.starting[at] ?? []) if (isKind(mark, kind)) return mark;
  return undefined;
}

export function flagAt(doc: Doc, at: number, flag: Flag): Mark | undefined {
  return (doc.starting[at] ?? []).find((mark) => mark.sense.kind === "flag" && mark.sense.flag === flag);
}

/** Whether a mark of the flag covers the token, wherever it began. */
export function flagEndingAt(doc: Doc, end: number, flag: Flag): Mark | undefined {
  return (doc.ending[end] ?? []).find((mark) => mark.sense.kind === "flag" && mark.sense.flag === flag);
}

/** Marks of a kind in the order of the text, without those in claimed tokens. */
export function marksOf<K extends Kind>(doc: Doc, kind: K): MarkOf<K>[] {
  return doc.marks.filter((mark): mark is MarkOf<K> => isKind(mark, kind) && !doc.used[mark.from]);
}

export function flagsOf(doc: Doc, flag: Flag): Mark[] {
  return doc.marks.filter((mark) => mark.sense.kind === "flag" && mark.sense.flag === flag && !doc.used[mark.from]);
}

export function hasFlag(doc: Doc, flag: Flag): boolean {
  return doc.marks.some((mark) => mark.sense.kind === "flag" && mark.sense.flag === flag && !doc.used[mark.from]);
}

export function wordAt(doc: Doc, at: number): string {
  return doc.words[at] ?? "";
}

/** The place in the text of tokens [from, to). */
export function spanOf(doc: Doc, from: number, to: number): Span {
  return [doc.tokens[from]?.start ?? 0, doc.tokens[to - 1]?.end ?? 0];
}

const NEGATION_REACH = 4; // "do not ever delete any of the slices": how far a "not" reaches over plain words

/** Whether a "not" (or "instead of") stands before the token in its clause, with nothing but plain words between. */
export function isNegated(doc: Doc, at: number): boolean {
  const clause = doc.tokens[at]?.clause;
  for (let i = at - 1; i >= 0 && i >= at - NEGATION_REACH; i -= 1) {
    if (doc.tokens[i]?.clause !== clause) return false;
    if (flagEndingAt(doc, i + 1, "not") !== undefined || flagEndingAt(doc, i + 1, "instead") !== undefined) return true;
    const blocks = doc.used[i] || markAt(doc, i, "action") !== undefined || flagAt(doc, i, "clauseBreak") !== undefined;
    if (blocks) return false;
  }
  return false;
}

/** Of things named in order, those that a correction ("oops", "no wait") between two of them does not take back. */
export function afterCorrection<T extends { from: number }>(doc: Doc, things: readonly T[]): T[] {
  if (things.length < 2) return [...things];
  let start = 0;
  for (const point of flagsOf(doc, "correction")) {
    if (things.some((thing) => thing.from < point.from) && things.some((thing) => thing.from >= point.to)) start = point.to;
  }
  return things.filter((thing) => thing.from >= start);
}
