// Edge sites on the page: how much is used, which of them a search finds, and the files of a drift.
import { expect, test } from "vitest";
import type { Site } from "../../protocol/site.ts";
import { driftFiles, isWeekly, siteFilterOf, sitesShown, statusCounts, usageOf } from "../../web/state/site-view.ts";

const site = (id: string, change: Partial<Site> = {}): Site => ({
  ...{ id, source: "agent", agentId: null, ready: true, production: false, frozenUntil: null, freeze: [], drift: [], checks: [] },
  ...{ components: { sync: "healthy", o2ims: "healthy", metrics: "healthy" }, aliases: [], labels: {}, sync: "configsync" },
  ...{ o2Dialect: "oran-o2ims-rest", capacity: { downlinkMbps: 1000, uplinkMbps: 500, maxDevices: 100 } },
  ...{ used: { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 }, slices: [], status: "healthy", message: "", commit: null, lastSync: null },
  ...change,
});
const ids = (sites: Site[]) => sites.map(({ id }) => id);

test("what is used is told as a share, with a word for how much is left", () => {
  const used = usageOf(site("edge1", { used: { downlinkMbps: 740, uplinkMbps: 375, maxDevices: 130 } }));
  expect(used.map(({ what, percent, level }) => [what, percent, level])).toEqual([
    ["downlink", 74, "free"],
    ["uplink", 75, "tight"],
    ["devices", 130, "over"],
  ]);
  expect(usageOf(site("edge1", { used: { downlinkMbps: 1000, uplinkMbps: 0, maxDevices: 0 } }))[0]?.level).toBe("full");
});

test("sites are in the order in which people count", () => {
  expect(ids(sitesShown([site("edge10"), site("edge2"), site("edge1")], { text: "", status: null }))).toEqual(["edge1", "edge2", "edge10"]);
});

test("a search finds a site by its id, alias, label and slices, and every word counts", () => {
  const sites = [
    site("edge1", { aliases: ["VM-2"], slices: ["video-1"] }),
    site("edge2", { labels: { environment: "production" }, slices: ["video-1"] }),
  ];
  const find = (text: string) => ids(sitesShown(sites, { text, status: null }));
  expect(find("vm-2")).toEqual(["edge1"]);
  expect(find("environment=production")).toEqual(["edge2"]);
  expect(find("video edge2")).toEqual(["edge2"]);
  expect(find("  ")).toEqual(["edge1", "edge2"]);
  expect(find("nowhere")).toEqual([]);
});

test("the status is counted over all sites and filters them", () => {
  const sites = [site("edge1"), site("edge2", { status: "unreachable" }), site("edge3")];
  expect(statusCounts(sites)).toEqual(
    new Map([
      ["healthy", 2],
      ["unreachable", 1],
    ]),
  );
  expect(ids(sitesShown(sites, { text: "", status: "unreachable" }))).toEqual(["edge2"]);
});

test("an address with an unknown status filters by nothing", () => {
  expect(siteFilterOf(new URLSearchParams("status=burning&q=edge"))).toEqual({ text: "edge", status: null });
  expect(siteFilterOf(new URLSearchParams("status=degraded"))).toEqual({ text: "", status: "degraded" });
});

const HEAD =
  "diff --git a/sites/edge1/slices/v/nf.yaml b/sites/edge1/slices/v/nf.yaml\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";
const GONE =
  "diff --git a/sites/edge1/slices/v/old.yaml b/sites/edge1/slices/v/old.yaml\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-new file mode 1\n";

test("the text of a drift is taken apart into the files that git names", () => {
  expect(driftFiles({ diff: HEAD + GONE, slice: "v" })).toEqual([
    { path: "sites/edge1/slices/v/nf.yaml", change: "modified", patch: HEAD },
    { path: "sites/edge1/slices/v/old.yaml", change: "removed", patch: GONE },
  ]);
});

test("a text that names no file stays one, and none is none", () => {
  expect(driftFiles({ diff: "@@ -1 +1 @@\n-a\n+b\n", slice: "v" })).toEqual([
    { path: "v", change: "modified", patch: "@@ -1 +1 @@\n-a\n+b\n" },
  ]);
  expect(driftFiles({ diff: "", slice: "v" })).toEqual([]);
});

test("a window that comes back every week is told apart from one that is over once", () => {
  expect(isWeekly({ from: "2026-11-21T00:00:00Z", to: "2026-11-22T00:00:00Z", reason: "" })).toBe(false);
  expect(isWeekly({ weekdays: ["sat"], start: "22:00", end: "06:00", timeZone: "UTC", reason: "" })).toBe(true);
});
