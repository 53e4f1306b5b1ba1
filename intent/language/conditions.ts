// Conditions in a sentence ("if latency exceeds 10 ms"): the verb and the numbers that belong to one are not asked for now.
import { type Doc, flagAt, flagsOf, type MarkOf, marksOf } from "./doc.ts";
import type { Mark } from "./lexicon.ts";

const CLAUSE_REACH = 12; // tokens between "if" and the verb

/** "roll back if it fails": not asked for now. */
export function isConditional(doc: Doc, mark: MarkOf<"action">): boolean {
  const sentence = doc.tokens[mark.from]?.sentence;
  for (let i = mark.from - CLAUSE_REACH; i < mark.to + CLAUSE_REACH; i += 1) {
    const token = doc.tokens[i];
    const own = i >= mark.from && i < mark.to; // "know if"
    if (own || token?.sentence !== sentence || flagAt(doc, i, "condition") === undefined) continue;
    const sameClause = token?.clause === doc.tokens[mark.from]?.clause;
    if (i < mark.from ? !between(doc, i, mark.from, sameClause) : sameClause && !between(doc, mark.to, i, true)) return true;
  }
  return false;
}

/** Whether another verb stands nearer to the condition; before a verb the condition may fill a clause of its own. */
function between(doc: Doc, from: number, to: number, sameClause: boolean): boolean {
  const clauses = (doc.tokens[to]?.clause ?? 0) - (doc.tokens[from]?.clause ?? 0);
  if (!sameClause && clauses > 1) return true;
  for (let i = from + 1; i < to; i += 1) if ((markStrength(doc, i) ?? 0) >= 2) return true;
  return false;
}

function markStrength(doc: Doc, at: number): number | undefined {
  for (const { sense } of doc.starting[at] ?? []) if (sense.kind === "action") return sense.strength;
  return undefined;
}

/** "if you could …", "know if" set no condition. */
function setsCondition(doc: Doc, mark: Mark): boolean {
  const polite = flagAt(doc, mark.to, "polite") ?? flagAt(doc, mark.to, "modal");
  const inVerb = (doc.ending[mark.to] ?? []).some(({ sense, from }) => sense.kind === "action" && from < mark.from);
  return polite === undefined && !inVerb;
}

export function conditionsOf(doc: Doc): Mark[] {
  return flagsOf(doc, "condition").filter((mark) => setsCondition(doc, mark));
}

/** The test of a condition ends with its clause or where the order begins: "if latency exceeds 10 ms roll back", 超過 10 ms 時. */
function zoneEnd(doc: Doc, mark: Mark): number {
  const clause = doc.tokens[mark.from]?.clause;
  let to = mark.to;
  while (to < doc.tokens.length && doc.tokens[to]?.clause === clause && flagAt(doc, to, "clauseBreak") === undefined) to += 1;
  return to;
}

/** Whether the tokens are in the test of a condition, and the order stands outside of it. */
export function isTested(doc: Doc, at: number): boolean {
  return conditionsOf(doc).some((mark) => {
    const end = zoneEnd(doc, mark);
    if (at < mark.to || at >= end) return false;
    const orders = marksOf(doc, "action").filter((verb) => verb.sense.strength >= 2);
    return orders.length === 0 || orders.some((verb) => verb.from < mark.from || verb.from >= end || verb.from > at);
  });
}
