// The draft of an intent: what keeps it from being sent, what it becomes, how it is kept, and how an intent becomes a draft again.
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { CreateIntentRequest } from "../../protocol/api.ts";
import { MAX_TEXT_LENGTH, REQUIREMENT_FIELDS, ServiceType } from "../../protocol/intent.ts";
import { withAmount, withType } from "../../web/areas/intents/additions.ts";
import {
  type Draft,
  draftOf,
  EMPTY_DRAFT,
  keepDraft,
  obstacleOf,
  optionsInUse,
  readDraft,
  requestOf,
  withoutControls,
} from "../../web/areas/intents/draft.ts";
import { record, site, understanding } from "./sample.ts";

test.each([
  ["  \n", { kind: "blank" }],
  ["on ⟨site⟩ for ⟨number⟩", { kind: "open", names: "⟨site⟩ ⟨number⟩" }],
  ["x".repeat(MAX_TEXT_LENGTH + 3), { kind: "long", over: 3 }],
  ["a\u0007b", { kind: "control" }],
  ["a\u0085b", { kind: "control" }],
  [`  ${"x".repeat(MAX_TEXT_LENGTH)}  `, null], // blanks around it are not sent
  ["two\nlines\tand a tab", null],
])("%j is kept from being sent by %j", (text, obstacle) => {
  expect(obstacleOf(text)).toEqual(obstacle);
});

test("control characters can be taken out, and all else stays", () => {
  const text = "切片\u0000 on\tedge1\r\n\u009b31m👍";
  expect(withoutControls(text)).toBe("切片 on\tedge1\r\n31m👍");
  expect(obstacleOf(withoutControls(text))).toBeNull();
});

test("what is sent is what the API takes, with nothing that was not chosen", () => {
  const draft: Draft = {
    ...{ text: " Deploy ", targetSites: ["edge1"], priority: 8, policy: "pause", approval: "required", preempt: true },
    ...{ rollout: { canary: "edge1", bakeSeconds: 5 }, context: { channel: "chat" } },
  };
  expect(CreateIntentRequest.parse(requestOf(draft, true))).toEqual({ ...draft, text: "Deploy", dryRun: true });
  const usual = CreateIntentRequest.parse(requestOf({ ...EMPTY_DRAFT, text: "x" }, false));
  expect(usual).toEqual(CreateIntentRequest.parse({ text: "x" }));
});

test("options that are not as usual are counted", () => {
  expect(optionsInUse(EMPTY_DRAFT)).toBe(0);
  expect(optionsInUse({ ...EMPTY_DRAFT, text: "x", targetSites: ["edge1"], priority: 6 })).toBe(2);
});

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    size: () => kept.size,
  };
}

test("a draft is kept for its writer and for nobody else, and is gone when the box is empty", () => {
  const tab = storage();
  const draft = { ...EMPTY_DRAFT, text: "half a sent", rollout: { canary: "edge2", bakeSeconds: 30 } };
  keepDraft(tab, "ada", draft);
  expect(readDraft(tab, "ada")).toEqual(draft);
  expect(readDraft(tab, "bob")).toBe(EMPTY_DRAFT);
  keepDraft(tab, "ada", EMPTY_DRAFT);
  expect(tab.size()).toBe(0);
});

test("a storage that refuses, or that holds what an older page wrote, costs nothing but the draft", () => {
  const refuse = () => {
    throw new Error("switched off");
  };
  const off = { getItem: refuse, setItem: refuse, removeItem: refuse };
  expect(readDraft(off, "ada")).toBe(EMPTY_DRAFT);
  expect(() => keepDraft(off, "ada", { ...EMPTY_DRAFT, text: "x" })).not.toThrow();
  for (const old of ["", "{", "7", '{"text":7}']) expect(readDraft({ ...storage(), getItem: () => old }, "ada")).toBe(EMPTY_DRAFT);
});

test("an intent is sent again with its options; its sites only where they were given beside the sentence", () => {
  const sent = record({
    priority: 7,
    policy: "pause",
    understanding: understanding(["edge1"]),
    rollout: { canary: "edge1", bakeSeconds: 9 },
  });
  expect(draftOf(sent)).toEqual({
    ...EMPTY_DRAFT,
    ...{ text: sent.text, priority: 7, policy: "pause", approval: sent.approval, rollout: sent.rollout },
  });
  const given = { ...understanding(["edge1", "edge2"]), provenance: { targetSites: { source: "context" as const } } };
  expect(draftOf(record({ understanding: given })).targetSites).toEqual(["edge1", "edge2"]);
  expect(draftOf(record({ understanding: null, sites: ["edge2"] })).targetSites).toEqual(["edge2"]); // not read yet
});

const read = (text: string) =>
  understand({
    ...{ intentId: "x", text, context: {}, targetSites: [], answers: null, sites: [site("edge1")], slices: ["video-7"], now: new Date() },
  });

test.each(["Deploy a slice on edge1.", "在 edge1 部署切片。"])("a type that is added to %j settles it", (text) => {
  expect(read(text).status).toBe("clarification_needed");
  for (const type of ServiceType.options) {
    const { status, intent } = read(withType(text, type));
    expect([status, intent.intentType, intent.action, intent.targetSites]).toEqual(["success", type, "deploy", ["edge1"]]);
  }
});

test.each(["Scale slice video-7", "擴充切片 video-7"])("an amount that is added to %j is read as that one", (text) => {
  expect(read(text).status).toBe("clarification_needed");
  for (const field of REQUIREMENT_FIELDS) {
    const { status, intent } = read(withAmount(text, field, 40));
    expect([status, intent.action, intent.requirements]).toEqual(["success", "scale", { [field]: 40 }]);
  }
});
