// The phrases of a text: every sense of the tables with the tokens it was found at.
import { type Lexicon, type Mark, type Node, wordOf } from "./lexicon.ts";
import type { Sense } from "./senses.ts";

export interface Words {
  words: readonly string[];
  skip: readonly boolean[]; // names and noise: not looked up
}

function senseKey(sense: Sense): string {
  return sense.kind === "flag" ? sense.flag : sense.kind;
}

interface Walk {
  text: Words;
  from: number;
  lexicon: Lexicon;
  found: Mark[];
}

/** The phrases that go on at the token, shortest first. A hyphen between words is passed over: low-latency is low latency. */
function walk(state: Walk, node: Node, at: number): void {
  const { text, from, lexicon } = state;
  if (at >= text.words.length || text.skip[at]) return;
  const word = text.words[at] ?? "";
  if (word === "-" && at > from) return walk(state, node, at + 1);
  const about = wordOf(word, lexicon);
  const isFirst = at === from;
  goOn(state, isFirst ? about.exact : node.next.get(word), { at, inflected: false });
  if (about.stem !== undefined) goOn(state, isFirst ? about.stemmed : node.next.get(about.stem), { at, inflected: true });
}

function goOn(state: Walk, node: Node | undefined, { at, inflected }: { at: number; inflected: boolean }): void {
  if (node === undefined) return;
  for (const sense of node.senses) state.found.push({ sense, from: state.from, to: at + 1, inflected });
  if (node.next.size > 0) walk(state, node, at + 1);
}

const SHORTEST_FIRST = (a: Mark, b: Mark): number => a.to - b.to;

function phrasesAt(text: Words, from: number, lexicon: Lexicon): Mark[] {
  const found: Mark[] = [];
  walk({ text, from, lexicon, found }, lexicon.root, from);
  return found.length > 1 ? found.sort(SHORTEST_FIRST) : found;
}

const SEPARATION = 8; // words between a verb and its particle
const CLAUSE_END = /^[,.;!?]$/;

/** Verbs whose particle stands apart ("tear the slice on edge2 down"); not over the end of a clause. */
function separatedAt(text: Words, from: number, lexicon: Lexicon): Mark | undefined {
  const forms = text.skip[from] ? undefined : lexicon.separable.get(text.words[from] ?? "");
  if (forms === undefined) return undefined;
  for (let at = from + 2; at < text.words.length && at <= from + SEPARATION; at += 1) {
    const word = text.words[at] ?? "";
    if (CLAUSE_END.test(word)) return undefined;
    const form = forms.find((candidate) => candidate.particle === word);
    if (form === undefined) continue;
    const next = text.words[at + 1] ?? "";
    const toValue = lexicon.flagsOfWord.get(next)?.has("to") === true && /^\d/.test(text.words[at + 2] ?? ""); // down to 5 Mbps
    const sense: Sense = toValue ? { kind: "action", action: "scale", strength: 2 } : form.sense;
    return { sense, from, to: from + 1, inflected: false };
  }
  return undefined;
}

function isOpaque({ sense }: Mark): boolean {
  return sense.kind === "flag" && sense.flag === "opaque";
}

function withSeparated(text: Words, from: number, about: { lexicon: Lexicon; found: Mark[] }): void {
  const { lexicon, found } = about;
  if (!lexicon.separable.has(text.words[from] ?? "")) return;
  if (found.some((mark) => mark.sense.kind === "action" && mark.to > from + 1)) return;
  const separated = separatedAt(text, from, lexicon);
  if (separated !== undefined) found.push(separated);
}

/** Every phrase in the text. Per kind of sense (and per flag) the longest one wins and none overlap; inside an opaque one there is nothing. */
export function findMarks(text: Words, lexicon: Lexicon): Mark[] {
  const marks: Mark[] = [];
  const takenUntil = new Map<string, number>();
  for (let from = 0; from < text.words.length; from += 1) {
    if (text.skip[from]) continue;
    const found = phrasesAt(text, from, lexicon);
    withSeparated(text, from, { lexicon, found });
    if (found.length === 0) continue;
    const opaqueTo = found.findLast(isOpaque)?.to ?? 0;
    for (let i = found.length - 1; i >= 0; i -= 1) {
      const mark = found[i];
      if (mark === undefined || mark.to < opaqueTo) continue;
      const key = senseKey(mark.sense);
      if (from < (takenUntil.get(key) ?? 0)) continue; // a longer one is in already
      if (mark.to > from + 1) takenUntil.set(key, mark.to);
      else if (hasLonger(found, i, key)) continue;
      marks.push(mark);
    }
    if (opaqueTo > from) from = opaqueTo - 1;
  }
  return marks;
}

/** Whether a longer or equal phrase of the key at the same place came first. */
function hasLonger(found: readonly Mark[], at: number, key: string): boolean {
  for (let i = at + 1; i < found.length; i += 1) {
    const other = found[i];
    if (other !== undefined && senseKey(other.sense) === key) return true;
  }
  return false;
}
