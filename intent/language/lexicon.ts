// The machinery that finds a language's phrases in tokens: a trie of words, their inflections, and one spelling mistake per word.
import { fold } from "./fold.ts";
import { numeralTable } from "./numerals.ts";
import { addWord, newSegmenter, type Segmenter } from "./segment.ts";
import type { Flag, Language, Sense } from "./senses.ts";
import { correct, learn, newSpelling, type Spelling } from "./spelling.ts";
import { type Token, tokenise } from "./tokens.ts";

/** What is asked of marks: the flag, or else the kind. Senses have many shapes, so looking into each of them would be slow. */
export type Key = Flag | Exclude<Sense["kind"], "flag">;

/** A sense found at tokens [from, to). */
export interface Mark {
  sense: Sense;
  key: Key;
  id: number; // of the key
  from: number;
  to: number;
  inflected: boolean; // found through a stem: sites, not site
}

/** A sense as the tables give it to a phrase. */
export interface Meaning<S extends Sense = Sense> {
  sense: S;
  key: Key;
  id: number; // of the key: an index into lists by key
}

export interface Node {
  next: Map<string, Node>;
  meanings: Meaning[];
}

/** A meaning of a word by itself. */
export interface Alone extends Meaning {
  inflected: boolean;
}

const ids = new Map<Key, number>();

export function idOf(key: Key): number {
  const known = ids.get(key);
  if (known !== undefined) return known;
  ids.set(key, ids.size);
  return ids.size - 1;
}

/** How many keys there are. */
export function keyCount(): number {
  return ids.size;
}

export function meaningOf<S extends Sense>(sense: S): Meaning<S> {
  const key = sense.kind === "flag" ? sense.flag : sense.kind;
  return { sense, key, id: idOf(key) };
}

interface Particle {
  particle: string;
  meaning: Meaning;
}

export interface Lexicon {
  root: Node;
  known: Set<string>;
  inner: Set<string>; // words of phrases behind their first
  segmenter: Segmenter;
  spelling: Spelling;
  flagsOfWord: Map<string, Set<Flag>>; // of phrases of one word, for looks at tokens before the phrases are found
  separable: Map<string, Particle[]>; // "tear down" may stand apart: tear the slice down
  stems: ((word: string) => string | undefined)[];
  plurals: ((word: string) => boolean)[];
  forms: ((word: string, isKnown: (base: string) => boolean) => boolean)[];
  pasts: ((word: string) => boolean)[];
  participles: ((word: string) => boolean)[];
  possessives: ((word: string) => boolean)[];
  words: Map<string, Word>;
}

const NO_FLAGS: ReadonlySet<Flag> = new Set();

function newNode(): Node {
  return { next: new Map(), meanings: [] };
}

const FIRST_UNSPACED = 0x3000; // East Asian scripts begin here

/** Whether the word is of a script that writes without spaces. */
export function isUnspaced(word: string): boolean {
  return word.charCodeAt(0) >= FIRST_UNSPACED;
}

function insert(lexicon: Lexicon, tokens: readonly Token[], sense: Sense): void {
  let node = lexicon.root;
  for (const token of tokens) {
    if (token.kind === "word") {
      lexicon.known.add(token.text);
      learn(lexicon.spelling, token.text);
      if (isUnspaced(token.text)) addWord(lexicon.segmenter, token.text);
    }
    if (node !== lexicon.root) lexicon.inner.add(token.text);
    let child = node.next.get(token.text);
    if (child === undefined) {
      child = newNode();
      node.next.set(token.text, child);
    }
    node = child;
  }
  node.meanings.push(meaningOf(sense));
}

function noteFlag(lexicon: Lexicon, phrase: string, sense: Sense): void {
  if (sense.kind !== "flag") return;
  const flags = lexicon.flagsOfWord.get(phrase) ?? new Set();
  lexicon.flagsOfWord.set(phrase, flags.add(sense.flag));
}

function learnSeparable(lexicon: Lexicon, phrase: string, about: { sense: Sense; particles: ReadonlySet<string> }): void {
  const [verb, particle, rest] = phrase.split(" ");
  if (verb === undefined || particle === undefined || rest !== undefined || !about.particles.has(particle)) return;
  lexicon.separable.set(verb, [...(lexicon.separable.get(verb) ?? []), { particle, meaning: meaningOf(about.sense) }]);
}

export function buildLexicon(languages: readonly Language[]): Lexicon {
  const numerals = languages.find((language) => language.numerals !== undefined)?.numerals;
  const lexicon: Lexicon = {
    root: newNode(),
    known: new Set(),
    inner: new Set(),
    segmenter: newSegmenter(numerals === undefined ? undefined : numeralTable(numerals)),
    spelling: newSpelling(),
    flagsOfWord: new Map(),
    separable: new Map(),
    stems: languages.flatMap(({ stem }) => stem ?? []),
    plurals: languages.flatMap(({ isPlural }) => isPlural ?? []),
    forms: languages.flatMap(({ isForm }) => isForm ?? []),
    pasts: languages.flatMap(({ isPast }) => isPast ?? []),
    participles: languages.flatMap(({ isParticiple }) => isParticiple ?? []),
    possessives: languages.flatMap(({ isPossessive }) => isPossessive ?? []),
    words: new Map(),
  };
  for (const language of languages) {
    const particles = new Set(language.particles);
    for (const word of language.ordinaryWords) {
      lexicon.known.add(word);
      if (isUnspaced(word)) addWord(lexicon.segmenter, word);
    }
    for (const { phrase, sense } of language.entries) {
      const folded = fold(phrase);
      const tokens = tokenise(folded);
      insert(lexicon, tokens, sense);
      noteFlag(lexicon, folded, sense);
      if (sense.kind === "type" && tokens.length === 1) lexicon.spelling.acronyms.push(folded);
      if (sense.kind === "action") learnSeparable(lexicon, folded, { sense, particles });
    }
  }
  return lexicon;
}

/** What is known of a word by itself: looked up once, since a text is mostly made of the same words. */
export interface Word {
  text: string;
  spelled: string; // as the tables spell it
  exact: Node | undefined; // where phrases that begin with it go on
  stemmed: Node | undefined; // the same for its stem
  stem: string | undefined;
  flags: ReadonlySet<Flag>;
  senses: readonly Sense[];
  isPast: boolean;
  begins: boolean; // phrases of more words begin with it
  goesOn: boolean; // phrases have it behind their first word
  separable: readonly Particle[] | undefined;
  alone: readonly Alone[]; // its marks where no longer phrase begins with it; of each key the last in the tables
}

const MAX_WORDS_KEPT = 20_000; // of all texts together; then they are forgotten and looked up again
const MAX_LENGTH_KEPT = 40; // characters

export function wordOf(text: string, lexicon: Lexicon): Word {
  const kept = lexicon.words.get(text);
  if (kept !== undefined) return kept;
  const word = lookUpWord(text, lexicon);
  if (text.length > MAX_LENGTH_KEPT) return word;
  if (lexicon.words.size >= MAX_WORDS_KEPT) lexicon.words.clear();
  lexicon.words.set(text, word);
  return word;
}

function lookUpWord(text: string, lexicon: Lexicon): Word {
  const stem = stemOf(text, lexicon);
  const exact = lexicon.root.next.get(text);
  const stemmed = stem === undefined ? undefined : lexicon.root.next.get(stem);
  const isKnown = lexicon.known.has(text) || stem !== undefined || lexicon.forms.some((is) => is(text, (base) => lexicon.known.has(base)));
  const { inner, separable } = lexicon;
  return {
    text,
    spelled: isKnown ? text : (correct(text, lexicon.spelling) ?? text),
    exact,
    stemmed,
    stem,
    flags: lexicon.flagsOfWord.get(text) ?? (stem === undefined ? undefined : lexicon.flagsOfWord.get(stem)) ?? NO_FLAGS,
    senses: (exact ?? stemmed)?.meanings.map(({ sense }) => sense) ?? [],
    isPast: lexicon.pasts.some((is) => is(text)),
    begins: (exact?.next.size ?? 0) + (stemmed?.next.size ?? 0) > 0,
    goesOn: text === "-" || inner.has(text) || (stem !== undefined && inner.has(stem)),
    separable: separable.get(text),
    alone: aloneOf(exact, stemmed),
  };
}

function aloneOf(exact: Node | undefined, stemmed: Node | undefined): Alone[] {
  const all = [
    ...(exact?.meanings ?? []).map((meaning) => ({ ...meaning, inflected: false })),
    ...(stemmed?.meanings ?? []).map((meaning) => ({ ...meaning, inflected: true })),
  ].reverse();
  return all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
}

function stemOf(word: string, lexicon: Lexicon): string | undefined {
  for (const stem of lexicon.stems) {
    const found = stem(word);
    if (found !== undefined && lexicon.known.has(found)) return found;
  }
  return undefined;
}

export function flagsOfWord(word: string, lexicon: Lexicon): ReadonlySet<Flag> {
  return wordOf(word, lexicon).flags;
}
