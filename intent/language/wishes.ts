// What a wish ("give me", "can we have") is for where it is no new slice: a report, or something to be done to a slice that is there.
import { allOf, type Doc, flagAt, wordAt } from "./doc.ts";
import type { ActionMark } from "./verbs.ts";

/** "give me a health report for slice 7": what is wanted is the report, not a slice. */
export function isAskedFor(doc: Doc, mark: ActionMark): boolean {
  if (allOf(doc, "wish").every((wish) => wish.from >= mark.from)) return false;
  const next = doc.tokens[mark.to];
  const ends =
    next === undefined || next.kind === "symbol" || (flagAt(doc, mark.to, "leadsOn") ?? flagAt(doc, mark.to, "nameGap")) !== undefined;
  return ends && flagAt(doc, mark.from, "report") !== undefined;
}

function isParticiple(doc: Doc, at: number): boolean {
  return doc.lexicon.participles.some((test) => test(wordAt(doc, at)));
}

/** "Can we have the slice on edge1 removed?": what is wanted is that it be done. */
export function wantsDone(doc: Doc, marks: readonly ActionMark[]): ActionMark | undefined {
  const [wish] = marks;
  if (wish?.sense.action !== "deploy") return undefined;
  return marks.find((mark) => {
    const isDone = mark.sense.action !== "deploy" && mark.sense.action !== "status" && isParticiple(doc, mark.from);
    return isDone && doc.tokens[mark.from]?.clause === doc.tokens[wish.from]?.clause;
  });
}
