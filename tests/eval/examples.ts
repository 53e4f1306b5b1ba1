// Which labelled sentences a model is shown: a small set that has every trait once, picked the same way each time. Pure.
import type { Example } from "../../agent/llm/prompt/examples.ts";
import type { Action } from "../../protocol/intent.ts";
import type { CorpusEntry } from "./corpus.ts";

/** Wordings that models get wrong without having seen them. */
const TAUGHT_TAGS = new Set([
  "conflict",
  "distractor",
  "from-to",
  "injection",
  "mixed-lang",
  "near-miss",
  "negated-action",
  "nines",
  "number-words",
  "range",
  "self-correction",
  "site-alias",
  "site-exclusion",
  "symmetric",
  "type-negation",
  "zh-numerals",
]);

const IN_EACH_LANGUAGE: readonly Action[] = ["deploy", "terminate", "unsupported"]; // the others are said alike

function traitsOf({ lang, tags, expected }: CorpusEntry): string[] {
  const { action, serviceType, targetSites: _sites, clarify, ...stated } = expected;
  return [
    action,
    ...(IN_EACH_LANGUAGE.includes(action) ? [`${action} in ${lang}`] : []),
    ...(serviceType === null ? [] : [serviceType]),
    ...clarify.map((field) => `asks ${field}`),
    ...Object.keys(stated),
    ...tags.filter((tag) => TAUGHT_TAGS.has(tag)),
    ...(tags.includes("injection") ? [`injection in ${lang}`] : []),
  ];
}

function exampleOf({ text, expected }: CorpusEntry): Example {
  const { action, serviceType, targetSites, clarify, slice, priority, ...requirements } = expected;
  const reading = {
    ...{ action, serviceType, targetSites, requirements },
    ...(slice === undefined ? {} : { slice }),
    ...(priority === undefined ? {} : { priority }),
  };
  return { text, reading, clarify };
}

/** Whoever adds most that is new comes first; of two alike the earlier id. */
export function pickExamples(entries: readonly CorpusEntry[]): Example[] {
  const candidates = entries
    .filter(({ lang, expected }) => lang !== "mixed" || expected.action === "deploy") // one mixture is enough
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map((entry) => ({ entry, traits: traitsOf(entry) }));
  const missing = new Set(candidates.flatMap(({ traits }) => traits));
  const picked: Example[] = [];
  while (missing.size > 0) {
    const gain = (traits: readonly string[]) => new Set(traits.filter((trait) => missing.has(trait))).size;
    const best = candidates.reduce((one, other) => (gain(other.traits) > gain(one.traits) ? other : one));
    picked.push(exampleOf(best.entry));
    for (const trait of best.traits) missing.delete(trait);
  }
  return picked;
}

/** The source of the file that the prompt reads. Formatted as the project formats. */
export function examplesSource(examples: readonly Example[]): string {
  return `// Sentences with their meaning, shown to a model. Generated from tests/corpus by \`npm run prompt:examples\`: never edited by hand.
import type { Reading } from "../../../protocol/correction.ts";
import type { ClarificationField } from "../../../protocol/intent.ts";

export interface Example {
  text: string;
  reading: Reading;
  clarify: ClarificationField[]; // what has to be asked
}

export const EXAMPLES: readonly Example[] = ${JSON.stringify(examples, null, 2)};
`;
}
