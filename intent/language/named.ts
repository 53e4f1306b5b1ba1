// A word that stands where the name of a slice would stand and means nothing else: taken as a name, so that a wrong name is
// refused as unknown instead of being read past. Only for what changes a live slice.
import type { Doc } from "./doc.ts";
import type { SliceReference } from "./references.ts";

const REACH = 5; // words between the verb and the name: "roll back the last deployment of gaming"

// Between a verb and a name, and never a name themselves.
const PASSED_OVER = new Set(
  "up down back out the a an my our this that these those network slice slices deployment deployments service instance named called of please now latest last newest most recent live whole entire".split(
    " ",
  ),
);
const ENDS = new Set(
  "on at in from to by with for and or all any every both everything it them site sites edge edges node nodes last change changes commit update intent capacity bandwidth throughput latency speed rate users user devices device ue ues traffic again so because due per since until".split(
    " ",
  ),
);

const NAMING = new Set(["slice", "named", "called"]);
const TYPE = /^(?:embb|urllc|mmtc|miot)$/;

/** `after`: where the verb ends in the text. */
export function unknownName(doc: Doc, after: number, isSite: (name: string) => boolean): SliceReference | undefined {
  const first = doc.tokens.findIndex((token) => token.start >= after);
  if (first < 0) return undefined;
  for (let i = first; i < Math.min(first + REACH, doc.tokens.length); i += 1) {
    const token = doc.tokens[i];
    if (token === undefined || token.kind !== "word") return undefined;
    if (PASSED_OVER.has(token.text)) continue;
    const meansSomething = doc.marks.some((mark) => mark.from <= i && i < mark.to);
    const named = NAMING.has(doc.tokens[i - 1]?.text ?? ""); // "slice gaming": a use case is a name there; a type is not
    const known = doc.used[i] || ENDS.has(token.text) || (meansSomething && (!named || TYPE.test(token.text)));
    if (known || isSite(token.text) || token.text.length < 2) return undefined;
    return { name: doc.text.slice(token.start, token.end), span: [token.start, token.end] };
  }
  return undefined;
}
