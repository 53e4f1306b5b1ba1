// A request for a name that is live: included in what is there, or a contradiction of it; and who is at it now.
import { expect, test } from "vitest";
import type { LiveSlice } from "../../protocol/job.ts";
import { liveSlice, mustPlan, refusalOf } from "./fixtures.ts";

const LATEST = "int_01k00000000000000000000001";

function kite(more: Pick<Partial<LiveSlice>, "busy"> = {}): LiveSlice {
  return liveSlice("kite-12", {
    sites: ["edge1", "edge2"],
    serviceType: "URLLC",
    downlinkMbps: 100,
    uplinkMbps: 100,
    ...more,
    requirements: { downlinkMbps: 100, uplinkMbps: 100, latencyMs: 5 },
  });
}

test("a request that the live slice includes is no conflict: 10 ms asked of a 5 ms slice changes nothing", () => {
  const { plan, warnings } = mustPlan("Deploy URLLC slice kite-12 on edge1 with 50 Mbps and 10 ms latency", [kite()]);
  expect(plan).toMatchObject({
    action: "scale",
    slice: "kite-12",
    sites: ["edge1"],
    requirements: { downlinkMbps: 100, uplinkMbps: 100, latencyMs: 5 },
    snssai: kite().snssai,
    renderedFor: LATEST, // the same bytes as are there
    replaces: [{ site: "edge1", deploymentId: kite().latest.deploymentId }],
  });
  expect(warnings).toEqual(["Slice kite-12 is live on edge1 and meets this request."]);
});

const CONTRADICTIONS: [string, string][] = [
  ["Deploy URLLC slice kite-12 on edge1 with 200 Mbps", "it has downlinkMbps 100, 200 is asked; scale it, or choose another name."],
  [
    "Deploy URLLC slice kite-12 on edge1 with 99.9999% reliability",
    "it has reliabilityPercent 99.999, 99.9999 is asked; scale it, or choose another name.",
  ],
  ["Deploy eMBB slice kite-12 on edge1 with 50 Mbps", "it is a URLLC slice; choose another name or terminate it first."],
  ["Deploy URLLC slice kite-12 on edge3 with 50 Mbps", "it is not on edge3; choose another name or terminate it first."],
  ["Deploy URLLC slice kite-12 on edge1 and edge3", "it is not on edge3; choose another name or terminate it first."],
];

test.each(CONTRADICTIONS)("%s contradicts the live slice of that name", (text, why) => {
  expect(refusalOf(text, [kite()])).toEqual({
    stage: "plan",
    reason: "conflict",
    rejection: "INTENT_CONFLICT",
    message: `Slice kite-12 is live already on edge1, edge2; ${why}`,
    retryable: false,
  });
});

test("a lower latency than the live slice promises contradicts it", () => {
  const slow = { ...kite(), requirements: { downlinkMbps: 100, latencyMs: 20 } };
  expect(refusalOf("Deploy URLLC slice kite-12 on edge1 with 10 ms latency", [slow]).message).toBe(
    "Slice kite-12 is live already on edge1, edge2; it has latencyMs 20, 10 is asked; scale it, or choose another name.",
  );
});

const busy = { intentId: "int_01k00000000000000000000009", action: "scale" as const };

test.each(["Scale slice kite-12 to 400 Mbps", "Terminate slice kite-12", "Roll back slice kite-12"])(
  "%s is a conflict with the intent that is changing the slice",
  (text) => {
    expect(refusalOf(text, [kite({ busy })])).toEqual({
      stage: "plan",
      reason: "conflict",
      rejection: "INTENT_CONFLICT",
      message: `intent ${busy.intentId} is changing slice kite-12 now (scale); wait until it has ended or is decided, or cancel it.`,
      retryable: false,
    });
  },
);

test("so is a deploy of its name, even one that it would include", () => {
  expect(refusalOf("Deploy URLLC slice kite-12 on edge1 with 50 Mbps", [kite({ busy })]).message).toBe(
    `Slice kite-12 is live already on edge1, edge2; intent ${busy.intentId} is changing it now (scale).`,
  );
});
