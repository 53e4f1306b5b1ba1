// Which of the sites that a sentence names are meant: "all sites", exceptions, corrections, and sites that are only talked about.
import type { SiteIndex } from "../sites.ts";
import { afterCorrection, claim, type Doc, flagAt, flagEndingAt, flagsOf, markAt, type Span, spanOf, wordAt } from "./doc.ts";
import { findEverywhere } from "./everywhere.ts";
import { isNegated, isNegatedBehind } from "./negation.ts";
import { findMentions, type Mention } from "./site-mentions.ts";

export interface SiteChoice {
  ids: string[];
  unknown: string[]; // named as targets, but not registered
  warnings: string[];
  everywhere: boolean; // all sites are meant, with or without exceptions
  span: Span | undefined;
}

type Exclusion = "except" | "not" | "like" | "negated";

const EXCEPT_REACH = 4; // "except for the one at edge3"
const CLAUSE_REACH = 30; // tokens between a verb and its site; a longer clause is no sentence

interface Previous {
  to: number;
  exclusion: Exclusion | undefined;
}

/** Looks back from a mention over plain words and sites that are excluded with it, for "except", "not" or "instead of". */
function exclusionBefore(doc: Doc, mention: Mention, previous: Previous | undefined): Exclusion | undefined {
  for (let i = mention.from - 1, steps = 0; i >= 0 && steps < EXCEPT_REACH; i -= 1, steps += 1) {
    if (flagEndingAt(doc, i + 1, "except") !== undefined || flagEndingAt(doc, i + 1, "exceptAll") !== undefined) return "except";
    if (flagEndingAt(doc, i + 1, "instead") !== undefined) return "like";
    if (isKeptOut(doc, i, { mention, previous })) return "not";
    if (previous !== undefined && previous.to === i + 1) return previous.exclusion;
    if (flagAt(doc, i, "but") !== undefined) return followsEverywhere(doc, i) ? "except" : undefined;
    const isComma = wordAt(doc, i) === ",";
    const plain = isComma || flagAt(doc, i, "filler") || flagAt(doc, i, "join") || flagAt(doc, i, "siteNoun");
    const goesOn = previous?.exclusion !== undefined && previous.exclusion !== "like" && steps === 0; // "except edge1, edge2"
    if (!plain || (isComma && !goesOn && flagAt(doc, i + 1, "join") === undefined)) return undefined;
  }
  return undefined;
}

/** "not edge3", "do not touch edge3", "leave edge3 alone", and "keep edge3" behind another site. */
function isKeptOut(doc: Doc, at: number, { mention, previous }: { mention: Mention; previous: Previous | undefined }): boolean {
  if (flagEndingAt(doc, at + 1, "leaveAlone") !== undefined || flagEndingAt(doc, at + 1, "not") !== undefined) return true;
  if (isUnread(doc, at) && flagEndingAt(doc, at, "not") !== undefined) return true; // 千萬不要碰 edge3: whatever it is, not there
  const closes = previous !== undefined || flagAt(doc, mention.to, "untouched") !== undefined;
  return closes && flagEndingAt(doc, at + 1, "keep") !== undefined;
}

function isUnread(doc: Doc, at: number): boolean {
  return (
    doc.tokens[at]?.kind === "word" && !doc.used[at] && (doc.starting[at] ?? []).length === 0 && (doc.ending[at + 1] ?? []).length === 0
  );
}

/** "edge2 除外", "edge1 不用": the exception stands behind the site, or behind the list that the site is in. */
function exclusionBehind(doc: Doc, mention: Mention): Exclusion | undefined {
  let at = mention.to;
  while (flagAt(doc, at, "filler") !== undefined || flagAt(doc, at, "siteNoun") !== undefined) at += 1;
  if (flagAt(doc, at, "exceptBehind") !== undefined) return "except";
  const not = flagAt(doc, at, "notBehind");
  if (not === undefined) return undefined;
  const next = doc.tokens[not.to];
  const closes =
    next === undefined || next.clause !== doc.tokens[at]?.clause || next.kind === "symbol" || flagAt(doc, not.to, "filler") !== undefined;
  return closes ? "not" : undefined;
}

/** "all sites but", "everywhere but", "all but": the "but" excludes; after anything else it only turns the sentence. */
function followsEverywhere(doc: Doc, but: number): boolean {
  return (
    flagEndingAt(doc, but, "siteNoun") !== undefined ||
    flagEndingAt(doc, but, "everywhere") !== undefined ||
    flagEndingAt(doc, but, "quantifier") !== undefined
  );
}

/** "don't delete the slice on edge1": the nearest verb of the clause is taken back, and with it the site. A verb of no order of ours spares it: 千萬不要碰 edge3. */
function negatedClause(doc: Doc, mention: Mention): Exclusion | undefined {
  const clause = doc.tokens[mention.from]?.clause;
  for (let i = mention.from - 1; i >= mention.from - CLAUSE_REACH && doc.tokens[i]?.clause === clause; i -= 1) {
    if (flagAt(doc, i, "but") !== undefined || flagAt(doc, i, "clauseBreak") !== undefined) return undefined;
    const ours = markAt(doc, i, "action") !== undefined;
    if (doc.used[i] || !(ours || flagAt(doc, i, "otherVerb") !== undefined)) continue;
    if (!isNegated(doc, i)) return undefined;
    return ours ? "negated" : "not";
  }
  return isNegatedBehind(doc, mention.to) ? "negated" : undefined;
}

interface Sorted {
  included: Mention[];
  excluded: Mention[];
  byExcept: boolean;
}

function sortMentions(doc: Doc, mentions: readonly Mention[], everywhere: boolean): Sorted {
  const exclusions: (Exclusion | undefined)[] = [];
  let previous: Previous | undefined;
  for (const mention of mentions) {
    const exclusion = exclusionBefore(doc, mention, previous) ?? exclusionBehind(doc, mention) ?? negatedClause(doc, mention);
    exclusions.push(exclusion);
    previous = { to: mention.to, exclusion };
  }
  for (let i = mentions.length - 2; i >= 0; i -= 1) {
    const [mention, next] = [mentions[i], mentions[i + 1]]; // "edge1 跟 edge2 除外" excepts both
    const joined =
      mention !== undefined && next !== undefined && mention.to + 1 === next.from && flagAt(doc, mention.to, "join") !== undefined;
    if (joined && exclusionBehind(doc, next) !== undefined) exclusions[i] = exclusions[i + 1];
  }
  const of = (wanted: (exclusion: Exclusion | undefined) => boolean) => mentions.filter((_, i) => wanted(exclusions[i]));
  const included = of((exclusion) => exclusion === undefined);
  const byExcept = exclusions.includes("except");
  if (included.length > 0 || byExcept || everywhere) return { included, excluded: of((exclusion) => exclusion !== undefined), byExcept };
  // Nothing else is named: "don't delete anything on edge1, only check it" is about edge1.
  const spokenOf = of((exclusion) => exclusion === "negated");
  return { included: spokenOf, excluded: of((exclusion) => exclusion !== undefined && exclusion !== "negated"), byExcept };
}

function isSpared(doc: Doc, to: number): boolean {
  const after = flagAt(doc, to, "quantifier") === undefined ? to : to + 1;
  return isNegatedBehind(doc, to) || flagAt(doc, after, "notBehind") !== undefined;
}

export function chooseSites(doc: Doc, index: SiteIndex): SiteChoice {
  const mentions = findMentions(doc, index);
  const named = mentions.length > 0;
  const beside = findEverywhere(doc, { index, named });
  const { included, excluded, byExcept } = sortMentions(doc, mentions, beside !== undefined);
  const found = named === included.length > 0 ? beside : findEverywhere(doc, { index, named: false });
  const spared = found !== undefined && included.length > 0 && isSpared(doc, found.to); // 全部站點都不要動，只有 edge2
  const everywhere = spared ? undefined : found;
  if (everywhere !== undefined) claim(doc, everywhere.from, everywhere.to);

  const warnings = excluded.flatMap((mention) => mention.unknown).map((name) => `${name} is excluded, but is not a registered site.`);
  const targets = afterCorrection(doc, included);
  if (targets.length < included.length) warnings.push(`The text corrects itself; only ${listOf(targets)} is taken as target.`);
  const useAll = everywhere !== undefined || (byExcept && targets.length === 0);
  const base = everywhere?.ids ?? (useAll ? index.ids : [...new Set(targets.flatMap((mention) => mention.ids))]);
  const minus = new Set(excluded.flatMap((mention) => mention.ids));
  const shown = [...targets, ...(useAll ? excluded : []), ...(everywhere === undefined ? [] : [everywhere])];
  return {
    ids: base.filter((id) => !minus.has(id)),
    unknown: [...new Set([...targets.flatMap((mention) => mention.unknown), ...(useAll ? unreadExceptions(doc, excluded) : [])])],
    warnings,
    everywhere: useAll,
    span: shown.length === 0 ? undefined : spanOf(doc, Math.min(...shown.map(({ from }) => from)), Math.max(...shown.map(({ to }) => to))),
  };
}

/** "all sites except the Taipei one": an exception that names no site that is known must be asked for, not passed over. */
function unreadExceptions(doc: Doc, excluded: readonly Mention[]): string[] {
  if (excluded.length > 0) return [];
  const except = flagsOf(doc, "except").find((mark) => doc.tokens[mark.to]?.kind === "word");
  if (except === undefined) return [];
  const [start] = spanOf(doc, except.to, except.to + 1);
  const [, end] = spanOf(doc, except.to, Math.min(except.to + 2, doc.tokens.length));
  return [doc.text.slice(start, end)];
}

function listOf(mentions: readonly Mention[]): string {
  return [...new Set(mentions.flatMap((mention) => [...mention.ids, ...mention.unknown]))].join(", ");
}
