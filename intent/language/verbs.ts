// Which verbs of a text stand as orders: not taken back, not only asked about, not part of a name or of what a slice is for.
import { isAskedAbout } from "./asked.ts";
import { isConditional } from "./conditions.ts";
import { withoutIdle } from "./destroying.ts";
import { allOf, type Doc, flagAt, flagEndingAt, flagsOf, hasFlag, type MarkOf, markAt, marksOf } from "./doc.ts";
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

/** Verbs that are no part of a noun, as the "end" of "end nodes" and the "drop" of "drop rate" are. */
export function verbsOf(doc: Doc): readonly ActionMark[] {
  const isLong = (noun: Mark) => noun.to > noun.from + 1;
  const nouns: Mark[] = [...marksOf(doc, "useCase"), ...flagsOf(doc, "device").filter(isLong), ...marksOf(doc, "measure").filter(isLong)];
  const verbs = marksOf(doc, "action");
  if (nouns.length === 0 && !verbs.some((mark) => isThirdPerson(doc, mark))) return verbs;
  return verbs.filter((mark) => !isThirdPerson(doc, mark) && !nouns.some((noun) => noun.from <= mark.from && noun.to >= mark.to));
}

/** "the vendor deploys …", "the wiki lists …", "signs and displays": what somebody does, or a noun, and no order. */
function isThirdPerson(doc: Doc, mark: ActionMark): boolean {
  if (mark.sense.strength === 1 && flagAt(doc, mark.to, "priority") !== undefined) return true; // "set priority 8: …"
  if (!mark.inflected || mark.to > mark.from + 1 || flagAt(doc, mark.from, "desire") !== undefined) return false; // "needs" asks
  return mark.sense.action !== "status" || flagAt(doc, mark.from, "device") !== undefined || hasSubject(doc, mark);
}

const LEADS = ["modal", "desire", "to", "refersThing"] as const; // to a verb that is asked for
const OPENERS = ["polite", "greeting", "join", "filler", "clauseBreak", "definite"] as const;

/** "The ops wiki still lists": a noun stands before it in its clause, and a number, a place or a request does not. */
function hasSubject(doc: Doc, mark: ActionMark): boolean {
  let found = false;
  for (let i = mark.from - 1; i >= 0 && doc.tokens[i]?.clause === doc.tokens[mark.from]?.clause; i -= 1) {
    if (doc.used[i] || doc.tokens[i]?.kind !== "word" || flagAt(doc, i, "request") !== undefined) return false;
    if (markAt(doc, i, "action") !== undefined || flagAt(doc, i, "sliceNoun") !== undefined) return false;
    found ||= OPENERS.every((flag) => flagAt(doc, i, flag) === undefined);
  }
  return found;
}

/** "The storm shut down edge1", "they pull out of edge2": a verb that looks like its order, behind the one who does it. */
function isDoneBySubject(doc: Doc, mark: ActionMark): boolean {
  if (mark.sense.action !== "terminate" && mark.sense.action !== "rollback") return false;
  const isOrdered = (flagEndingAt(doc, mark.from, "request") ?? flagEndingAt(doc, mark.from, "desire")) !== undefined;
  if (!isOrdered && flagEndingAt(doc, mark.from, "others") !== undefined) return true;
  const clause = doc.tokens[mark.from]?.clause;
  let at = mark.from;
  while (at > 0 && doc.tokens[at - 1]?.clause === clause) {
    at -= 1;
    const isThing = (markAt(doc, at, "type") ?? markAt(doc, at, "useCase")) !== undefined;
    if (isThing || LEADS.some((flag) => flagAt(doc, at, flag) !== undefined)) return false;
  }
  return (flagAt(doc, at, "definite") ?? flagAt(doc, at, "article")) !== undefined && hasSubject(doc, mark);
}

/** "the slice we set up", "they will bring 40 trucks": said of the slice or of somebody, and no order. */
function isInRelative(doc: Doc, mark: ActionMark): boolean {
  const subject = flagEndingAt(doc, mark.from, "subject");
  if (subject === undefined || mark.sense.action === "status") return false;
  const at = subject.from;
  const isWhatTheyDo = subject.to > at + 1 && mark.sense.strength === 1;
  if (isWhatTheyDo) return true;
  return (flagEndingAt(doc, at, "sliceNoun") ?? flagEndingAt(doc, at, "relativeClause")) !== undefined;
}

/** Verbs that are not taken back; a verb that only says what a slice is for ("for remote control") is no command. */
export function candidates(doc: Doc): ActionMark[] {
  const standing = verbsOf(doc).filter((mark) => {
    const unneeded = mark.sense.action === "terminate" && flagAt(doc, mark.from, "wish") !== undefined;
    if (unneeded) return isUnneededThing(doc, mark);
    const taken = isInsideNot(doc, mark) || isNegated(doc, mark.from) || isTakenBack(doc, mark) || isAskedAbout(doc, mark);
    return (
      !taken &&
      !isInRelative(doc, mark) &&
      !isDoneBySubject(doc, mark) &&
      !isUnfinished(doc, mark) &&
      !isTelegramStop(doc, mark) &&
      !isMove(doc, mark)
    );
  });
  const back = returnVerb(doc);
  if (back !== undefined && !isNegated(doc, back.from)) standing.push(back);
  standing.sort((a, b) => a.from - b.from || b.sense.strength - a.sense.strength);
  const own = withoutIdle(doc, standing);
  const unconditional = hasFlag(doc, "condition") ? own.filter((mark) => !isConditional(doc, mark)) : own;
  const asked = unconditional.length > 0 ? unconditional : own;
  const verbs = asked.filter((mark) => !isNounOfName(doc, mark) && !isModifier(doc, mark));
  const known = verbs.length > 0 ? verbs : asked;
  const first = known.filter((mark) => !isCorrection(doc, mark));
  if (first.some((mark) => mark.sense.strength >= 2)) return first;
  const [hint] = known;
  return hint !== undefined && known.some((mark) => correctsValue(doc, mark) && mark.from > hint.from) && first.length > 0 ? first : known;
}

/** 請改到 edge2 部署: a verb that only says where the next one is done. */
function isMove(doc: Doc, mark: ActionMark): boolean {
  if (
    mark.sense.action !== "scale" ||
    mark.sense.strength !== 2 ||
    doc.used[mark.to] !== true ||
    flagAt(doc, mark.from, "to") === undefined
  )
    return false;
  const clause = doc.tokens[mark.from]?.clause;
  const ofClause = (other: Mark) => doc.tokens[other.from]?.clause === clause;
  const next = marksOf(doc, "action").find((other) => other.from > mark.from && ofClause(other));
  if (next?.sense.action !== "deploy" || next.sense.strength < 2) return false;
  return !allOf(doc, "object").some((object) => object.from < mark.from && ofClause(object)); // 把 … 改到
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

/** 要撤的那條, 上週刪除的切片: the verb says which slice is spoken of, where there is another one. */
function isModifier(doc: Doc, mark: ActionMark): boolean {
  const of = flagAt(doc, mark.to, "possessive");
  return of !== undefined && (flagAt(doc, of.to, "definite") ?? flagAt(doc, of.to, "sliceNoun")) !== undefined;
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

const CORRECTION_GAP = 2; // tokens: 不對，改成 500 Mbps

/** Two words of correction, one behind the other, change a value of what was asked for before them. */
function correctsValue(doc: Doc, mark: ActionMark): boolean {
  if (!isCorrection(doc, mark)) return false;
  return flagsOf(doc, "correction").some((other) => other.to <= mark.from && other.to >= mark.from - CORRECTION_GAP);
}

/** "URLLC 就算了，改 eMBB": one type is taken back, the verb has another for its object. */
export function switchesType(doc: Doc, verb: ActionMark): boolean {
  const next = markAt(doc, verb.to, "type");
  if (next === undefined) return false;
  return marksOf(doc, "type").some((mark) => {
    const isTakenBack = isNegated(doc, mark.from) || flagAt(doc, mark.to, "notBehind") !== undefined;
    return mark.sense.type !== next.sense.type && mark.from < verb.from && isTakenBack;
  });
}
