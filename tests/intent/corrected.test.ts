import { expect, test } from "vitest";
import { applyCorrected } from "../../intent/corrected.ts";
import { Understanding } from "../../protocol/intent.ts";
import { reading } from "./fixtures.ts";

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
