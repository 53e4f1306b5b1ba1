// The name of one site at a place in a sentence: as registered, a noun with a number ("edge 9", 站點二), or a number with a noun (3號站).
import { lookUp, type SiteIndex, siteByNumber, siteKey } from "../sites.ts";
import { type Doc, flagAt, flagEndingAt, markAt, wordAt } from "./doc.ts";
import { isUnspaced } from "./lexicon.ts";
import { numberAt } from "./numbers.ts";

export interface SiteName {
  key: string;
  id: string | undefined;
  stem: string;
  number: number | undefined;
  plural: boolean; // the noun says that more numbers follow
  to: number;
}

const MAX_SITE_NUMBER = 9999; // a larger one is not the number of a site
const GENERIC = "site"; // the stem of a name that only has a noun
const NOUN_REACH = 5; // tokens between a noun and its number

export function isRangeSign(doc: Doc, at: number): boolean {
  const word = wordAt(doc, at);
  return word === "-" || word === "~" || flagAt(doc, at, "to") !== undefined;
}

export function isListSign(doc: Doc, at: number): boolean {
  const word = wordAt(doc, at);
  return word === "," || word === "/" || flagAt(doc, at, "join") !== undefined;
}

function belongsToUnit(doc: Doc, at: number): boolean {
  const next = wordAt(doc, at) === "-" ? at + 1 : at; // 200-Mbps
  const takes = markAt(doc, next, "unit") ?? flagAt(doc, next, "nines") ?? flagAt(doc, next, "device");
  return takes !== undefined || flagAt(doc, next, "counter") !== undefined || flagAt(doc, next, "thingCounter") !== undefined;
}

/** Whether the number at the token belongs to something else: it has a unit, or it counts things. */
function isQuantity(doc: Doc, at: number): boolean {
  const number = numberAt(doc, at);
  if (number === undefined) return false;
  if (number.to > at + 1 || belongsToUnit(doc, number.to)) return true;
  const pair = wordAt(doc, number.to) === "/" ? numberAt(doc, number.to + 1) : undefined;
  if (pair !== undefined && markAt(doc, pair.to, "unit")?.sense.unit.dimension === "bandwidth") return true; // 750/150 Mbps
  const named = flagEndingAt(doc, at, "siteNoun") !== undefined && doc.tokens[number.to]?.kind === "word"; // raise edge two to 50 Mbps
  const range = isRangeSign(doc, number.to) && !named ? numberAt(doc, number.to + 1) : undefined;
  return range !== undefined && belongsToUnit(doc, range.to);
}

/** Whether plain words lead from the number to what is counted ("2 delivery robots", "2 eMBB slices"): then it is a count, not a site. */
function countsThings(doc: Doc, at: number): boolean {
  for (let i = at + 1; i <= at + 3; i += 1) {
    if (flagAt(doc, i, "device") !== undefined || flagAt(doc, i, "sliceNoun")?.inflected) return true;
    if (doc.tokens[i]?.kind !== "word" || flagAt(doc, i, "filler") !== undefined) return false;
    if (flagAt(doc, i, "exceptBehind") !== undefined) return false; // 邊緣3以外的節點
  }
  return false;
}

function plainNumber(doc: Doc, at: number): number | undefined {
  const token = doc.tokens[at];
  const value = token?.kind === "number" ? token.value : markAt(doc, at, "number")?.sense.value;
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > MAX_SITE_NUMBER || doc.used[at]) return undefined;
  return token?.text.includes(".") ? undefined : value;
}

export function siteNumber(doc: Doc, at: number): number | undefined {
  const value = plainNumber(doc, at);
  return value === undefined || isQuantity(doc, at) || countsThings(doc, at) ? undefined : value;
}

/** Behind a number the counter of sites ("三號") and its noun ("3號站點") belong to the name. */
export function numberTail(doc: Doc, to: number): number {
  const counter = flagAt(doc, to, "siteCounter");
  if (counter === undefined) return to;
  const noun = doc.used[counter.to] ? undefined : flagAt(doc, counter.to, "siteNoun");
  return noun?.to ?? counter.to;
}

/** An id or alias as it is registered, over one or more tokens; the longest wins. */
function registeredName(doc: Doc, at: number, index: SiteIndex): SiteName | undefined {
  const first = doc.tokens[at];
  if (first === undefined || !index.firstWords.has(first.text)) return undefined;
  let best: SiteName | undefined;
  for (let to = at + 1; to <= at + index.longestName + 1 && to <= doc.tokens.length; to += 1) {
    const last = doc.tokens[to - 1];
    if (last === undefined || doc.used[to - 1]) break;
    if (last.kind === "number" && !last.glued && isQuantity(doc, to - 1)) break;
    if (last.kind === "symbol" && !/[-_#.]/.test(last.text)) break;
    const next = doc.tokens[to];
    const goesOn = next?.glued && next.kind !== "symbol" && last.kind === next.kind && !isUnspaced(last.text);
    if (last.kind === "symbol" || goesOn) continue;
    const key = siteKey(doc.folded.slice(first.start, last.end));
    const id = index.byKey.get(key);
    if (id === undefined) continue;
    const number = last.kind === "number" ? last.value : undefined;
    best = { key, id, stem: key.replace(/\d+$/, ""), number, plural: false, to: numberTail(doc, to) };
  }
  return best;
}

/** The stem of a registered name, also in the plural: "vms 2 and 4". */
function stemIn(index: SiteIndex, word: string, doc: Doc): string | undefined {
  if (index.stems.has(word)) return word;
  for (const stem of index.stems) {
    if (word.startsWith(stem) && doc.lexicon.stems.some((of) => of(word) === stem)) return stem;
  }
  return undefined;
}

/** A site noun or the stem of a registered name, and a number: "edge 9", "edge site 2", "vm-7", "site two", 站點二. */
function numberedName(doc: Doc, at: number, index: SiteIndex): SiteName | undefined {
  const noun = flagAt(doc, at, "siteNoun");
  const word = wordAt(doc, at);
  const stemmed = stemIn(index, word, doc);
  if (noun === undefined && stemmed === undefined) return undefined;
  let i = noun?.to ?? at + 1;
  while (
    i < at + NOUN_REACH &&
    i < doc.tokens.length &&
    (/^[-_#([{:=]$/.test(wordAt(doc, i)) || flagAt(doc, i, "numberWord") !== undefined)
  )
    i += 1;
  const number = siteNumber(doc, i);
  if (number === undefined) return undefined;
  const name = stemmed !== undefined && (noun === undefined || noun.to === at + 1) ? stemmed : GENERIC;
  const key = `${name}${number}`;
  const id = lookUp(key, index) ?? (noun === undefined ? undefined : siteByNumber(number, index));
  const plural = noun?.inflected === true || (stemmed !== undefined && stemmed !== word) || !/[a-z]/.test(word);
  return { key, id, stem: name, number, plural, to: numberTail(doc, i + 1) };
}

/** "every site except 2 and 3": right after an exception a bare number is a site. */
function excludedNumber(doc: Doc, at: number, index: SiteIndex): SiteName | undefined {
  const ordinal = markAt(doc, at, "ordinal")?.sense.value; // "all but the third one"
  if (doc.tokens[at]?.kind !== "number" && ordinal === undefined) return undefined;
  const before = wordAt(doc, at - 1);
  const skips = before === "#" || flagAt(doc, at - 1, "filler") !== undefined || flagAt(doc, at - 1, "numberWord") !== undefined;
  const first = skips ? at - 1 : at;
  const excepts = flagEndingAt(doc, first, "except") ?? flagEndingAt(doc, first, "exceptAll") ?? flagEndingAt(doc, first, "but");
  const number = excepts === undefined ? undefined : (ordinal ?? siteNumber(doc, at));
  if (number === undefined) return undefined;
  return { key: `${GENERIC}${number}`, id: siteByNumber(number, index), stem: GENERIC, number, plural: true, to: numberTail(doc, at + 1) };
}

export function nameAt(doc: Doc, at: number, index: SiteIndex): SiteName | undefined {
  if (doc.used[at] || doc.tokens[at]?.kind === "symbol") return undefined;
  return registeredName(doc, at, index) ?? numberedName(doc, at, index) ?? excludedNumber(doc, at, index);
}

export interface NumberFirst {
  numbers: { value: number; isRangeEnd: boolean }[];
  to: number;
}

interface Ordered {
  value: number;
  to: number;
  says: boolean; // 第三, third, 三號: not merely a count of sites
}

function orderedAt(doc: Doc, at: number): Ordered | undefined {
  if (doc.used[at] || (doc.tokens[at]?.kind !== "number" && doc.starting[at] === undefined)) return undefined;
  const ordinal = markAt(doc, at, "ordinal");
  if (ordinal !== undefined) return { value: ordinal.sense.value, to: ordinal.to, says: true };
  const word = flagAt(doc, at, "numberWord");
  const i = word?.to ?? at;
  const value = plainNumber(doc, i);
  if (value === undefined) return undefined;
  const counter = flagAt(doc, i + 1, "siteCounter") ?? (word === undefined ? undefined : flagAt(doc, i + 1, "counter")); // 三號, 第三個
  return { value, to: counter?.to ?? i + 1, says: word !== undefined || counter !== undefined };
}

const LONGEST_LIST = 8; // numbers before one noun

/** "the first and third sites", 一、三、四號站, 1到3號站點, 第三站: the numbers come before the noun. */
export function numbersBeforeNoun(doc: Doc, at: number): NumberFirst | undefined {
  const numbers: NumberFirst["numbers"] = [];
  let says = false;
  let isRangeEnd = false;
  for (let i = at; numbers.length < LONGEST_LIST; ) {
    const ordered = orderedAt(doc, i);
    if (ordered === undefined) return undefined;
    numbers.push({ value: ordered.value, isRangeEnd });
    says ||= ordered.says;
    i = ordered.to;
    const noun = flagAt(doc, i, "siteNoun");
    if (noun !== undefined) return says && !doc.used[i] ? { numbers, to: noun.to } : undefined;
    isRangeEnd = isRangeSign(doc, i);
    if (!isRangeEnd && !isListSign(doc, i)) return undefined;
    while (isListSign(doc, i) || (isRangeEnd && isRangeSign(doc, i))) i += 1;
  }
  return undefined;
}
