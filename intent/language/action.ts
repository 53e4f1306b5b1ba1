// What the sentence asks for: the action with the verb it was read from, or why it is none of ours.
import type { Action } from "../../protocol/intent.ts";
import { asksOnly } from "./asked.ts";
import { conditionsOf, isConditional } from "./conditions.ts";
import { afterCorrection, allOf, type Doc, flagAt, flagEndingAt, flagsOf, hasFlag, marksOf, type Span, spanOf } from "./doc.ts";
import { hasForeignObject } from "./foreign-object.ts";
import type { Mark } from "./lexicon.ts";
import { isNegated } from "./negation.ts";
import { asksForPresentValue } from "./present-values.ts";
import { asksForFacts, isQuestion, startsWithQuestion } from "./questions.ts";
import { isAttack, type Refusal, whyOffTopic } from "./refusal.ts";
import type { SupportedAction } from "./senses.ts";
import { hasUnreadOrder, hasUnreadVerb, hasUnreadWord, speaksOfWhatIsThere } from "./unread.ts";
import { type ActionMark, candidates, switchesType, verbsOf } from "./verbs.ts";
import { isAskedFor, wantsDone } from "./wishes.ts";

export interface ActionDecision {
  action: Action;
  refusal?: Refusal;
  span?: Span;
  inferred: boolean;
  warnings: string[];
  others?: string[]; // further things the text asks for, of which none is done
}

/** The tokens of an order that is not carried out. */
export interface SecondOrder {
  from: number;
  to: number;
}

const OBJECT_REACH = 4; // tokens from a verb to what it is about: "scale the slice video-7"

/** What is known of the text besides its verbs: without any of it a verb is about something else. */
export interface Evidence {
  sites: boolean;
  slice: boolean;
  snssai: boolean;
  refers: boolean; // to a thing that another part of the text names
  quantities: boolean;
  relative: boolean; // a quantity that is added to what is there
  change: boolean; // "100 Mbps → 400 Mbps"
  toValue: boolean; // "to 300 Mbps"
}

/** A slice, a type, a site, a number of a network: the text is about networks whatever its verb. */
function hardEvidence(doc: Doc, evidence: Evidence): boolean {
  const named = evidence.sites || evidence.slice || evidence.snssai || evidence.quantities || evidence.refers;
  return named || marksOf(doc, "type").length > 0 || hasFlag(doc, "sliceNoun");
}

/** Without such a thing the verb alone has to say it, and nothing in the text may be unread: "scale it up", "undo that", "network status". */
function softEvidence(doc: Doc, chosen: ActionMark): boolean {
  const { action, strength } = chosen.sense;
  if (marksOf(doc, "useCase").length > 0 && action === "deploy" && strength >= 2) return true;
  if (hasFlag(doc, "domain") && action !== "status") return true;
  if (isQuestion(doc) && !hasUnreadWord(doc)) return true; // "what is currently deployed?"
  const says = action === "status" ? hasFlag(doc, "domain") : strength === 3 || (strength === 2 && action !== "deploy");
  const isChange = strength === 3 && (action === "scale" || action === "rollback"); // it is asked which slice
  if (isChange) return !hasUnreadWord(doc, doc.tokens[chosen.from]?.clause);
  return says && !hasUnreadWord(doc);
}

/** Imperatives before hints, then the first in the text. "Can you check …, then delete" is two requests: the first counts. */
function strongest(doc: Doc, marks: readonly ActionMark[], evidence: Evidence): ActionMark | undefined {
  const imperatives = marks.filter((mark) => mark.sense.strength >= 2);
  const [imperative] = imperatives;
  if (imperative !== undefined && !evidence.quantities && isShift(doc, imperative)) {
    return imperatives.find((mark) => mark.sense.action === "deploy") ?? imperative; // 改到 edge2 部署
  }
  if (imperative !== undefined) return imperative;
  const done = evidence.slice || speaksOfWhatIsThere(doc) ? wantsDone(doc, marks) : undefined;
  if (done !== undefined) return done;
  const isWish = (mark: ActionMark) => flagAt(doc, mark.from, "wish") !== undefined;
  const precise = marks.find((mark) => mark.sense.action !== "status" && !isWish(mark)); // "I want change …"
  const report = marks.find((mark) => mark.sense.action === "status" && isAskedFor(doc, mark));
  const comesFirst = report !== undefined && (precise === undefined || report.from < precise.from); // "have it reverted to the old state"
  if (comesFirst && !evidence.quantities) return report;
  if (precise !== undefined && marks.some(isWish)) return precise;
  const changes = evidence.quantities ? marks.find((mark) => mark.sense.action !== "status") : undefined;
  return changes ?? marks[0];
}

function isShift(doc: Doc, mark: ActionMark): boolean {
  return mark.sense.action === "scale" && mark.sense.strength < 3 && flagAt(doc, mark.from, "to") !== undefined;
}

function otherImperatives(marks: readonly ActionMark[], chosen: ActionMark): SupportedAction[] {
  const others = marks.filter((mark) => mark.sense.strength >= 2 && mark.sense.action !== chosen.sense.action);
  return [...new Set(others.map((mark) => mark.sense.action))];
}

/** A verb of many uses ("drop", "cut", "add") with a new value for a slice changes the slice. */
function adjusted(doc: Doc, mark: ActionMark, evidence: Evidence): SupportedAction {
  const { action, strength } = mark.sense;
  if (action === "terminate" && takesBackChange(doc, mark)) return "rollback";
  if (action === "deploy" && strength < 3 && evidence.relative && flagAt(doc, mark.from, "adds") !== undefined) return "scale"; // add another 100 Mbps
  if (action === "scale" && switchesType(doc, mark)) return "deploy";
  if (strength > 1) return action;
  if (action === "deploy" && isOfNamed(doc, evidence)) return "scale";
  if (action === "deploy" && evidence.toValue && (evidence.slice || speaksOfWhatIsThere(doc))) return "scale"; // put the slice to 300 Mbps
  if (action === "terminate" && evidence.quantities && allOf(doc, "to").some((other) => other.from > mark.to)) return "scale";
  return action === "deploy" && (evidence.relative || (evidence.change && speaksOfWhatIsThere(doc))) ? "scale" : action;
}

/** "slice elm-2 needs 500 Mbps": a value for a slice that has a name, and neither a place nor a type for a new one. */
function isOfNamed(doc: Doc, { slice, sites, quantities }: Evidence): boolean {
  return slice && quantities && !sites && marksOf(doc, "type").length === 0 && !hasFlag(doc, "named");
}

/** "cancel edge2's last change": what is taken away is a change, no slice. */
function takesBackChange(doc: Doc, verb: ActionMark): boolean {
  const clause = doc.tokens[verb.from]?.clause;
  if (marksOf(doc, "type").length > 0 || hasFlag(doc, "sliceNoun")) return false;
  return marksOf(doc, "action").some((mark) => {
    return mark.sense.action === "rollback" && mark.from > verb.from && doc.tokens[mark.from]?.clause === clause;
  });
}

/** "Put the slice out of its misery": a weak verb with a slice that is there and a word that means nothing; "put it on hold". */
function isUnknownIdiom(doc: Doc, action: SupportedAction, verb: Mark): boolean {
  const clause = doc.tokens[verb.from]?.clause;
  if (allOf(doc, "desire").some((mark) => mark.from <= verb.from && doc.tokens[mark.from]?.clause === clause)) return false; // "we need the …"
  return action === "deploy" && (hasFlag(doc, "onHold") || (speaksOfWhatIsThere(doc) && hasUnreadWord(doc)));
}

function refuse(refusal: Refusal): ActionDecision {
  return { action: "unsupported", refusal, inferred: false, warnings: [] };
}

function inferred(action: SupportedAction): ActionDecision {
  return { action, inferred: true, warnings: [] };
}

/** Whether the verbs of the text are of more than one action: most texts have one, and nothing else has to be looked at. */
function mayOrderTwice(doc: Doc): boolean {
  if (hasFlag(doc, "returns")) return true;
  const [first, ...rest] = marksOf(doc, "action").filter((mark) => mark.sense.strength >= 2);
  return rest.some((mark) => mark.sense.action !== first?.sense.action);
}

/** Where a second order begins that names a thing of its own: its values and names are not those of the first. */
export function secondOrder(doc: Doc): SecondOrder | undefined {
  if (!mayOrderTwice(doc)) return undefined;
  const orders = afterCorrection(doc, candidates(doc)).filter(({ sense }) => sense.strength >= 2);
  const [first] = orders;
  if (first === undefined || isShift(doc, first)) return undefined;
  const second = orders.find((mark) => mark.sense.action !== first.sense.action);
  if (second === undefined) return undefined;
  let from = second.from;
  const clause = doc.tokens[from]?.clause;
  const opens = (at: number) => flagAt(doc, at, "join") !== undefined || flagAt(doc, at, "clauseBreak") !== undefined;
  while (from > first.to && doc.tokens[from - 1]?.clause === clause && !opens(from - 1)) from -= 1;
  if (from === first.to && doc.tokens[from]?.clause === doc.tokens[first.from]?.clause && !opens(from - 1)) return undefined; // "undo the deployment of"
  const to = orders.find((mark) => mark.from > second.from && mark.sense.action === first.sense.action)?.from ?? doc.tokens.length;
  const namesOwn = (at: number) => doc.used[at] === true || (doc.starting[at] ?? []).some(({ sense }) => sense.kind === "type");
  for (let i = from; i < Math.min(to, second.to + OBJECT_REACH); i += 1) if (namesOwn(i)) return { from, to };
  return undefined;
}

/** Verbs of other trades, without those that are nouns or part of one: "ear tags", "smart locks", "before the audit". */
function otherVerbs(doc: Doc): readonly Mark[] {
  const nouns = [...marksOf(doc, "useCase"), ...flagsOf(doc, "device")];
  return flagsOf(doc, "otherVerb").filter((verb) => {
    const isNoun = flagEndingAt(doc, verb.from, "definite") !== undefined || flagEndingAt(doc, verb.from, "article") !== undefined;
    return !isNoun && !nouns.some((noun) => noun.from <= verb.from && noun.to >= verb.to);
  });
}

/** Why the text is refused although it has words of this trade, or `undefined`. */
function refusalOf(doc: Doc, evidence: Evidence, marks: readonly ActionMark[]): Refusal | undefined {
  if (isAttack(doc)) return "attack";
  if (hasFlag(doc, "help") && !evidence.sites && !evidence.slice && !evidence.quantities) return "help";
  const placed = evidence.sites || evidence.quantities;
  const uses = marksOf(doc, "useCase").some((use) => use.sense.weight === 2);
  const namesSlice =
    marksOf(doc, "type").length > 0 || evidence.slice || evidence.refers || (placed && (hasFlag(doc, "sliceNoun") || uses));
  if (hasFlag(doc, "foreign") && !namesSlice) return "foreign";
  const asksOther = otherVerbs(doc).length > 0 && !marks.some((mark) => mark.sense.strength >= 2);
  const onlyNegated = asksOther && otherVerbs(doc).every((mark) => isNegated(doc, mark.from));
  return asksOther && !onlyNegated && !isQuestion(doc) ? "foreign" : undefined;
}

/** No verb at all: "eMBB, edge1, 200 Mbps" is an order, "edge1" alone is not, and "optimise eMBB on edge1" is an order for something else. */
function withoutVerb(doc: Doc, evidence: Evidence): ActionDecision {
  if (isQuestion(doc) || asksForFacts(doc) || (!evidence.quantities && asksForPresentValue(doc))) return inferred("status");
  if (hasUnreadVerb(doc)) return refuse("unread");
  if (isAllUnwanted(doc)) return refuse("negated");
  if (evidence.change) return inferred("scale");
  if (speaksOfWhatIsThere(doc)) return evidence.quantities && (evidence.sites || evidence.slice) ? inferred("scale") : refuse("unread");
  const types = marksOf(doc, "type").length > 0;
  const named = types || hasFlag(doc, "sliceNoun") || marksOf(doc, "useCase").length > 0;
  return named && (evidence.sites || evidence.quantities || types) ? inferred("deploy") : refuse(whyOffTopic(doc));
}

/** 不需要 edge4 的 mMTC 了, edge1 的 eMBB 先別動: every type is named behind a "not" of its clause, or before an order to leave it. */
function isAllUnwanted(doc: Doc): boolean {
  const types = marksOf(doc, "type");
  const clauseOf = (mark: Mark) => doc.tokens[mark.from]?.clause;
  const unwanted = (type: Mark) => flagsOf(doc, "not").some((not) => not.from < type.from && clauseOf(not) === clauseOf(type));
  const leftAlone = (type: Mark) => flagsOf(doc, "leaveAlone").some((left) => left.from >= type.to && clauseOf(left) === clauseOf(type));
  return types.length > 0 && !hasFlag(doc, "but") && types.every((type) => unwanted(type) || leftAlone(type));
}

/** No verb is left that is ordered: taken back, only asked about, or there was none. */
function withoutOrder(doc: Doc, evidence: Evidence, hard: boolean): ActionDecision {
  if (asksOnly(doc)) return refuse("asked");
  if (verbsOf(doc).length > 0) return refuse(hard || doc.used.includes(true) ? "negated" : "off_topic");
  return hard ? withoutVerb(doc, evidence) : refuse(whyOffTopic(doc));
}

/** Why the chosen verb is no order for this system although it stands as one. */
function whyNotOurs(doc: Doc, chosen: ActionMark, about: { evidence: Evidence; hard: boolean }): Refusal | undefined {
  const { evidence, hard } = about;
  if (!hard && !softEvidence(doc, chosen)) return whyOffTopic(doc);
  if (!evidence.quantities && !evidence.slice && hasForeignObject(doc, chosen, evidence.sites)) return "foreign";
  const isHint = chosen.sense.strength === 1;
  return isHint && (hasUnreadOrder(doc, chosen) || isUnknownIdiom(doc, adjusted(doc, chosen, evidence), chosen)) ? "unread" : undefined;
}

export function decideAction(doc: Doc, evidence: Evidence): ActionDecision {
  const marks = candidates(doc);
  const hard = hardEvidence(doc, evidence);
  const chosen = strongest(doc, afterCorrection(doc, marks), evidence);
  const early = refusalOf(doc, evidence, marks);
  if (early !== undefined) return refuse(early);
  if (chosen === undefined) return withoutOrder(doc, evidence, hard);
  const isWish = chosen.sense.strength === 1 && chosen.sense.action === "deploy";
  if (hard && isWish && !evidence.quantities && asksForPresentValue(doc)) return inferred("status");
  const refusal = whyNotOurs(doc, chosen, { evidence, hard });
  if (refusal !== undefined) return refuse(refusal);
  const action = adjusted(doc, chosen, evidence);
  const isHint = chosen.sense.strength === 1;
  if (action !== "status" && !evidence.relative && (asksForFacts(doc) || (isHint && startsWithQuestion(doc)))) return inferred("status");
  return ordered(doc, { action, chosen, others: otherImperatives(marks, chosen) });
}

/** The verb as an order, with what the text says besides and is not done. What takes away is never done under a condition. */
function ordered(doc: Doc, order: { action: SupportedAction; chosen: ActionMark; others: SupportedAction[] }): ActionDecision {
  const { action, chosen, others } = order;
  const hasCondition = conditionsOf(doc).length > 0;
  const waits = hasCondition && isConditional(doc, chosen);
  if (waits && (action === "terminate" || action === "rollback")) return refuse("conditional");
  const warnings = others.length > 0 ? [`The text also asks to ${others.join(" and ")}; only ${action} is taken.`] : [];
  if (waits) warnings.push("The order has a condition; it is not waited for.");
  else if (hasCondition && action !== "status") warnings.push("What the text asks for under a condition is not taken.");
  return { action, span: spanOf(doc, chosen.from, chosen.to), inferred: false, warnings, others };
}
