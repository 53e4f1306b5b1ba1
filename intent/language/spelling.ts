// One slip of the fingers per word: which word of the tables an unknown one was meant to be. An index of deletions finds it without a search.

export interface Spelling {
  learnt: Set<string>; // words of the tables
  byDeletion: Map<string, string[]>; // a word with one letter left out → the words it may be
  acronyms: string[]; // names of types: no other word looks like them, so any slip is one
}

const MIN_TYPO_LENGTH = 4; // shorter words have too many neighbours
const LONG_WORD = 6; // from here a wrong letter is a typo; below only swapped, missing or doubled letters are
const MAX_WORD = 24; // longer "words" are not looked at for typos

const UNSPEAKABLE = /[^aeiou]{3}/; // no ordinary word of four letters: emmb

export function newSpelling(): Spelling {
  return { learnt: new Set(), byDeletion: new Map(), acronyms: [] };
}

function without(word: string, at: number): string {
  return word.slice(0, at) + word.slice(at + 1);
}

export function learn(spelling: Spelling, word: string): void {
  if (spelling.learnt.has(word)) return;
  spelling.learnt.add(word);
  if (word.length < MIN_TYPO_LENGTH || !/^[a-z]+$/.test(word)) return;
  for (let i = 0; i < word.length; i += 1) {
    if (word[i] === word[i - 1]) continue;
    const shorter = without(word, i);
    const words = spelling.byDeletion.get(shorter);
    if (words === undefined) spelling.byDeletion.set(shorter, [word]);
    else words.push(word);
  }
}

/** Two letters swapped, one missing, one too many, or (in long words) one wrong. */
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

/** The first letter is rarely wrong: only swapped with the second. */
function looksLike(word: string, right: string): boolean {
  const sameStart = word[0] === right[0] || (word[0] === right[1] && word[1] === right[0]);
  return sameStart && oneSlip(word, right);
}

/** The word as the tables spell it, or `undefined` when it is near to none. Only for words that are unknown in every form. */
export function correct(word: string, spelling: Spelling): string | undefined {
  if (word.length < MIN_TYPO_LENGTH || word.length > MAX_WORD || word.includes("'")) return undefined;
  const anyLetter = word.length > MIN_TYPO_LENGTH || UNSPEAKABLE.test(word);
  const acronym = spelling.acronyms.find((right) => oneSlip(word, right, anyLetter));
  if (acronym !== undefined) return acronym;
  const missing = spelling.byDeletion.get(word)?.find((right) => looksLike(word, right));
  if (missing !== undefined) return missing;
  for (let i = 0; i < word.length; i += 1) {
    const shorter = without(word, i);
    if (shorter.length >= MIN_TYPO_LENGTH && i > 0 && spelling.learnt.has(shorter)) return shorter;
    const near = spelling.byDeletion.get(shorter)?.find((right) => looksLike(word, right));
    if (near !== undefined) return near;
  }
  return undefined;
}
