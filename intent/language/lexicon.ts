// The machinery that finds a language's phrases in tokens: a trie of words, plural forms, and one spelling mistake per word.
import type { Language, Sense } from "./senses.ts";
import { tokenise } from "./tokens.ts";

/** A sense found at tokens [from, to). */
export interface Mark {
  sense: Sense;
  from: number;
  to: number;
}

interface Node {
  next: Map<string, Node>;
  senses: Sense[];
}

export interface Lexicon {
  root: Node;
  known: Set<string>;
  learnt: Set<string>;
  correctable: Map<string, string[]>; // by first letter
  acronyms: string[]; // names of types: no other word looks like them, so any slip is one
  separable: Map<string, { particle: string; sense: Sense }[]>; // "tear down" may stand apart: tear the slice down
}

const MIN_TYPO_LENGTH = 4; // shorter words have too many neighbours
const LONG_WORD = 6; // from here a wrong letter is a typo; below only swapped, missing or doubled letters are
const MAX_WORD = 24; // longer "words" are not looked at for typos

function newNode(): Node {
  return { next: new Map(), senses: [] };
}

/** A word of the tables: known, and what a misspelt word may be corrected to. */
function learn(lexicon: Lexicon, word: string): void {
  if (lexicon.learnt.has(word)) return;
  lexicon.learnt.add(word);
  lexicon.known.add(word);
  if (word.length < MIN_TYPO_LENGTH) return;
  const bucket = lexicon.correctable.get(word.charAt(0));
  if (bucket === undefined) lexicon.correctable.set(word.charAt(0), [word]);
  else bucket.push(word);
}

const PARTICLES = new Set(["up", "down", "out", "back", "off", "online", "offline"]);

function learnSeparable(lexicon: Lexicon, phrase: string, sense: Sense): void {
  const [verb, particle, rest] = phrase.split(" ");
  if (verb === undefined || particle === undefined || rest !== undefined || !PARTICLES.has(particle)) return;
  lexicon.separable.set(verb, [...(lexicon.separable.get(verb) ?? []), { particle, sense }]);
}

export function buildLexicon(languages: readonly Language[]): Lexicon {
  const lexicon: Lexicon = {
    root: newNode(),
    known: new Set(),
    learnt: new Set(),
    correctable: new Map(),
    acronyms: [],
    separable: new Map(),
  };
  for (const language of languages) {
    for (const word of language.ordinaryWords) lexicon.known.add(word);
    for (const { phrase, sense } of language.entries) {
      let node = lexicon.root;
      for (const token of tokenise(phrase)) {
        if (token.kind === "word") learn(lexicon, token.text);
        let child = node.next.get(token.text);
        if (child === undefined) {
          child = newNode();
          node.next.set(token.text, child);
        }
        node = child;
      }
      node.senses.push(sense);
      if (sense.kind === "type" && !phrase.includes(" ")) lexicon.acronyms.push(phrase);
      if (sense.kind === "action") learnSeparable(lexicon, phrase, sense);
    }
  }
  return lexicon;
}

function singular(word: string): string | undefined {
  if (word.length < 3 || !word.endsWith("s")) return undefined;
  return word.slice(0, -1);
}

/** One slip of the fingers apart: two letters swapped, one missing, one too many, or (in long words) one wrong. */
function oneSlip(word: string, right: string, anyLetter = word.length >= LONG_WORD): boolean {
  const difference = word.length - right.length;
  let i = 0;
  while (i < word.length && i < right.length && word[i] === right[i]) i += 1;
  if (difference === 1) return word.slice(i + 1) === right.slice(i);
  if (difference === -1) return word.slice(i) === right.slice(i + 1);
  if (difference !== 0 || i >= word.length) return false;
  if (word[i] === right[i + 1] && word[i + 1] === right[i] && word.slice(i + 2) === right.slice(i + 2)) return true;
  return anyLetter && word.slice(i + 1) === right.slice(i + 1);
}

/** The word as the table spells it. Only a word that is unknown in every form is corrected. */
export function correct(word: string, lexicon: Lexicon): string {
  if (word.length < MIN_TYPO_LENGTH || word.length > MAX_WORD || lexicon.known.has(word)) return word;
  const stem = singular(word);
  if (stem !== undefined && lexicon.known.has(stem)) return word;
  const acronym = lexicon.acronyms.find((right) => oneSlip(word, right, word.length > MIN_TYPO_LENGTH));
  if (acronym !== undefined) return acronym;
  const candidates = lexicon.correctable.get(word.charAt(0)) ?? [];
  return candidates.find((right) => oneSlip(word, right)) ?? word;
}

function step(node: Node, word: string): Node | undefined {
  const child = node.next.get(word);
  if (child !== undefined) return child;
  const stem = singular(word);
  return stem === undefined ? undefined : node.next.get(stem);
}

function senseKey(sense: Sense): string {
  return sense.kind === "flag" ? sense.flag : sense.kind;
}

/** The phrases that begin at the token, shortest first. A hyphen between words is passed over: low-latency is low latency. */
function phrasesAt(text: Words, from: number, root: Node): Mark[] {
  const found: Mark[] = [];
  let node = root;
  for (let at = from; at < text.words.length && !text.skip[at]; at += 1) {
    const word = text.words[at] ?? "";
    const child = step(node, word);
    if (child !== undefined) {
      node = child;
      for (const sense of node.senses) found.push({ sense, from, to: at + 1 });
    } else if (word !== "-" || at === from) break;
  }
  return found;
}

export interface Words {
  words: readonly string[];
  skip: readonly boolean[]; // names and noise: not looked up
}

const SEPARATION = 8; // words between a verb and its particle

/** Verbs whose particle stands apart ("tear the slice on edge2 down"); not over the end of a clause. */
function separatedAt(text: Words, from: number, lexicon: Lexicon): Mark[] {
  const forms = lexicon.separable.get(text.words[from] ?? "");
  if (forms === undefined || text.skip[from]) return [];
  for (let at = from + 2; at < text.words.length && at <= from + SEPARATION; at += 1) {
    const word = text.words[at] ?? "";
    if (/^[,.;!?]$/.test(word)) return [];
    const form = forms.find((candidate) => candidate.particle === word);
    if (form === undefined) continue;
    const toValue = text.words[at + 1] === "to" && /^\d/.test(text.words[at + 2] ?? ""); // "bring the slice down to 5 Mbps"
    const sense: Sense = toValue ? { kind: "action", action: "scale", strength: 2 } : form.sense;
    return [{ sense, from, to: from + 1 }];
  }
  return [];
}

/** Every phrase in the text. Per kind of sense (and per flag) the longest one wins and none overlap. */
export function findMarks(text: Words, lexicon: Lexicon): Mark[] {
  const marks: Mark[] = [];
  const takenUntil = new Map<string, number>();
  for (let from = 0; from < text.words.length; from += 1) {
    const found = phrasesAt(text, from, lexicon.root);
    if (!found.some((mark) => mark.sense.kind === "action" && mark.to > from + 1)) found.push(...separatedAt(text, from, lexicon));
    for (let i = found.length - 1; i >= 0; i -= 1) {
      const mark = found[i];
      if (mark === undefined) continue;
      const key = senseKey(mark.sense);
      if (from < (takenUntil.get(key) ?? 0)) continue; // a longer one is in already
      takenUntil.set(key, mark.to);
      marks.push(mark);
    }
  }
  return marks;
}
