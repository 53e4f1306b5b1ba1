// "All sites" in its forms: everywhere, every site, both of two, four sites of four, the first two sites.
import { type SiteIndex, siteByNumber } from "../sites.ts";
import { type Doc, flagAt, flagEndingAt, flagsOf } from "./doc.ts";
import { numberAt } from "./numbers.ts";

export interface Everywhere {
  from: number;
  to: number;
  ids: readonly string[];
}

export interface EverywhereInput {
  index: SiteIndex;
  named: boolean; // single sites are named, too: then "all" behind a noun sums them up
}

const REACH = 6; // "all of our four edge sites"

/** The noun that a quantifier leads to over plain words, numbers and counters. */
function nounAfter(doc: Doc, from: number): number | undefined {
  for (let i = from; i < from + REACH; i += 1) {
    const noun = flagAt(doc, i, "siteNoun");
    if (doc.used[i]) return undefined;
    if (noun !== undefined) return noun.to;
    const passes = flagAt(doc, i, "filler") ?? flagAt(doc, i, "siteAdjective") ?? flagAt(doc, i, "counter") ?? flagAt(doc, i, "join");
    if (passes === undefined && numberAt(doc, i) === undefined) return undefined;
  }
  return undefined;
}

/** "four sites" where there are four. */
function countOfAll(doc: Doc, { index, named }: EverywhereInput): Everywhere | undefined {
  for (const noun of named ? [] : flagsOf(doc, "siteNoun")) {
    let at = noun.from;
    while (at > noun.from - 3 && (flagEndingAt(doc, at, "counter") ?? flagEndingAt(doc, at, "filler")) !== undefined) at -= 1;
    const number = at > 0 ? numberAt(doc, at - 1) : undefined;
    if (number?.to !== at || doc.used[at - 1]) continue;
    const first = flagEndingAt(doc, number.from, "first");
    if (first !== undefined && number.value > 0 && number.value <= index.ids.length) {
      const numbers = [...index.byNumber.keys()].sort((a, b) => a - b).slice(0, number.value);
      const ids = numbers.map((each) => siteByNumber(each, index)).filter((id) => id !== undefined);
      return { from: first.from, to: noun.to, ids };
    }
    if (number.value === index.ids.length && number.value > 1) return { from: number.from, to: noun.to, ids: index.ids };
  }
  return undefined;
}

export function findEverywhere(doc: Doc, input: EverywhereInput): Everywhere | undefined {
  const { index, named } = input;
  const all = (from: number, to: number): Everywhere => ({ from, to, ids: index.ids });
  const place = flagsOf(doc, "everywhere")[0];
  if (place !== undefined) return all(place.from, place.to);
  for (const quantifier of [...flagsOf(doc, "quantifier"), ...(index.ids.length === 2 ? flagsOf(doc, "bothOf") : [])]) {
    const to = nounAfter(doc, quantifier.to);
    if (to !== undefined) return all(quantifier.from, to);
    if (flagAt(doc, quantifier.to, "but") !== undefined) return all(quantifier.from, quantifier.to);
    const noun = named ? undefined : flagEndingAt(doc, quantifier.from, "siteNoun");
    if (noun !== undefined && !doc.used[noun.from]) return all(noun.from, quantifier.to);
  }
  const everything = flagsOf(doc, "exceptAll")[0];
  return everything === undefined ? countOfAll(doc, input) : all(everything.from, everything.to);
}
