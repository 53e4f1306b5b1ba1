import { expect, test } from "vitest";
import { compare, comparisonLines } from "./compare.ts";
import type { CorpusEntry } from "./corpus.ts";
import type { Measured, Spent } from "./measure.ts";
import { tallyLines } from "./print.ts";
import { tally } from "./tally.ts";

const FIRST: CorpusEntry = {
  id: "a-1",
  lang: "en",
  text: "deploy eMBB on edge1 with 200 Mbps",
  tags: ["plain", "bandwidth"],
  expected: { action: "deploy", serviceType: "eMBB", targetSites: ["edge1"], downlinkMbps: 200, clarify: [] },
};
const SECOND: CorpusEntry = {
  id: "a-2",
  lang: "zh-TW",
  text: "查詢邊緣1",
  tags: ["plain"],
  expected: { action: "status", serviceType: null, targetSites: ["edge1"], clarify: [] },
};

test("accuracy per field, language and tag, and every miss; a field that nobody speaks of is left out", () => {
  const scored = [
    { entry: FIRST, got: { ...FIRST.expected, downlinkMbps: 20 } },
    { entry: SECOND, got: SECOND.expected },
  ];
  expect(tally(scored)).toEqual({
    whole: { name: "whole sentences", right: 1, of: 2 },
    fields: [
      { name: "action", right: 2, of: 2 },
      { name: "serviceType", right: 2, of: 2 },
      { name: "targetSites", right: 2, of: 2 },
      { name: "downlinkMbps", right: 0, of: 1 },
      { name: "clarify", right: 2, of: 2 },
    ],
    languages: [
      { name: "en", right: 0, of: 1 },
      { name: "zh-TW", right: 1, of: 1 },
    ],
    tags: [
      { name: "bandwidth", right: 0, of: 1 },
      { name: "plain", right: 1, of: 2 },
    ],
    missed: [{ id: "a-1", lang: "en", text: FIRST.text, misses: [{ field: "downlinkMbps", wanted: 200, got: 20 }] }],
  });
});

test("the printed report ends with each miss and what was wanted, or with why there was no answer", () => {
  const report = tally([
    { entry: FIRST, got: { ...FIRST.expected, downlinkMbps: 20 } },
    { entry: SECOND, got: null, problem: "the breaker is open" },
  ]);
  expect(tallyLines("rules", report).slice(-5)).toEqual([
    "2 misses",
    'a-1  "deploy eMBB on edge1 with 200 Mbps"',
    "    downlinkMbps: wanted 200, got 20",
    'a-2  "查詢邊緣1"',
    "    no answer: the breaker is open",
  ]);
});

const NOTHING_SPENT: Spent = {
  durationsMs: [1, 3],
  promptTokens: { sum: 0, unknown: 0 },
  completionTokens: { sum: 0, unknown: 0 },
  usd: { sum: 0, unknown: 0 },
};
const LEFT: Measured = {
  provider: "rules",
  scored: [
    { entry: FIRST, got: FIRST.expected },
    { entry: SECOND, got: null, problem: "timeout" },
  ],
  spent: NOTHING_SPENT,
};
const RIGHT: Measured = {
  provider: "claude",
  scored: [
    { entry: FIRST, got: { ...FIRST.expected, latencyMs: 5 } },
    { entry: SECOND, got: { ...SECOND.expected, clarify: [] } },
  ],
  spent: {
    durationsMs: [20, 40],
    promptTokens: { sum: 812, unknown: 1 },
    completionTokens: { sum: 70, unknown: 0 },
    usd: { sum: 0, unknown: 2 },
  },
};

test("two providers are set side by side, and what they read differently is listed", () => {
  const { whole, disagreements } = compare(LEFT, RIGHT);
  expect(whole.map(({ right, of }) => [right, of])).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(disagreements).toEqual([
    { id: "a-1", text: FIRST.text, fields: [{ field: "latencyMs", wanted: undefined, got: [undefined, 5] }] },
    {
      id: "a-2",
      text: SECOND.text,
      fields: [
        { field: "action", wanted: "status", got: [undefined, "status"] },
        { field: "serviceType", wanted: null, got: [undefined, null] },
        { field: "targetSites", wanted: ["edge1"], got: [undefined, ["edge1"]] },
        { field: "clarify", wanted: [], got: [undefined, []] },
      ],
    },
  ]);
});

test("what a call took is summed, and what is not known is said to be unknown", () => {
  const lines = comparisonLines([LEFT, RIGHT]).map((line) => line.trim().split(/\s{2,}/));
  expect(lines.filter(([name]) => /tokens|cost|latency p/.test(name ?? ""))).toEqual([
    ["latency p50", "3.0 ms", "40.0 ms"],
    ["latency p95", "3.0 ms", "40.0 ms"],
    ["prompt tokens", "0", "812 + 1 unknown"],
    ["completion tokens", "0", "70"],
    ["cost in US dollars", "0.0000", "unknown"],
  ]);
});
