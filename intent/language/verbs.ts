// Which verbs of a text stand as orders: not taken back, not only asked about, not part of a name or of what a slice is for.
import { isAskedAbout } from "./asked.ts";
import { isConditional } from "./conditions.ts";
import { allOf, type Doc, flagAt, flagEndingAt, hasFlag, type MarkOf, marksOf } from "./doc.ts";
import type { Mark } from "./lexicon.ts";
import { isNegated } from "./negation.ts";
import { returnVerb } from "./returns.ts";

export type ActionMark = MarkOf<"action">;

/** The "need" of "no need to", the "stop" of "stop short of". */
function isInsideNot(doc: Doc, mark: ActionMark): boolean {
  const longer = (not: Mark) => not.to - not.from > mark.to - mark.from;
  return allOf(doc, "not").some((not) => not.from <= mark.from && not.to >= mark.to && longer(not));
}

/** "部署先不要": the verb is taken back behind it. */
function isTakenBack(doc: Doc, mark: ActionMark): boolean {
  const not = flagAt(doc, mark.to, "notBehind");
  if (not === undefined) return false;
  const next = doc.tokens[not.to];
  return next === undefined || next.kind === "symbol" || next.clause !== doc.tokens[mark.from]?.clause;
}

/** Verbs that are not taken back; a verb that only says what a slice is for ("for remote control") is no command. */
export function candidates(doc: Doc): ActionMark[] {
  const useCases = marksOf(doc, "useCase");
  const standing = marksOf(doc, "action").filter((mark) => {
    const insideUseCase = useCases.some((use) => use.from <= mark.from && use.to >= mark.to);
    const unneeded = mark.sense.action === "terminate" && flagAt(doc, mark.from, "wish") !== undefined;
    if (unneeded) return isUnneededThing(doc, mark);
    const taken = isInsideNot(doc, mark) || isNegated(doc, mark.from) || isTakenBack(doc, mark) || isAskedAbout(doc, mark);
    return !insideUseCase && !taken && !isUnfinished(doc, mark) && !isTelegramStop(doc, mark);
  });
  const back = returnVerb(doc);
  if (back !== undefined && !isNegated(doc, back.from)) standing.push(back);
  standing.sort((a, b) => a.from - b.from || b.sense.strength - a.sense.strength);
  const unconditional = hasFlag(doc, "condition") ? standing.filter((mark) => !isConditional(doc, mark)) : standing;
  const asked = unconditional.length > 0 ? unconditional : standing;
  const verbs = asked.filter((mark) => !isNounOfName(doc, mark));
  const known = verbs.length > 0 ? verbs : asked;
  const first = known.filter((mark) => !isCorrection(doc, mark));
  return first.some((mark) => mark.sense.strength >= 2) ? first : known;
}

/** "don't need the slice anymore" ends it; "don't need to deploy it anymore" ends nothing. */
function isUnneededThing(doc: Doc, mark: ActionMark): boolean {
  const clause = doc.tokens[mark.from]?.clause;
  return (
    isNegated(doc, mark.from) &&
    !marksOf(doc, "action").some((other) => other.from > mark.from && doc.tokens[other.from]?.clause === clause)
  );
}

/** "slice 7 can go" is an order only where the clause ends; "it can go to 500 Mbps" is another. */
function isUnfinished(doc: Doc, mark: ActionMark): boolean {
  const next = doc.tokens[mark.to];
  if (flagAt(doc, mark.from, "finalVerb")?.to !== mark.to || next === undefined || next.kind === "symbol") return false;
  return flagAt(doc, mark.to, "polite") === undefined && flagAt(doc, mark.to, "join") === undefined;
}

/** "DEPLOY EMBB EDGE1 STOP": in a text all in capitals the word ends a sentence where it takes no object. */
function isTelegramStop(doc: Doc, mark: ActionMark): boolean {
  if (flagAt(doc, mark.from, "telegram") === undefined || /[a-z]/.test(doc.text)) return false;
  return marksOf(doc, "action").some((other) => other.from < mark.from && flagAt(doc, other.from, "telegram") === undefined);
}

/** 部署 dpl_77: the word is the noun of the name behind it, where there is another verb. */
function isNounOfName(doc: Doc, mark: ActionMark): boolean {
  if (flagAt(doc, mark.from, "nameNoun") === undefined) return false;
  return doc.used[mark.to] === true || flagEndingAt(doc, mark.from, "possessive") !== undefined;
}

/** "等等，改成 8ms" corrects what was said before it, where that has a verb of its own. */
function isCorrection(doc: Doc, mark: ActionMark): boolean {
  return flagAt(doc, mark.from, "correction") !== undefined;
}
