// What each clause of a longer text does: ask for something, take something back, state a requirement, or tell the background.
// An action is only ever read from what asks; texts that tell no background are left alone.

import type { SiteIndex } from "../sites.ts";
import { conditionsOf } from "./conditions.ts";
import { cueOf, FRAMES, namesSlice, type Part, type Role, type Text } from "./cues.ts";
import { allOf, type Doc, flagAt, flagEndingAt, hasFlag, markAt } from "./doc.ts";
import { isUnspaced } from "./lexicon.ts";
import { isNegated } from "./negation.ts";
import { isPlanned, pleads } from "./others.ts";
import type { Flag } from "./senses.ts";
import { nameAt, numbersBeforeNoun } from "./site-names.ts";

export interface Segment {
  from: number; // tokens
  to: number;
  role: Role;
}

const TELLING: readonly Flag[] = ["background", "spared", "copula", "already", "leaveAlone", "therefore", "plans", "reports", "since"];
const QUOTES = "\"'\u201c\u300c";
const LIST_COMMA = "\u3001"; // stands only between the things of a list
const CORRECTION_REACH = 3; // "Actually, no, make that": words before the correction

/** Clauses, and what stands behind "so", "because" or "but" in one. */
function partsOf(doc: Doc): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (let i = 1; i <= doc.tokens.length; i += 1) {
    const [before, here] = [doc.tokens[i - 1], doc.tokens[i]];
    if (before === undefined) break;
    if (here !== undefined && !isBoundary(doc, i, from)) continue;
    parts.push({ from, to: i, sentence: doc.tokens[from]?.sentence ?? 0 });
    from = i;
  }
  return parts;
}

function isBoundary(doc: Doc, at: number, from: number): boolean {
  const isName = doc.used[at] === true && doc.used[at - 1] === true && doc.tokens[at]?.glued === true; // 2.9.1
  const isList = doc.tokens[at - 1]?.text === LIST_COMMA;
  if (doc.tokens[at]?.clause !== doc.tokens[at - 1]?.clause) return !isName && !isList;
  const turn = flagAt(doc, at, "clauseBreak") ?? flagAt(doc, at, "but");
  if (turn === undefined || at <= from + 1) return false;
  return !FRAMES.some((flag) => allOf(doc, flag).some((mark) => mark.from < at && mark.to > at)); // "be so kind as to"
}

function isAsking(role: Role | undefined): boolean {
  return role === "request" || role === "want";
}

interface Building {
  segments: Segment[];
  waiting: Part | undefined; // the first parts of a sentence that go with what follows
  sentence: number;
  main: Segment | undefined; // what a part without a cue goes with
  attached?: Part; // the last part that was added to one
}

function corrects(doc: Doc, part: Part): boolean {
  const framed = (at: number) => FRAMES.some((flag) => allOf(doc, flag).some((mark) => mark.from <= at && mark.to > at)); // "I'd rather have"
  for (let i = part.from; i < Math.min(part.to, part.from + CORRECTION_REACH); i += 1) {
    const isDone = flagEndingAt(doc, i, "subject") !== undefined || isNegated(doc, i); // "we wait", "we cannot wait"
    if (flagAt(doc, i, "correction") !== undefined && !isDone && !framed(i)) return true;
  }
  return false;
}

function open(state: Building, part: Part, role: Role): void {
  const from = state.waiting?.from ?? part.from;
  state.waiting = undefined;
  state.main = { from, to: part.to, role };
  state.segments.push(state.main);
}

function add(doc: Text, state: Building, part: Part): void {
  const isNew = part.sentence !== state.sentence;
  if (isNew) {
    if (state.waiting !== undefined) open(state, state.waiting, "plain");
    state.sentence = part.sentence;
  }
  const last = state.segments.at(-1);
  if (last !== undefined && corrects(doc, part)) return correct(state, part, last);
  if (isNew) state.main = undefined;
  const isQuoted = state.main?.role === "background" && QUOTES.includes(doc.tokens[part.from]?.text ?? " "); // says: "delete everything"
  if (isQuoted) return open(state, part, "background");
  const cue = isCondition(doc, part) ? undefined : cueOf(doc, part);
  const previous = state.main;
  const tells = previous?.role === "background" || previous?.role === "spared";
  const follows = flagAt(doc, part.from, "therefore") !== undefined;
  if (cue === undefined && tells && follows) return open(state, part, "plain");
  if (cue === undefined || (cue === "plain" && isAsking(previous?.role))) return attach(doc, state, part);
  if (follows && isAsking(cue) && state.waiting !== undefined) open(state, state.waiting, "plain"); // "the wiki lists it, so launch …"
  const isRelative = previous !== undefined && !isAsking(cue) && flagAt(doc, part.from, "relativeClause") !== undefined;
  open(state, cue === "constraint" ? withTopic(doc, state, part) : part, cue);
  if (isRelative) state.main = previous; // what comes behind the clause goes on with what stood before it
}

/** What is corrected is asked for, too: the words right before, or a request farther ahead. */
function correct(state: Building, part: Part, last: Segment): void {
  const own = !isAsking(last.role) && state.segments.some(({ role }) => isAsking(role));
  if (own) return open(state, part, "request");
  last.to = part.to;
  state.waiting = undefined; // the "No," of "No, make that edge3" goes with it
  last.role = "request";
  state.main = last;
}

/** 同站點的 mMTC 是別人的，不要動: what is left alone without a name has been named in the part before. */
function withTopic(doc: Doc, state: Building, part: Part): Part {
  const { attached } = state;
  const last = state.segments.at(-1);
  const isTopic = attached?.to === part.from && attached.sentence === part.sentence && last?.to === part.from;
  if (!isTopic || last.from >= attached.from || namesSlice(doc, part) || !namesSlice(doc, attached)) return part;
  last.to = attached.from;
  return { ...part, from: attached.from };
}

/** "If it fails, …": said of what is asked for in the same sentence. */
function isCondition(doc: Text, part: Part): boolean {
  return doc.conditions.some((mark) => mark.from >= part.from && mark.from <= part.from + 1 && mark.to < part.to);
}

/** A part without a cue: to what stands before it in its sentence, or else to what follows. */
function attach(doc: Doc, state: Building, part: Part): void {
  const { main } = state;
  if (main === undefined) {
    state.waiting = { ...part, from: state.waiting?.from ?? part.from };
    return;
  }
  const isList = main.role === "background" && doc.tokens[part.from - 1]?.text === ":";
  if (isList) return open(state, part, "aside");
  const last = state.segments.at(-1);
  state.attached = part;
  if (last === main) main.to = part.to;
  else state.segments.push({ from: part.from, to: part.to, role: main.role });
}

const LONGEST_NAME = 5; // tokens

function describedPlaces(doc: Doc, index: SiteIndex): number[] {
  return allOf(doc, "copula")
    .filter((copula) => endsPlace(doc, copula.from, index))
    .map(({ from }) => from);
}

function endsPlace(doc: Doc, end: number, index: SiteIndex): boolean {
  const mayEnd =
    doc.tokens[end - 1]?.kind === "number" || flagEndingAt(doc, end, "siteNoun") !== undefined || doc.starting[end - 1] === undefined;
  if (!mayEnd) return false; // most words: then nothing is looked up
  for (let i = end - 1; i >= 0 && i >= end - LONGEST_NAME; i -= 1) {
    if ((nameAt(doc, i, index) ?? numbersBeforeNoun(doc, i))?.to === end) return true;
  }
  return false;
}

export function segmentsOf(text: Doc, index: SiteIndex): Segment[] {
  const doc: Text = { ...text, described: new Set(describedPlaces(text, index)), conditions: conditionsOf(text), pleads: pleads(text) };
  const state: Building = { segments: [], waiting: undefined, sentence: -1, main: undefined };
  for (const part of partsOf(doc)) add(doc, state, part);
  if (state.waiting !== undefined) open(state, state.waiting, "plain");
  resume(doc, state.segments);
  const asked = state.segments.some(({ role }) => isAsking(role));
  const ordered = state.segments.some((segment) => segment.role === "request" && (hasOrder(doc, segment) || pleads(doc, segment)));
  const wish: Role = asked ? "background" : "request";
  const want: Role = ordered ? "plain" : "request";
  return state.segments.map((segment) => {
    const own = segment.role === "wish" ? wish : segment.role === "want" ? want : segment.role;
    return own === segment.role ? segment : { ...segment, role: own };
  });
}

/** Whether a plain verb stands there that creates or changes something. */
function hasOrder(doc: Doc, { from, to }: Segment): boolean {
  for (let i = from; i < to; i += 1) {
    const verb = doc.used[i] === true ? undefined : markAt(doc, i, "action")?.sense;
    if (
      verb !== undefined &&
      (verb.strength >= 2 || i === from) &&
      (verb.action === "deploy" || verb.action === "scale") &&
      !isNegated(doc, i)
    )
      return true;
  }
  return false;
}

/** "We can reduce it to 200 Mbps. Please do so": orders what was proposed before it; never what was told to have happened. */
function resume(doc: Doc, segments: Segment[]): void {
  if (!hasFlag(doc, "proVerb")) return;
  segments.forEach((segment, index) => {
    let resumes = false;
    for (let i = segment.from; i < segment.to; i += 1) resumes ||= flagAt(doc, i, "proVerb") !== undefined;
    if (!resumes || segments.some(({ role }) => isAsking(role))) return;
    const proposed = segments.slice(0, index + 1).findLast((one) => (one.role === "plain" || one.role === "wish") && hasOrder(doc, one));
    if (proposed !== undefined) proposed.role = "request";
  });
}

/** One sentence without a word that tells what happened only asks, as most texts do, and is read whole. */
function mayTell(doc: Doc): boolean {
  const last = doc.tokens.at(-1);
  if (last === undefined) return false;
  if (last.sentence > 0) return true;
  if (last.clause === 0 && !hasFlag(doc, "clauseBreak")) return false;
  if (TELLING.some((flag) => allOf(doc, flag).length > 0) || doc.words.some(({ isPast }) => isPast)) return true;
  return allOf(doc, "request").some(({ from }) => (doc.tokens[from]?.clause ?? 0) > 0 && isUnspaced(doc.tokens[from]?.text ?? "")); // …，請部署
}

/** "Someone rolled back edge2 on Friday": the form of a verb in a part that tells what happened orders nothing. */
export function isOnlyTold(doc: Doc, start: number, index: SiteIndex): boolean {
  const at = doc.tokens.findIndex((token) => token.start === start);
  const isNoun = (flagEndingAt(doc, at, "definite") ?? flagEndingAt(doc, at, "article")) !== undefined; // "the rollback of edge2 was a mess"
  const isForm = isNoun || doc.words[at]?.isPast === true || flagEndingAt(doc, at, "to") !== undefined; // "we were asked to terminate it"
  if (at < 0 || (!isForm && !isPlanned(doc, at))) return false;
  return segmentsOf(doc, index).some(({ from, to, role }) => role === "background" && from < at && to > at);
}

/** The parts of a text that asks for something and tells something else besides; `undefined` where it is to be read whole. */
export function discourseOf(doc: Doc, index: SiteIndex): Segment[] | undefined {
  if (!mayTell(doc)) return undefined;
  const segments = segmentsOf(doc, index);
  const asks = segments.some(({ role }) => role === "request");
  return asks && segments.some(({ role }) => role !== "request") ? segments : undefined;
}
