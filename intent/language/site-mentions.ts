// Where sites are named in a sentence: single names, lists ("sites 2 and 4") and ranges ("edge1~edge3"), known or not.
import { lookUp, type SiteIndex, siteByNumber, siteKey } from "../sites.ts";
import { claim, type Doc, flagAt, flagEndingAt, markAt, wordAt } from "./doc.ts";
import { numberAt } from "./numbers.ts";

export interface Mention {
  ids: string[];
  unknown: string[]; // as written, e.g. "edge9"
  from: number;
  to: number;
}

interface Name {
  key: string;
  id: string | undefined;
  stem: string;
  number: number | undefined;
  to: number;
}

const MAX_SITE_NUMBER = 9999; // a larger one is not the number of a site
const BETWEEN_NOUN_AND_NUMBER = new Set(["-", "_", "#", "no", "number", "nr"]);
const RANGE_SIGNS = new Set(["-", "~", "to", "through", "thru", "until"]);
const LIST_SIGNS = new Set([",", "/", "and", "&", "+", "adn", "or", "plus"]);

/** Whether the number at the token belongs to something else: it has a unit, or it counts things. */
function isQuantity(doc: Doc, at: number): boolean {
  const number = numberAt(doc, at);
  if (number === undefined) return false;
  if (number.to > at + 1 || markAt(doc, number.to, "unit") !== undefined) return true;
  if (flagAt(doc, number.to, "nines") !== undefined || flagAt(doc, number.to, "device") !== undefined) return true;
  const range = RANGE_SIGNS.has(wordAt(doc, number.to)) ? numberAt(doc, number.to + 1) : undefined;
  return range !== undefined && markAt(doc, range.to, "unit") !== undefined;
}

/** Whether plain words lead from the number to a device noun ("2 delivery robots"): then it is a count, not a site. */
function countsThings(doc: Doc, at: number): boolean {
  for (let i = at + 1; i <= at + 3; i += 1) {
    if (flagAt(doc, i, "device") !== undefined) return true;
    if (doc.tokens[i]?.kind !== "word" || flagAt(doc, i, "filler") !== undefined) return false;
  }
  return false;
}

function siteNumber(doc: Doc, at: number): number | undefined {
  const token = doc.tokens[at];
  const value = token?.kind === "number" ? token.value : markAt(doc, at, "number")?.sense.value;
  if (value === undefined || !Number.isInteger(value) || value < 0 || value > MAX_SITE_NUMBER || doc.used[at]) return undefined;
  if (token?.text.includes(".") || isQuantity(doc, at) || countsThings(doc, at)) return undefined;
  return value;
}

/** An id or alias as it is registered, over one or more tokens; the longest wins. */
function registeredName(doc: Doc, at: number, index: SiteIndex): Name | undefined {
  const first = doc.tokens[at];
  if (first === undefined || !index.firstWords.has(first.text)) return undefined;
  let best: Name | undefined;
  for (let to = at + 1; to <= at + index.longestName + 1 && to <= doc.tokens.length; to += 1) {
    const last = doc.tokens[to - 1];
    if (last === undefined || doc.used[to - 1]) break;
    if (last.kind === "number" && !last.glued && isQuantity(doc, to - 1)) break;
    if (last.kind === "symbol" && !/[-_#.]/.test(last.text)) break;
    const next = doc.tokens[to];
    if (next?.glued && next.kind !== "symbol" && last.kind === next.kind) continue;
    if (last.kind === "symbol") continue;
    const key = siteKey(doc.folded.slice(first.start, last.end));
    const id = index.byKey.get(key);
    if (id !== undefined) best = { key, id, stem: key.replace(/\d+$/, ""), number: last.kind === "number" ? last.value : undefined, to };
  }
  return best;
}

/** A site noun or the stem of a registered name, and a number: "edge 9", "edge site 2", "vm-7", "site two". */
function numberedName(doc: Doc, at: number, index: SiteIndex): Name | undefined {
  const noun = flagAt(doc, at, "siteNoun");
  const word = wordAt(doc, at);
  const isStem = doc.tokens[at]?.kind === "word" && (index.stems.has(word) || index.stems.has(word.replace(/s$/, "")));
  if (noun === undefined && !isStem) return undefined;
  let i = noun?.to ?? at + 1;
  while (i < at + 5 && BETWEEN_NOUN_AND_NUMBER.has(wordAt(doc, i))) i += 1;
  const number = siteNumber(doc, i);
  if (number === undefined) return undefined;
  const stem = isStem && (noun === undefined || noun.to === at + 1) ? word : "site";
  const name = index.stems.has(stem) ? stem : stem.replace(/s$/, "");
  const key = `${name}${number}`;
  const generic = noun !== undefined;
  return { key, id: lookUp(key, index) ?? (generic ? siteByNumber(number, index) : undefined), stem: name, number, to: i + 1 };
}

function nameAt(doc: Doc, at: number, index: SiteIndex): Name | undefined {
  if (doc.used[at] || doc.tokens[at]?.kind === "symbol") return undefined;
  return registeredName(doc, at, index) ?? numberedName(doc, at, index) ?? excludedNumber(doc, at, index);
}

/** "every site except 2 and 3": right after an exception a bare number is a site. */
function excludedNumber(doc: Doc, at: number, index: SiteIndex): Name | undefined {
  const first = /^(?:for|number|no|the|#)$/.test(wordAt(doc, at - 1)) ? at - 1 : at;
  if (doc.tokens[at]?.kind === "word" || (flagEndingAt(doc, first, "except") ?? flagEndingAt(doc, first, "but")) === undefined)
    return undefined;
  const number = siteNumber(doc, at);
  return number === undefined ? undefined : { key: `site${number}`, id: siteByNumber(number, index), stem: "site", number, to: at + 1 };
}

function add(mention: Mention, id: string | undefined, key: string): void {
  if (id === undefined) mention.unknown.push(key);
  else if (!mention.ids.includes(id)) mention.ids.push(id);
}

/** The sites between two numbers; an end that is not registered is unknown, a gap in the middle is none. */
function addRange(mention: Mention, ends: { first: Name; last: number }, index: SiteIndex): void {
  const low = Math.min(ends.first.number ?? 0, ends.last);
  const high = Math.max(ends.first.number ?? 0, ends.last);
  const numbers = [...index.byNumber.keys()].filter((number) => number > low && number < high).sort((a, b) => a - b);
  const inner = numbers.map((number) => siteByNumber(number, index)).filter((id) => id !== undefined);
  for (const id of inner) add(mention, id, "");
  const key = `${ends.first.stem}${ends.last}`;
  add(mention, lookUp(key, index) ?? siteByNumber(ends.last, index), key);
}

/** After a name: "~edge3", " to edge3", "-3", ", 2", " and 4". Returns where the mention ends now, or `undefined` when it has ended. */
function extend(doc: Doc, mention: Mention, state: { last: Name; index: SiteIndex; plural: boolean }): Name | undefined {
  const { last, index } = state;
  let i = last.to;
  const sign = wordAt(doc, i);
  if (sign === "." && wordAt(doc, i + 1) === ".") i += 1;
  else if (!RANGE_SIGNS.has(sign) && !LIST_SIGNS.has(sign)) return undefined;
  const isRange = i > last.to || RANGE_SIGNS.has(sign);
  i += 1;
  while (LIST_SIGNS.has(wordAt(doc, i)) && !isRange) i += 1; // ", and"
  const named = isRange ? nameAt(doc, i, index) : undefined;
  const number = named?.number ?? siteNumber(doc, i);
  const to = named?.to ?? i + 1;
  if (number === undefined || last.number === undefined) return undefined;
  if (named === undefined && !bareNumberIsSite(doc, i, { state, isRange, number })) return undefined;
  const key = named?.key ?? `${last.stem}${number}`;
  if (isRange) addRange(mention, { first: last, last: number }, index);
  else add(mention, lookUp(key, index) ?? siteByNumber(number, index), key);
  return { key, id: undefined, stem: last.stem, number, to };
}

interface BareNumber {
  state: { index: SiteIndex; plural: boolean };
  isRange: boolean;
  number: number;
}

/** A number without a name of its own is a site in a list that is plainly one; otherwise only when such a site exists. */
function bareNumberIsSite(doc: Doc, at: number, bare: BareNumber): boolean {
  const next = doc.tokens[at + 1];
  const ends = next === undefined || !next.glued || next.kind === "symbol";
  if (!ends) return false;
  const exists = siteByNumber(bare.number, bare.state.index) !== undefined;
  return exists || (bare.state.plural && wordAt(doc, at - 1) !== "to");
}

function mentionAt(doc: Doc, at: number, index: SiteIndex): Mention | undefined {
  const first = nameAt(doc, at, index);
  if (first === undefined) return undefined;
  const mention: Mention = { ids: [], unknown: [], from: at, to: first.to };
  add(mention, first.id, first.key);
  const plural = doc.tokens[at]?.kind === "number" || wordAt(doc, at).endsWith("s") || wordAt(doc, first.to - 2).endsWith("s");
  let last = first;
  for (let next = extend(doc, mention, { last, index, plural }); next !== undefined; next = extend(doc, mention, { last, index, plural })) {
    last = next;
    mention.to = next.to;
  }
  return mention;
}

/** Every mention in the order of the text; its tokens are claimed. */
export function findMentions(doc: Doc, index: SiteIndex): Mention[] {
  const mentions: Mention[] = [];
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const mention = mentionAt(doc, i, index) ?? ordinalMention(doc, i, index);
    if (mention === undefined) continue;
    claim(doc, mention.from, mention.to);
    mentions.push(mention);
    i = mention.to - 1;
  }
  return mentions;
}

/** "the second edge site". */
function ordinalMention(doc: Doc, at: number, index: SiteIndex): Mention | undefined {
  const ordinal = doc.used[at] ? undefined : markAt(doc, at, "ordinal");
  const noun = ordinal === undefined ? undefined : flagAt(doc, ordinal.to, "siteNoun");
  if (ordinal === undefined || noun === undefined) return undefined;
  const mention: Mention = { ids: [], unknown: [], from: at, to: noun.to };
  add(mention, siteByNumber(ordinal.sense.value, index), `site${ordinal.sense.value}`);
  return mention;
}
