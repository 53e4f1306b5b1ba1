// "priority 9", "prio: 10", "priority level of 3": the number claims its tokens, so that it is nothing else.
import { claim, type Doc, flagAt, flagsOf, type Span, spanOf, wordAt } from "./doc.ts";
import { numberAt } from "./numbers.ts";

const LOWEST = 1;
const HIGHEST = 10;

export interface PriorityFound {
  priority: number | undefined;
  span?: Span;
  warnings: string[];
}

function isBetween(doc: Doc, at: number): boolean {
  return /^(?::|=|level|of|is|to|at|number|#|-)$/.test(wordAt(doc, at)) || flagAt(doc, at, "priority") !== undefined;
}

export function findPriority(doc: Doc): PriorityFound {
  for (const mark of flagsOf(doc, "priority")) {
    let i = mark.to;
    while (i < mark.to + 3 && isBetween(doc, i)) i += 1;
    const number = numberAt(doc, i);
    if (number === undefined) continue;
    claim(doc, mark.from, number.to);
    const span = spanOf(doc, mark.from, number.to);
    if (Number.isInteger(number.value) && number.value >= LOWEST && number.value <= HIGHEST)
      return { priority: number.value, span, warnings: [] };
    return { priority: undefined, warnings: [`Priority goes from ${LOWEST} to ${HIGHEST}; the one in the text was ignored.`] };
  }
  const spoken = flagsOf(doc, "priority").length > 0;
  return { priority: undefined, warnings: spoken ? [`The priority has no number from ${LOWEST} to ${HIGHEST} and was ignored.`] : [] };
}
