// The reading of one sentence from tokens to decisions: mask names, find sites and quantities, decide action and type. No defaults yet.
import type { Requirements, Snssai } from "../../protocol/intent.ts";
import type { SiteIndex } from "../sites.ts";
import { lookUp, siteKey } from "../sites.ts";
import { type ActionDecision, decideAction, decideType, type TypeDecision } from "./decide.ts";
import { analyse, marksOf, type Span } from "./doc.ts";
import { english } from "./english/glue.ts";
import { buildLexicon, type Lexicon } from "./lexicon.ts";
import { unknownName } from "./named.ts";
import { findPriority } from "./priority.ts";
import { findNoise, findSliceReference, findSnssai, type SliceReference } from "./references.ts";
import { findRequirements, type RequirementsFound } from "./requirements.ts";
import type { SupportedAction } from "./senses.ts";
import { chooseSites, type SiteChoice } from "./site-choice.ts";

export interface Reading {
  action: ActionDecision;
  type: TypeDecision;
  sites: SiteChoice;
  requirements: Requirements;
  requirementSpans: RequirementsFound["spans"];
  priority: number | undefined;
  prioritySpan: Span | undefined;
  slice: SliceReference | undefined;
  snssai: { sst: number; snssai: Snssai | undefined; span: Span } | undefined;
  warnings: string[];
}

let lexicon: Lexicon | undefined;

/** Built at the first sentence, not at import. */
function theLexicon(): Lexicon {
  lexicon ??= buildLexicon([english()]);
  return lexicon;
}

export function read(text: string, index: SiteIndex, slices: ReadonlySet<string>): Reading {
  const isSite = (name: string) => lookUp(siteKey(name), index) !== undefined || startsLikeSite(name, index);
  let slice: SliceReference | undefined;
  let snssai: Reading["snssai"];
  const doc = analyse(text, theLexicon(), (folded) => {
    slice = findSliceReference(text, folded, { isSite, slices });
    snssai = findSnssai(folded);
    const spans = findNoise(text, folded, isSite);
    if (slice !== undefined) spans.push(slice.span);
    if (snssai !== undefined) spans.push(snssai.span);
    return spans;
  });
  const sites = chooseSites(doc, index);
  const priority = findPriority(doc);
  // Whether "from 100 to 400" is a range depends on the action; whether a verb is meant depends on there being quantities.
  const scaling: SupportedAction | undefined = marksOf(doc, "action").some((mark) => mark.sense.action === "scale") ? "scale" : undefined;
  const found = findRequirements(doc, scaling);
  const action = decideAction(doc, {
    sites: sites.ids.length + sites.unknown.length > 0,
    slice: slice !== undefined,
    snssai: snssai !== undefined,
    quantities: found.quantities > 0,
  });
  const changes = action.action === "scale" || action.action === "terminate" || action.action === "rollback";
  if (changes && slice === undefined && action.span !== undefined) slice = unknownName(doc, action.span[1], isSite);
  return {
    action,
    type: decideType(doc),
    sites,
    requirements: found.requirements,
    requirementSpans: found.spans,
    priority: priority.priority,
    prioritySpan: priority.span,
    slice,
    snssai,
    warnings: [...action.warnings, ...sites.warnings, ...priority.warnings, ...found.warnings],
  };
}

/** "edge-9", "vm-12": spelled like a site even though none is registered; never a slice or a ticket. */
function startsLikeSite(name: string, index: SiteIndex): boolean {
  const stem = /^([a-z]+)[-_ ]?\d+$/.exec(name)?.[1];
  return stem !== undefined && (index.stems.has(stem) || stem === "edge" || stem === "site");
}
