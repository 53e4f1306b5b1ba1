// A text that asks and tells: what is read from its requests, what its other sentences may add, and what they never do.
import type { SiteIndex } from "../sites.ts";
import type { Role } from "./cues.ts";
import { discourseOf, isOnlyTold, type Segment } from "./discourse.ts";
import { allOf, type Doc, flagAt, hasFlag, type Span } from "./doc.ts";
import { focus } from "./focus.ts";
import { isUnspaced, type Mark } from "./lexicon.ts";
import type { Reading } from "./read.ts";
import { namedIn, type SliceReference } from "./references.ts";

/** A text or the parts of it that are read. */
export interface View {
  doc: Doc;
  slice: SliceReference | undefined;
  snssai: Reading["snssai"];
}

export interface Apart {
  whole: View;
  roles: readonly (Role | "head")[]; // of the tokens
}

const HEAD_REACH = 8; // tokens from "what" to its "is": "what the tenant wants from us is"

/** "it would help if", and of "what we need is" the first and the last word: they open a request and say nothing of it. */
function headsOf(doc: Doc): Mark[] {
  const heads: Mark[] = [...allOf(doc, "head")];
  for (const what of allOf(doc, "whatever")) {
    let wished: Mark | undefined;
    for (let i = what.to; i < what.to + HEAD_REACH; i += 1) {
      if (doc.tokens[i]?.clause !== doc.tokens[what.from]?.clause) break;
      wished ??= flagAt(doc, i, "desire");
      const is = flagAt(doc, i, "copula");
      if (wished === undefined || is === undefined || i < wished.to) continue;
      heads.push(what, is);
      break;
    }
  }
  return heads;
}

/** The parts of a text that is not read whole, or `undefined`. */
export function apart(whole: View, index: SiteIndex): Apart | undefined {
  const { doc } = whole;
  const segments: readonly Segment[] | undefined = discourseOf(doc, index);
  const heads = headsOf(doc);
  if (segments === undefined && heads.length === 0) return undefined;
  const roles: (Role | "head")[] = doc.tokens.map(() => "request");
  for (const { from, to, role } of segments ?? []) roles.fill(role, from, to);
  for (const { from, to } of heads) roles.fill("head", from, to);
  return { whole, roles };
}

function view({ whole, roles }: Apart, shown: ReadonlySet<Role | "head">): View {
  const keeps = (at: number) => shown.has(roles[at] ?? "head");
  const { doc, slice, snssai } = whole;
  const isShown = (span: Span) => doc.tokens.some((token, at) => token.start === span[0] && keeps(at));
  const name = slice === undefined ? undefined : namedIn(doc.text, slice).find(({ span }) => isShown(span));
  return {
    doc: focus(doc, keeps),
    slice: name,
    snssai: snssai !== undefined && isShown(snssai.span) ? snssai : undefined,
  };
}

const ASKED = new Set<Role | "head">(["request", "constraint"]);
const STATED = new Set<Role | "head">([...ASKED, "plain"]);
const REFERRED = new Set<Role | "head">([...STATED, "aside"]);
const TOLD = new Set<Role | "head">([...REFERRED, "background"]);

const SPARED = new Set<Role | "head">(["spared"]);

interface Sources {
  asked: Reading;
  stated: () => Reading;
  told: () => Reading;
  refersPlace: boolean;
  refersThing: boolean;
}

function once(make: () => Reading): () => Reading {
  let made: Reading | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Reads the requests first; the other sentences add only what the requests lack, and never an action. */
export function readApart(text: Apart, readView: (view: View, refers?: boolean) => Reading): Reading {
  const asking = view(text, ASKED);
  const refersThing = allOf(asking.doc, "refersThing").length > 0;
  const refersPlace = allOf(asking.doc, "refersPlace").length > 0;
  const stated = once(() => readView(view(text, refersThing ? REFERRED : STATED)));
  const told = once(() => readView(view(text, TOLD)));
  let asked = readView(asking);
  if (asked.action.refusal !== undefined && isAnaphoric(asking.doc) && isKnown(text, told())) asked = readView(asking, true);
  if (asked.action.refusal !== undefined && isAskedFor(text, stated())) asked = stated();
  else if (asked.action.refusal !== undefined && (refersThing || refersPlace) && isAskedFor(text, told())) asked = withoutValues(told());
  if (asked.action.refusal !== undefined) return asked;
  const sources: Sources = { asked, stated, told, refersThing, refersPlace };
  if (text.roles.includes("constraint")) {
    const readFree = (roles: ReadonlySet<Role | "head">) => readView(view(text, withoutConstraint(roles)));
    sources.stated = once(() => readFree(refersThing ? REFERRED : STATED));
    sources.told = once(() => readFree(TOLD));
    sources.asked = withoutForbidden(asked, readFree(ASKED), text.roles.includes("background") ? sources.told : undefined);
  }
  const placed = withPlace(sources);
  const typed = withType(sources, placed);
  const spared = once(() => readView(view(text, SPARED)));
  const final = withSpared(withRequirements(sources, typed), spared);
  const others = [text.roles.includes("background") ? told().sites.ids : [], text.roles.includes("spared") ? spared().sites.ids : []];
  return withWarning(final, others.flat());
}

function withoutConstraint(roles: ReadonlySet<Role | "head">): Set<Role | "head"> {
  return new Set([...roles].filter((role) => role !== "constraint"));
}

/** "Leave the slice on edge2 alone": what is named only where something is taken back is no place and no type of the order. */
function withoutForbidden(asked: Reading, ordered: Reading, told: (() => Reading) | undefined): Reading {
  const standsAlone = ordered.action.refusal === undefined && (namesTarget(ordered) || ordered.type.type !== null);
  const type = standsAlone ? ordered.type : asked.type;
  if (asked.sites.everywhere || asked.sites.ids.length === 0) return { ...asked, type };
  const refers = asked.action.action !== "deploy";
  const source = [ordered, ...(refers && told !== undefined ? [told()] : [])].find(namesTarget);
  return source === undefined ? { ...asked, type } : { ...asked, type, sites: source.sites, slice: source.slice };
}

/** "Scale it up", 請先擴容: what a plain verb is about is named elsewhere. */
function isAnaphoric(doc: Doc): boolean {
  return allOf(doc, "action").some((verb) => {
    const { sense, from, to } = verb;
    if (sense.kind !== "action" || sense.strength < 2) return false;
    for (let i = from; i <= to; i += 1) if (flagAt(doc, i, "refersThing") !== undefined) return true;
    return isUnspaced(doc.tokens[from]?.text ?? "") && (sense.action === "scale" || sense.action === "rollback");
  });
}

/** Whether "it" can be something that was told about. */
function isKnown({ whole }: Apart, told: Reading): boolean {
  return namesTarget(told) || told.type.type !== null || hasFlag(whole.doc, "sliceNoun") || hasFlag(whole.doc, "domain");
}

/** Whether an action was read, and from what asks; of what takes away at least the verb has to stand there. */
function isAskedFor({ whole, roles }: Apart, { action }: Reading): boolean {
  if (action.refusal !== undefined) return false;
  if (action.span === undefined) return action.action !== "terminate" && action.action !== "rollback";
  const [start] = action.span;
  return roles[whole.doc.tokens.findIndex((token) => token.start === start)] === "request";
}

/** What takes something away is never read from a text that only tells of it. */
export function withoutTold(reading: Reading, { doc }: View, index: SiteIndex): Reading {
  const { action, span } = reading.action;
  if ((action !== "terminate" && action !== "rollback") || span === undefined || !isOnlyTold(doc, span[0], index)) return reading;
  return { ...reading, action: { action: "unsupported", refusal: "told", inferred: false, warnings: [] } };
}

/** "It should be deleted": what "it" is has been told, but the values that were told are not asked for. */
function withoutValues(reading: Reading): Reading {
  return { ...reading, requirements: {}, requirementSpans: {}, doubt: undefined };
}

function namesTarget({ sites, slice }: Reading): boolean {
  return sites.ids.length + sites.unknown.length > 0 || slice !== undefined;
}

/** The place of the request, or the one that it refers to: "there", or the slice that is to be changed. */
function withPlace(sources: Sources): Reading {
  const { asked, stated, told, refersPlace } = sources;
  if (namesTarget(asked)) return asked;
  const refers = refersPlace || asked.action.action !== "deploy" || isBare(sources);
  const source = namesTarget(stated()) ? stated() : refers ? told() : undefined;
  if (source === undefined || !namesTarget(source)) return asked;
  return { ...asked, sites: source.sites, slice: source.slice };
}

function withType({ asked, stated, told, refersThing }: Sources, reading: Reading): Reading {
  const deploys = asked.action.action === "deploy";
  const isGuess = !deploys && refersThing && asked.type.source === "inferred" && told().type.source === "text"; // "we can safely reduce it"
  if (isGuess && told().type.type !== null) return { ...reading, type: told().type };
  if (asked.type.type !== null || asked.type.rivals.length > 0 || (!deploys && reading.slice !== undefined)) return reading;
  const wide = stated().type;
  if (wide.type !== null && (deploys || wide.source !== "inferred")) return { ...reading, type: wide };
  const far = told().type;
  const refers = far.source === "inferred" ? deploys : refersThing || !deploys;
  return refers && far.type !== null ? { ...reading, type: far } : reading;
}

/** "Could you create it?" asks for nothing but what was told. */
function isBare({ asked, refersThing }: Sources): boolean {
  const { action, type, requirements } = asked;
  return refersThing && action.action === "deploy" && type.type === null && !namesTarget(asked) && Object.keys(requirements).length === 0;
}

function withRequirements(sources: Sources, reading: Reading): Reading {
  const { action } = sources.asked.action;
  if (action !== "deploy" && action !== "scale") return reading;
  const wide = isBare(sources) ? sources.told() : sources.stated();
  return {
    ...reading,
    requirements: { ...wide.requirements, ...reading.requirements },
    requirementSpans: { ...wide.requirementSpans, ...reading.requirementSpans },
    priority: reading.priority ?? wide.priority,
    prioritySpan: reading.prioritySpan ?? wide.prioritySpan,
    snssai: reading.snssai ?? wide.snssai,
  };
}

/** "… on all sites; edge3 has to stay": what is left alone is taken out of "all". */
function withSpared(reading: Reading, spared: () => Reading): Reading {
  if (!reading.sites.everywhere) return reading;
  const ids = reading.sites.ids.filter((id) => !spared().sites.ids.includes(id));
  return ids.length === 0 ? reading : { ...reading, sites: { ...reading.sites, ids } };
}

function withWarning(reading: Reading, told: readonly string[]): Reading {
  const left = told.filter((id) => !reading.sites.ids.includes(id));
  if (left.length === 0) return reading;
  return { ...reading, warnings: [...reading.warnings, `${left.join(", ")} is only talked about and not taken as a target.`] };
}
