// What the evaluation shows on a terminal: lines of text from a tally. No decisions here.
import type { Miss } from "./score.ts";
import { accuracy, type MissedSentence, type Share, type Tally } from "./tally.ts";

const NAME_WIDTH = 24; // characters; the longest tag is shorter

export function percent(share: Share): string {
  return `${(100 * accuracy(share)).toFixed(1).padStart(5)} %`;
}

function row(share: Share): string {
  return `  ${share.name.padEnd(NAME_WIDTH)}${percent(share)}  ${share.right}/${share.of}`;
}

export function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

export function missLines({ id, text, problem, misses }: MissedSentence): string[] {
  const head = `${id}  ${JSON.stringify(text)}`;
  if (problem !== undefined) return [head, `    no answer: ${problem}`];
  return [head, ...misses.map(({ field, wanted, got }: Miss) => `    ${field}: wanted ${shown(wanted)}, got ${shown(got)}`)];
}

export function tallyLines(provider: string, { whole, fields, languages, tags, missed }: Tally): string[] {
  return [
    `provider ${provider}`,
    row(whole),
    "per field (where it is wanted or given)",
    ...fields.map(row),
    "per language (whole sentences)",
    ...languages.map(row),
    "per tag (whole sentences)",
    ...tags.map(row),
    missed.length === 0 ? "no misses" : `${missed.length} ${missed.length === 1 ? "miss" : "misses"}`,
    ...missed.flatMap(missLines),
  ];
}
