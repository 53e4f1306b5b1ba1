// Plans that change a live slice: scale, terminate, rollback; and how the slice that is meant is found.
import { expect, test } from "vitest";
import { liveSlice, mustPlan, planOf, refusalOf } from "./fixtures.ts";

const ID = "int_01k9abcdefghjkmnpqrstvwxyz";
const D1 = "dep_01k00000000000000000000001";
const D2 = "dep_01k00000000000000000000002";
const I1 = "int_01k00000000000000000000001";
const I2 = "int_01k00000000000000000000002";

const video = liveSlice("video-7", { sites: ["edge1", "edge2"], downlinkMbps: 200, priority: 7 });

test("a scale is a new revision: the stated requirements over the live ones, on all sites, with the slice's own S-NSSAI and priority", () => {
  const { plan } = mustPlan("Scale slice video-7 to 400 Mbps", [video]);
  const { profile, objectives, ...rest } = plan;
  expect(rest).toEqual({
    action: "scale",
    slice: "video-7",
    serviceType: "eMBB",
    snssai: video.snssai,
    requirements: { downlinkMbps: 400, uplinkMbps: 50, maxDevices: 1000 },
    priority: 7,
    fiveQi: 80,
    sites: ["edge1", "edge2"],
    waves: [["edge1", "edge2"]],
    bakeSeconds: 0,
    replaces: [
      { site: "edge1", deploymentId: D1 },
      { site: "edge2", deploymentId: D1 },
    ],
    preempts: [],
    takesBack: null,
    renderedFor: ID,
  });
  expect(profile.dLThptPerSlice.guaThpt).toBe(400_000);
  expect(objectives.find(({ name }) => name === "throughputMin")?.threshold).toBe(400);
});

test("a scale of some sites replaces what is in force at those only", () => {
  const { plan } = mustPlan("Scale slice video-7 on edge2 to 400 Mbps", [video]);
  expect([plan.sites, plan.replaces]).toEqual([["edge2"], [{ site: "edge2", deploymentId: D1 }]]);
});

test("a scale gives its own share back before it asks, and too much is refused with the strongest offer", () => {
  const other = liveSlice("iot-1", { sites: ["edge2"], downlinkMbps: 300 });
  expect(planOf("Scale slice video-7 to 700 Mbps", [video, other]).ok).toBe(true);
  expect(refusalOf("Scale slice video-7 to 800 Mbps", [video, other])).toMatchObject({
    rejection: "INFEASIBLE",
    site: "edge2",
    message: "edge2 has 700 Mbps downlink left of 1000; 800 asked; at most 700 Mbps is feasible; edge1 could carry it as asked",
    counterOffer: { downlinkMbps: 700, uplinkMbps: 450, maxDevices: 99_000 },
  });
});

test("a scale under the lowest delay budget is refused with the nearest latency", () => {
  expect(refusalOf("Scale slice video-7 to 3 ms latency", [video])).toMatchObject({
    rejection: "unsupported_expectations",
    counterOffer: { latencyMs: 5 },
  });
});

test("putting the files back renders for the intent whose revision is live", () => {
  const { plan } = mustPlan("Scale slice video-7 to 200 Mbps", [video], { rerender: true });
  expect([plan.action, plan.renderedFor]).toEqual(["scale", I1]);
});

test("terminate removes the slice from all of its sites, or from the named ones", () => {
  const all = mustPlan("Terminate slice video-7", [video]).plan;
  expect([all.action, all.sites, all.replaces.length, all.takesBack, all.renderedFor]).toEqual([
    "terminate",
    ["edge1", "edge2"],
    2,
    null,
    I1,
  ]);
  const one = mustPlan("Terminate slice video-7 on edge2", [video]).plan;
  expect([one.sites, one.replaces]).toEqual([["edge2"], [{ site: "edge2", deploymentId: D1 }]]);
});

const scaled = liveSlice("video-7", {
  sites: ["edge1", "edge2"],
  latest: { deploymentId: D2, intentId: I2, sites: ["edge2"], commits: [{ commit: "b".repeat(40), sites: ["edge2"] }], renderedFor: I2 },
});

test.each(["video-7", D2, I2, I1, D1])(
  "a rollback that names %s takes back the slice's latest deployment, where it is in force",
  (name) => {
    const { plan } = mustPlan(`Roll back ${name === "video-7" ? "slice video-7" : name}`, [scaled, liveSlice("iot-1", ids(5))]);
    expect([plan.action, plan.slice, plan.takesBack, plan.sites]).toEqual(["rollback", "video-7", D2, ["edge2"]]);
  },
);

/** Ids that no other slice of a test has. */
function ids(n: number) {
  const deploymentId = `dep_01k0000000000000000000000${n}`;
  const intentId = `int_01k0000000000000000000000${n}`;
  return { deploymentId, intentId, latest: { deploymentId, intentId, sites: ["edge1"], commits: [], renderedFor: intentId } };
}

test("a rollback of a site takes back what was done there last", () => {
  const slices = [liveSlice("a-1", ids(3)), liveSlice("b-2", ids(8)), liveSlice("c-3", ids(4))];
  expect(mustPlan("Roll back edge1", slices).plan).toMatchObject({ slice: "b-2", takesBack: ids(8).deploymentId });
});

test("a rollback at a site that the latest deployment did not touch is refused by name", () => {
  expect(refusalOf("Roll back slice video-7 on edge1", [scaled])).toMatchObject({
    rejection: "INFEASIBLE",
    site: "edge1",
    message: "the latest deployment of slice video-7 is not on edge1; it is on edge2.",
  });
});

test.each([
  ["Terminate the slice on edge1", "terminate"],
  ["Scale the eMBB slice on edge1 to 300 Mbps", "scale"],
])("%s asks which one when there are more, and lists them", (text, verb) => {
  const slices = [liveSlice("a-1", ids(3)), liveSlice("b-2", ids(8)), liveSlice("c-3", { sites: ["edge2"] })];
  const refused = refusalOf(text, slices);
  expect([refused.rejection, refused.message]).toEqual([
    "unsupported_information_model",
    expect.stringMatching(new RegExp(`^More than one (eMBB )?slice is live on edge1; name the one to ${verb}: a-1, b-2\\.$`)),
  ]);
});

test("the only slice of its type at a site need not be named", () => {
  const slices = [liveSlice("a-1", ids(3)), liveSlice("b-2", { ...ids(8), serviceType: "URLLC", snssai: { sst: 2, sd: "0000bb" } })];
  expect(mustPlan("Terminate the URLLC slice on edge1", slices).plan.slice).toBe("b-2");
});

test.each([
  ["Scale slice kite-12 to 400 Mbps", "No slice, deployment or intent that is live is called kite-12. Live are video-7."],
  ["Terminate the slice on edge3", "No slice is live on edge3. Live are video-7."],
  ["Terminate slice video-7 on edge3", "slice video-7 is not on edge3; it is on edge1, edge2."],
])("%s: what is not there is told, with what is", (text, message) => {
  expect(refusalOf(text, [video])).toMatchObject({ reason: "infeasible", rejection: "INFEASIBLE", message });
});

test("among many slices the first eight are named", () => {
  const slices = Array.from({ length: 9 }, (_, n) => liveSlice(`many-${n + 1}`, ids(n + 1)));
  expect(refusalOf("Terminate slice kite-12", slices).message).toMatch(/Live are many-1, .*many-8 and more\.$/);
  expect(refusalOf("Terminate slice kite-12", []).message).toMatch(/No slice is live\.$/);
});
