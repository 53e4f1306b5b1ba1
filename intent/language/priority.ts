// "priority 9", "prio: 10", "8/10 priority", "top priority": the number claims its tokens, so that it is nothing else.
// The scale is 1 to 10 with 10 the highest. Of words only the two ends name a number; "high", "urgent" and "P1" do not and are warned about.
import { claim, type Doc, flagAt, flagsOf, marksOf, type Span, spanOf, wordAt } from "./doc.ts";
import type { Mark } from "./lexicon.ts";
import { type NumberAt, numberAt } from "./numbers.ts";

const LOWEST = 1;
const HIGHEST = 10;
const REACH = 4; // tokens between the noun and its number

export interface PriorityFound {
  priority: number | undefined;
  span?: Span;
  warnings: string[];
}

function isBetween(doc: Doc, at: number): boolean {
  if (/^[:=#()_"-]$/.test(wordAt(doc, at))) return true;
  const links = ["filler", "copula", "to", "numberWord", "priority"] as const;
  return links.some((flag) => flagAt(doc, at, flag) !== undefined);
}

/** "9/10", "9 out of 10": the end of the scale belongs to the number. */
function withScale(doc: Doc, number: NumberAt): number {
  const ten = wordAt(doc, number.to) === "/" ? numberAt(doc, number.to + 1) : undefined;
  return ten?.value === HIGHEST ? ten.to : number.to;
}

function numberBeside(doc: Doc, mark: Mark): { number: NumberAt; from: number; to: number } | undefined {
  let i = mark.to;
  while (i < mark.to + REACH && isBetween(doc, i)) i += 1;
  const after = numberAt(doc, i);
  if (after !== undefined) return { number: after, from: mark.from, to: withScale(doc, after) };
  const before = mark.from > 0 ? numberAt(doc, mark.from - 1) : undefined; // "a 9 priority"
  return before === undefined || before.to !== mark.from ? undefined : { number: before, from: before.from, to: mark.to };
}

export function findPriority(doc: Doc): PriorityFound {
  const nouns = flagsOf(doc, "priority");
  for (const mark of nouns) {
    const found = numberBeside(doc, mark);
    if (found === undefined) continue;
    claim(doc, found.from, found.to);
    const { value } = found.number;
    if (Number.isInteger(value) && value >= LOWEST && value <= HIGHEST) {
      return { priority: value, span: spanOf(doc, found.from, found.to), warnings: [] };
    }
    return { priority: undefined, warnings: [`Priority goes from ${LOWEST} to ${HIGHEST}; the one in the text was ignored.`] };
  }
  const level = marksOf(doc, "level").find((mark) => mark.sense.priority !== undefined);
  if (level !== undefined) return { priority: level.sense.priority, span: spanOf(doc, level.from, level.to), warnings: [] };
  const spoken = nouns.length > 0 || marksOf(doc, "level").length > 0;
  return { priority: undefined, warnings: spoken ? [`The priority has no number from ${LOWEST} to ${HIGHEST} and was ignored.`] : [] };
}
