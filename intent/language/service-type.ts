// The service type: named, or told by the use case; where the text does not decide between two, both are handed back.
import type { ServiceType } from "../../protocol/intent.ts";
import { afterCorrection, type Doc, flagAt, flagEndingAt, marksOf, type Span, spanOf } from "./doc.ts";
import { isNegated } from "./negation.ts";

export interface TypeDecision {
  type: ServiceType | null;
  source: "text" | "inferred";
  span?: Span;
  rivals: ServiceType[]; // types between which the text does not decide
}

/** "eMBB 要留著": what is kept is not what is asked for. */
function isKept(doc: Doc, at: number): boolean {
  const noun = flagAt(doc, at, "sliceNoun")?.to ?? at;
  return flagAt(doc, noun, "notBehind") !== undefined;
}

const KEEP_REACH = 4; // "keep all of the eMBB slices"

/** "…, keep eMBB there": said of one type where another is addressed; alone it is an order ("keep eMBB at 100 Mbps"). */
function isSpared(doc: Doc, at: number): boolean {
  for (let i = at; i > at - KEEP_REACH && i > 0; i -= 1) {
    if (flagEndingAt(doc, i, "keep") !== undefined) return true;
    const plain = flagEndingAt(doc, i, "filler") ?? flagEndingAt(doc, i, "definite") ?? flagEndingAt(doc, i, "quantifier");
    if (plain === undefined) return false;
  }
  return false;
}

/** An explicit type wins over every use case; "not the mMTC one" names none. */
export function decideType(doc: Doc): TypeDecision {
  const standing = marksOf(doc, "type").filter((mark) => !isNegated(doc, mark.from) && !isKept(doc, mark.to));
  const addressed = standing.filter((mark) => !isSpared(doc, mark.from));
  const explicit = afterCorrection(doc, addressed.length > 0 ? addressed : standing);
  const types = [...new Set(explicit.map((mark) => mark.sense.type))];
  const [first] = explicit;
  if (first === undefined) return byUseCase(doc);
  const span = spanOf(doc, first.from, first.to);
  if (types.length === 1) return { type: first.sense.type, source: "text", span, rivals: [] };
  return { type: null, source: "text", span, rivals: types };
}

const MISSING_REACH = 4; // "no slice for the new video"

/** "There is still no slice for the video", 還沒有視訊看診的切片: what is missing is the slice; its use is told by it. */
function isMissing(doc: Doc, { from, to }: { from: number; to: number }): boolean {
  for (let i = from - 1; i >= from - MISSING_REACH; i -= 1) {
    if (flagAt(doc, i, "sliceNoun") !== undefined) return flagEndingAt(doc, i, "not") !== undefined;
    const not = flagEndingAt(doc, i + 1, "not");
    if (not === undefined) continue;
    let noun = to;
    while (flagAt(doc, noun, "filler") !== undefined && flagAt(doc, noun, "sliceNoun") === undefined) noun += 1; // 導覽用的切片
    return flagAt(doc, not.from, "copula") !== undefined && flagAt(doc, noun, "sliceNoun") !== undefined;
  }
  return false;
}

function byUseCase(doc: Doc): TypeDecision {
  const uses = marksOf(doc, "useCase").filter((mark) => !isNegated(doc, mark.from) || isMissing(doc, mark));
  const votes = new Map<ServiceType, number>();
  for (const use of uses) votes.set(use.sense.type, Math.max(votes.get(use.sense.type) ?? 0, use.sense.weight));
  const best = Math.max(0, ...votes.values());
  const leaders = [...votes.keys()].filter((type) => votes.get(type) === best);
  const [type] = leaders;
  const use = uses.find((mark) => mark.sense.type === type && mark.sense.weight === best);
  if (type === undefined || use === undefined) return { type: null, source: "inferred", rivals: [] };
  const span = spanOf(doc, use.from, use.to);
  return leaders.length === 1 ? { type, source: "inferred", span, rivals: [] } : { type: null, source: "inferred", span, rivals: leaders };
}
