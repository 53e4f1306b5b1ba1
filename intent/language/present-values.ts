// Whether a text asks for a value that is measured now ("the current throughput of slice 7", 目前的延遲), and not for a slice with one.
import { type Doc, flagAt, flagEndingAt, flagsOf, markAt, marksOf } from "./doc.ts";

/** "the latency of slice 7": said of something that is there. */
function isOfWhatIsThere(doc: Doc, measure: { from: number; to: number }): boolean {
  if (flagEndingAt(doc, measure.from, "definite") === undefined || flagAt(doc, measure.to, "leadsOn") !== undefined) return false;
  let at = flagAt(doc, measure.to, "nameGap")?.to;
  if (at === undefined) return false;
  while (flagAt(doc, at, "definite") !== undefined || markAt(doc, at, "type") !== undefined) at += 1;
  return doc.used[at] === true || flagAt(doc, at, "sliceNoun") !== undefined;
}

/** Only for texts without a value and without an order. */
export function asksForPresentValue(doc: Doc): boolean {
  const isPresent = flagsOf(doc, "present").some((mark) => {
    const at = flagAt(doc, mark.to, "possessive")?.to ?? mark.to;
    return markAt(doc, at, "measure") !== undefined;
  });
  return isPresent || marksOf(doc, "measure").some((measure) => isOfWhatIsThere(doc, measure));
}
