// Site names: one index over ids and aliases, and the resolution of every spelling to the id. Not the search for sites in a sentence.
import { NUMERALS } from "./language/chinese/measures.ts";
import { SITE_NOUNS as CHINESE_NOUNS } from "./language/chinese/places.ts";
import { SITE_NOUNS as ENGLISH_NOUNS } from "./language/english/places.ts";
import { fold } from "./language/fold.ts";
import { numeralTable, numeralValue } from "./language/numerals.ts";
import { tokenise } from "./language/tokens.ts";

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
  unspacedNames: readonly string[]; // parts of names in a script that writes without spaces
}

const MAX_REF = 64; // characters; the wire's limit for a site reference
const FIRST_UNSPACED = 0x3000; // East Asian scripts begin here
const NAME = /^(.*?)0*(\d+)$/;

const MAX_KEYS_KEPT = 5_000;
const keys = new Map<string, string>();

/** "Edge-01" → "edge1". The same few spellings come again and again, so their keys are kept. */
export function siteKey(ref: string): string {
  const kept = keys.get(ref);
  if (kept !== undefined) return kept;
  const key = makeKey(ref);
  if (keys.size >= MAX_KEYS_KEPT) keys.clear();
  if (ref.length <= MAX_REF) keys.set(ref, key);
  return key;
}

function makeKey(ref: string): string {
  const squeezed = fold(ref).replaceAll(/[\s_\-#.]/g, "");
  const match = NAME.exec(squeezed);
  return match === null ? squeezed : `${match[1]}${match[2]}`;
}

const indexes = new WeakMap<readonly KnownSite[], { index: SiteIndex; names: readonly string[] }>();

/** Built once for a list of sites; again when the same list has other names in it by now. */
export function indexSites(sites: readonly KnownSite[]): SiteIndex {
  const cached = indexes.get(sites);
  if (cached !== undefined && hasNames(sites, cached.names)) return cached.index;
  const index = buildIndex(sites);
  indexes.set(sites, { index, names: namesOf(sites) });
  return index;
}

/** Ids, each with the number of its aliases and then these: two lists are the same exactly when their names are. */
function namesOf(sites: readonly KnownSite[]): string[] {
  return sites.flatMap((site) => [site.id, String(site.aliases.length), ...site.aliases]);
}

/** Compares in place: this runs for every sentence. */
function hasNames(sites: readonly KnownSite[], names: readonly string[]): boolean {
  let at = 0;
  for (const { id, aliases } of sites) {
    if (names[at] !== id || names[at + 1] !== String(aliases.length)) return false;
    at += 2;
    for (const alias of aliases) {
      if (names[at] !== alias) return false;
      at += 1;
    }
  }
  return at === names.length;
}

function buildIndex(sites: readonly KnownSite[]): SiteIndex {
  const byKey = new Map<string, string>();
  const byNumber = new Map<number, string[]>();
  const stems = new Set<string>();
  const firstWords = new Set<string>();
  const unspacedNames: string[] = [];
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
      unspacedNames.push(...tokens.map((token) => token.text).filter((text) => text.charCodeAt(0) >= FIRST_UNSPACED));
    }
  }
  return { ids: sites.map((site) => site.id), byKey, byNumber, stems, firstWords, longestName, unspacedNames };
}

const squeezed = (nouns: string) => nouns.split(", ").map((noun) => noun.replaceAll(" ", ""));
const NOUNS: ReadonlySet<string> = new Set([...squeezed(ENGLISH_NOUNS), ...squeezed(CHINESE_NOUNS)]);

// "site1", "edgenode2", 站點二, 一號站點, 第3站: a noun and a number, in either order.
const NOUN_FIRST = /^([^\d\p{N}]+?)(\d+)號?$/u;
const NUMBER_FIRST = /^第?(\d+)號?(\D+)$/;

/** The number of a site that is named by a noun and a number; `undefined` for any other key. */
function numberOf(key: string): number | undefined {
  const nounFirst = NOUN_FIRST.exec(key);
  if (nounFirst !== null && NOUNS.has(nounFirst[1] ?? "")) return Number(nounFirst[2]);
  const numberFirst = NUMBER_FIRST.exec(key);
  return numberFirst !== null && NOUNS.has(numberFirst[2] ?? "") ? Number(numberFirst[1]) : undefined;
}

export function lookUp(key: string, index: SiteIndex): string | undefined {
  const exact = index.byKey.get(key);
  if (exact !== undefined) return exact;
  const number = numberOf(key);
  return number === undefined ? undefined : siteByNumber(number, index);
}

/** The site whose id ends in the number; `undefined` when none or more than one does. */
export function siteByNumber(number: number, index: SiteIndex): string | undefined {
  const ids = index.byNumber.get(number);
  return ids?.length === 1 ? ids[0] : undefined;
}

/** 站點二 → 站點2. */
function inDigits(key: string): string {
  const table = numeralTable(NUMERALS);
  return key.replaceAll(new RegExp(`[${Object.keys(NUMERALS.digits).join("")}${Object.keys(NUMERALS.powers).join("")}]+`, "g"), (run) => {
    return String(numeralValue(run, table) ?? run);
  });
}

/** The id of the site that is meant, in any of its spellings; `undefined` for anything that is not registered. */
export function resolveSite(ref: string, sites: readonly KnownSite[]): string | undefined {
  if (ref.length > MAX_REF) return undefined;
  const index = indexSites(sites);
  const key = siteKey(ref.trim());
  return lookUp(key, index) ?? lookUp(inDigits(key), index);
}
