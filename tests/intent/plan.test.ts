import { expect, test } from "vitest";
import { checkFeasibility, usedCapacity } from "../../intent/feasibility.ts";
import { freeSd, freeSliceName } from "../../intent/naming.ts";
import { liveSlice, mustPlan, planContext, planOf, refusalOf } from "./fixtures.ts";

const ID = "int_01k9abcdefghjkmnpqrstvwxyz";

test("plans a slice with its own name, S-NSSAI, 5QI, profile and objectives", () => {
  const { plan, formal, warnings } = mustPlan("Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency");
  const { profile, objectives, ...rest } = plan;
  expect(rest).toEqual({
    action: "deploy",
    slice: "embb-tvwxyz",
    serviceType: "eMBB",
    snssai: { sst: 1, sd: freeSd(ID, 1, []) },
    requirements: { downlinkMbps: 200, latencyMs: 20 },
    priority: 5,
    fiveQi: 80,
    sites: ["edge1", "edge2"],
    waves: [["edge1", "edge2"]],
    bakeSeconds: 0,
    replaces: [],
    preempts: [],
    takesBack: null,
    renderedFor: ID,
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
  expect(planOf(text)).toEqual(planOf(text));
});

test.each(["status of edge1", "hello"])("%s changes no slice and is out of scope", (text) => {
  expect(refusalOf(text)).toEqual({
    stage: "plan",
    reason: "out_of_scope",
    rejection: "out_of_scope",
    message: "This is not a request that changes a slice.",
    retryable: false,
  });
});

test("a latency that no standard 5QI keeps is no supported expectation; the nearest that is one is offered", () => {
  expect(refusalOf("deploy URLLC on edge1, 2 ms")).toEqual({
    stage: "plan",
    reason: "infeasible",
    rejection: "unsupported_expectations",
    message: "No standard 5QI has a packet delay budget of 2 ms or less; the nearest feasible latency is 5 ms.",
    retryable: false,
    counterOffer: { latencyMs: 5 },
  });
  expect(mustPlan("deploy URLLC on edge1, 5 ms").plan.fiveQi).toBe(85);
});

test("too little capacity is infeasible, with the strongest offer that all of its sites could carry, and who could carry it as asked", () => {
  const live = [liveSlice("embb-a", { sites: ["edge2"], downlinkMbps: 700 })];
  expect(refusalOf("deploy eMBB on edge1 and edge2 with 800 Mbps", live)).toEqual({
    stage: "plan",
    reason: "infeasible",
    rejection: "INFEASIBLE",
    message: "edge2 has 300 Mbps downlink left of 1000; 800 asked; at most 300 Mbps is feasible; edge1 could carry it as asked",
    retryable: false,
    site: "edge2",
    counterOffer: { downlinkMbps: 300, uplinkMbps: 450, maxDevices: 99_000 },
    details: [
      "edge1: 1000 Mbps downlink, 500 Mbps uplink, 100000 devices left",
      "edge2: 300 Mbps downlink, 450 Mbps uplink, 99000 devices left",
    ],
  });
  expect(planOf("deploy eMBB on edge1 and edge2 with 300 Mbps", live).ok).toBe(true);
});

test("where nothing is left there is nothing to offer", () => {
  const full = [liveSlice("embb-a", { downlinkMbps: 1000 })];
  const refused = refusalOf("deploy eMBB on edge1 with 10 Mbps", full);
  expect(refused.message).toBe("edge1 has 0 Mbps downlink left of 1000; 10 asked; nothing is feasible there until a slice is removed");
  expect(refused).not.toHaveProperty("counterOffer");
});

test("a site that is not registered is infeasible", () => {
  expect(refusalOf("deploy eMBB", [], { understood: { targetSites: ["edge9"] } })).toEqual({
    stage: "plan",
    reason: "infeasible",
    rejection: "INFEASIBLE",
    message: "edge9 is not a registered site; registered are: edge1, edge2, edge3, edge4.",
    retryable: false,
    site: "edge9",
  });
});

test("an understanding with open questions is not planned", () => {
  const refused = refusalOf("deploy eMBB on edge1 and edge9");
  expect([refused.rejection, refused.message]).toEqual([
    "unsupported_information_model",
    expect.stringContaining("edge9 is not a registered site"),
  ]);
});

test("an explicit S-NSSAI that is live is a conflict that names the slice; a free one is taken", () => {
  const live = [liveSlice("kite-12", { snssai: { sst: 1, sd: "010203" }, sites: ["edge3"] })];
  const text = "deploy a slice with SST 1 SD 010203 on edge1";
  expect(refusalOf(text, live)).toEqual({
    stage: "plan",
    reason: "conflict",
    rejection: "INTENT_CONFLICT",
    message: "S-NSSAI 1-010203 is in use by slice kite-12 on edge3.",
    retryable: false,
  });
  const free = planOf(text);
  expect(free.ok && free.value.plan.snssai).toEqual({ sst: 1, sd: "010203" });
});

test("a requested name that is free is taken", () => {
  expect(mustPlan("deploy eMBB slice kite-12 at edge1").plan.slice).toBe("kite-12");
});

test("a name that is no DNS label gives way to a made one, with a warning", () => {
  const { plan, warnings } = mustPlan("deploy eMBB slice kite_12 at edge1");
  expect([plan.slice, warnings]).toEqual([
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
      counterOffer: { downlinkMbps: 399.9, uplinkMbps: 449.8, maxDevices: 98_000 },
      details: ["edge1: 399.9 Mbps downlink, 449.8 Mbps uplink, 98000 devices left"],
    },
  });
});
