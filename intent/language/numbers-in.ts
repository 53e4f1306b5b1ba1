// Every number that a text writes, in digits or words, with its place. What it counts is not its business; numbers inside names are none.
import { analyse, type Span, spanOf } from "./doc.ts";
import { numberAt } from "./numbers.ts";
import { theLexicon } from "./read.ts";

export interface WrittenNumber {
  value: number;
  span: Span;
}

const BEFORE_IN_NAME = /(?:^|[^a-z0-9])[a-z]+[-_.]?$/i; // "edge1", "VM-2": a name; "5ms-9ms" is none
const GENERATION = /^[2-6]g(?![a-z])/i; // "5G" alone is a kind of network

export function numbersIn(text: string): WrittenNumber[] {
  const lexicon = theLexicon();
  const doc = analyse({ text, lexicon, segmenter: lexicon.segmenter, mask: () => [] });
  const found: WrittenNumber[] = [];
  for (let at = 0; at < doc.tokens.length; at += 1) {
    const number = numberAt(doc, at);
    if (number === undefined) continue;
    const span = spanOf(doc, number.from, number.to);
    const digits = doc.tokens[at]?.kind === "number";
    const inName = digits && (BEFORE_IN_NAME.test(doc.folded.slice(0, span[0])) || GENERATION.test(doc.folded.slice(span[0])));
    if (!inName) found.push({ value: number.value, span });
  }
  return found;
}
