// Which of the sites that a sentence names are meant: "all sites", exceptions, corrections, and sites that are only talked about.
import type { SiteIndex } from "../sites.ts";
import { afterCorrection, claim, type Doc, flagAt, flagEndingAt, flagsOf, type Span, spanOf, wordAt } from "./doc.ts";
import { findMentions, type Mention } from "./site-mentions.ts";

export interface SiteChoice {
  ids: string[];
  unknown: string[]; // named as targets, but not registered
  warnings: string[];
  span: Span | undefined;
}

interface Everywhere {
  from: number;
  to: number;
}

const QUANTIFIER_REACH = 5; // "all of our four edge sites"
const EXCEPT_REACH = 4; // "except for the one at edge3"

/** "everywhere", "all (of our four) sites", "all but …", "both sites" where there are two. */
function findEverywhere(doc: Doc, index: SiteIndex): Everywhere | undefined {
  const place = flagsOf(doc, "everywhere")[0];
  if (place !== undefined) return place;
  for (const quantifier of [...flagsOf(doc, "quantifier"), ...(index.ids.length === 2 ? flagsOf(doc, "bothOf") : [])]) {
    for (let i = quantifier.to; i < quantifier.to + QUANTIFIER_REACH; i += 1) {
      const noun = flagAt(doc, i, "siteNoun");
      if (noun !== undefined && !doc.used[i]) return { from: quantifier.from, to: noun.to };
      const word = wordAt(doc, i);
      if (
        doc.used[i] ||
        !(flagAt(doc, i, "filler") || /^(?:\d+|two|three|four|five|six|seven|eight|registered|available|known|other)$/.test(word))
      )
        break;
    }
    if (flagAt(doc, quantifier.to, "but") !== undefined) return { from: quantifier.from, to: quantifier.to };
  }
  const everything = flagsOf(doc, "except").find((mark) => /^(?:all|everything)$/.test(wordAt(doc, mark.from)));
  return everything === undefined ? undefined : { from: everything.from, to: everything.from + 1 };
}

/** Looks back from a mention over plain words and sites that are excluded with it, for "except", "not" or "instead of". */
function exclusionBefore(
  doc: Doc,
  mention: Mention,
  previous: { to: number; excluded: boolean } | undefined,
): "except" | "not" | undefined {
  for (let i = mention.from - 1, steps = 0; i >= 0 && steps < EXCEPT_REACH; i -= 1, steps += 1) {
    if (flagEndingAt(doc, i + 1, "except") !== undefined) return "except";
    if (flagEndingAt(doc, i + 1, "not") !== undefined || flagEndingAt(doc, i + 1, "instead") !== undefined) return "not";
    if (previous !== undefined && previous.to === i + 1) return previous.excluded ? "except" : undefined;
    const but = flagAt(doc, i, "but");
    if (but !== undefined) return i > 0 && followsEverywhere(doc, i) ? "except" : undefined;
    const word = wordAt(doc, i);
    const plain =
      flagAt(doc, i, "filler") || flagAt(doc, i, "join") || flagAt(doc, i, "siteNoun") || word === "," || word === "or" || word === "one";
    if (!plain || (word === "," && !previous?.excluded)) return undefined;
  }
  return undefined;
}

/** "all sites but", "everywhere but", "all but": the "but" excludes; after anything else it only turns the sentence. */
function followsEverywhere(doc: Doc, but: number): boolean {
  return (
    flagEndingAt(doc, but, "siteNoun") !== undefined ||
    flagEndingAt(doc, but, "everywhere") !== undefined ||
    flagEndingAt(doc, but, "quantifier") !== undefined
  );
}

/** "edge1 is already full, so …": the sentence says something about the site and does not address it. */
function isTalkedAbout(doc: Doc, mention: Mention): boolean {
  return flagAt(doc, mention.to, "copula") !== undefined;
}

export function chooseSites(doc: Doc, index: SiteIndex): SiteChoice {
  const mentions = findMentions(doc, index);
  const everywhere = findEverywhere(doc, index);
  if (everywhere !== undefined) claim(doc, everywhere.from, everywhere.to);

  const excluded: Mention[] = [];
  const included: Mention[] = [];
  let byExcept = false;
  let previous: { to: number; excluded: boolean } | undefined;
  for (const mention of mentions) {
    const exclusion = exclusionBefore(doc, mention, previous);
    (exclusion === undefined ? included : excluded).push(mention);
    byExcept ||= exclusion === "except";
    previous = { to: mention.to, excluded: exclusion !== undefined };
  }

  const warnings = excluded.flatMap((mention) => mention.unknown).map((name) => `${name} is excluded, but is not a registered site.`);
  const named = afterCorrection(doc, included);
  if (named.length < included.length) warnings.push(`The text corrects itself; only ${listOf(named)} is taken as target.`);
  const addressed = named.filter((mention) => !isTalkedAbout(doc, mention));
  const targets = addressed.length > 0 ? addressed : named;
  const left = named.filter((mention) => !targets.includes(mention));
  if (left.length > 0) warnings.push(`${listOf(left)} is only talked about and not taken as a target.`);

  const useAll = everywhere !== undefined || (byExcept && targets.length === 0);
  const base = useAll ? index.ids : [...new Set(targets.flatMap((mention) => mention.ids))];
  const minus = new Set(excluded.flatMap((mention) => mention.ids));
  const first = Math.min(
    everywhere?.from ?? Infinity,
    ...targets.map((mention) => mention.from),
    ...(useAll ? excluded.map((m) => m.from) : []),
  );
  const last = Math.max(everywhere?.to ?? 0, ...targets.map((mention) => mention.to), ...(useAll ? excluded.map((m) => m.to) : []));
  return {
    ids: base.filter((id) => !minus.has(id)),
    unknown: [...new Set([...targets.flatMap((mention) => mention.unknown), ...(useAll ? unreadExceptions(doc, excluded) : [])])],
    warnings,
    span: last > 0 && Number.isFinite(first) ? spanOf(doc, first, last) : undefined,
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
