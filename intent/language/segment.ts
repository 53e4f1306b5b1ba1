// Words in a script without spaces: the split of a run of characters that leaves the fewest of them unread and takes the fewest words.
import { type NumeralTable, numeralValue } from "./numerals.ts";

interface Node {
  next: Map<number, Node>; // by UTF-16 unit
  code: number; // of the only one of them, which is the rule behind the first characters
  only: Node | undefined;
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

const WORD_COST = 2; // whole numbers: lists of fractions are slower
const UNREAD_COST = 5; // a character of no word: dearer than two short words
const LONGEST_NUMERAL = 16; // characters; also keeps a long run of digits linear

function newNode(): Node {
  return { next: new Map(), code: -1, only: undefined, ends: false };
}

/** Without a search where there is one way on or none. */
function after(node: Node, code: number): Node | undefined {
  if (node.only !== undefined) return code === node.code ? node.only : undefined;
  return node.next.size === 0 ? undefined : node.next.get(code);
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
      node.code = code;
      node.only = node.next.size === 1 ? next : undefined;
    }
    node = next;
  }
  node.ends = true;
}

type Way = "unread" | "word" | "numeral";

/** The best way on from each character of the run: lists side by side, since an object for each would cost more than the search. */
interface Ways {
  start: number;
  end: number;
  costs: number[]; // from the character to the end of the run
  ends: number[]; // of the word that begins there
  kinds: Way[];
}

function numeralFrom(from: number, last: number, { start, costs, ends, kinds }: Ways): void {
  const at = from - start;
  for (let to = from + 1; to <= last; to += 1) {
    const cost = WORD_COST + (costs[to - start] ?? 0);
    if (cost > (costs[at] ?? 0)) continue;
    costs[at] = cost;
    ends[at] = to;
    kinds[at] = "numeral";
  }
}

function wordFrom(text: string, from: number, about: { root: Node; ways: Ways }): void {
  const { start, end, costs, ends, kinds } = about.ways;
  const at = from - start;
  let node = after(about.root, text.charCodeAt(from));
  for (let to = from + 1; node !== undefined; to += 1) {
    if (node.ends) {
      const cost = WORD_COST + (costs[to - start] ?? 0);
      const best = costs[at] ?? 0;
      if (cost < best || (cost === best && (to > (ends[at] ?? 0) || (kinds[at] === "numeral" && to > from + 1)))) {
        costs[at] = cost;
        ends[at] = to;
        kinds[at] = "word";
      }
    }
    node = to < end ? after(node, text.charCodeAt(to)) : undefined;
  }
}

function findWays(text: string, [start, end]: readonly [number, number], { root, names, numerals }: Segmenter): Ways {
  const ways: Ways = { start, end, costs: new Array(end - start + 1), ends: new Array(end - start), kinds: new Array(end - start) };
  ways.costs[end - start] = 0;
  let numeralsInRow = 0;
  for (let from = end - 1; from >= start; from -= 1) {
    const at = from - start;
    ways.costs[at] = UNREAD_COST + (ways.costs[at + 1] ?? 0);
    ways.ends[at] = from + 1;
    ways.kinds[at] = "unread";
    numeralsInRow = numerals?.codes.has(text.charCodeAt(from)) ? numeralsInRow + 1 : 0;
    numeralFrom(from, from + Math.min(numeralsInRow, LONGEST_NUMERAL), ways);
    wordFrom(text, from, { root, ways });
    if (names !== undefined) wordFrom(text, from, { root: names, ways });
  }
  return ways;
}

/** The words of text[start, end). Characters that no word has stay together. */
export function segment(text: string, [start, end]: readonly [number, number], segmenter: Segmenter): Segment[] {
  const { ends, kinds } = findWays(text, [start, end], segmenter);
  const segments: Segment[] = [];
  let unread: Segment | undefined;
  for (let at = start; at < end; ) {
    const to = ends[at - start] ?? end;
    const kind = kinds[at - start];
    const known = kind !== "unread";
    if (!known && unread !== undefined) unread.end = to;
    else {
      const value =
        kind === "numeral" && segmenter.numerals !== undefined ? numeralValue(text.slice(at, to), segmenter.numerals) : undefined;
      const found: Segment = { start: at, end: to, value };
      segments.push(found);
      unread = known ? undefined : found;
    }
    at = to;
  }
  return segments;
}
