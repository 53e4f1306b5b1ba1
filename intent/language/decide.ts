// What the sentence asks for: the action, or why it is none of ours, and the service type with where it was read.
import type { Action, ServiceType } from "../../protocol/intent.ts";
import { afterCorrection, type Doc, flagAt, flagsOf, hasFlag, isNegated, type MarkOf, marksOf, type Span, spanOf, wordAt } from "./doc.ts";
import type { SupportedAction } from "./senses.ts";

export type Refusal = "attack" | "greeting" | "help" | "foreign" | "unread" | "off_topic";

export interface ActionDecision {
  action: Action;
  refusal?: Refusal;
  span?: Span;
  inferred: boolean;
  warnings: string[];
  others?: string[]; // further things the text asks for, of which none is done
}

/** What is known of the text besides its verbs: without any of it a verb is about something else. */
export interface Evidence {
  sites: boolean;
  slice: boolean;
  snssai: boolean;
  quantities: boolean;
}

type ActionMark = MarkOf<"action">;

/** A slice, a type, a site, a number of a network: the text is about networks whatever its verb. */
function hardEvidence(doc: Doc, evidence: Evidence): boolean {
  return (
    evidence.sites ||
    evidence.slice ||
    evidence.snssai ||
    evidence.quantities ||
    marksOf(doc, "type").length > 0 ||
    hasFlag(doc, "sliceNoun") ||
    hasFlag(doc, "domain")
  );
}

/** Verbs that are not taken back; a verb that only says what a slice is for ("for remote control") is no command. */
function candidates(doc: Doc): ActionMark[] {
  const useCases = marksOf(doc, "useCase");
  return marksOf(doc, "action").filter((mark) => {
    const insideUseCase = useCases.some((use) => use.from <= mark.from && use.to >= mark.to);
    return !insideUseCase && !isNegated(doc, mark.from);
  });
}

/** Imperatives before hints, then the first in the text. "Can you check …, then delete" is two requests: the first counts. */
function strongest(marks: readonly ActionMark[]): ActionMark | undefined {
  return marks.find((mark) => mark.sense.strength >= 2) ?? marks[0];
}

function otherImperatives(marks: readonly ActionMark[], chosen: ActionMark): SupportedAction[] {
  const others = marks.filter((mark) => mark.sense.strength >= 2 && mark.sense.action !== chosen.sense.action);
  return [...new Set(others.map((mark) => mark.sense.action))];
}

/** A verb of many uses ("drop", "cut", "set") with a new value for a slice changes the slice. */
function adjusted(doc: Doc, mark: ActionMark, evidence: Evidence): SupportedAction {
  const { action, strength } = mark.sense;
  if (!evidence.quantities || strength > 1) return action;
  const toValue = doc.marks.some((other) => other.sense.kind === "flag" && other.sense.flag === "to" && other.from > mark.to);
  if (action === "terminate" && toValue) return "scale";
  const addsCapacity = action === "deploy" && wordAt(doc, mark.from) === "add" && !flagAt(doc, mark.to, "sliceNoun") && doc.used[mark.to];
  return addsCapacity ? "scale" : action;
}

function isQuestion(doc: Doc): boolean {
  return doc.tokens.length > 0 && (flagAt(doc, 0, "question") !== undefined || doc.tokens.at(-1)?.text === "?");
}

function startsWithUnknownWord(doc: Doc): boolean {
  const first = doc.tokens.findIndex((token, i) => token.kind === "word" && !doc.used[i]);
  return first === 0 && (doc.starting[0] ?? []).length === 0;
}

function refuse(refusal: Refusal): ActionDecision {
  return { action: "unsupported", refusal, inferred: false, warnings: [] };
}

function whyOffTopic(doc: Doc): Refusal {
  const meaningful = marksOf(doc, "action").length > 0 || hasFlag(doc, "foreign");
  return hasFlag(doc, "greeting") && !meaningful ? "greeting" : "off_topic";
}

function isAttack(doc: Doc): boolean {
  if (hasFlag(doc, "attack")) return true;
  const secret = flagsOf(doc, "secret").length > 0;
  return secret && /\b(?:print|show|reveal|tell|give|send|leak|dump|what|display|output|expose|list|get)\b/.test(doc.folded);
}

export function decideAction(doc: Doc, evidence: Evidence): ActionDecision {
  if (isAttack(doc)) return refuse("attack");
  const hard = hardEvidence(doc, evidence);
  const marks = candidates(doc);
  if (hasFlag(doc, "help") && !evidence.sites && !evidence.slice) return refuse("help");
  if (hasFlag(doc, "foreign") && marksOf(doc, "type").length === 0 && !hasFlag(doc, "sliceNoun") && !evidence.slice)
    return refuse("foreign");

  if (hasFlag(doc, "otherVerb") && !marks.some((mark) => mark.sense.strength >= 2)) return refuse("foreign");
  const chosen = strongest(afterCorrection(doc, marks));
  if (chosen !== undefined) {
    const forUse = chosen.sense.action === "deploy" && chosen.sense.strength >= 2 && marksOf(doc, "useCase").length > 0;
    if (!hard && !forUse) return refuse(whyOffTopic(doc));
    const action = adjusted(doc, chosen, evidence);
    const isHint = chosen.sense.strength === 1;
    if (isHint && action === "deploy" && isQuestion(doc) && flagAt(doc, 0, "question")) return inferred("status");
    const others = otherImperatives(marks, chosen);
    const warnings = others.length > 0 ? [`The text also asks to ${others.join(" and ")}; only ${action} is taken.`] : [];
    return { action, span: spanOf(doc, chosen.from, chosen.to), inferred: false, warnings, others };
  }
  if (!hard || marksOf(doc, "action").length > 0) return refuse(whyOffTopic(doc));
  if (isQuestion(doc)) return inferred("status");
  // No verb at all: "eMBB, edge1, 200 Mbps" is an order, "edge1" alone is not, and "optimise eMBB on edge1" is an order for something else.
  const verb = unreadVerb(doc);
  if (verb !== undefined) return refuse(verb);
  const named = marksOf(doc, "type").length > 0 || hasFlag(doc, "sliceNoun") || marksOf(doc, "useCase").length > 0;
  return named && (evidence.sites || evidence.quantities || marksOf(doc, "type").length > 0)
    ? inferred("deploy")
    : refuse(whyOffTopic(doc));
}

// Chinese words for removing, stopping, taking back, scaling and asking: these rules read their language only in part.
const OTHER_VERBS_UNREAD =
  /[刪删]除?|移除|[終终]止|停[止用]|撤|回[滾滚復复]|[復复]原|[還还]原|[擴扩]|[縮缩]|[調调][整高低升降]|查|[狀状][態态况況]|[顯显]示/;

/** The text has a verb that these rules do not know: a removal must never be taken for an order. */
function unreadVerb(doc: Doc): Refusal | undefined {
  if (startsWithUnknownWord(doc)) return "off_topic";
  return OTHER_VERBS_UNREAD.test(doc.text) ? "unread" : undefined;
}

function inferred(action: SupportedAction): ActionDecision {
  return { action, inferred: true, warnings: [] };
}

export interface TypeDecision {
  type: ServiceType | null;
  source: "text" | "inferred";
  span?: Span;
  rivals: ServiceType[]; // types between which the text does not decide
}

/** An explicit type wins over every use case; "not the mMTC one" names none. */
export function decideType(doc: Doc): TypeDecision {
  const explicit = afterCorrection(
    doc,
    marksOf(doc, "type").filter((mark) => !isNegated(doc, mark.from)),
  );
  const types = [...new Set(explicit.map((mark) => mark.sense.type))];
  const [first] = explicit;
  if (first !== undefined) {
    const span = spanOf(doc, first.from, first.to);
    if (types.length === 1) return { type: first.sense.type, source: "text", span, rivals: [] };
    return { type: null, source: "text", span, rivals: types };
  }
  return byUseCase(doc);
}

function byUseCase(doc: Doc): TypeDecision {
  const uses = marksOf(doc, "useCase").filter((mark) => !isNegated(doc, mark.from));
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
