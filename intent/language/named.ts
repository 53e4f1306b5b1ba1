// A word that stands where the name of a slice would stand and means nothing else: taken as a name, so that a wrong name is
// refused as unknown instead of being read past. Only for what changes a live slice.
import { allOf, type Doc, flagAt, type Span } from "./doc.ts";
import type { SliceReference } from "./references.ts";

const REACH = 5; // words between the verb and the name: "roll back the last deployment of gaming"

type IsSite = (name: string) => boolean;

/** The name at the token, "pass" when the word may stand before a name, or "end". */
function nameAt(doc: Doc, at: number, isSite: IsSite): SliceReference | "pass" | "end" {
  const token = doc.tokens[at];
  if (token === undefined || token.kind !== "word" || !/^[a-z]/.test(token.text)) return passes(doc, at) ? "pass" : "end";
  if (passes(doc, at)) return "pass";
  const marks = (doc.starting[at] ?? []).filter(({ sense }) => sense.kind !== "flag" || sense.flag !== "otherThing"); // "scale shop"
  const named = flagAt(doc, at - 1, "sliceNoun") ?? flagAt(doc, at - 1, "named"); // "slice gaming": a use case is a name there; a type is not
  const isUse =
    marks.length > 0 && marks.every(({ sense }) => sense.kind === "useCase" || (sense.kind === "flag" && sense.flag === "device"));
  if (isInsidePhrase(doc, at) || describes(doc, at)) return "end";
  const isKnown = doc.used[at] || (marks.length > 0 && !(named !== undefined && isUse));
  if (isKnown || isSite(token.text) || token.text.length < 2) return "end";
  return { name: doc.text.slice(token.start, token.end), span: [token.start, token.end] };
}

const LONGEST_PHRASE = 6; // words

/** The second word of "live streaming". */
function isInsidePhrase(doc: Doc, at: number): boolean {
  return doc.marks.some((mark) => mark.from < at && mark.from > at - LONGEST_PHRASE && mark.to > at && mark.sense.kind !== "action");
}

/** "the TV broadcast slice": a word before a use case tells more of it. */
function describes(doc: Doc, at: number): boolean {
  return (
    (doc.starting[at + 1] ?? []).some(({ sense }) => sense.kind === "useCase" || sense.kind === "type") ||
    flagAt(doc, at + 1, "earlier") !== undefined
  );
}

function passes(doc: Doc, at: number): boolean {
  if (flagAt(doc, at, "nameEnd") !== undefined) return false;
  return (
    (flagAt(doc, at, "nameGap") ?? flagAt(doc, at, "sliceNoun") ?? flagAt(doc, at, "named") ?? flagAt(doc, at, "object")) !== undefined
  );
}

/** `verb`: where the verb stands in the text. In "把 shop 終止" the name comes before it. */
export function unknownName(doc: Doc, verb: Span, isSite: IsSite): SliceReference | undefined {
  const first = doc.tokens.findIndex((token) => token.start >= verb[1]);
  for (let i = first; first >= 0 && i < Math.min(first + REACH, doc.tokens.length); i += 1) {
    const found = nameAt(doc, i, isSite);
    if (found === "end") break;
    if (found !== "pass") return found;
  }
  const object = allOf(doc, "object").findLast((mark) => (doc.tokens[mark.from]?.start ?? 0) < verb[0]);
  if (object === undefined) return undefined;
  const found = nameAt(doc, object.to, isSite);
  return typeof found === "string" ? undefined : found;
}
