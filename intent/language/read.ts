// The reading of one sentence from tokens to decisions: mask names, find sites and quantities, decide action and type. No defaults yet.
import type { Requirements, Snssai } from "../../protocol/intent.ts";
import type { SiteIndex } from "../sites.ts";
import { lookUp, siteKey } from "../sites.ts";
import { type ActionDecision, decideAction, type SecondOrder, secondOrder } from "./action.ts";
import { apart, readApart, type View, withoutTold } from "./apart.ts";
import { chinese } from "./chinese/glue.ts";
import { findChunks } from "./chunks.ts";
import { type AnalyseInput, analyse, type Doc, marksOf, type Span, spanOf } from "./doc.ts";
import { english } from "./english/glue.ts";
import { buildLexicon, type Lexicon } from "./lexicon.ts";
import { unknownName } from "./named.ts";
import { findNoise } from "./noise.ts";
import { findPriority } from "./priority.ts";
import { findSliceReference, namedIn, type SliceReference } from "./references.ts";
import { isAttack } from "./refusal.ts";
import { findRequirements, type RequirementsFound } from "./requirements.ts";
import { addWord, newSegmenter, type Segmenter } from "./segment.ts";
import type { SupportedAction } from "./senses.ts";
import { decideType, type TypeDecision } from "./service-type.ts";
import { chooseSites, type SiteChoice } from "./site-choice.ts";
import { findSnssai } from "./snssai.ts";

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
  doubt: string | undefined; // why the values of the text cannot be taken as they are
  warnings: string[];
}

let lexicon: Lexicon | undefined;

/** Built at the first sentence, not at import. */
export function theLexicon(): Lexicon {
  lexicon ??= buildLexicon([english(), chinese()]);
  return lexicon;
}

const segmenters = new WeakMap<SiteIndex, Segmenter>();

/** Registered names in a script without spaces are words, too. */
function segmenterFor(index: SiteIndex, { segmenter }: Lexicon): Segmenter {
  if (index.unspacedNames.length === 0) return segmenter;
  const cached = segmenters.get(index);
  if (cached !== undefined) return cached;
  const own = newSegmenter(segmenter.numerals);
  for (const name of index.unspacedNames) addWord(own, name);
  const both = { ...segmenter, names: own.root };
  segmenters.set(index, both);
  return both;
}

/** The text with its names and its noise masked, before anything is read from the rest. */
export function masked(text: string, index: SiteIndex, slices: ReadonlySet<string>): View {
  const words = theLexicon();
  const isSite = isSiteName(index);
  let slice: SliceReference | undefined;
  let snssai: Reading["snssai"];
  const mask: AnalyseInput["mask"] = (folded, tokens, known) => {
    const chunks = findChunks(folded, tokens);
    slice = findSliceReference({ text, tokens, words: known, chunks, lexicon: words, isSite, slices });
    snssai = findSnssai(folded);
    const spans = findNoise({ text, folded, tokens, words: known, chunks, lexicon: words, isSite });
    if (slice !== undefined) spans.push(...namedIn(text, slice).map(({ span }) => span));
    if (snssai !== undefined) spans.push(snssai.span);
    return spans;
  };
  const doc = analyse({ text, lexicon: words, segmenter: segmenterFor(index, words), mask });
  return { doc, slice, snssai };
}

function isSiteName(index: SiteIndex): (name: string) => boolean {
  return (name) => lookUp(siteKey(name), index) !== undefined || startsLikeSite(name, index);
}

/** What a text asks for. Where it tells the background besides, an action is read only from what asks. */
export function read(text: string, index: SiteIndex, slices: ReadonlySet<string>): Reading {
  const whole = masked(text, index, slices);
  const told = isAttack(whole.doc) ? undefined : apart(whole, index);
  return told === undefined
    ? withoutTold(readView(whole, index), whole, index)
    : readApart(told, (view, refers) => readView(view, index, refers));
}

/** `refers`: the view speaks of something ("it") that stands in another part of the text. */
function readView({ doc, slice: written, snssai }: View, index: SiteIndex, refers = false): Reading {
  const placed = chooseSites(doc, index);
  const priority = findPriority(doc);
  // Whether "from 100 to 400" is a range depends on the action; whether a verb is meant depends on there being quantities.
  const second = secondOrder(doc);
  const found = findRequirements(doc, likelyAction(doc), second);
  const elsewhere = placed.span !== undefined && second !== undefined && isInside(doc, placed.span, second);
  const sites = elsewhere ? { ...placed, ids: [], unknown: [], span: undefined } : placed;
  const isOfSecond = written !== undefined && second !== undefined && isInside(doc, written.span, second);
  const named = isOfSecond ? undefined : written;
  const action = decideAction(doc, {
    sites: placed.ids.length + placed.unknown.length > 0,
    slice: written !== undefined,
    refers,
    snssai: snssai !== undefined,
    quantities: found.quantities > 0,
    relative: found.relative,
    change: found.change,
    toValue: found.toValue,
  });
  const said = decideType(doc);
  const typeElsewhere = said.span !== undefined && second !== undefined && isInside(doc, said.span, second);
  const isOfBackground = action.action !== "deploy" && written !== undefined && isBeside(doc, said, written.span);
  const type: TypeDecision = typeElsewhere || isOfBackground ? { type: null, source: "inferred", rivals: [] } : said;
  const changes = action.action === "scale" || action.action === "terminate" || action.action === "rollback";
  const unnamed = changes && named === undefined && action.span !== undefined ? action.span : undefined;
  const slice = unnamed === undefined ? named : unknownName(doc, unnamed, isSiteName(index));
  return {
    action,
    type,
    sites,
    requirements: found.requirements,
    requirementSpans: found.spans,
    doubt: found.impossible ?? (sites.ids.length > 1 ? found.apart : undefined),
    priority: priority.priority,
    prioritySpan: priority.span,
    slice,
    snssai,
    warnings: action.warnings.concat(severalTypes(type), sites.warnings, priority.warnings, found.warnings),
  };
}

function isInside(doc: Doc, span: Span, { from, to }: SecondOrder): boolean {
  const [start, end] = spanOf(doc, from, to);
  return span[0] >= start && span[1] <= end;
}

/** "展覽結束了，切片 expo-5 請下架": a use told in another clause than the name of the slice that is changed says nothing of its type. */
function isBeside(doc: Doc, { source, span }: TypeDecision, name: Span): boolean {
  const clauseOf = (start: number) => doc.tokens.find((token) => token.start >= start)?.clause;
  return source === "inferred" && span !== undefined && clauseOf(span[0]) !== clauseOf(name[0]);
}

function severalTypes({ source, rivals }: TypeDecision): string[] {
  return source === "text" && rivals.length > 1
    ? [`The text names ${rivals.join(" and ")}; one request has one type, so send them apart.`]
    : [];
}

/** Scale where any verb says so, deploy where a plain one does. */
function likelyAction(doc: Doc): SupportedAction | undefined {
  const marks = marksOf(doc, "action");
  if (marks.some((mark) => mark.sense.action === "scale")) return "scale";
  return marks.some((mark) => mark.sense.action === "deploy" && mark.sense.strength >= 2) ? "deploy" : undefined;
}

const STEM = /^([a-z]+)[-_ ]?\d+$/;
const GENERIC_STEMS = new Set(["edge", "site"]); // as ids are made, whatever the language

/** "edge-9", "vm-12": spelled like a site even though none is registered; never a slice or a ticket. */
function startsLikeSite(name: string, index: SiteIndex): boolean {
  const stem = STEM.exec(name)?.[1];
  return stem !== undefined && (index.stems.has(stem) || GENERIC_STEMS.has(stem));
}
