// Two providers on the same sentences: who is right more often, where they disagree, and what each of them took. Pure.
import { percentile } from "../bench/stats.ts";
import type { CorpusEntry } from "./corpus.ts";
import type { Known, Measured } from "./measure.ts";
import { percent, shown } from "./print.ts";
import { type Field, isSame, type Miss, missesOf } from "./score.ts";
import { type Share, tally } from "./tally.ts";

export interface Disagreement {
  id: string;
  text: string;
  /** Where one of them has it and the other has not, or both have it wrong in different ways. */
  fields: { field: Field; wanted: unknown; got: [unknown, unknown] }[];
}

export interface Comparison {
  providers: [string, string];
  whole: [Share, Share];
  fields: { name: string; shares: [Share | null, Share | null] }[];
  disagreements: Disagreement[];
}

function gotOf(field: Field, misses: readonly Miss[], entry: CorpusEntry): unknown {
  const miss = misses.find((one) => one.field === field);
  return miss === undefined ? entry.expected[field] : miss.got;
}

export function compare(one: Measured, other: Measured): Comparison {
  const [first, second] = [tally(one.scored), tally(other.scored)];
  const names = [...new Set([...first.fields, ...second.fields].map(({ name }) => name))];
  const disagreements = one.scored.flatMap(({ entry, got }, index) => {
    const sides = [missesOf(entry.expected, got), missesOf(entry.expected, other.scored[index]?.got ?? null)] as const;
    const wrong = [...new Set(sides.flat().map(({ field }) => field))];
    const fields = wrong.flatMap((field) => {
      const [left, right] = [gotOf(field, sides[0], entry), gotOf(field, sides[1], entry)];
      const got: [unknown, unknown] = [left, right];
      return isSame(left, right) ? [] : [{ field, wanted: entry.expected[field], got }];
    });
    return fields.length === 0 ? [] : [{ id: entry.id, text: entry.text, fields }];
  });
  const shareOf = (shares: readonly Share[], name: string) => shares.find((share) => share.name === name) ?? null;
  return {
    providers: [one.provider, other.provider],
    whole: [first.whole, second.whole],
    fields: names.map((name) => ({ name, shares: [shareOf(first.fields, name), shareOf(second.fields, name)] })),
    disagreements,
  };
}

function known({ sum, unknown }: Known, calls: number, digits: number): string {
  if (unknown === calls) return "unknown";
  return `${sum.toFixed(digits)}${unknown === 0 ? "" : ` + ${unknown} unknown`}`;
}

const NAME_WIDTH = 24;
const COLUMN_WIDTH = 26;

function line(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(NAME_WIDTH)}${cells.map((cell) => cell.padEnd(COLUMN_WIDTH)).join("")}`.trimEnd();
}

function shareCell(share: Share | null): string {
  return share === null ? "-" : `${percent(share)}  ${share.right}/${share.of}`;
}

export function spentLines(sides: readonly Measured[]): string[] {
  const each = (show: (side: Measured) => string) => sides.map(show);
  const at = (share: number) => each(({ spent }) => `${percentile(spent.durationsMs, share).toFixed(1)} ms`);
  return [
    line("latency p50", at(0.5)),
    line("latency p95", at(0.95)),
    line(
      "prompt tokens",
      each(({ spent, scored }) => known(spent.promptTokens, scored.length, 0)),
    ),
    line(
      "completion tokens",
      each(({ spent, scored }) => known(spent.completionTokens, scored.length, 0)),
    ),
    line(
      "cost in US dollars",
      each(({ spent, scored }) => known(spent.usd, scored.length, 4)),
    ), // 4 digits: a sentence costs parts of a cent
  ];
}

export function comparisonLines(sides: [Measured, Measured]): string[] {
  const { providers, whole, fields, disagreements } = compare(...sides);
  return [
    line("", providers),
    line("whole sentences", whole.map(shareCell)),
    ...fields.map(({ name, shares }) => line(name, shares.map(shareCell))),
    ...spentLines(sides),
    `${disagreements.length} of ${whole[0].of} sentences understood differently`,
    ...disagreements.flatMap(({ id, text, fields: differing }) => [
      `${id}  ${JSON.stringify(text)}`,
      ...differing.map(
        ({ field, wanted, got }) =>
          `    ${field}: wanted ${shown(wanted)}, ${providers[0]} ${shown(got[0])}, ${providers[1]} ${shown(got[1])}`,
      ),
    ]),
  ];
}
