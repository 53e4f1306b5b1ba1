// The numbers that a text writes, in digits or words, each with its place and what its unit measures. Numbers inside the names of slices
// and sites, in tickets, dates, versions, addresses and priorities are none. What a number counts is decided elsewhere.
import type { SiteIndex } from "../sites.ts";
import { type Doc, flagAt, type Span, spanOf } from "./doc.ts";
import { type NumberAt, numberAt } from "./numbers.ts";
import { findPriority } from "./priority.ts";
import { findQuantities, type Quantity } from "./quantities.ts";
import { masked } from "./read.ts";
import { chooseSites } from "./site-choice.ts";

/** "unread": a word follows that no table knows and that may be a unit. "counted": a noun of sites or slices follows. */
export type Measured = Quantity["dimension"] | "unread" | "counted";

export interface WrittenNumber {
  value: number;
  span: Span;
  measured: Measured;
}

const BEFORE_IN_NAME = /(?:^|[^a-z0-9])[a-z]+[-_.]?$/i; // "edge1", "VM-2": a name; "5ms-9ms" is none
const GENERATION = /^[2-6]g(?![a-z])/i; // "5G" alone is a kind of network

function isInName(doc: Doc, { from, to }: NumberAt): boolean {
  if (doc.tokens[from]?.kind !== "number") return false;
  const [start] = spanOf(doc, from, to);
  return BEFORE_IN_NAME.test(doc.folded.slice(0, start)) || GENERATION.test(doc.folded.slice(start));
}

function withoutUnit(doc: Doc, { to }: NumberAt): Measured {
  if (flagAt(doc, to, "siteNoun") !== undefined || flagAt(doc, to, "nameNoun") !== undefined) return "counted";
  const isUnread = doc.tokens[to]?.kind === "word" && !doc.used[to] && (doc.starting[to] ?? []).length === 0;
  return isUnread ? "unread" : "bare";
}

export function numbersIn(text: string, { index, slices }: { index: SiteIndex; slices: ReadonlySet<string> }): WrittenNumber[] {
  const { doc } = masked(text, index, slices);
  chooseSites(doc, index); // claims the tokens of sites, and the next line those of a priority
  findPriority(doc);
  const numbers: NumberAt[] = [];
  for (let at = 0; at < doc.tokens.length; at += 1) {
    const number = numberAt(doc, at);
    if (number !== undefined && !doc.used[at] && !isInName(doc, number)) numbers.push(number);
  }
  const plain = numbers.map((number) => withoutUnit(doc, number)); // quantities claim their units
  const quantities = findQuantities(doc);
  return numbers.map((number, i) => {
    const inside = quantities.find((quantity) => quantity.from <= number.from && number.to <= quantity.to);
    const measured = inside === undefined || inside.dimension === "bare" ? (plain[i] ?? "bare") : inside.dimension;
    return { value: number.value, span: spanOf(doc, number.from, number.to), measured };
  });
}
