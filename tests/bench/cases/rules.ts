// How many sentences per second the rules understand on one core: whole understandings, questions and provenance included.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { understand } from "../../../intent/understand.ts";
import type { Figure } from "../stats.ts";

const CORPUS = path.resolve(import.meta.dirname, "../../corpus");
const WARM_UP_MS = 6_000; // a service that runs for days: what the compiler needs to settle is not the figure
const MEASURED_MS = 3_000;
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

export function rules(): Figure {
  const texts = sentences();
  runFor(texts, WARM_UP_MS);
  const perSecond = runFor(texts, MEASURED_MS);
  return {
    what: `rules: ${texts.length} different sentences of the corpus, one core`,
    figure: `${perSecond.toFixed(0)}/s`,
    target: "≥ 20,000/s",
  };
}
