// Who means to do it: 縣府想加強 tells of the county, 想加強 asks. For scripts without spaces, where a verb may stand anywhere in its clause.
import type { Part } from "./cues.ts";
import { allOf, type Doc, flagAt, markAt } from "./doc.ts";
import { isUnspaced, type Mark } from "./lexicon.ts";
import type { Flag } from "./senses.ts";

const OWN: readonly Flag[] = ["polite", "filler", "modal", "greeting", "join", "clauseBreak", "but", "present", "copula"];
const NOT_SOMEBODY = ["type", "unit", "number", "direction", "measure"] as const;

/** Whether the word right before the token is somebody: no word of asking, no time, and no part of what is asked for. */
function isBehindSomebody(doc: Doc, at: number, from: number): boolean {
  const before = at - 1;
  const token = doc.tokens[before];
  if (before < from || token?.kind !== "word" || doc.used[before] || !isUnspaced(token.text)) return false;
  if (flagAt(doc, before, "party") !== undefined) return true;
  if (OWN.some((flag) => flagAt(doc, before, flag) !== undefined) || flagAt(doc, before, "sliceNoun") !== undefined) return false;
  return NOT_SOMEBODY.every((kind) => markAt(doc, before, kind) === undefined) && markAt(doc, before, "action") === undefined;
}

function behindSomebody(doc: Doc, { from, to }: Part, flag: Flag): Mark | undefined {
  for (let i = from + 1; i < to; i += 1) {
    const mark = flagAt(doc, i, flag);
    if (mark !== undefined && isBehindSomebody(doc, i, from)) return mark;
  }
  return undefined;
}

/** 縣府想加強: what somebody else means to do. */
export function planOfOthers(doc: Doc, part: Part): Mark | undefined {
  return allOf(doc, "plans").length === 0 ? undefined : behindSomebody(doc, part, "plans");
}

/** 整合商回報: what somebody else said is no order to report. */
export function isReportOfOthers(doc: Doc, part: Part): boolean {
  return allOf(doc, "reports").length > 0 && behindSomebody(doc, part, "reports") !== undefined;
}

/** Whether a verb that takes something away stands behind the plan. */
export function takesAwayBehind(doc: Doc, plan: Mark, to: number): boolean {
  for (let i = plan.to; i < to; i += 1) {
    const action = markAt(doc, i, "action")?.sense.action;
    if (action === "terminate" || action === "rollback") return true;
  }
  return false;
}

/** Whether a word of asking with a verb behind it stands there: 請…部署. What is asked to be told is no order. */
export function pleads(doc: Doc, { from, to }: { from: number; to: number } = { from: 0, to: doc.tokens.length }): boolean {
  return allOf(doc, "request").some((request) => {
    if (request.from < from || request.from >= to || !isUnspaced(doc.tokens[request.from]?.text ?? "")) return false;
    const clause = doc.tokens[request.from]?.clause;
    for (let i = request.to; i < to && doc.tokens[i]?.clause === clause; i += 1) {
      if ((markAt(doc, i, "action")?.sense.action ?? "status") !== "status") return true;
    }
    return false;
  });
}

/** 打算, 計畫: not asked for yet; 想 may be. */
export function isOnlyPlanned(doc: Doc, plan: Mark): boolean {
  return flagAt(doc, plan.from, "desire") === undefined;
}

/** 客戶打算移除 edge1 的切片: what takes something away is only planned by somebody. */
export function isPlanned(doc: Doc, at: number): boolean {
  const clause = doc.tokens[at]?.clause;
  return allOf(doc, "plans").some((plan) => {
    if (plan.to > at || doc.tokens[plan.from]?.clause !== clause || !isOnlyPlanned(doc, plan)) return false;
    return isBehindSomebody(
      doc,
      plan.from,
      doc.tokens.findIndex((token) => token.clause === clause),
    );
  });
}

/** 升到 4.2 之後延遲變高: how things have been since something was done. */
export function tellsSince(doc: Doc, { from, to }: Part): boolean {
  if (allOf(doc, "since").length === 0) return false;
  let isDone = false;
  for (let i = from; i < to; i += 1) {
    const since = isDone ? flagAt(doc, i, "since") : undefined;
    if (since !== undefined && since.to < to && !hasVerb(doc, since.to, to)) return true;
    isDone ||= (markAt(doc, i, "action")?.sense.action ?? "status") !== "status";
  }
  return false;
}

function hasVerb(doc: Doc, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    if ((markAt(doc, i, "action")?.sense.strength ?? 0) >= 2 || flagAt(doc, i, "request") !== undefined) return true;
  }
  return false;
}
