// Labelled sentences: what an entry looks like, and reading files of them. What is wrong is told by file, entry and field.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { Action, ClarificationField, IntentText, Requirements, ServiceType } from "../../protocol/intent.ts";
import { err, ok, type Result } from "../../protocol/result.ts";

export const CORPUS_DIR = path.resolve(import.meta.dirname, "../corpus");

/** What a sentence means. Optional fields are there exactly when the text states them. */
export const Label = z.strictObject({
  action: Action,
  serviceType: ServiceType.nullable(),
  targetSites: z.array(z.string()),
  ...Requirements.shape,
  priority: z.number().int().min(1).max(10).optional(),
  slice: z.string().optional(),
  clarify: z.array(ClarificationField),
});
export type Label = z.infer<typeof Label>;

export const CorpusEntry = z.object({
  id: z.string().min(1),
  lang: z.string().min(1), // en, zh-TW, mixed
  text: IntentText,
  tags: z.array(z.string()).default([]),
  expected: Label,
});
export type CorpusEntry = z.infer<typeof CorpusEntry>;

/** A file that cannot be read, an entry that is no entry: one line per finding. */
export type BadInput = string[];

export function corpusFiles(): string[] {
  return readdirSync(CORPUS_DIR)
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => path.join(CORPUS_DIR, name));
}

export function readJson(file: string): Result<unknown, BadInput> {
  try {
    return ok(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    return err([`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

const HasId = z.object({ id: z.string() });

function nameOf(value: unknown, index: number): string {
  const named = HasId.safeParse(value);
  return named.success ? `entry ${index + 1} (${named.data.id})` : `entry ${index + 1}`;
}

/** Every entry of the list by this schema, or all that is wrong with them. */
export function parseEntries<T>(schema: z.ZodType<T>, value: unknown, file: string): Result<T[], BadInput> {
  if (!Array.isArray(value)) return err([`${file}: must be a list of entries`]);
  const entries: T[] = [];
  const findings: string[] = [];
  for (const [index, one] of value.entries()) {
    const parsed = schema.safeParse(one);
    if (parsed.success) entries.push(parsed.data);
    else
      findings.push(
        ...parsed.error.issues.map(({ path: at, message }) => `${file}: ${nameOf(one, index)}: ${at.join(".") || "entry"}: ${message}`),
      );
  }
  return findings.length > 0 ? err(findings) : ok(entries);
}

export function readCorpus(files: readonly string[]): Result<CorpusEntry[], BadInput> {
  const entries: CorpusEntry[] = [];
  const findings: string[] = [];
  for (const file of files) {
    const json = readJson(file);
    const read = json.ok ? parseEntries(CorpusEntry, json.value, file) : json;
    if (read.ok) entries.push(...read.value);
    else findings.push(...read.error);
  }
  if (findings.length === 0 && entries.length === 0) findings.push(`${files.join(", ")}: no sentences`);
  return findings.length > 0 ? err(findings) : ok(entries);
}
