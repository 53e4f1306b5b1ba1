// The phrases of a text: every sense of the tables with the tokens it was found at.
import { keyCount, type Lexicon, type Mark, type Meaning, meaningOf, type Node, type Word } from "./lexicon.ts";

export interface Words {
  words: readonly Word[];
  skip: readonly boolean[]; // names and noise: not looked up
}

interface Walk {
  text: Words;
  from: number;
  found: Mark[];
}

function markOf({ sense, key, id }: Meaning, from: number, { to, inflected }: { to: number; inflected: boolean }): Mark {
  return { sense, key, id, from, to, inflected };
}

/** The phrases that go on at the token, shortest first. A hyphen between words is passed over: low-latency is low latency. */
function walk(state: Walk, node: Node, at: number): void {
  const { text, from } = state;
  const word = text.skip[at] ? undefined : text.words[at];
  if (word === undefined) return;
  if (at === from) {
    goOn(state, word.exact, { at, inflected: false });
    goOn(state, word.stemmed, { at, inflected: true });
  } else if (word.text === "-") walk(state, node, at + 1);
  else if (word.goesOn) {
    goOn(state, node.next.get(word.text), { at, inflected: false });
    if (word.stem !== undefined) goOn(state, node.next.get(word.stem), { at, inflected: true });
  }
}

function goOn(state: Walk, node: Node | undefined, { at, inflected }: { at: number; inflected: boolean }): void {
  if (node === undefined) return;
  for (const meaning of node.meanings) state.found.push(markOf(meaning, state.from, { to: at + 1, inflected }));
  if (node.next.size > 0) walk(state, node, at + 1);
}

/** Shortest first, those of the same length as they were found. Nearly always they are in order already. */
function sortByLength(found: Mark[]): Mark[] {
  for (let i = 1; i < found.length; i += 1) if ((found[i]?.to ?? 0) < (found[i - 1]?.to ?? 0)) return found.sort((a, b) => a.to - b.to);
  return found;
}

function phrasesAt(text: Words, from: number, lexicon: Lexicon): Mark[] {
  const found: Mark[] = [];
  walk({ text, from, found }, lexicon.root, from);
  return sortByLength(found);
}

const SEPARATION = 8; // words between a verb and its particle
const CLAUSE_END = /^[,.;!?]$/;

/** Verbs whose particle stands apart ("tear the slice on edge2 down"); not over the end of a clause. */
function separatedAt(text: Words, from: number, lexicon: Lexicon): Mark | undefined {
  const forms = text.words[from]?.separable;
  if (forms === undefined) return undefined;
  for (let at = from + 2; at < text.words.length && at <= from + SEPARATION; at += 1) {
    const word = text.words[at]?.text ?? "";
    if (CLAUSE_END.test(word)) return undefined;
    const form = forms.find((candidate) => candidate.particle === word);
    if (form === undefined) continue;
    const next = text.words[at + 1]?.text ?? "";
    const isNumber = /^\d/.test(text.words[at + 2]?.text ?? "") && text.skip[at + 2] !== true; // a version is masked
    const toValue = lexicon.flagsOfWord.get(next)?.has("to") === true && isNumber; // down to 5 Mbps
    const { sense } = form.meaning;
    const isOnly = sense.kind === "action" && sense.action === "rollback" && sense.strength === 3; // "roll edge2 back to 4.2"
    const meaning = toValue && !isOnly ? meaningOf({ kind: "action", action: "scale", strength: 2 }) : form.meaning;
    return markOf(meaning, from, { to: from + 1, inflected: false });
  }
  return undefined;
}

function isOpaque({ key }: Mark): boolean {
  return key === "opaque";
}

function withSeparated(text: Words, from: number, about: { lexicon: Lexicon; found: Mark[] }): void {
  const { lexicon, found } = about;
  if (text.words[from]?.separable === undefined) return;
  if (found.some((mark) => mark.key === "action" && mark.to > from + 1)) return;
  const separated = separatedAt(text, from, lexicon);
  if (separated !== undefined) found.push(separated);
}

/** Whether some phrase has the two words one after the other; "-" stands between words. */
function mayGoOn({ exact, stemmed }: Word, next: Word | undefined): boolean {
  if (next === undefined || !next.goesOn) return false;
  return next.text === "-" || (exact !== undefined && leadsTo(exact, next)) || (stemmed !== undefined && leadsTo(stemmed, next));
}

function leadsTo(node: Node, { text, stem }: Word): boolean {
  return node.next.has(text) || (stem !== undefined && node.next.has(stem));
}

/** Every phrase in the text. Per kind of sense (and per flag) the longest one wins and none overlap; inside an opaque one there is nothing. */
export function findMarks(text: Words, lexicon: Lexicon): Mark[] {
  const marks: Mark[] = [];
  const takenUntil: number[] = new Array(keyCount()).fill(0); // by the id of the key
  for (let from = 0; from < text.words.length; from += 1) {
    const word = text.words[from];
    if (word === undefined || text.skip[from]) continue;
    if (word.separable !== undefined || (word.begins && mayGoOn(word, text.words[from + 1]))) {
      from = takePhrases(text, from, { lexicon, marks, takenUntil });
      continue;
    }
    // Most words stand alone, and what they mean then is known beforehand.
    for (const { sense, key, id, inflected } of word.alone) {
      if (from >= (takenUntil[id] ?? 0)) marks.push({ sense, key, id, from, to: from + 1, inflected });
    }
  }
  return marks;
}

interface Taken {
  lexicon: Lexicon;
  marks: Mark[];
  takenUntil: number[];
}

/** The phrases that begin at the token; returns the last token that is done with. */
function takePhrases(text: Words, from: number, { lexicon, marks, takenUntil }: Taken): number {
  const found = phrasesAt(text, from, lexicon);
  withSeparated(text, from, { lexicon, found });
  const opaqueTo = found.findLast(isOpaque)?.to ?? 0;
  for (let i = found.length - 1; i >= 0; i -= 1) {
    const mark = found[i];
    if (mark === undefined || mark.to < opaqueTo) continue;
    if (from < (takenUntil[mark.id] ?? 0) && !outdoes(mark, marks)) continue; // a longer one is in already
    if (mark.to > from + 1) takenUntil[mark.id] = mark.to;
    else if (hasLonger(found, i, mark.id)) continue;
    marks.push(mark);
  }
  return opaqueTo > from ? opaqueTo - 1 : from;
}

/** "can we get rid of": a verb that says more begins inside a hint, and takes its place. */
function outdoes(mark: Mark, marks: Mark[]): boolean {
  if (mark.sense.kind !== "action" || mark.to < mark.from + 2) return false;
  const at = marks.findLastIndex((other) => other.key === "action");
  const before = marks[at];
  if (before?.sense.kind !== "action" || before.from === mark.from || before.to >= mark.to) return false;
  if (before.sense.strength >= mark.sense.strength) return false;
  marks.splice(at, 1);
  return true;
}

/** Whether a longer or equal phrase of the key at the same place came first. */
function hasLonger(found: readonly Mark[], at: number, id: number): boolean {
  for (let i = at + 1; i < found.length; i += 1) if (found[i]?.id === id) return true;
  return false;
}
