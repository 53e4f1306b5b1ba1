// Words in a script without spaces: the split of a run of characters that leaves the fewest of them unread and takes the fewest words.
import { type NumeralTable, numeralValue } from "./numerals.ts";

interface Node {
  next: Map<number, Node>; // by UTF-16 unit
  ends: boolean;
}

export interface Segmenter {
  root: Node;
  names?: Node; // words besides those of the tables: registered sites
  numerals: NumeralTable | undefined;
}

export interface Segment {
  start: number;
  end: number;
  value: number | undefined; // of a numeral
}

const WORD_COST = 1;
const UNREAD_COST = 2.5; // a character of no word: dearer than two short words
const LONGEST_NUMERAL = 16; // characters; also keeps a long run of digits linear

function newNode(): Node {
  return { next: new Map(), ends: false };
}

export function newSegmenter(numerals: NumeralTable | undefined): Segmenter {
  return { root: newNode(), numerals };
}

export function addWord(segmenter: Segmenter, word: string): void {
  let node = segmenter.root;
  for (let i = 0; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    let next = node.next.get(code);
    if (next === undefined) {
      next = newNode();
      node.next.set(code, next);
    }
    node = next;
  }
  node.ends = true;
}

/** How far numerals reach from here, up to the limit. */
function numeralsFrom(text: string, from: number, end: number, table: NumeralTable): number {
  const limit = Math.min(end, from + LONGEST_NUMERAL);
  let at = from;
  while (at < limit && table.all.has(text.charAt(at))) at += 1;
  return at;
}

interface Path {
  cost: number;
  to: number;
  known: boolean;
  numeral: boolean;
}

function bestFrom(text: string, from: number, context: { paths: Path[]; base: number; end: number; segmenter: Segmenter }): Path {
  const { paths, base, end, segmenter } = context;
  const rest = (at: number) => paths[at - base]?.cost ?? 0;
  let best: Path = { cost: UNREAD_COST + rest(from + 1), to: from + 1, known: false, numeral: false };
  if (segmenter.numerals !== undefined) {
    const last = numeralsFrom(text, from, end, segmenter.numerals);
    for (let to = from + 1; to <= last; to += 1) {
      const cost = WORD_COST + rest(to);
      if (cost <= best.cost) best = { cost, to, known: true, numeral: true };
    }
  }
  for (const root of segmenter.names === undefined ? [segmenter.root] : [segmenter.root, segmenter.names]) {
    let node = root.next.get(text.charCodeAt(from));
    for (let to = from + 1; node !== undefined; to += 1) {
      const cost = WORD_COST + rest(to);
      if (node.ends && (cost < best.cost || (cost === best.cost && (to > best.to || (best.numeral && to > from + 1))))) {
        best = { cost, to, known: true, numeral: false };
      }
      node = to < end ? node.next.get(text.charCodeAt(to)) : undefined;
    }
  }
  return best;
}

/** The words of text[start, end). Characters that no word has stay together. */
export function segment(text: string, [start, end]: readonly [number, number], segmenter: Segmenter): Segment[] {
  const paths: Path[] = [];
  paths.length = end - start;
  for (let at = end - 1; at >= start; at -= 1) paths[at - start] = bestFrom(text, at, { paths, base: start, end, segmenter });
  const segments: Segment[] = [];
  let unread: Segment | undefined;
  for (let at = start; at < end; ) {
    const path = paths[at - start];
    const to = path?.to ?? end;
    const known = path?.known === true;
    if (!known && unread !== undefined) unread.end = to;
    else {
      const value = path?.numeral && segmenter.numerals !== undefined ? numeralValue(text.slice(at, to), segmenter.numerals) : undefined;
      const found: Segment = { start: at, end: to, value };
      segments.push(found);
      unread = known ? undefined : found;
    }
    at = to;
  }
  return segments;
}
