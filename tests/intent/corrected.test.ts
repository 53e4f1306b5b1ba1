import { expect, test } from "vitest";
import { applyCorrected } from "../../intent/corrected.ts";
import { parseDraft, understandDraft } from "../../intent/draft.ts";
import { readSentence } from "../../intent/understand.ts";
import { Understanding } from "../../protocol/intent.ts";
import { NOW, reading, SITES } from "./fixtures.ts";

const IDS = ["edge1", "edge2", "edge3", "edge4"];

function corrected(text: string, ...[fields]: [Parameters<typeof applyCorrected>[1]]) {
  return Understanding.parse(applyCorrected(reading(text), fields, IDS));
}

test("what a person says is laid over what was understood, and is marked as theirs", () => {
  const text = "Deploy an eMBB slice on edge1 with 200 Mbps and 20 ms latency";
  const { status, intent, provenance } = corrected(text, {
    targetSites: ["edge2"],
    requirements: { downlinkMbps: 300, latencyMs: null },
    priority: 8,
  });
  expect({ status, sites: intent.targetSites, requirements: intent.requirements, priority: intent.priority }).toEqual({
    ...{ status: "success", sites: ["edge2"], requirements: { downlinkMbps: 300 }, priority: 8 },
  });
  expect(intent.serviceProfile).toEqual({ bandwidth: "300Mbps", latency: "50ms", reliability: "99.9%" });
  expect(provenance).toMatchObject({
    targetSites: { source: "context" },
    "requirements.downlinkMbps": { source: "context" },
    "serviceProfile.bandwidth": { source: "context" },
    "serviceProfile.latency": { source: "default" },
    priority: { source: "context" },
    action: { source: "text" },
  });
  expect(provenance["requirements.latencyMs"]).toBeUndefined();
});

test("a question whose field was corrected is answered, the others stay", () => {
  const text = "Deploy a slice with 200 Mbps";
  expect(reading(text).clarifications.map(({ field }) => field)).toEqual(["serviceType", "targetSites"]);
  const { status, clarifications } = corrected(text, { serviceType: "eMBB" });
  expect({ status, ask: clarifications.map(({ field }) => field) }).toEqual({ status: "clarification_needed", ask: ["targetSites"] });
});

test("taking a value away is asked for when it is needed", () => {
  const { status, clarifications } = corrected("Deploy an eMBB slice on edge1", { targetSites: [] });
  expect({ status, ask: clarifications.map(({ field }) => field) }).toEqual({ status: "clarification_needed", ask: ["targetSites"] });
});

test("a corrected action makes a refused text a request", () => {
  const text = "What a lovely day!";
  expect(reading(text).status).toBe("rejected");
  const fields = { action: "deploy", serviceType: "mMTC", targetSites: ["edge1"] } as const;
  const { status, intent, warnings } = corrected(text, { ...fields, targetSites: [...fields.targetSites] });
  expect({ status, action: intent.action, type: intent.intentType, warnings }).toEqual({
    status: "success",
    action: "deploy",
    type: "mMTC",
    warnings: [],
  });
});

test("a refused text of which only a detail was corrected stays refused", () => {
  expect(corrected("Good morning!", { priority: 3 })).toEqual(expect.objectContaining({ status: "rejected" }));
});

function disputed(text: string, said: object): Understanding {
  const input = { intentId: "int_test", text, context: {}, targetSites: [], answers: null, sites: SITES, slices: ["cam"], now: NOW };
  const draft = parseDraft({ targetSites: [], ...said });
  if (!draft.ok) throw new Error(draft.error);
  return understandDraft(input, draft.value, readSentence(input));
}

function openAfter(before: Understanding, ...[fields]: [Parameters<typeof applyCorrected>[1]]): [string, string[]] {
  const { status, clarifications } = Understanding.parse(applyCorrected(before, fields, IDS));
  return [status, clarifications.map(({ field }) => field)];
}

test("a corrected action leaves the questions about other fields open", () => {
  const text = "Scale the URLLC at edge1 to 400 Mbps, was 100 on edge2";
  const said = { action: "scale", serviceType: "URLLC", targetSites: ["edge2"], requirements: { downlinkMbps: 100 } };
  const before = disputed(text, said);
  expect(before.clarifications.map(({ field }) => field)).toEqual(["targetSites", "requirement"]);
  expect(openAfter(before, { action: "deploy" })).toEqual(["clarification_needed", ["targetSites", "requirement"]]);
  expect(openAfter(before, { action: "terminate" })).toEqual(["clarification_needed", ["targetSites"]]);
  expect(openAfter(before, { action: "status" })).toEqual(["success", []]);
  expect(openAfter(before, { action: "scale", targetSites: ["edge1"], requirements: { downlinkMbps: 400 } })).toEqual(["success", []]);
});

test("a question about the action is settled by the action only", () => {
  const before = disputed("Terminate cam on edge1", { action: "status", targetSites: ["edge1"], slice: "cam" });
  const open = ["clarification_needed", ["targetSites"]];
  expect(openAfter(before, { slice: "cam" })).toEqual(open);
  expect(openAfter(before, { targetSites: ["edge1"] })).toEqual(open);
  expect(openAfter(before, { action: "terminate" })).toEqual(["success", []]);
});

test("a question about the slice is settled by the slice or its sites", () => {
  const before = disputed("Scale the eMBB at edge1 for the video wall to 400 Mbps", {
    ...{ action: "scale", serviceType: "eMBB", targetSites: ["edge1"], slice: "video", requirements: { downlinkMbps: 400 } },
  });
  expect(openAfter(before, { priority: 3 })).toEqual(["clarification_needed", ["targetSites"]]);
  expect(openAfter(before, { slice: "cam" })).toEqual(["success", []]);
  expect(openAfter(before, { targetSites: ["edge1"] })).toEqual(["success", []]);
});

test("a question that the corrected action has no use for is gone, and what it lacks is asked", () => {
  const before = reading("Deploy a slice with 200 Mbps");
  expect(openAfter(before, { action: "terminate", slice: "cam" })).toEqual(["success", []]);
  expect(openAfter(before, { action: "scale" })).toEqual(["clarification_needed", ["targetSites"]]);
});
