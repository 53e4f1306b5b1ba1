// A view of a text that has only some of its tokens: what is read from it is read as if the rest had not been written.
// Places in the text stay what they are, so that every field still says from which characters it was read.
import type { Doc } from "./doc.ts";
import { keyCount, type Mark, type Word } from "./lexicon.ts";
import type { Token } from "./tokens.ts";

interface Kept {
  tokens: Token[];
  words: Word[];
  used: boolean[];
  at: number[]; // where each token of the whole text is now; of one that is left out, where the next one is
}

function keptOf(doc: Doc, keeps: (at: number) => boolean): Kept {
  const kept: Kept = { tokens: [], words: [], used: [], at: [] };
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const token = doc.tokens[i];
    const word = doc.words[i];
    kept.at.push(kept.tokens.length);
    if (token === undefined || word === undefined || !keeps(i)) continue;
    kept.tokens.push(token);
    kept.words.push(word);
    kept.used.push(doc.used[i] === true);
  }
  kept.at.push(kept.tokens.length);
  return kept;
}

function put(lists: Mark[][], index: number, mark: Mark): void {
  const list = lists[index];
  if (list === undefined) lists[index] = [mark];
  else list.push(mark);
}

/** The document of the tokens that are kept; a phrase of which a part is left out is left out. */
export function focus(doc: Doc, keeps: (at: number) => boolean): Doc {
  const { tokens, words, used, at } = keptOf(doc, keeps);
  const marks: Mark[] = [];
  const starting: Mark[][] = new Array(tokens.length + 1);
  const ending: Mark[][] = new Array(tokens.length + 1);
  const byKey: Mark[][] = new Array(keyCount());
  for (const old of doc.marks) {
    const [from = 0, to = 0] = [at[old.from], at[old.to]];
    if (to - from !== old.to - old.from || !keeps(old.from)) continue;
    const mark = { ...old, from, to };
    marks.push(mark);
    put(starting, from, mark);
    put(ending, to, mark);
    put(byKey, mark.id, mark);
  }
  return { ...doc, tokens, words, used, marks, starting, ending, byKey };
}
