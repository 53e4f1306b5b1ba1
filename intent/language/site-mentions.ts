// Where sites are named in a sentence: single names, lists ("sites 2 and 4") and ranges ("edge1~edge3"), known or not.
import { lookUp, type SiteIndex, siteByNumber } from "../sites.ts";
import { allOf, claim, type Doc, wordAt } from "./doc.ts";
import { isListSign, isRangeSign, nameAt, numbersBeforeNoun, numberTail, type SiteName, siteNumber } from "./site-names.ts";

export interface Mention {
  ids: string[];
  unknown: string[]; // as written, e.g. "edge9"
  from: number;
  to: number;
}

function add(mention: Mention, id: string | undefined, key: string): void {
  if (id === undefined) mention.unknown.push(key);
  else if (!mention.ids.includes(id)) mention.ids.push(id);
}

/** The sites between two numbers; an end that is not registered is unknown, a gap in the middle is none. */
function addRange(mention: Mention, ends: { stem: string; first: number; last: number }, index: SiteIndex): void {
  const low = Math.min(ends.first, ends.last);
  const high = Math.max(ends.first, ends.last);
  const numbers = [...index.byNumber.keys()].filter((number) => number > low && number < high).sort((a, b) => a - b);
  for (const id of numbers.map((number) => siteByNumber(number, index))) if (id !== undefined) add(mention, id, "");
  const key = `${ends.stem}${ends.last}`;
  add(mention, lookUp(key, index) ?? siteByNumber(ends.last, index), key);
}

interface Extension {
  last: SiteName;
  index: SiteIndex;
  plural: boolean;
}

/** After a name: "~edge3", " to edge3", "-3", ", 2", " and 4". Returns where the mention ends now, or `undefined` when it has ended. */
function extend(doc: Doc, mention: Mention, { last, index, plural }: Extension): SiteName | undefined {
  let i = last.to;
  const dots = wordAt(doc, i) === "." && wordAt(doc, i + 1) === ".";
  const isRange = dots || isRangeSign(doc, i);
  if (!isRange && !isListSign(doc, i)) return undefined;
  const afterRangeWord = isRange && doc.tokens[i]?.kind === "word";
  i += dots ? 2 : 1;
  while (!isRange && isListSign(doc, i)) i += 1; // ", and"
  const named = isRange ? nameAt(doc, i, index) : undefined;
  const number = named?.number ?? siteNumber(doc, i);
  if (number === undefined || (isRange && last.number === undefined)) return undefined;
  const exists = siteByNumber(number, index) !== undefined;
  if (named === undefined && !(endsHere(doc, i) && (exists || (plural && !afterRangeWord)))) return undefined;
  const key = named?.key ?? `${last.stem}${number}`;
  if (isRange) addRange(mention, { stem: last.stem, first: last.number ?? number, last: number }, index);
  else add(mention, lookUp(key, index) ?? siteByNumber(number, index), key);
  return { ...last, key, id: undefined, number, to: named?.to ?? numberTail(doc, i + 1) };
}

/** A number without a name of its own is no site when something is glued to it: "edge1, 5g". */
function endsHere(doc: Doc, at: number): boolean {
  const next = doc.tokens[at + 1];
  const latin = next?.kind === "word" && /^[a-z]/.test(next.text);
  return !(next?.glued && latin);
}

function mentionAt(doc: Doc, at: number, index: SiteIndex): Mention | undefined {
  const first = nameAt(doc, at, index);
  if (first === undefined) return undefined;
  const mention: Mention = { ids: [], unknown: [], from: at, to: first.to };
  add(mention, first.id, first.key);
  const about = { index, plural: first.plural };
  for (
    let next = extend(doc, mention, { ...about, last: first });
    next !== undefined;
    next = extend(doc, mention, { ...about, last: next })
  ) {
    mention.to = next.to;
  }
  return mention;
}

/** The numbers before a noun: "the second edge site", 一、三號站點. */
function numbersMention(doc: Doc, at: number, index: SiteIndex): Mention | undefined {
  const list = numbersBeforeNoun(doc, at);
  if (list === undefined) return undefined;
  const mention: Mention = { ids: [], unknown: [], from: at, to: list.to };
  let previous: number | undefined;
  for (const { value, isRangeEnd } of list.numbers) {
    if (isRangeEnd && previous !== undefined) addRange(mention, { stem: "site", first: previous, last: value }, index);
    else add(mention, siteByNumber(value, index), `site${value}`);
    previous = value;
  }
  return mention;
}

/** Every mention in the order of the text; its tokens are claimed. */
export function findMentions(doc: Doc, index: SiteIndex): Mention[] {
  const mentions: Mention[] = [];
  const hasNoun = allOf(doc, "siteNoun").length > 0;
  for (let i = 0; i < doc.tokens.length; i += 1) {
    const mention = mentionAt(doc, i, index) ?? (hasNoun ? numbersMention(doc, i, index) : undefined);
    if (mention === undefined) continue;
    claim(doc, mention.from, mention.to);
    mentions.push(mention);
    i = mention.to - 1;
  }
  return mentions;
}
