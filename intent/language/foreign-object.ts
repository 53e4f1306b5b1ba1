// Whether a verb of deploying has another thing for its object ("deploy a web server", 部署 ERP 系統): what is no network is never deployed.
import { type Doc, flagAt, flagsOf, hasFlag, type MarkOf, markAt, marksOf } from "./doc.ts";
import { isUnread } from "./unread.ts";

const REACH = 7; // tokens from the verb to the head of its object: "a brand new web server"

/** Nothing in the text says network: no type, no use, no slice. */
function namesNoNetwork(doc: Doc): boolean {
  return marksOf(doc, "type").length === 0 && marksOf(doc, "useCase").length === 0 && !hasFlag(doc, "sliceNoun");
}

type Object = "foreign" | "network" | "unread" | "none";

/** The words from a token on, up to the first that leads on to a place, a purpose or another clause. */
function objectAt(doc: Doc, from: number): Object {
  const clause = doc.tokens[from]?.clause;
  let found: Object = "none";
  for (let i = from; i < from + REACH && doc.tokens[i]?.clause === clause && !doc.used[i]; i += 1) {
    if (flagAt(doc, i, "foreign") !== undefined || flagAt(doc, i, "otherThing") !== undefined) return "foreign";
    if (flagAt(doc, i, "leadsOn") !== undefined || flagAt(doc, i, "siteNoun") !== undefined) return found;
    if ((flagAt(doc, i, "domain") ?? flagAt(doc, i, "device") ?? markAt(doc, i, "measure")) !== undefined) return "network";
    if (isUnread(doc, i)) found = "unread";
  }
  return found;
}

/** With a site named, an object that is merely unknown may be a use of the network: it is asked for. */
export function hasForeignObject(doc: Doc, verb: MarkOf<"action">, sites: boolean): boolean {
  if (verb.sense.action !== "deploy" || !namesNoNetwork(doc)) return false;
  const before = flagsOf(doc, "object").findLast((mark) => mark.to < verb.from);
  const objects = [objectAt(doc, verb.to), before === undefined ? "none" : objectAt(doc, before.to)];
  return objects.includes("foreign") || (!sites && verb.sense.strength >= 2 && objects.includes("unread"));
}
