// Whether a text is a question, and whether it asks for facts whatever its verb. What it asks about is not decided here.
import { type Doc, flagAt, hasFlag } from "./doc.ts";
import type { Flag } from "./senses.ts";

/** The question mark at the end or the word at the start. */
export function isQuestion(doc: Doc): boolean {
  const last = doc.tokens.at(-1);
  if (last === undefined) return false;
  return (
    last.text === "?" ||
    startsWithQuestion(doc) ||
    (doc.ending[doc.tokens.length] ?? []).some(({ sense }) => sense.kind === "flag" && sense.flag === "question")
  );
}

const OPENING = 4; // words before the question: "hi team, which …"

export function startsWithQuestion(doc: Doc): boolean {
  return opensWith(doc, "question");
}

export function asksForFacts(doc: Doc): boolean {
  return hasFlag(doc, "asks") || opensWith(doc, "asksFirst");
}

function opensWith(doc: Doc, wanted: Flag): boolean {
  for (let i = 0; i < Math.min(OPENING, doc.tokens.length); i += 1) {
    const isNot = (flagAt(doc, i, "not")?.to ?? 0) > i + 1; // "do not deploy"
    if (flagAt(doc, i, wanted) !== undefined) return !isNot;
    const passes = flagAt(doc, i, "greeting") ?? flagAt(doc, i, "polite") ?? (doc.tokens[i]?.kind === "symbol" ? true : undefined);
    if (passes === undefined) return false;
  }
  return false;
}
