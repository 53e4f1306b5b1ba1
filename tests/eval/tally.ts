// Accuracy over many sentences: whole, per field, per language, per tag, and the misses. Pure.
import type { CorpusEntry } from "./corpus.ts";
import { counts, FIELDS, type Got, type Miss, missesOf } from "./score.ts";

export interface Share {
  name: string;
  right: number;
  of: number;
}

export interface MissedSentence {
  id: string;
  lang: string;
  text: string;
  problem?: string; // why there was no understanding
  misses: Miss[];
}

export interface Tally {
  whole: Share;
  fields: Share[];
  languages: Share[];
  tags: Share[];
  missed: MissedSentence[];
}

export interface Scored {
  entry: CorpusEntry;
  got: Got;
  problem?: string;
}

export function accuracy({ right, of }: Share): number {
  return of === 0 ? 1 : right / of;
}

/** Sentences by what is known of them; a sentence with several tags counts in each. */
function shares(scored: readonly (Scored & { misses: Miss[] })[], namesOf: (entry: CorpusEntry) => readonly string[]): Share[] {
  const found = new Map<string, Share>();
  for (const { entry, misses } of scored) {
    for (const name of new Set(namesOf(entry))) {
      const share = found.get(name) ?? { name, right: 0, of: 0 };
      found.set(name, { name, right: share.right + (misses.length === 0 ? 1 : 0), of: share.of + 1 });
    }
  }
  return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

export function tally(answers: readonly Scored[]): Tally {
  const scored = answers.map((one) => ({ ...one, misses: missesOf(one.entry.expected, one.got) }));
  const fields = FIELDS.map((name) => {
    const concerned = scored.filter(({ entry, got }) => counts(name, entry.expected, got));
    return { name, right: concerned.filter(({ misses }) => misses.every(({ field }) => field !== name)).length, of: concerned.length };
  });
  const missed = scored
    .filter(({ misses }) => misses.length > 0)
    .map(({ entry: { id, lang, text }, misses, problem }) => ({ id, lang, text, misses, ...(problem === undefined ? {} : { problem }) }));
  return {
    whole: { name: "whole sentences", right: scored.length - missed.length, of: scored.length },
    fields: fields.filter(({ of }) => of > 0),
    languages: shares(scored, ({ lang }) => [lang]),
    tags: shares(scored, ({ tags }) => tags),
    missed,
  };
}
