// The whole corpus through the cross-check: a model that is right is never made wrong, and one that lies never gets its way.
import { expect, test } from "vitest";
import { type Draft, parseDraft, understandDraft } from "../../intent/draft.ts";
import { assemble, readSentence } from "../../intent/understand.ts";
import type { Understanding } from "../../protocol/intent.ts";
import { type CorpusEntry, corpusFiles, readCorpus } from "../eval/corpus.ts";
import { NOW, SITES } from "./fixtures.ts";

const corpus = readCorpus(corpusFiles());
if (!corpus.ok) throw new Error(corpus.error.join("\n"));
const ENTRIES = corpus.value;

function rightDraft({ expected }: CorpusEntry): Draft {
  const { action, serviceType, targetSites, clarify, slice = null, priority = null, ...requirements } = expected;
  const draft = parseDraft({ action, serviceType, targetSites, slice, priority, unclear: clarify, requirements });
  if (!draft.ok) throw new Error(draft.error);
  return draft.value;
}

function sentence({ text }: CorpusEntry) {
  const input = { intentId: "int_test", text, context: {}, targetSites: [], answers: null, sites: SITES, now: NOW };
  return { input, read: readSentence(input) };
}

function byModel(entry: CorpusEntry, draft: Draft): Understanding {
  const { input, read } = sentence(entry);
  return understandDraft(input, draft, read);
}

function byRules(entry: CorpusEntry): Understanding {
  const { input, read } = sentence(entry);
  return assemble(input, read);
}

/** In the form of the labels. */
function labelled({ intent, provenance, clarifications }: Understanding): string {
  const { action, intentType, targetSites, slice, requirements, priority } = intent;
  const stated = provenance["priority"]?.source === "text" ? priority : null;
  const asks = clarifications.map(({ field }) => field).sort();
  return JSON.stringify([action, intentType, targetSites.toSorted(), slice ?? null, stated, Object.entries(requirements).sort(), asks]);
}

function expectedOf({ expected }: CorpusEntry): string {
  const { action, serviceType, targetSites, clarify, slice = null, priority = null, ...stated } = expected;
  return JSON.stringify([action, serviceType, targetSites.toSorted(), slice, priority, Object.entries(stated).sort(), clarify.toSorted()]);
}

test("a model that reads a sentence right does not turn a right reading of the rules into a wrong one", () => {
  const spoilt = ENTRIES.filter((entry) => labelled(byRules(entry)) === expectedOf(entry)).filter(
    (entry) => labelled(byModel(entry, rightDraft(entry))) !== expectedOf(entry),
  );
  expect(spoilt.map(({ id }) => id)).toEqual([]);
});

test("a model that reads every sentence right is right at least as often as the rules", () => {
  const right = (reading: (entry: CorpusEntry) => Understanding) =>
    ENTRIES.filter((entry) => labelled(reading(entry)) === expectedOf(entry)).length;
  expect(right((entry) => byModel(entry, rightDraft(entry)))).toBeGreaterThanOrEqual(right(byRules));
});

test("a model that lies in every field gets nothing carried out that the rules do not read", () => {
  const everywhere = SITES.map(({ id }) => id);
  for (const entry of ENTRIES) {
    const rules = byRules(entry);
    const { requirements, ...draft } = rightDraft(entry);
    const inflated = Object.fromEntries(Object.entries(requirements).map(([name, value]) => [name, value === null ? null : value * 10.01]));
    const lie: Draft = {
      ...draft,
      action: "terminate",
      targetSites: everywhere,
      slice: "somebody-elses",
      requirements: { ...requirements, ...inflated },
    };
    const { status, intent } = byModel(entry, lie);
    if (status !== "success") continue;
    const { targetSites, slice, requirements: taken } = rules.intent;
    expect({ id: entry.id, action: intent.action, sites: intent.targetSites, slice: intent.slice, taken: intent.requirements }).toEqual({
      ...{ id: entry.id, action: rules.intent.action, sites: targetSites, slice, taken },
    });
  }
});
