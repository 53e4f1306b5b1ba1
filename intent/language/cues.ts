// What the words of a clause make it: a request, a wish, something taken back or left alone, a requirement, or background.
import { type Doc, flagAt, type MarkOf, markAt, wordAt } from "./doc.ts";
import { isUnspaced, type Mark } from "./lexicon.ts";
import { isNegated } from "./negation.ts";
import { isOnlyPlanned, isReportOfOthers, planOfOthers, takesAwayBehind, tellsSince } from "./others.ts";
import type { Flag } from "./senses.ts";

/**
 * wish: asks and tells at once, so only where nothing else asks. want: what somebody else wants, so only where nothing is ordered.
 * aside: states nothing of its own, but stands in a sentence that tells the background.
 */
export type Role = "request" | "want" | "wish" | "constraint" | "spared" | "background" | "plain" | "aside";

/** `described`: tokens that say how a site is, right behind its name: the "is" of "edge1 is full". */
export interface Text extends Doc {
  described: ReadonlySet<number>;
  conditions: readonly Mark[];
  pleads: boolean; // a word of asking with a verb stands somewhere: 請…部署
}

export interface Part {
  from: number;
  to: number;
  sentence: number;
}

const OPENERS: readonly Flag[] = ["request", "polite", "greeting", "clauseBreak", "but", "join"];
export const FRAMES: readonly Flag[] = ["head", "request", "desire", "desireBehind", "proVerb"];

function has(doc: Doc, part: Part, flag: Flag): boolean {
  return first(doc, part, flag) !== undefined;
}

function first(doc: Doc, { from, to }: Part, flag: Flag): Mark | undefined {
  for (let i = from; i < to; i += 1) {
    const mark = flagAt(doc, i, flag);
    if (mark !== undefined) return mark;
  }
  return undefined;
}

function verbsIn(doc: Doc, { from, to }: Part): MarkOf<"action">[] {
  const verbs: MarkOf<"action">[] = [];
  for (let i = from; i < to; i += 1) {
    const verb = doc.used[i] === true ? undefined : markAt(doc, i, "action");
    if (verb !== undefined) verbs.push(verb);
  }
  return verbs;
}

/** A type, a slice or a place. */
export function namesSlice(doc: Doc, { from, to }: Part): boolean {
  for (let i = from; i < to; i += 1) {
    if (doc.used[i] === true || (flagAt(doc, i, "sliceNoun") ?? flagAt(doc, i, "siteNoun") ?? markAt(doc, i, "type"))) return true;
  }
  return false;
}

/** One of these, a use or a number of a network. */
function namesThing(doc: Doc, part: Part): boolean {
  if (namesSlice(doc, part)) return true;
  for (let i = part.from; i < part.to; i += 1) if (markAt(doc, i, "useCase") ?? markAt(doc, i, "unit")) return true;
  return false;
}

/** 跨年晚會加開第二個舞台: a verb behind the one who does it, and nothing of a network, where another clause asks. */
function isTheirDoing(doc: Text, part: Part): boolean {
  if (!doc.pleads || namesSlice(doc, part)) return false;
  for (let i = part.from; i < part.to; i += 1) {
    if ((markAt(doc, i, "unit")?.sense.unit.dimension ?? "other") !== "other" || markAt(doc, i, "direction") !== undefined) return false;
    if ((markAt(doc, i, "measure")?.sense.measure ?? "other") !== "other") return false;
  }
  return true;
}

/** 部署 dpl_7 自從升級之後: the noun of the name behind it, in a part that tells what happened. */
function isNounOfTold(doc: Text, part: Part, verb: MarkOf<"action">): boolean {
  return flagAt(doc, verb.from, "nameNoun") !== undefined && doc.used[verb.to] === true && tellsPast(doc, part);
}

/** 機械手臂全部停機 tells of a machine: what takes away is an order only where it has a slice, a place or a type. */
function mayOrder(doc: Doc, part: Part, { sense }: MarkOf<"action">): boolean {
  return (sense.action !== "terminate" && sense.action !== "rollback") || namesSlice(doc, part);
}

/** "Deploy …", "so launch …": a verb where a clause begins; in a script without spaces it may stand anywhere. */
function isImperative(doc: Text, part: Part): boolean {
  let at = part.from;
  while (at < part.to) {
    const isOwner = doc.lexicon.possessives.some((test) => test(wordAt(doc, at))) && flagAt(doc, at, "request") === undefined; // "yesterday's upgrade"
    const opener = isOwner ? undefined : OPENERS.map((flag) => flagAt(doc, at, flag)).find((mark) => mark !== undefined);
    if (markAt(doc, at, "action") !== undefined && (opener === undefined || opener.to === at + 1)) break;
    if (opener === undefined && doc.tokens[at]?.kind !== "symbol") break;
    at = opener?.to ?? at + 1;
  }
  const opening = at < part.to ? markAt(doc, at, "action") : undefined;
  const verb = opening !== undefined && isNounOfTold(doc, part, opening) ? undefined : opening;
  const isNoun = verb?.sense.action === "status" && isUnspaced(doc.tokens[at]?.text ?? "") && !namesThing(doc, part); // 狀況不錯
  if (verb !== undefined && isOrder(doc, part, verb) && !isNegated(doc, verb.from))
    return !isNoun || first(doc, part, "request") !== undefined;
  if (tellsPast(doc, part) || !namesThing(doc, part) || isTheirDoing(doc, part) || isReportOfOthers(doc, part)) return false;
  const isUnspacedAt = (i: number) => isUnspaced(doc.tokens[i]?.text ?? "");
  const verbs = verbsIn(doc, part).filter((mark) => {
    return mark.sense.strength >= 2 && !isNegated(doc, mark.from) && mayOrder(doc, part, mark);
  });
  return verbs.some((mark) => isUnspacedAt(mark.from) || (mark.from > part.from && isUnspacedAt(mark.from - 1)));
}

/** Not "Status is fine", not "since release 5.0": a verb that is often a noun stands at the start of a sentence or behind "please" or "so". */
function isOrder(doc: Doc, part: Part, verb: MarkOf<"action">): boolean {
  if (doc.words[verb.from]?.isPast === true || flagAt(doc, verb.to, "copula") !== undefined) return false;
  const starts =
    doc.tokens[part.from - 1]?.sentence !== part.sentence ||
    first(doc, part, "request") !== undefined ||
    flagAt(doc, part.from, "therefore") !== undefined;
  return verb.sense.strength >= 2 || starts;
}

/** The request that the part makes by its words: "please …", "what we need is …", "… would do". */
function asks(doc: Doc, part: Part, flags: readonly Flag[]): boolean {
  for (const flag of flags) {
    const mark = first(doc, part, flag);
    const verbal = mark !== undefined && flag === "request";
    if (mark === undefined || isNegated(doc, mark.from)) continue;
    const behind = { ...part, from: mark.to };
    const verbs = verbsIn(doc, part).filter((verb) => verb.from >= mark.from && verb.to > mark.to); // "can be removed" is one phrase
    if (verbs.length > 0 && verbs.every((verb) => isNegated(doc, verb.from))) continue;
    if (verbs.length > 0 || (!verbal && namesThing(doc, behind))) return true;
  }
  const behind = flags.includes("desire") ? first(doc, part, "desireBehind") : undefined;
  return behind !== undefined && namesThing(doc, { ...part, to: behind.from });
}

function takesBack(doc: Doc, part: Part): boolean {
  if (has(doc, part, "leaveAlone") || has(doc, part, "onHold")) return true;
  const verbs = verbsIn(doc, part);
  return verbs.length > 0 && verbs.every((verb) => isNegated(doc, verb.from));
}

/** A word that tells what happened, which is no part of a longer one: the "it has" of "it has to be". */
function tells(doc: Doc, part: Part): boolean {
  for (let i = part.from; i < part.to; i += 1) {
    const mark = flagAt(doc, i, "background");
    if (mark === undefined) continue;
    const isFrame = mark.to > i + 1 && (flagAt(doc, mark.to - 1, "desire") ?? flagAt(doc, mark.to - 1, "specifies")) !== undefined;
    if (!isFrame) return true;
  }
  return false;
}

/** "250 Mbps is what was ordered": a value that was agreed on. */
function isSettled(doc: Doc, part: Part): boolean {
  if (!has(doc, part, "settled")) return false;
  for (let i = part.from; i < part.to; i += 1) if (markAt(doc, i, "unit") !== undefined) return true;
  return false;
}

/** "The customer wants …", but not "we want …". */
function isForOthers(doc: Doc, part: Part): boolean {
  for (let i = part.from; i < part.to; i += 1) {
    const desire = flagAt(doc, i, "desire");
    if (desire !== undefined) return flagAt(doc, i, "wants") !== undefined;
  }
  return false;
}

/** "remote controlled" is a use and "is no longer needed" an order: only a plain word or the form of a verb tells what happened. */
function tellsPast(doc: Text, part: Part): boolean {
  if (tells(doc, part) || has(doc, part, "already") || hasPast(doc, part, 2) || tellsSince(doc, part)) return true;
  for (let i = part.from + 1; i < part.to; i += 1) if (doc.described.has(i)) return true;
  return false;
}

/** Whether a past stands there that is no use and no verb of ours of the strength. */
function hasPast(doc: Doc, { from, to }: Part, strength: number): boolean {
  for (let i = from; i < to; i += 1) {
    if (doc.words[i]?.isPast === true && doc.used[i] !== true && !isInsidePhrase(doc, i, strength)) return true;
  }
  return false;
}

const LONGEST_PHRASE = 6; // tokens

function isInsidePhrase(doc: Doc, at: number, strength: number): boolean {
  for (let i = at; i >= 0 && i > at - LONGEST_PHRASE; i -= 1) {
    const verb = markAt(doc, i, "action");
    if ((markAt(doc, i, "useCase")?.to ?? 0) > at || (verb !== undefined && verb.to > at && verb.sense.strength >= strength)) return true;
  }
  return false;
}

/** "edge2 has to stay", but not "the latency has to stay under 5 ms". */
function spares(doc: Doc, part: Part): boolean {
  if (!has(doc, part, "spared")) return false;
  for (let i = part.from; i < part.to; i += 1) {
    if ((markAt(doc, i, "measure")?.sense.measure ?? "other") !== "other" || markAt(doc, i, "direction") !== undefined) return false;
  }
  return true;
}

/** 主辦單位確認會有三萬人, 展場加開兩個舞台: has a verb that is not ours to follow where another part asks. */
function isSideRemark(doc: Text, part: Part): boolean {
  if (!doc.pleads || has(doc, part, "request")) return false;
  const acts = verbsIn(doc, part).some(({ from, sense }) => {
    return sense.strength >= 2 && isUnspaced(doc.tokens[from]?.text ?? "") && !isNegated(doc, from);
  });
  return acts && (isTheirDoing(doc, part) || isReportOfOthers(doc, part));
}

/** What the words of the part make it; `undefined` where it goes with its neighbours. */
export function cueOf(doc: Text, part: Part): Role | undefined {
  if (asks(doc, part, ["head", "request"])) return "request";
  const plan = planOfOthers(doc, part);
  if (plan !== undefined) return takesAwayBehind(doc, plan, part.to) && isOnlyPlanned(doc, plan) ? "background" : "want";
  if (isImperative(doc, part)) return "request";
  const settled = isSettled(doc, part);
  if (asks(doc, part, ["desire"])) {
    if (tells(doc, part) || hasPast(doc, part, 1)) return settled ? "want" : "wish";
    return isForOthers(doc, part) ? "want" : "request";
  }
  if (settled) return "plain";
  if (takesBack(doc, part)) return "constraint";
  if (spares(doc, part)) return "spared";
  if (has(doc, part, "specifies")) return "plain";
  const isException = flagAt(doc, part.from, "except") !== undefined; // 除了正在升級的 edge3: goes with what it is taken from
  if (!isException && tellsPast(doc, part)) return "background";
  return isSideRemark(doc, part) ? "plain" : undefined;
}
