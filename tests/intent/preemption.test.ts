// Room made by slices of lower priority: proposed when it is asked for, and told about when it is not.
import { expect, test } from "vitest";
import { liveSlice, mustPlan, refusalOf } from "./fixtures.ts";

const TEXT = "Deploy eMBB slice kite-12 on edge1 with 600 Mbps";
const low = liveSlice("low-2", { priority: 2, downlinkMbps: 300, deploymentId: "dep_01k00000000000000000000002" });
const lower = liveSlice("lower-1", { priority: 1, downlinkMbps: 300, deploymentId: "dep_01k00000000000000000000003" });
const equal = liveSlice("equal-5", { priority: 5, downlinkMbps: 300, deploymentId: "dep_01k00000000000000000000005" });

test("without being asked for, nobody has to go: the refusal says who could, and how", () => {
  const refused = refusalOf(TEXT, [low, equal]);
  expect(refused).toMatchObject({ rejection: "INFEASIBLE", counterOffer: { downlinkMbps: 400 } });
  expect(refused.message).toBe(
    "edge1 has 400 Mbps downlink left of 1000; 600 asked; at most 400 Mbps is feasible; " +
      "removing low-2 (priority 2) at edge1 would make room: send it again with preempt, and approve it",
  );
});

test("asked for, the lowest priority goes first, and no more than is needed", () => {
  expect(mustPlan(TEXT, [low, lower], { preempt: true }).plan.preempts).toEqual([
    { slice: "lower-1", site: "edge1", deploymentId: "dep_01k00000000000000000000003" },
  ]);
  const more = mustPlan("Deploy eMBB slice kite-12 on edge1 with 900 Mbps", [low, lower], { preempt: true }).plan.preempts;
  expect(more.map((one) => one.slice)).toEqual(["lower-1", "low-2"]);
});

test("where there is room nobody goes, asked for or not", () => {
  expect(mustPlan("Deploy eMBB slice kite-12 on edge1 with 100 Mbps", [low, lower], { preempt: true }).plan.preempts).toEqual([]);
});

test("only at the sites that are too full", () => {
  const both = liveSlice("low-2", { sites: ["edge1", "edge2"], priority: 2, downlinkMbps: 300 });
  const own = liveSlice("equal-5", { priority: 5, downlinkMbps: 300 });
  const { plan } = mustPlan("Deploy eMBB slice kite-12 on edge1 and edge2 with 600 Mbps", [both, own], { preempt: true });
  expect(plan.preempts.map(({ slice, site }) => `${slice} ${site}`)).toEqual(["low-2 edge1"]);
});

test.each([
  ["of the same priority", [equal, { ...low, priority: 5 }]],
  ["of a higher priority", [equal, { ...low, priority: 9 }]],
  ["that are being changed", [equal, { ...low, busy: { intentId: low.intentId, action: "scale" as const } }]],
  [
    "that hold nothing of what is short",
    [liveSlice("big-9", { priority: 9, downlinkMbps: 990 }), { ...low, sites: low.sites.map((at) => ({ ...at, downlinkMbps: 0 })) }],
  ],
])("slices %s make no room", (_, slices) => {
  const refused = refusalOf(TEXT, slices, { preempt: true });
  expect([refused.rejection, refused.message.includes("would make room")]).toEqual(["INFEASIBLE", false]);
});

test("a priority in the text counts for who goes, else the request's", () => {
  expect(mustPlan(`${TEXT}, priority 8`, [low, equal, lower], { preempt: true }).plan).toMatchObject({ priority: 8 });
  expect(mustPlan(TEXT, [equal, { ...low, priority: 6 }], { preempt: true, priority: 7 }).plan.preempts).toHaveLength(1);
});

test("a scale may ask for room too, and never takes it from itself", () => {
  const own = liveSlice("video-7", { priority: 5, downlinkMbps: 600 });
  const { plan } = mustPlan("Scale slice video-7 to 900 Mbps", [own, low], { preempt: true });
  expect(plan.preempts.map((one) => one.slice)).toEqual(["low-2"]);
});
