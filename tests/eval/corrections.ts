// What people corrected: how often each field of each provider was wrong, and whether those sentences are understood by now.
import type { Correction, Reading } from "../../protocol/correction.ts";
import type { Label } from "./corpus.ts";
import { missLines, percent } from "./print.ts";
import { EVAL_SITES, type Evaluated } from "./provider.ts";
import { type Field, labelOf, type Miss, missesOf } from "./score.ts";
import type { MissedSentence } from "./tally.ts";

export interface CorrectedField {
  provider: string; // who had understood it
  field: Field;
  corrected: number;
  of: number; // sentences of this provider that were corrected at all
  right: number; // of the corrected ones: where the field is right now
}

export interface CorrectionsReport {
  total: number;
  now: string; // the provider that reads them now
  understood: number; // whole sentences
  fields: CorrectedField[];
  missed: MissedSentence[];
}

function labelFrom({ requirements, ...reading }: Reading): Label {
  return { ...reading, ...requirements, clarify: [] };
}

/** A question is answered, not corrected. */
function isCorrectable({ field }: Miss): boolean {
  return field !== "clarify";
}

/** The sites of the corpus and those that the corrections speak of. */
export function sitesOf(corrections: readonly Correction[]) {
  const known = new Set(EVAL_SITES.map(({ id }) => id));
  const more = new Set(corrections.flatMap(({ corrected }) => corrected.targetSites).filter((id) => !known.has(id)));
  return [...EVAL_SITES, ...[...more].map((id) => ({ id, aliases: [] }))];
}

/** Sites that came with the request and are not in its text are missed here: the list of misses shows it. */
export async function reportCorrections(corrections: readonly Correction[], provider: Evaluated): Promise<CorrectionsReport> {
  const rows = new Map<string, CorrectedField>();
  const missed: MissedSentence[] = [];
  for (const { id, text, provider: wrong, understood, corrected } of corrections) {
    const wanted = labelFrom(corrected);
    const answer = await provider.understand(text);
    const misses = missesOf(wanted, answer.ok ? labelOf(answer.value.understanding) : null).filter(isCorrectable);
    const problem = answer.ok ? {} : { problem: answer.error };
    if (misses.length > 0) missed.push({ id, lang: "", text, misses, ...problem });
    for (const { field } of missesOf(wanted, labelFrom(understood)).filter(isCorrectable)) {
      const of = corrections.filter((one) => one.provider === wrong).length;
      const row = rows.get(`${wrong} ${field}`) ?? { provider: wrong, field, corrected: 0, of, right: 0 };
      const right = misses.every((miss) => miss.field !== field) ? 1 : 0;
      rows.set(`${wrong} ${field}`, { ...row, corrected: row.corrected + 1, right: row.right + right });
    }
  }
  const fields = [...rows.values()].toSorted((a, b) => a.provider.localeCompare(b.provider) || b.corrected - a.corrected);
  return { total: corrections.length, now: provider.id, understood: corrections.length - missed.length, fields, missed };
}

const PROVIDER_WIDTH = 16; // characters
const FIELD_WIDTH = 22;

export function correctionsLines({ total, now, understood, fields, missed }: CorrectionsReport): string[] {
  if (total === 0) return ["no corrections"];
  const share = percent({ name: now, right: understood, of: total }).trim();
  return [
    `${total} corrected ${total === 1 ? "sentence" : "sentences"}; ${now} understands ${understood} of them now (${share})`,
    ...fields.map(({ provider, field, corrected, of, right }) => {
      return `  ${provider.padEnd(PROVIDER_WIDTH)}${field.padEnd(FIELD_WIDTH)}corrected in ${corrected} of ${of}, right now in ${right}`;
    }),
    ...missed.flatMap(missLines),
  ];
}
