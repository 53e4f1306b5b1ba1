// The three evaluations: one provider, two side by side, and what people corrected. They open providers, read input and decide the exit code.
import { EXAMPLES } from "../../agent/llm/prompt/examples.ts";
import type { KnownSite } from "../../intent/sites.ts";
import type { Correction } from "../../protocol/correction.ts";
import { LAST_RESORT } from "../../protocol/llm.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import { compare, comparisonLines, spentLines } from "./compare.ts";
import { type BadInput, type CorpusEntry, corpusFiles, readCorpus } from "./corpus.ts";
import { correctionsLines, reportCorrections, sitesOf } from "./corrections.ts";
import { type ControlCentre, fetchCorrections, readCorrections } from "./corrections-source.ts";
import { type Measured, measure } from "./measure.ts";
import type { Options } from "./options.ts";
import { tallyLines } from "./print.ts";
import { EVAL_SITES, type Evaluated } from "./provider.ts";
import { accuracy, tally } from "./tally.ts";

export const BELOW_FLOOR = 1;

export interface EvaluateDeps {
  open(id: string, sites: readonly KnownSite[]): Promise<Result<Evaluated, BadInput>>;
  controlCentre: ControlCentre | null; // null: none is known
}

export interface Outcome {
  report: unknown; // JSON
  lines: string[];
  exitCode: number;
}

interface Sentences {
  entries: CorpusEntry[];
  notes: string[];
}

/** A model is not asked what its prompt tells it. */
function sentencesFor(providers: readonly string[], files: readonly string[]): Result<Sentences, BadInput> {
  const read = readCorpus(files.length > 0 ? files : corpusFiles());
  if (!read.ok) return read;
  if (providers.every((id) => id === LAST_RESORT)) return ok({ entries: read.value, notes: [] });
  const shown = new Set(EXAMPLES.map(({ text }) => text));
  const entries = read.value.filter(({ text }) => !shown.has(text));
  const left = read.value.length - entries.length;
  return ok({ entries, notes: left === 0 ? [] : [`${left} sentences are left out: they are examples in the models' prompt`] });
}

async function measureBy(deps: EvaluateDeps, id: string, entries: readonly CorpusEntry[]): Promise<Result<Measured, BadInput>> {
  const provider = await deps.open(id, EVAL_SITES);
  if (!provider.ok) return provider;
  try {
    return ok(await measure(provider.value, entries));
  } finally {
    await provider.value.close();
  }
}

async function evaluateOne(deps: EvaluateDeps, { provider, files, floor }: Options): Promise<Result<Outcome, BadInput>> {
  const sentences = sentencesFor([provider], files);
  if (!sentences.ok) return sentences;
  const result = await measureBy(deps, provider, sentences.value.entries);
  if (!result.ok) return result;
  const report = tally(result.value.scored);
  const share = accuracy(report.whole);
  const isBelow = floor !== undefined && share < floor;
  const lines = [...sentences.value.notes, ...tallyLines(provider, report), ...spentLines([result.value])];
  if (isBelow) lines.push(`below the floor: ${share.toFixed(4)} < ${floor}`);
  return ok({ report: { provider, ...report, spent: result.value.spent }, lines, exitCode: isBelow ? BELOW_FLOOR : 0 });
}

async function evaluateTwo(deps: EvaluateDeps, pair: [string, string], files: string[]): Promise<Result<Outcome, BadInput>> {
  const sentences = sentencesFor(pair, files);
  if (!sentences.ok) return sentences;
  const { entries, notes } = sentences.value;
  const left = await measureBy(deps, pair[0], entries);
  if (!left.ok) return left;
  const right = await measureBy(deps, pair[1], entries);
  if (!right.ok) return right;
  const report = { ...compare(left.value, right.value), spent: [left.value.spent, right.value.spent] };
  return ok({ report, lines: [...notes, ...comparisonLines([left.value, right.value])], exitCode: 0 });
}

async function correctionsOf({ controlCentre }: EvaluateDeps, [file, ...rest]: readonly string[]): Promise<Result<Correction[], BadInput>> {
  if (rest.length > 0) return err(["--corrections reads one file"]);
  if (file !== undefined) return readCorrections(file);
  if (controlCentre !== null) return fetchCorrections(controlCentre);
  return err(["--corrections needs a file, or --url (WORKER_URL) and a token in EVAL_TOKEN or ADMIN_TOKEN"]);
}

async function evaluateCorrections(deps: EvaluateDeps, { provider: id, files }: Options): Promise<Result<Outcome, BadInput>> {
  const corrections = await correctionsOf(deps, files);
  if (!corrections.ok) return corrections;
  const provider = await deps.open(id, sitesOf(corrections.value));
  if (!provider.ok) return provider;
  try {
    const report = await reportCorrections(corrections.value, provider.value);
    return ok({ report, lines: correctionsLines(report), exitCode: 0 });
  } finally {
    await provider.value.close();
  }
}

export function evaluate(deps: EvaluateDeps, options: Options): Promise<Result<Outcome, BadInput>> {
  if (options.corrections) return evaluateCorrections(deps, options);
  return options.compare === undefined ? evaluateOne(deps, options) : evaluateTwo(deps, options.compare, options.files);
}
