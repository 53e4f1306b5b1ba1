// npm run prompt:examples: writes the examples of the prompt from the corpus, and formats them.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { corpusFiles, readCorpus } from "./corpus.ts";
import { examplesSource, pickExamples } from "./examples.ts";

const FILE = path.resolve(import.meta.dirname, "../../agent/llm/prompt/examples.ts");

const corpus = readCorpus(corpusFiles());
if (!corpus.ok) throw new Error(corpus.error.join("\n"));
writeFileSync(FILE, examplesSource(pickExamples(corpus.value)));
execFileSync("biome", ["format", "--write", FILE], { stdio: "ignore" });
