// The machinery that finds a language's phrases in tokens: a trie of words, their inflections, and one spelling mistake per word.
import { fold } from "./fold.ts";
import { numeralTable } from "./numerals.ts";
import { addWord, newSegmenter, type Segmenter } from "./segment.ts";
import type { Flag, Language, Sense } from "./senses.ts";
import { correct, learn, newSpelling, type Spelling } from "./spelling.ts";
import { type Token, tokenise } from "./tokens.ts";

/** A sense found at tokens [from, to). */
export interface Mark {
  sense: Sense;
  from: number;
  to: number;
  inflected: boolean; // found through a stem: sites, not site
}

export interface Node {
  next: Map<string, Node>;
  senses: Sense[];
}

interface Particle {
  particle: string;
  sense: Sense;
}

export interface Lexicon {
  root: Node;
  known: Set<string>;
  segmenter: Segmenter;
  spelling: Spelling;
  flagsOfWord: Map<string, Set<Flag>>; // of phrases of one word, for looks at tokens before the phrases are found
  separable: Map<string, Particle[]>; // "tear down" may stand apart: tear the slice down
  stems: ((word: string) => string | undefined)[];
  plurals: ((word: string) => boolean)[];
  words: Map<string, Word>;
}

const NO_FLAGS: ReadonlySet<Flag> = new Set();

function newNode(): Node {
  return { next: new Map(), senses: [] };
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
    let child = node.next.get(token.text);
    if (child === undefined) {
      child = newNode();
      node.next.set(token.text, child);
    }
    node = child;
  }
  node.senses.push(sense);
}

function noteFlag(lexicon: Lexicon, phrase: string, sense: Sense): void {
  if (sense.kind !== "flag") return;
  const flags = lexicon.flagsOfWord.get(phrase) ?? new Set();
  lexicon.flagsOfWord.set(phrase, flags.add(sense.flag));
}

function learnSeparable(lexicon: Lexicon, phrase: string, about: { sense: Sense; particles: ReadonlySet<string> }): void {
  const [verb, particle, rest] = phrase.split(" ");
  if (verb === undefined || particle === undefined || rest !== undefined || !about.particles.has(particle)) return;
  lexicon.separable.set(verb, [...(lexicon.separable.get(verb) ?? []), { particle, sense: about.sense }]);
}

export function buildLexicon(languages: readonly Language[]): Lexicon {
  const numerals = languages.find((language) => language.numerals !== undefined)?.numerals;
  const lexicon: Lexicon = {
    root: newNode(),
    known: new Set(),
    segmenter: newSegmenter(numerals === undefined ? undefined : numeralTable(numerals)),
    spelling: newSpelling(),
    flagsOfWord: new Map(),
    separable: new Map(),
    stems: languages.flatMap(({ stem }) => stem ?? []),
    plurals: languages.flatMap(({ isPlural }) => isPlural ?? []),
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
  spelled: string; // as the tables spell it
  exact: Node | undefined; // where phrases that begin with it go on
  stemmed: Node | undefined; // the same for its stem
  stem: string | undefined;
  flags: ReadonlySet<Flag>;
  senses: readonly Sense[];
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
  const isKnown = lexicon.known.has(text) || stem !== undefined;
  return {
    spelled: isKnown ? text : (correct(text, lexicon.spelling) ?? text),
    exact,
    stemmed,
    stem,
    flags: lexicon.flagsOfWord.get(text) ?? (stem === undefined ? undefined : lexicon.flagsOfWord.get(stem)) ?? NO_FLAGS,
    senses: exact?.senses ?? stemmed?.senses ?? [],
  };
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

/** What the word alone can mean. */
export function sensesOf(word: string, lexicon: Lexicon): readonly Sense[] {
  return wordOf(word, lexicon).senses;
}
