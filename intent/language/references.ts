// Names of slices and ids of deployments: told by their shape, by the noun or verb beside them, or because they are live.
import type { Chunk } from "./chunks.ts";
import type { Span } from "./doc.ts";
import type { Lexicon, Word } from "./lexicon.ts";
import type { Flag } from "./senses.ts";
import type { Token } from "./tokens.ts";

const MAX_NAME = 80; // the wire's limit for a slice reference

export interface SliceReference {
  name: string; // as written
  span: Span;
}

export interface ReferenceInput {
  text: string;
  tokens: readonly Token[];
  words: readonly Word[]; // what is known of the tokens' texts
  chunks: readonly Chunk[];
  lexicon: Lexicon;
  isSite: (name: string) => boolean;
  slices: ReadonlySet<string>; // that are live: their names are known without a noun beside them
}

const DEPLOYMENT_ID = /^(?:dep|dpl|int)[_-](?=[a-z0-9]*\d)[a-z0-9]{1,40}$/;
const SYSTEM_NAME = /^(?:embb|urllc|mmtc)-(?=[a-z0-9]*[a-z])[0-9a-z]{6}(?:-\d+)?$/; // as the plan makes them
const PLAIN_ID = /^([a-z]{2,})(?:-[a-z]+)*-\d+$/; // lower case as written: tickets are upper case
const SHORT_ID = /^[a-z]\d*-\d+$/; // "a-1": only right behind a verb
const LABELLED = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)+$/;
const LETTERS_DIGITS = /^[a-z]+\d+[a-z0-9]*$/;
const HAS_DIGIT = /\d/;
const HAS_LETTER = /[a-z]/;
const TYPE_LIKE = /^(?:embb|urllc|mmtc|miot|v2x|c-v2x|\d+[a-z]+)$/; // names of the standards, and "5g", "4k"

interface Around {
  noun: boolean; // "slice" right before
  named: boolean; // "named" right before, or a label with a colon
  quoted: boolean;
  nounAfter: boolean;
  verb: boolean; // a verb right before
}

function hasFlag({ tokens, words }: ReferenceInput, at: number, flag: Flag): boolean {
  return at >= 0 && tokens[at]?.kind === "word" && words[at]?.flags.has(flag) === true;
}

function isOneOf(token: Token | undefined, symbols: string): boolean {
  return token?.kind === "symbol" && symbols.includes(token.text);
}

function isVerb({ tokens, words }: ReferenceInput, at: number): boolean {
  return at >= 0 && tokens[at]?.kind === "word" && words[at]?.senses.some((sense) => sense.kind === "action") === true;
}

function around(input: ReferenceInput, chunk: Chunk): Around {
  const { tokens } = input;
  let i = chunk.from - 1;
  const before = i < 0 ? undefined : tokens[i]?.text;
  const quoted = before === '"' || before === "'";
  if (quoted) i -= 1;
  let label = false;
  while (i >= 0 && isOneOf(tokens[i], ":=#")) {
    label = true;
    i -= 1;
  }
  let named = hasFlag(input, i, "named");
  const isLabel = hasFlag(input, i, "nameLabel");
  if (named || isLabel) i -= 1;
  while (i >= 0 && isOneOf(tokens[i], "_-")) i -= 1; // slice_name
  const noun = hasFlag(input, i, "nameNoun");
  named ||= isLabel && label && !quoted && (noun || i < 0 || tokens[i]?.clause !== tokens[chunk.from]?.clause);
  let j = chunk.to;
  if (quoted) j += 1;
  while (j < chunk.to + 3 && hasFlag(input, j, "filler")) j += 1;
  const passed = hasFlag(input, i, "nameGap") ? i - 1 : i;
  return { noun, named, quoted, nounAfter: hasFlag(input, j, "nameNoun"), verb: isVerb(input, passed) };
}

/** Whether every word in the chunk is one that the tables know: then it is an adjective, not a name. */
function isOrdinary(input: ReferenceInput, chunk: Chunk): boolean {
  for (let i = chunk.from; i < chunk.to; i += 1) {
    const token = input.tokens[i];
    if (token?.kind === "word" && !input.lexicon.known.has(token.text)) return false;
  }
  return true;
}

const NO_NAMES = ["nameEnd", "filler", "polite", "greeting", "modal", "clauseBreak", "dateBefore", "leadsOn"] as const;

/** "the port called again": a word of grammar, of time or of number behind "called" is no name. */
function isPlainWord(input: ReferenceInput, { from, to }: Chunk): boolean {
  const word = input.words[from];
  if (word === undefined || to > from + 1) return false;
  return NO_NAMES.some((flag) => word.flags.has(flag)) || word.senses.some(({ kind }) => kind === "number" || kind === "ordinal");
}

/** The first word measures or counts ("latency-5", "sub-10", "phase-2"): the number after it is no part of a name. */
function takesNumber(input: ReferenceInput, chunk: Chunk): boolean {
  const word = input.words[chunk.from];
  if (word === undefined) return false;
  const { flags } = word;
  if (flags.has("numbered") || flags.has("siteNoun") || flags.has("priority") || flags.has("to")) return true;
  return word.senses.some(({ kind }) => kind === "measure" || kind === "direction" || kind === "unit" || kind === "number");
}

type Test = (chunk: Chunk, beside: Around) => boolean;

/** In the order of certainty; the first that any chunk passes decides. */
const TESTS: readonly ((input: ReferenceInput) => Test)[] = [
  () =>
    ({ name }) =>
      DEPLOYMENT_ID.test(name),
  ({ slices }) => {
    return ({ name }, beside) => slices.has(name) && (/[-_\d]/.test(name) || beside.noun || beside.nounAfter || beside.verb); // a plain word may mean something else
  },
  () =>
    ({ name }) =>
      SYSTEM_NAME.test(name),
  () => (_, beside) => beside.quoted && beside.noun,
  (input) => (chunk, beside) => {
    const { name } = chunk;
    if (!beside.noun) return false;
    return HAS_DIGIT.test(name) ? LABELLED.test(name) || LETTERS_DIGITS.test(name) : LABELLED.test(name) && !isOrdinary(input, chunk);
  },
  (input) => (chunk, beside) => beside.named && (beside.quoted || !isPlainWord(input, chunk)),
  (input) => (chunk, beside) => {
    const { name } = chunk;
    if (!beside.nounAfter || !HAS_DIGIT.test(name)) return false;
    const shape = LABELLED.test(name) || (LETTERS_DIGITS.test(name) && !isOrdinary(input, chunk));
    return shape && !takesNumber(input, chunk);
  },
  (input) => (chunk, beside) => beside.verb && SHORT_ID.test(chunk.name) && !hasFlag(input, chunk.from, "numbered"),
  (input) => (chunk) => chunk.to > chunk.from + 2 && PLAIN_ID.test(input.text.slice(chunk.start, chunk.end)) && !takesNumber(input, chunk),
];

interface Candidate {
  chunk: Chunk;
  beside: Around;
}

/** A quote, a colon or a word like "named" right before it. */
function isIntroduced({ tokens, words }: ReferenceInput, chunk: Chunk): boolean {
  const before = chunk.from > 0 ? tokens[chunk.from - 1] : undefined;
  if (before === undefined) return false;
  if (before.kind === "symbol") return "\"':=#".includes(before.text);
  return before.kind === "word" && words[chunk.from - 1]?.flags.has("named") === true;
}

/** What cannot be a name is told from its shape, before anything is looked up. */
function couldBeName(input: ReferenceInput, chunk: Chunk): Candidate | undefined {
  const { name } = chunk;
  const isPlainWord = chunk.to === chunk.from + 1;
  if (isPlainWord && input.tokens[chunk.from]?.kind === "number") return undefined;
  const isLive = input.slices.size > 0 && input.slices.has(name);
  if (isPlainWord && !isLive && !isIntroduced(input, chunk)) return undefined; // most words end here
  if (name.length > MAX_NAME || !HAS_LETTER.test(name)) return undefined;
  const beside = around(input, chunk);
  if (isPlainWord && !beside.named && !beside.quoted && !isLive) return undefined;
  if (TYPE_LIKE.test(name) || input.isSite(name)) return undefined;
  return { chunk, beside };
}

/** Every place where the name stands. */
export function namedIn(text: string, slice: SliceReference): SliceReference[] {
  const { name, span } = slice;
  const found = [slice];
  if (!/[-_\d]/.test(name)) return found; // a plain word may mean something else elsewhere
  const isApart = (at: number) => !/[a-z0-9]/i.test(text.charAt(at));
  for (let at = text.indexOf(name, span[1]); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (isApart(at - 1) && isApart(at + name.length)) found.push({ name, span: [at, at + name.length] });
  }
  return found;
}

/** The slice or deployment that the text names, if any. */
export function findSliceReference(input: ReferenceInput): SliceReference | undefined {
  const candidates: Candidate[] = [];
  for (const chunk of input.chunks) {
    const candidate = couldBeName(input, chunk);
    if (candidate !== undefined) candidates.push(candidate);
  }
  if (candidates.length === 0) return undefined;
  for (const make of TESTS) {
    const test = make(input);
    const found = candidates.find(({ chunk, beside }) => test(chunk, beside));
    if (found === undefined) continue;
    const { start, end } = found.chunk;
    return { name: input.text.slice(start, end), span: [start, end] };
  }
  return undefined;
}
