// Words that mean nothing to the tables, and whether one of them may be a verb: what it asks for must then never be guessed.
import { type Doc, flagAt, flagEndingAt, flagsOf, markAt, marksOf, wordAt } from "./doc.ts";
import { isUnspaced, type Mark } from "./lexicon.ts";
import type { Flag } from "./senses.ts";

const PASSED: readonly Flag[] = ["polite", "greeting", "filler", "object", "clauseBreak", "dateAfter", "numberWord"];

export function isUnread(doc: Doc, at: number): boolean {
  const token = doc.tokens[at];
  if (token?.kind !== "word" || doc.used[at] || (doc.starting[at] ?? []).length > 0) return false;
  if (isUnspaced(token.text) && doc.lexicon.known.has(token.text)) return false;
  return !coveredBefore(doc, at);
}

const LONGEST_PHRASE = 6; // tokens

function coveredBefore(doc: Doc, at: number): boolean {
  for (let i = at - 1; i >= 0 && i > at - LONGEST_PHRASE; i -= 1) if ((doc.starting[i] ?? []).some((mark) => mark.to > at)) return true;
  return false;
}

/** A label ("Customer: …") or a name in a list is no verb. */
function isLabel(doc: Doc, at: number): boolean {
  let i = at;
  while (isUnread(doc, i)) i += 1;
  return /^[:=]$/.test(doc.tokens[i]?.text ?? "");
}

/** "800 widgets", 350 台收銀機: a number or its counter stands right before it. */
function isCounted(doc: Doc, at: number): boolean {
  const isFragment = flagAt(doc, at + 1, "device") !== undefined && doc.tokens[at + 2]?.kind === "symbol";
  if (isFragment && doc.tokens[at + 3]?.kind === "number") return true; // "telehealth carts, 45 of them"
  if (doc.tokens[at - 1]?.kind === "number") return doc.tokens[at - 1]?.clause === doc.tokens[at]?.clause;
  return (
    (flagEndingAt(doc, at, "thingCounter") ?? flagEndingAt(doc, at, "counter"))?.from === at - 1 && doc.tokens[at - 2]?.kind === "number"
  );
}

/** A word that means nothing to the tables where a verb would stand: first in a clause, behind "please" or "should", before its object. */
function couldBeVerb(doc: Doc, at: number): boolean {
  const token = doc.tokens[at];
  const before = doc.tokens[at - 1];
  if (token === undefined || isLabel(doc, at) || isCounted(doc, at)) return false;
  if (flagAt(doc, at + 1, "sliceNoun") !== undefined) return false; // a "telemedicine slice"; its type is asked for
  if (isUnspaced(token.text)) return !describesUse(doc, at);
  if (before === undefined || before.clause !== token.clause) return before === undefined || !isInList(doc, at);
  return (["polite", "modal", "greeting", "clauseBreak", "not"] as const).some((flag) => flagAt(doc, at - 1, flag) !== undefined);
}

/** "…, Acme, 200 Mbps": alone between commas. */
function isInList(doc: Doc, at: number): boolean {
  const next = doc.tokens[at + 1];
  return next === undefined || next.kind !== "word";
}

/** 台中廠機器手臂控制: a place before a use, in a clause that names nothing else. */
function describesUse(doc: Doc, at: number): boolean {
  const clause = doc.tokens[at]?.clause;
  const uses = marksOf(doc, "useCase").some((mark) => mark.from === at + 1);
  const names = ["type", "unit"].some((kind) =>
    doc.marks.some((mark) => mark.sense.kind === kind && doc.tokens[mark.from]?.clause === clause),
  );
  const slice = flagsOf(doc, "sliceNoun").some((mark) => doc.tokens[mark.from]?.clause === clause);
  return uses && !names && !slice;
}

function startsLikeVerb(doc: Doc, at: number): boolean {
  if (isLabel(doc, at) || isCounted(doc, at) || flagAt(doc, at + 1, "sliceNoun") !== undefined) return false;
  return at === 0 || !isInList(doc, at);
}

/** Whether the text may have a verb that the tables do not know: what it asks for must then never be guessed. */
export function hasUnreadVerb(doc: Doc): boolean {
  let clause = -1;
  let atStart = true;
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const token = doc.tokens[i];
    if (token === undefined) continue;
    if (token.clause !== clause) {
      clause = token.clause;
      atStart = true;
    }
    if (isUnread(doc, i) && ((atStart && startsLikeVerb(doc, i)) || couldBeVerb(doc, i))) return true;
    atStart &&= PASSED.some((flag) => flagAt(doc, i, flag) !== undefined);
  }
  return false;
}

const DEFINITE_REACH = 4; // "the new video streaming slice"

const WISHED_REACH = 3; // tokens from "needs" to the type or use: "wants a new eMBB slice"

/** "They need eMBB; could you arrange that slice?", "the new slice": one that is wished for is not there yet. */
function isWished(doc: Doc, { from, to }: Mark): boolean {
  const next = markAt(doc, to, "action");
  if (next?.sense.action === "deploy" && next.sense.strength === 1) return true;
  return flagsOf(doc, "wish").some((wish) => {
    if (wish.to > from) return false;
    for (let i = wish.to; i < wish.to + WISHED_REACH; i += 1)
      if ((markAt(doc, i, "type") ?? markAt(doc, i, "useCase")) !== undefined) return i < from;
    return false;
  });
}

/** "the eMBB slice on edge1 …": a slice that is there already is not deployed again. */
export function speaksOfWhatIsThere(doc: Doc): boolean {
  return flagsOf(doc, "definite").some((mark) => {
    if (isWished(doc, mark)) return false;
    for (let i = mark.to; i < mark.to + DEFINITE_REACH; i += 1) if (flagAt(doc, i, "sliceNoun") !== undefined) return true;
    return false;
  });
}

/** Whether any word of the text, or of one of its clauses, means nothing to the tables. */
export function hasUnreadWord(doc: Doc, clause?: number): boolean {
  return doc.tokens.some((token, at) => (clause === undefined || token.clause === clause) && isUnread(doc, at));
}

/** "We need to frobnicate edge1", "Frobnicate the slice, we need it": the hint is not what is asked for. */
export function hasUnreadOrder(doc: Doc, hint: Mark): boolean {
  let at = leadsToVerb(doc, hint.from)?.to ?? hint.to;
  for (let next = leadsToVerb(doc, at); next !== undefined; next = leadsToVerb(doc, at)) at = next.to;
  const isVerb = isUnread(doc, at) && (isUnspaced(wordAt(doc, at)) ? takesObject(doc, at) : flagEndingAt(doc, at, "modal") !== undefined);
  if (isVerb && flagAt(doc, hint.from, "wish") !== undefined) return true;
  return doc.tokens.some((token, i) => {
    const starts = doc.tokens[i - 1]?.clause !== token.clause;
    return starts && isUnread(doc, i) && !isUnspaced(wordAt(doc, i)) && flagAt(doc, i + 1, "definite") !== undefined;
  });
}

function leadsToVerb(doc: Doc, at: number): Mark | undefined {
  return flagAt(doc, at, "polite") ?? flagAt(doc, at, "modal");
}

/** A site or a type right behind it. */
function takesObject(doc: Doc, at: number): boolean {
  return doc.used[at + 1] === true || (doc.starting[at + 1] ?? []).some(({ sense }) => sense.kind === "type");
}
