// "30 m altitude": where a word of length stands beside it, a small "m" is metres and no rate.
import { allOf, type Doc, flagAt, flagEndingAt, markAt } from "./doc.ts";
import type { Mark } from "./lexicon.ts";
import type { NumberAt } from "./numbers.ts";

const LENGTH_REACH = 3; // tokens: "a height of about 60 m"

/** "30 m altitude", "45 m high", "at a height of 60 m". */
export function isMetres(doc: Doc, number: NumberAt, { from, to }: Mark): boolean {
  const token = doc.tokens[from];
  if (to !== from + 1 || token === undefined || doc.text.slice(token.start, token.end) !== "m" || allOf(doc, "length").length === 0)
    return false;
  const after = flagAt(doc, to, "leadsOn") === undefined ? to : to + 1; // "30 m in height"
  const isPriority = markAt(doc, to, "level") !== undefined; // "100 m high priority"
  return !isPriority && (flagAt(doc, after, "length") ?? lengthBefore(doc, number.from)) !== undefined;
}

function lengthBefore(doc: Doc, end: number): Mark | undefined {
  for (let at = end; at > end - LENGTH_REACH; at -= 1) {
    const length = flagEndingAt(doc, at, "length");
    if (length !== undefined || flagEndingAt(doc, at, "filler") === undefined) return length;
  }
  return undefined;
}
