import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { EXAMPLES } from "../../agent/llm/prompt/examples.ts";
import { Reading } from "../../protocol/correction.ts";
import { Action, ClarificationField, ServiceType } from "../../protocol/intent.ts";
import { corpusFiles, readCorpus } from "./corpus.ts";
import { examplesSource, pickExamples } from "./examples.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const FILE = "agent/llm/prompt/examples.ts";

function corpus() {
  const read = readCorpus(corpusFiles());
  if (!read.ok) throw new Error(read.error.join("\n"));
  return read.value;
}

test("the examples of the prompt are what the script makes of the corpus", () => {
  const source = examplesSource(pickExamples(corpus()));
  const biome = path.join(ROOT, "node_modules/.bin/biome");
  const formatted = execFileSync(process.execPath, [biome, "format", `--stdin-file-path=${FILE}`], { cwd: ROOT, input: source });
  expect(readFileSync(path.join(ROOT, FILE), "utf8")).toBe(formatted.toString("utf8"));
});

test("the same corpus gives the same examples, in whatever order it is read", () => {
  expect(pickExamples(corpus().toReversed())).toEqual(EXAMPLES);
});

test("every action, type and question is shown, in both languages, and not many sentences are", () => {
  expect(new Set(EXAMPLES.map(({ reading }) => reading.action))).toEqual(new Set(Action.options));
  expect(new Set(EXAMPLES.flatMap(({ reading }) => reading.serviceType ?? []))).toEqual(new Set(ServiceType.options));
  expect(new Set(EXAMPLES.flatMap(({ clarify }) => clarify))).toEqual(new Set(ClarificationField.options));
  expect(new Set(EXAMPLES.map(({ text }) => /\p{Script=Han}/u.test(text)))).toEqual(new Set([true, false]));
  expect(EXAMPLES.length).toBeLessThanOrEqual(20); // each costs about 60 tokens of every prompt
});

test("a shown reading is one that the wire knows", () => {
  expect(EXAMPLES.map(({ reading }) => Reading.parse(reading))).toEqual(EXAMPLES.map(({ reading }) => reading));
});
