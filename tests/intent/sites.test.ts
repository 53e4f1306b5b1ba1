import fc from "fast-check";
import { expect, test } from "vitest";
import { resolveSite } from "../../intent/sites.ts";
import { gist, reading, SITES } from "./fixtures.ts";

test.each([
  "edge1",
  "edge01",
  "edge-1",
  "Edge 1",
  "EDGE_1",
  "site 1",
  "Site-01",
  "edge site 1",
  "VM-2",
  "vm2",
  "vm 2",
  " edge1 ",
  "ｅｄｇｅ１",
])("%s is edge1", (spelling) => {
  expect(resolveSite(spelling, SITES)).toBe("edge1");
});

test("aliases come from the site records: VM-4 is edge2 only where the record says so", () => {
  expect(resolveSite("VM-4", SITES)).toBe("edge2");
  expect(resolveSite("VM-4", [{ id: "edge2", aliases: [] }])).toBeUndefined();
});

test.each([
  "edge9",
  "site 0",
  "",
  "edge",
  "../edge1",
  "edge1; rm -rf /",
  "edge1/../../etc",
  "constructor",
  "__proto__",
  `edge${"1".repeat(80)}`,
])("%j is no site", (ref) => {
  expect(resolveSite(ref, SITES)).toBeUndefined();
});

test("whatever the reference, the answer is a registered id or nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 70 }), (ref) => {
      const id = resolveSite(ref, SITES);
      return id === undefined || SITES.some((site) => site.id === id);
    }),
  );
});

test("a site with a name of its own is found by it", () => {
  const sites = [
    { id: "taipei-dc", aliases: ["Taipei"] },
    { id: "edge7", aliases: [] },
  ];
  expect(resolveSite("TAIPEI DC", sites)).toBe("taipei-dc");
  expect(gist("deploy eMBB in Taipei and on site 7", { sites })).toEqual({
    action: "deploy",
    type: "eMBB",
    sites: ["taipei-dc", "edge7"],
    ask: [],
  });
});

test.each([
  ["edge1~edge3", ["edge1", "edge2", "edge3"]],
  ["edge1 to edge3", ["edge1", "edge2", "edge3"]],
  ["edge1 through edge4", ["edge1", "edge2", "edge3", "edge4"]],
  ["edge2-edge4", ["edge2", "edge3", "edge4"]],
  ["edge1-3", ["edge1", "edge2", "edge3"]],
  ["edges 1..2", ["edge1", "edge2"]],
  ["sites 2 and 4", ["edge2", "edge4"]],
  ["edge 1, 2 and 3", ["edge1", "edge2", "edge3"]],
  ["edge1,edge2 & edge4", ["edge1", "edge2", "edge4"]],
  ["all sites", ["edge1", "edge2", "edge3", "edge4"]],
  ["each of our four edge sites", ["edge1", "edge2", "edge3", "edge4"]],
  ["everywhere except edge3", ["edge1", "edge2", "edge4"]],
  ["all edges but edge2", ["edge1", "edge3", "edge4"]],
  ["every site except 2 and 3", ["edge1", "edge4"]],
  ["the second edge site", ["edge2"]],
  ["VM-2 and VM-4", ["edge1", "edge2"]],
  ["edge2 (not edge1)", ["edge2"]],
  ["edge1 - oops, edge2 i mean", ["edge2"]],
  ["edge one and edge two", ["edge1", "edge2"]],
])("deploy on %s targets %j", (phrase, sites) => {
  expect(gist(`deploy eMBB on ${phrase} with 100 Mbps`)).toEqual({ action: "deploy", type: "eMBB", sites, downlinkMbps: 100, ask: [] });
});

test("a site that is only talked about is no target, and a warning says so", () => {
  const { intent, warnings } = reading("edge2 is down. Deploy eMBB on edge3 with 100 Mbps");
  expect([intent.targetSites, warnings]).toEqual([["edge3"], ["edge2 is only talked about and not taken as a target."]]);
});

test("an unregistered site is asked for by name", () => {
  const { status, clarifications } = reading("deploy eMBB on edge9");
  expect([status, clarifications]).toEqual([
    "clarification_needed",
    [
      {
        field: "targetSites",
        question: "edge9 is not a registered site. Which sites are meant? Registered are edge1, edge2, edge3, edge4.",
      },
    ],
  ]);
});

test("beside a known site an unregistered one still stops the deployment", () => {
  const { status, intent, clarifications, warnings } = reading("deploy eMBB on edge1 and edge7");
  expect([status, intent.targetSites, clarifications.map((c) => c.field), warnings]).toEqual([
    "clarification_needed",
    ["edge1"],
    ["targetSites"],
    ["edge7 is not a registered site."],
  ]);
});

test("a range that ends at an unregistered site is asked for", () => {
  expect(gist("deploy mMTC on edge3~edge6")).toEqual({ action: "deploy", type: "mMTC", sites: ["edge3", "edge4"], ask: ["targetSites"] });
});

test("an exception that names no known site is asked for instead of being passed over", () => {
  expect(gist("deploy eMBB on all sites except the Taipei one").ask).toEqual(["targetSites"]);
});
