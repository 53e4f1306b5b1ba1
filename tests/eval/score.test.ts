import { expect, test } from "vitest";
import type { Label } from "./corpus.ts";
import { EVAL_SITES, rulesProvider } from "./provider.ts";
import { labelOf, missesOf } from "./score.ts";

const WANTED: Label = {
  action: "deploy",
  serviceType: "eMBB",
  targetSites: ["edge1", "edge2"],
  downlinkMbps: 200,
  priority: 8,
  clarify: [],
};

test("a label that is wholly right has no misses", () => {
  expect(missesOf(WANTED, { ...WANTED })).toEqual([]);
});

test("a wrong field counts in that field only", () => {
  expect(missesOf(WANTED, { ...WANTED, serviceType: "URLLC" })).toEqual([{ field: "serviceType", wanted: "eMBB", got: "URLLC" }]);
});

test("sites and questions are right in any order", () => {
  const wanted: Label = { ...WANTED, clarify: ["serviceType", "targetSites"] };
  expect(missesOf(wanted, { ...wanted, targetSites: ["edge2", "edge1"], clarify: ["targetSites", "serviceType"] })).toEqual([]);
});

test("a site or a question too many or too few is wrong", () => {
  expect(missesOf(WANTED, { ...WANTED, targetSites: ["edge1"], clarify: ["requirement"] })).toEqual([
    { field: "targetSites", wanted: ["edge1", "edge2"], got: ["edge1"] },
    { field: "clarify", wanted: [], got: ["requirement"] },
  ]);
});

test("a value that is wanted and missing is wrong, and so is one that nobody stated", () => {
  const { downlinkMbps: _absent, ...got } = WANTED;
  expect(missesOf(WANTED, { ...got, latencyMs: 20, slice: "video-7" })).toEqual([
    { field: "downlinkMbps", wanted: 200, got: undefined },
    { field: "latencyMs", wanted: undefined, got: 20 },
    { field: "slice", wanted: undefined, got: "video-7" },
  ]);
});

test("without an understanding every field that the label speaks of is missed", () => {
  expect(missesOf(WANTED, null).map(({ field }) => field)).toEqual([
    "action",
    "serviceType",
    "targetSites",
    "downlinkMbps",
    "priority",
    "clarify",
  ]);
});

test("an understanding becomes a label: a priority only when the text states it", async () => {
  const provider = rulesProvider(EVAL_SITES, () => new Date(0));
  const labels = ["Deploy eMBB on edge2 and VM-2 with 200 Mbps, priority 8", "Deploy URLLC"].map(async (text) => {
    const answer = await provider.understand(text);
    return answer.ok ? labelOf(answer.value.understanding) : null;
  });
  expect(await Promise.all(labels)).toEqual([
    {
      action: "deploy",
      serviceType: "eMBB",
      targetSites: expect.arrayContaining(["edge1", "edge2"]),
      downlinkMbps: 200,
      priority: 8,
      clarify: [],
    },
    { action: "deploy", serviceType: "URLLC", targetSites: [], clarify: ["targetSites"] },
  ]);
});
