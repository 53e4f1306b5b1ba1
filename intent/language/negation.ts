// What a "not" takes back: the verb, type or site after it, over plain words of the same clause.
import { type Doc, flagAt, flagEndingAt, markAt } from "./doc.ts";
import type { Mark } from "./lexicon.ts";

const REACH = 4; // "do not ever delete any of the slices": how far a "not" reaches
const CLAUSE_REACH = 30; // tokens between a site and the verb behind it

/** Whether a "not" (or "instead of") stands before the token in its clause, with nothing but plain words between. */
export function isNegated(doc: Doc, at: number): boolean {
  const clause = doc.tokens[at]?.clause;
  let joined = false;
  for (let i = at - 1; i >= 0 && i >= at - REACH; i -= 1) {
    if (doc.tokens[i]?.clause !== clause) return false;
    const not = flagEndingAt(doc, i + 1, "not");
    if (not !== undefined) return !isPartOfVerb(doc, not) && !(joined && flagAt(doc, not.from, "keep") !== undefined); // "keep it and scale it"
    joined ||= flagAt(doc, i, "join") !== undefined;
    if (flagEndingAt(doc, i + 1, "instead") !== undefined) return true;
    const leadsOn = flagAt(doc, i, "wish") !== undefined && flagAt(doc, i + 1, "to") !== undefined; // "don't need to deploy"
    if (doc.used[i] && isNegatedPlace(doc, i)) return true;
    const blocks = doc.used[i] || (markAt(doc, i, "action") !== undefined && !leadsOn) || flagAt(doc, i, "clauseBreak") !== undefined;
    if (blocks) return false;
  }
  return false;
}

/** 不要在 edge1 部署, 別把 edge2 的切片刪除: a place or an object stands between the "not" and its verb. */
function isNegatedPlace(doc: Doc, at: number): boolean {
  const clause = doc.tokens[at]?.clause;
  for (let i = at; i >= 0 && i > at - CLAUSE_REACH && doc.tokens[i]?.clause === clause; i -= 1) {
    const turns = flagAt(doc, i, "but") !== undefined || flagAt(doc, i, "clauseBreak") !== undefined;
    if (turns || (!doc.used[i] && markAt(doc, i, "action") !== undefined)) return false;
    if (flagAt(doc, i, "coverb") === undefined) continue;
    const not = flagEndingAt(doc, i, "not");
    if (not !== undefined) return !isPartOfVerb(doc, not);
  }
  return false;
}

/** The "no" of "no longer need" is a verb with the words behind it and takes nothing back. */
function isPartOfVerb(doc: Doc, not: Mark): boolean {
  return (markAt(doc, not.from, "action")?.to ?? 0) > not.to;
}

/** "edge1 先不要動", "edge1 must not be deleted": after the token, in its clause, a verb comes that is taken back. */
export function isNegatedBehind(doc: Doc, from: number): boolean {
  const clause = doc.tokens[from - 1]?.clause;
  for (let i = from; i < from + CLAUSE_REACH && doc.tokens[i]?.clause === clause && clause !== undefined; i += 1) {
    if (flagAt(doc, i, "clauseBreak") !== undefined || flagAt(doc, i, "but") !== undefined) return false;
    if (markAt(doc, i, "action") !== undefined || flagAt(doc, i, "otherVerb") !== undefined) return isNegated(doc, i);
  }
  return false;
}
