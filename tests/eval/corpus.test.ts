import { existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { type CorpusEntry, corpusFiles, readCorpus } from "./corpus.ts";
import { EVAL_SITES } from "./provider.ts";

const GIVEN = path.resolve(import.meta.dirname, "../../../shared/cases/intents-dev.json"); // only where the project is developed
const LEAST = 1_000; // sentences of our own

function entriesOf(files: readonly string[]): CorpusEntry[] {
  const read = readCorpus(files);
  if (!read.ok) throw new Error(read.error.join("\n"));
  return read.value;
}

const CORPUS = entriesOf(corpusFiles());
const SITE_IDS = EVAL_SITES.map(({ id }) => id);

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

function repeated(values: readonly string[]): string[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

test("the corpus is large enough, and no id and no sentence is in it twice", () => {
  expect(CORPUS.length).toBeGreaterThanOrEqual(LEAST);
  expect(repeated(CORPUS.map(({ id }) => id))).toEqual([]);
  expect(repeated(CORPUS.map(({ text }) => folded(text)))).toEqual([]);
});

test.skipIf(!existsSync(GIVEN))("no sentence is one of the given ones", () => {
  const given = new Set(entriesOf([GIVEN]).map(({ text }) => folded(text)));
  expect(CORPUS.filter(({ text }) => given.has(folded(text)))).toEqual([]);
});

/** What the contract says must be asked of such a label. */
function mustAsk({ action, serviceType, targetSites, clarify: _asked, slice, priority: _said, ...requirements }: CorpusEntry["expected"]) {
  const isNowhere = targetSites.length === 0;
  if (action === "deploy") return [...(serviceType === null ? ["serviceType"] : []), ...(isNowhere ? ["targetSites"] : [])];
  const isTargetless = isNowhere && slice === undefined;
  if (action === "scale")
    return [...(Object.keys(requirements).length === 0 ? ["requirement"] : []), ...(isTargetless ? ["targetSites"] : [])];
  if (action === "rollback" || action === "terminate") return isTargetless ? ["targetSites"] : [];
  return [];
}

test.each(CORPUS.map((entry) => [entry.id, entry] as const))(
  "%s: what is asked follows from what is missing",
  (_id, { expected, tags, lang }) => {
    expect(expected.clarify).toEqual(mustAsk(expected));
    expect(expected.targetSites).toEqual(SITE_IDS.filter((id) => expected.targetSites.includes(id)));
    expect(["en", "zh-TW", "mixed"]).toContain(lang);
    expect(tags).toEqual([...new Set(tags)].toSorted());
  },
);

test("nothing of what is refused is kept, and every refused sentence is tagged so", () => {
  const refused = CORPUS.filter(({ expected }) => expected.action === "unsupported");
  for (const { expected } of refused) expect(expected).toEqual({ action: "unsupported", serviceType: null, targetSites: [], clarify: [] });
  expect(CORPUS.filter(({ tags }) => tags.includes("unsupported"))).toEqual(refused);
});
