// The whole corpus through the cross-check: a model that is right is never made wrong, and one that lies never gets its way.
import { expect, test } from "vitest";
import { type Draft, parseDraft, understandDraft } from "../../intent/draft.ts";
import { assemble, readSentence, type UnderstandInput } from "../../intent/understand.ts";
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

function sentence({ text }: CorpusEntry, answers: UnderstandInput["answers"] = null) {
  const input = { intentId: "int_test", text, context: {}, targetSites: [], answers, sites: SITES, now: NOW };
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

const ACTIONS = ["deploy", "scale", "terminate", "rollback", "status"] as const;
const EVERYWHERE = SITES.map(({ id }) => id);

/** Lies that the text seems to bear out: its words as slices and sites, its numbers in every field, sites that it spares, other actions. */
function liesAbout(entry: CorpusEntry): Draft[] {
  const right = rightDraft(entry);
  const nothing = { ...right.requirements, downlinkMbps: null, uplinkMbps: null, latencyMs: null, maxDevices: null };
  const numbers = (entry.text.match(/\d+(?:\.\d+)?/g) ?? []).map(Number).filter((value) => value > 0);
  const named = EVERYWHERE.filter((id) => entry.text.toLowerCase().includes(id));
  const words = entry.text.split(/[\s,.;:!?，。；：！？]+/).filter((word) => word !== "" && word.length <= 80);
  return [
    ...ACTIONS.map((action): Draft => ({ ...right, action, serviceType: right.serviceType ?? "eMBB" })),
    ...words.map((slice): Draft => ({ ...right, slice })),
    ...words.map((word): Draft => ({ ...right, targetSites: [word] })),
    ...named.map((id): Draft => ({ ...right, targetSites: [id] })),
    { ...right, targetSites: EVERYWHERE },
    ...numbers.flatMap((value): Draft[] => {
      const count = Math.max(1, Math.round(value));
      const all = { downlinkMbps: value, uplinkMbps: value, latencyMs: value, maxDevices: count };
      const scaled = { downlinkMbps: value * 1000, uplinkMbps: value * 1000, latencyMs: value / 1000, maxDevices: count };
      const priority = count <= 10 ? count : null;
      return [
        { ...right, requirements: { ...nothing, ...all }, priority },
        { ...right, requirements: { ...nothing, ...scaled }, priority },
      ];
    }),
  ];
}

/** What is carried out, as far as a lie could touch it. */
function carriedOut({ status, intent }: Understanding) {
  const { action, targetSites, slice, requirements, priority } = intent;
  return status === "success" && action !== "status" ? { action, targetSites, slice, requirements, priority } : "nothing";
}

/** The numbers of the text that are neither units of anything nor used by the rules may be what the model says: one for one field. */
function withoutOwnNumbers(understood: Understanding): Understanding {
  const own = understood.warnings.flatMap((warning) => /^Only the model reads ([\d.e+-]+) (?:Mbps|ms|%|devices)/.exec(warning)?.[1] ?? []);
  const fields = Object.entries(understood.intent.requirements).filter(([, value]) => !own.includes(String(value)));
  return { ...understood, intent: { ...understood.intent, requirements: Object.fromEntries(fields) } };
}

const ANSWERS: UnderstandInput["answers"][] = [null, { targetSites: ["edge2"] }];

test("a model that lies with the words of the text gets nothing carried out that the rules do not read", () => {
  const wrong: unknown[] = [];
  for (const entry of ENTRIES) {
    for (const answers of ANSWERS) {
      const { input, read } = sentence(entry, answers);
      const rules = carriedOut(assemble(input, read));
      const isUnread = read.reading.action.refusal === "unread"; // there an answer is one to the question that the model made
      for (const lie of liesAbout(entry)) {
        const model = carriedOut(withoutOwnNumbers(understandDraft(input, lie, read)));
        const isMore = model !== "nothing" && JSON.stringify(model) !== JSON.stringify(rules);
        if (isMore && !(isUnread && answers !== null && (model.action === "deploy" || model.action === "scale"))) {
          wrong.push({ id: entry.id, text: entry.text, lie, model, rules });
        }
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
});
