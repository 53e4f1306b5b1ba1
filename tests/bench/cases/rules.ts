// How many sentences, and letters of several, the rules understand in a second on one core: whole understandings, questions and provenance included.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { understand } from "../../../intent/understand.ts";
import type { Figure } from "../stats.ts";

const CORPUS = path.resolve(import.meta.dirname, "../../corpus");
const WARM_UP_MS = 6_000; // a service that runs for days: what the compiler needs to settle is not the figure
const MEASURED_MS = 3_000;
const SENTENCES = new Intl.Segmenter("en", { granularity: "sentence" });
const SITES = [1, 2, 3, 4].map((number) => ({ id: `edge${number}`, aliases: [`edge0${number}`] }));

function sentences(): string[] {
  const files = readdirSync(CORPUS).filter((name) => name.endsWith(".json"));
  const entries = z.array(z.object({ text: z.string() }));
  return files.flatMap((name) => entries.parse(JSON.parse(readFileSync(path.join(CORPUS, name), "utf8"))).map((entry) => entry.text));
}

function runFor(texts: readonly string[], limitMs: number): number {
  const now = new Date();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < limitMs) {
    for (const text of texts) understand({ intentId: "int_bench", text, context: {}, targetSites: [], answers: null, sites: SITES, now });
    done += texts.length;
  }
  return done / ((performance.now() - start) / 1000);
}

function isOneSentence(text: string): boolean {
  return [...SENTENCES.segment(text)].length === 1;
}

function figureOf({ what, target }: Pick<Figure, "what" | "target">, texts: readonly string[]): Figure {
  runFor(texts, WARM_UP_MS);
  const length = texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  const perSecond = runFor(texts, MEASURED_MS);
  return {
    what: `rules: ${texts.length} ${what} of ${length.toFixed(0)} characters, one core`,
    figure: `${perSecond.toFixed(0)}/s`,
    target,
  };
}

export function rules(): Figure[] {
  const texts = sentences();
  const letters = texts.filter((text) => !isOneSentence(text));
  return [
    figureOf({ what: "sentences", target: "≥ 20,000/s" }, texts.filter(isOneSentence)),
    figureOf({ what: "letters of several sentences", target: "-" }, letters),
  ];
}
