// Forms of English words, told by their endings: "checking" is a form of "check" and no misspelling of another word.

const ENDINGS = ["ing", "ed", "er", "ers", "or", "ors", "ly", "es", "al", "able", "ness", "less", "ful"] as const;
const SHORTEST_BASE = 3; // letters
const DOUBLED = /([b-df-hj-np-tv-z])\1$/;

/** What the word may be a form of: checking → check, scaling → scale, stopped → stop, carried → carry. */
function basesOf(word: string): string[] {
  const bases: string[] = [];
  for (const ending of ENDINGS) {
    const stem = word.slice(0, -ending.length);
    if (!word.endsWith(ending) || stem.length < SHORTEST_BASE) continue;
    if (!stem.endsWith("e")) bases.push(stem, `${stem}e`);
    if (DOUBLED.test(stem)) bases.push(stem.slice(0, -1));
    if (stem.endsWith("i")) bases.push(`${stem.slice(0, -1)}y`);
  }
  return bases;
}

export function isForm(word: string, isKnown: (base: string) => boolean): boolean {
  return basesOf(word).some(isKnown);
}

const PARTICIPLE = /(?:ed|en|wn|rn)$/;
const POSSESSIVE = /['\u2019]s$/;

export function isParticiple(word: string): boolean {
  return PARTICIPLE.test(word);
}

export function isPossessive(word: string): boolean {
  return POSSESSIVE.test(word);
}
