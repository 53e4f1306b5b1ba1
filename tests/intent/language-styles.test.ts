// Ways of saying it that need grammar rather than a word: contrast, background, conditions, returns, near-misses, misspelt verbs.
import { expect, test } from "vitest";
import { gist, reading } from "./fixtures.ts";

test.each([
  ["Drop URLLC from edge4, keep eMBB there", { action: "terminate", type: "URLLC", sites: ["edge4"], ask: [] }],
  ["We no longer need the URLLC slice on edge4", { action: "terminate", type: "URLLC", sites: ["edge4"], ask: [] }],
  ["We already run eMBB on edge1. Now I'd like the same type at edge3 too", { action: "deploy", type: "eMBB", sites: ["edge3"], ask: [] }],
  ["比照 edge1，在 edge3 部署 eMBB", { action: "deploy", type: "eMBB", sites: ["edge3"], ask: [] }],
  ["每個站點都裝 mMTC，但不要裝在 edge4", { action: "deploy", type: "mMTC", sites: ["edge1", "edge2", "edge3"], ask: [] }],
  ["改到 edge2 部署 eMBB", { action: "deploy", type: "eMBB", sites: ["edge2"], ask: [] }],
  ["Deploy eMBB at edge1 with 3 MB per second", { action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 24, ask: [] }],
  ["return edge2 and edge4 to their previous state", { action: "rollback", type: null, sites: ["edge2", "edge4"], ask: [] }],
  ["Downgrade edge1 to release 4.2", { action: "rollback", type: null, sites: ["edge1"], ask: [] }],
  ["slice lynx-4 can go", { action: "terminate", type: null, sites: [], slice: "lynx-4", ask: [] }],
  ["kill the live streaming slice on edge2", { action: "terminate", type: "eMBB", sites: ["edge2"], ask: [] }],
  ["give me a health report for slice lynx-4", { action: "status", type: null, sites: [], slice: "lynx-4", ask: [] }],
  ["mMTC at edge1 for 5000 sensors, make it 7000", { action: "deploy", type: "mMTC", sites: ["edge1"], maxDevices: 7000, ask: [] }],
  ["部暑 eMBB 到 edge1", { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] }],
  ["請山除 edge3 的 eMBB 切片", { action: "terminate", type: "eMBB", sites: ["edge3"], ask: [] }],
])("%s", (text, wanted) => {
  expect(gist(text)).toEqual(wanted);
});

test.each([
  "幫我切一片蛋糕",
  "部署一套 ERP 系統",
  "deploy a firewall at edge2",
  "deploy the new app to edge1",
  "We don't need to deploy eMBB on edge1 anymore",
  "不需要部署 edge1 了",
  "不要刪除 edge1 的 eMBB 了",
])("%s is carried out by nobody", (text) => {
  const { status, intent } = reading(text);
  expect([status, intent.action, intent.targetSites]).toEqual(["rejected", "unsupported", []]);
});

test("the number of a condition is no requirement, and the condition is spoken of", () => {
  const { intent, warnings } = reading("Scale eMBB on edge1 to 300 Mbps, and roll back if latency exceeds 10 ms");
  expect([intent.action, intent.requirements, warnings]).toEqual([
    "scale",
    { downlinkMbps: 300 },
    ["What the text asks for under a condition is not taken."],
  ]);
});

test("two types for two sites are asked for, and the warning says why", () => {
  const { status, warnings } = reading("edge1: eMBB, edge2: URLLC");
  expect([status, warnings]).toEqual([
    "clarification_needed",
    ["The text names eMBB and URLLC; one request has one type, so send them apart."],
  ]);
});

test.each([
  ["deploy eMBB on edge1 and also scale video-7 to 300 Mbps", { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] }],
  ["在 edge1 部署 eMBB，然後把 video-7 擴容到 300 Mbps", { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] }],
  ["deploy eMBB on edge1 and then delete slice video-7", { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] }],
  [
    "scale slice lynx-4 to 300 Mbps and delete the eMBB slice on edge2",
    { action: "scale", type: null, sites: [], slice: "lynx-4", downlinkMbps: 300, ask: [] },
  ],
])("%s keeps the values and names of the second order out of the first", (text, wanted) => {
  expect(gist(text)).toEqual(wanted);
  expect(reading(text).warnings[0]).toMatch(/^The text also asks to (scale|terminate); only (deploy|scale) is taken\.$/);
});

test("a second verb without a thing of its own only tells more of the first", () => {
  const wanted = { action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 300, ask: [] };
  expect(gist("deploy eMBB on edge1 and cap it at 300 Mbps")).toEqual(wanted);
});

test("hundreds, thousands and ten thousands without a digit are numbers", () => {
  const deployed = { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] };
  expect(gist("在 edge1 部署 eMBB，上行百兆、下行千兆")).toEqual({ ...deployed, downlinkMbps: 1000, uplinkMbps: 100 });
  expect(gist("在 edge1 部署 eMBB，下行萬兆")).toEqual({ ...deployed, downlinkMbps: 10_000 });
  expect(gist("在 edge1 部署 eMBB，下行 2 千兆")).toEqual({ ...deployed, downlinkMbps: 2000 });
});

test.each(["deploy eMBB on edge1 with -50 Mbps", "deploy eMBB on edge1 with 0 Mbps"])(
  "%s has no value to promise, so it is asked for",
  (text) => {
    expect(gist(text)).toEqual({ action: "deploy", type: "eMBB", sites: ["edge1"], ask: ["requirement"] });
    const { warnings, clarifications } = reading(text);
    expect([warnings, clarifications]).toEqual([
      ["A downlink bandwidth in the text is not possible and was ignored."],
      [{ field: "requirement", question: "The downlink bandwidth in the text is not possible. Which value is meant?" }],
    ]);
    const answers = { requirement: { downlinkMbps: 50 } };
    expect(gist(text, { answers })).toEqual({ action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 50, ask: [] });
  },
);

test("a dash before a number is no sign", () => {
  expect(gist("deploy eMBB on edge1 - 50 Mbps")).toMatchObject({ downlinkMbps: 50, ask: [] });
  expect(gist("deploy eMBB on edge1\n-50 Mbps")).toMatchObject({ downlinkMbps: 50, ask: [] });
});

test("different values for different sites are asked for, with the reason", () => {
  const { clarifications } = reading("deploy URLLC on edge2 and edge1, on edge2 only 10 ms, edge1 5 ms");
  expect(clarifications).toEqual([
    {
      field: "requirement",
      question: "The text gives different values of latency for different sites; a request has one. Which value is meant?",
    },
  ]);
});

test("a short name behind a verb is the name of a slice", () => {
  expect(gist("scale a-1 to 5 Mbps")).toEqual({ action: "scale", type: null, sites: [], downlinkMbps: 5, slice: "a-1", ask: [] });
});

test.each(["cut me a slice of cake", "deploy a slice of pizza to edge1", "幫我切一片西瓜"])("%s is no network", (text) => {
  const { status, intent } = reading(text);
  expect([status, intent.action, intent.targetSites]).toEqual(["rejected", "unsupported", []]);
});
