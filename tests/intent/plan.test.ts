import { expect, test } from "vitest";
import { checkFeasibility, usedCapacity } from "../../intent/feasibility.ts";
import { freeSd, freeSliceName } from "../../intent/naming.ts";
import { planSlice } from "../../intent/plan.ts";
import type { LiveSlice } from "../../protocol/job.ts";
import { PlanOutput } from "../../protocol/stage.ts";
import { liveSlice, NOW, planContext, reading } from "./fixtures.ts";

const ID = "int_01k9abcdefghjkmnpqrstvwxyz";

function planned(text: string, slices: LiveSlice[] = [], intentId = ID) {
  return planSlice({ understanding: reading(text), text, intentId, priority: 5, context: planContext(slices), now: NOW });
}

function refusal(text: string, slices: LiveSlice[] = []) {
  const result = planned(text, slices);
  return result.ok ? undefined : result.error;
}

test("plans a slice with its own name, S-NSSAI, 5QI, profile and objectives", () => {
  const result = planned("Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency");
  if (!result.ok) throw new Error(result.error.message);
  const { plan, formal, warnings } = PlanOutput.parse(result.value);
  const { profile, objectives, ...rest } = plan;
  expect(rest).toEqual({
    slice: "embb-tvwxyz",
    serviceType: "eMBB",
    snssai: { sst: 1, sd: freeSd(ID, 1, []) },
    fiveQi: 80,
    sites: ["edge1", "edge2"],
  });
  expect(profile.plmnInfoList[0]?.snssai).toEqual(plan.snssai);
  expect(objectives.map(({ name, threshold }) => [name, threshold])).toEqual([
    ["latencyP95", 20],
    ["throughputMin", 200],
    ["availability", 99.9],
  ]);
  expect(formal.characteristic[0]?.value).toEqual(profile);
  expect(warnings).toEqual([]);
});

test("the same input is the same plan", () => {
  const text = "deploy URLLC on edge3, 6 ms";
  expect(planned(text)).toEqual(planned(text));
});

test.each([
  ["roll back slice kite-12", "POST /api/v1/deployments/{id}/rollback"],
  ["scale slice kite-12 to 400 Mbps", "not carried out"],
  ["delete slice kite-12", "rollback"],
  ["status of edge1", "GET /api/v1"],
  ["hello", "not a request"],
])("%s is out of scope and the message says what to use", (text, hint) => {
  expect(refusal(text)).toEqual({ stage: "plan", reason: "out_of_scope", message: expect.stringContaining(hint), retryable: false });
});

test("a latency that no standard 5QI keeps is infeasible, with the nearest that is", () => {
  expect(refusal("deploy URLLC on edge1, 2 ms")).toEqual({
    stage: "plan",
    reason: "infeasible",
    message: "No standard 5QI has a packet delay budget of 2 ms or less; the nearest feasible latency is 5 ms.",
    retryable: false,
  });
});

test("too little capacity is infeasible, with the strongest offer", () => {
  const live = [liveSlice("embb-a", { sites: ["edge2"], downlinkMbps: 700 })];
  expect(refusal("deploy eMBB on edge1 and edge2 with 800 Mbps", live)).toEqual({
    stage: "plan",
    reason: "infeasible",
    message: "edge2 has 300 Mbps downlink left of 1000; 800 asked; at most 300 Mbps is feasible",
    retryable: false,
    site: "edge2",
  });
  expect(planned("deploy eMBB on edge1 and edge2 with 300 Mbps", live).ok).toBe(true);
});

test("a site that is not registered is infeasible", () => {
  const understanding = reading("deploy eMBB", { targetSites: ["edge9"] });
  const result = planSlice({ understanding, text: "deploy eMBB", intentId: ID, priority: 5, context: planContext(), now: NOW });
  expect(result).toEqual({
    ok: false,
    error: {
      stage: "plan",
      reason: "infeasible",
      message: "edge9 is not a registered site; registered are: edge1, edge2, edge3, edge4.",
      retryable: false,
      site: "edge9",
    },
  });
});

test("an understanding with open questions is not planned", () => {
  expect(refusal("deploy eMBB on edge1 and edge9")?.message).toContain("edge9 is not a registered site");
});

test("an explicit S-NSSAI that is live is a conflict that names the slice; a free one is taken", () => {
  const live = [liveSlice("kite-12", { snssai: { sst: 1, sd: "010203" }, sites: ["edge3"] })];
  const text = "deploy a slice with SST 1 SD 010203 on edge1";
  expect(refusal(text, live)).toEqual({
    stage: "plan",
    reason: "conflict",
    message: "S-NSSAI 1-010203 is in use by slice kite-12 on edge3.",
    retryable: false,
  });
  const free = planned(text);
  expect(free.ok && free.value.plan.snssai).toEqual({ sst: 1, sd: "010203" });
});

test("a requested name that is live is a conflict; a free one is taken", () => {
  const text = "deploy eMBB slice kite-12 at edge1";
  expect(refusal(text, [liveSlice("kite-12")])?.reason).toBe("conflict");
  const free = planned(text);
  expect(free.ok && free.value.plan.slice).toBe("kite-12");
});

test("a name that is no DNS label gives way to a made one, with a warning", () => {
  const result = planned("deploy eMBB slice kite_12 at edge1");
  if (!result.ok) throw new Error(result.error.message);
  expect([result.value.plan.slice, result.value.warnings]).toEqual([
    "embb-tvwxyz",
    ['"kite_12" is not a valid slice name (a DNS label); the slice is called embb-tvwxyz.'],
  ]);
});

test("two slices of one type live side by side: name and SD are made unique", () => {
  const sd = freeSd(ID, 1, []) ?? "";
  const live = [liveSlice("embb-tvwxyz", { snssai: { sst: 1, sd } })];
  const next = (Number.parseInt(sd, 16) + 1).toString(16).padStart(6, "0");
  expect([freeSliceName("eMBB", ID, live), freeSd(ID, 1, live), freeSd(ID, 2, live)]).toEqual(["embb-tvwxyz-2", next, sd]);
});

test("no SD is one of the reserved values", () => {
  const sds = Array.from({ length: 20_000 }, (_, i) => freeSd(`int_${i}`, 1, []));
  expect(sds.every((sd) => sd !== undefined && /^[0-9a-f]{6}$/.test(sd) && sd !== "000000" && sd !== "ffffff")).toBe(true);
  expect(new Set(sds).size).toBeGreaterThan(19_900);
});

test("capacity in use is summed per site, and the slice being changed gives its share back", () => {
  const slices = [liveSlice("a", { downlinkMbps: 600 }), liveSlice("b", { sites: ["edge1", "edge2"], downlinkMbps: 0.1, uplinkMbps: 0.2 })];
  expect([usedCapacity("edge1", slices), usedCapacity("edge2", slices), usedCapacity("edge3", slices)]).toEqual([
    { downlinkMbps: 600.1, uplinkMbps: 50.2, maxDevices: 2000 },
    { downlinkMbps: 0.1, uplinkMbps: 0.2, maxDevices: 1000 },
    { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 },
  ]);
  const demand = { downlinkMbps: 900, uplinkMbps: 10, maxDevices: 10 };
  const context = planContext(slices);
  expect(checkFeasibility({ demand, sites: ["edge1"], context, exceptSlice: "a" })).toEqual({ ok: true, value: undefined });
  expect(checkFeasibility({ demand, sites: ["edge1"], context })).toEqual({
    ok: false,
    error: {
      site: "edge1",
      resource: "downlinkMbps",
      asked: 900,
      feasible: 399.9,
      message: "edge1 has 399.9 Mbps downlink left of 1000; 900 asked; at most 399.9 Mbps is feasible",
    },
  });
});
