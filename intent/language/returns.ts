// "Return edge1 to its previous state", "downgrade to release 4.2": verbs of many uses that with a version behind them go back to it.
import { type Doc, flagAt, flagEndingAt, flagsOf, type MarkOf } from "./doc.ts";
import { meaningOf } from "./lexicon.ts";

const REACH = 10; // tokens: "return the eMBB slice on edge2 to the state before"

/** The verb as a mark of a rollback, or `undefined` when no version or earlier state follows it in its clause. */
export function returnVerb(doc: Doc): MarkOf<"action"> | undefined {
  for (const verb of flagsOf(doc, "returns")) {
    const clause = doc.tokens[verb.from]?.clause;
    let to = false;
    for (let i = verb.to; i < verb.to + REACH && doc.tokens[i]?.clause === clause; i += 1) {
      to ||= flagAt(doc, i, "to") !== undefined || flagEndingAt(doc, i, "to") !== undefined;
      if (!to || flagAt(doc, i, "earlier") === undefined) continue;
      return { ...meaningOf({ kind: "action", action: "rollback", strength: 2 }), from: verb.from, to: verb.to, inflected: false };
    }
  }
  return undefined;
}
