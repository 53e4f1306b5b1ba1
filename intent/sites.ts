// Site names: one index over ids and aliases, and the resolution of every spelling to the id. Not the search for sites in a sentence.
import { fold, tokenise } from "./language/tokens.ts";

export interface KnownSite {
  id: string;
  aliases: readonly string[];
}

export interface SiteIndex {
  ids: readonly string[]; // in the order of registration
  byKey: ReadonlyMap<string, string>; // id or alias without case, separators and leading zeros
  byNumber: ReadonlyMap<number, readonly string[]>; // the number an id ends in
  stems: ReadonlySet<string>; // what stands before the number in names: edge, vm
  firstWords: ReadonlySet<string>; // quick refusal while scanning a text
  longestName: number; // in tokens
}

const MAX_REF = 64; // characters; the wire's limit for a site reference
const NAME = /^(.*?)0*(\d+)$/;

/** "Edge-01" → "edge1". */
export function siteKey(ref: string): string {
  const squeezed = fold(ref).replaceAll(/[\s_\-#.]/g, "");
  const match = NAME.exec(squeezed);
  return match === null ? squeezed : `${match[1]}${match[2]}`;
}

export function indexSites(sites: readonly KnownSite[]): SiteIndex {
  const byKey = new Map<string, string>();
  const byNumber = new Map<number, string[]>();
  const stems = new Set<string>();
  const firstWords = new Set<string>();
  let longestName = 1;
  for (const site of sites) {
    const number = NAME.exec(siteKey(site.id))?.[2];
    if (number !== undefined) byNumber.set(Number(number), [...(byNumber.get(Number(number)) ?? []), site.id]);
  }
  for (const site of sites) {
    for (const name of [site.id, ...site.aliases]) {
      const key = siteKey(name);
      if (key === "") continue;
      if (!byKey.has(key) || name === site.id) byKey.set(key, site.id);
      const stem = NAME.exec(key)?.[1];
      if (stem !== undefined && stem !== "") stems.add(stem);
      const tokens = tokenise(fold(name));
      firstWords.add(tokens[0]?.text ?? "");
      longestName = Math.max(longestName, tokens.length);
    }
  }
  return { ids: sites.map((site) => site.id), byKey, byNumber, stems, firstWords, longestName };
}

// "site 1", "edge site 1", "edge node 1": the number alone tells which.
const NUMBERED = /^(?:edgesite|siteedge|edgenode|edgelocation|edgecloud|edge|site|node|location)(\d+)$/;

export function lookUp(key: string, index: SiteIndex): string | undefined {
  const exact = index.byKey.get(key);
  if (exact !== undefined) return exact;
  const match = NUMBERED.exec(key);
  return match === null ? undefined : siteByNumber(Number(match[1]), index);
}

/** The site whose id ends in the number; `undefined` when none or more than one does. */
export function siteByNumber(number: number, index: SiteIndex): string | undefined {
  const ids = index.byNumber.get(number);
  return ids?.length === 1 ? ids[0] : undefined;
}

/** The id of the site that is meant, in any of its spellings; `undefined` for anything that is not registered. */
export function resolveSite(ref: string, sites: readonly KnownSite[]): string | undefined {
  if (ref.length > MAX_REF) return undefined;
  return lookUp(siteKey(ref.trim()), indexSites(sites));
}
