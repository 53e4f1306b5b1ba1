// Verbs of taking away beside a request that takes nothing away: taken only where a thing of the network is plainly their own.
// "Kill two birds with one stone: deploy …" terminates nothing.
import { type Doc, flagAt, markAt } from "./doc.ts";
import { isUnspaced } from "./lexicon.ts";
import type { Flag } from "./senses.ts";
import type { ActionMark } from "./verbs.ts";

const THINGS: readonly Flag[] = ["sliceNoun", "siteNoun", "everywhere", "refersThing", "object"];
const STATES: readonly Flag[] = ["domain", "earlier"]; // what is rolled back

function takesAway({ sense }: ActionMark): boolean {
  return sense.action === "terminate" || sense.action === "rollback";
}

/** A name, a type, a slice, a place or "it"; for a rollback also a change or a version. A date is none. */
function isThing(doc: Doc, at: number, isRollback: boolean): boolean {
  if (doc.used[at] === true) return doc.tokens[at]?.kind === "word" && flagAt(doc, at, "month") === undefined;
  if (markAt(doc, at, "type") !== undefined || THINGS.some((flag) => flagAt(doc, at, flag) !== undefined)) return true;
  return isRollback && STATES.some((flag) => flagAt(doc, at, flag) !== undefined);
}

/** Whether the next verb is only joined to it: "delete and redeploy the slice". */
function isJoined(doc: Doc, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) if (flagAt(doc, i, "join") === undefined && flagAt(doc, i, "polite") === undefined) return false;
  return true;
}

/** "…, please just remove", 退回舊版: the whole clause is the request. */
function isBareRequest(doc: Doc, { from, to, sense }: ActionMark): boolean {
  const clause = doc.tokens[from]?.clause;
  const next = doc.tokens[to];
  const ends = next === undefined || next.kind === "symbol" || next.clause !== clause;
  const starts = doc.tokens[from - 1]?.clause !== clause;
  if (starts && sense.action === "rollback" && isUnspaced(doc.tokens[from]?.text ?? "")) return true;
  for (let i = from - 1; ends && doc.tokens[i]?.clause === clause; i -= 1) if (flagAt(doc, i, "request") !== undefined) return true;
  return false;
}

function ownsThing(doc: Doc, mark: ActionMark, marks: readonly ActionMark[]): boolean {
  const next = marks.find((other) => other.from >= mark.to && other.sense.action !== mark.sense.action);
  const clause = doc.tokens[mark.from]?.clause;
  const isRollback = mark.sense.action === "rollback";
  const inClause = (at: number) => at >= 0 && at < doc.tokens.length && doc.tokens[at]?.clause === clause;
  const end = next?.from ?? doc.tokens.length;
  if (next !== undefined && isJoined(doc, mark.to, next.from)) return true;
  const twin = marks.find((other) => other.from >= mark.to && inClause(other.from) && other.sense.action === mark.sense.action);
  if (isBareRequest(doc, mark) || (isRollback && twin !== undefined)) return true; // "undo the last change"
  for (let i = mark.from + 1; i < end && (inClause(i) || isAfterColon(doc, i, clause)); i += 1)
    if (isThing(doc, i, isRollback)) return true;
  const previous = marks.findLast((other) => other.to <= mark.from);
  for (let i = mark.from - 1; i >= (previous?.to ?? 0) && inClause(i); i -= 1) if (isThing(doc, i, isRollback)) return true;
  return false;
}

/** "Shut down: eMBB slice on edge1" */
function isAfterColon(doc: Doc, at: number, clause: number | undefined): boolean {
  for (let i = at - 1; i >= 0; i -= 1) if (doc.tokens[i]?.clause === clause) return doc.tokens[i]?.text === ":";
  return false;
}

/** The verbs without those that take away and have nothing of their own to take, where another one asks for something else. */
export function withoutIdle(doc: Doc, marks: ActionMark[]): ActionMark[] {
  if (marks.length < 2 || !marks.some(takesAway)) return marks;
  const others = marks.filter((mark) => !takesAway(mark) && (mark.sense.strength >= 2 || ownsThing(doc, mark, marks)));
  if (others.length === 0) return marks;
  const clauseOf = (mark: ActionMark) => doc.tokens[mark.from]?.clause;
  const hasRival = (mark: ActionMark) => others.some((other) => other.sense.strength >= 2 || clauseOf(other) !== clauseOf(mark));
  return marks.filter((mark) => !takesAway(mark) || !hasRival(mark) || ownsThing(doc, mark, marks));
}
