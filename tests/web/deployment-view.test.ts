// What the page tells of deployments: lists that stay true while they change, the history of a slice, and when one cannot be taken back.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { SliceView } from "../../protocol/api.ts";
import type { Deployment, DeploymentStatus } from "../../protocol/deployment.ts";
import { evidenceBySite, filterOf, historyOf, listed, rollbackObstacle, sitesToTakeBack } from "../../web/state/deployment-view.ts";
import type { DeploymentEntry } from "../../web/state/model.ts";
import type { Table } from "../../web/state/table.ts";
import { at, COMMIT, deployment, deploymentId, evidence, intentId } from "./sample.ts";

function numbered(n: number, change: Partial<Deployment> = {}): Deployment {
  return deployment({ deploymentId: deploymentId(n), ...change });
}

/** As the feed keeps them: newest first. */
function table(...deployments: Deployment[]): Table<DeploymentEntry> {
  const rows = deployments
    .toSorted((a, b) => (a.deploymentId < b.deploymentId ? 1 : -1))
    .map((one) => ({ deployment: one, asOf: 0, touched: 0 }));
  return { ids: rows.map((row) => row.deployment.deploymentId), rows };
}

function live(inForce: Record<string, number>, change: Partial<SliceView> = {}): SliceView {
  const sites = Object.entries(inForce).map(([site, n]) => ({
    ...{ site, deploymentId: deploymentId(n), downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 },
  }));
  const latest = { deploymentId: deploymentId(1), intentId: intentId(1), sites: [], commits: [], renderedFor: intentId(1) };
  return {
    ...{ slice: "embb-1", intentId: intentId(1), serviceType: "eMBB", snssai: { sst: 1, sd: "00000a" }, priority: 5, requirements: {} },
    ...{ sites, latest, busy: null, objectives: [], alerts: 0, ...change },
  };
}

const ids = (deployments: readonly Deployment[]) => deployments.map((one) => Number(one.deploymentId.slice(4)));

test("an address is a filter only as far as it names what exists", () => {
  expect(filterOf(new URLSearchParams("status=live&site=edge1&slice=video-7&do=x"))).toEqual({
    status: "live",
    site: "edge1",
    slice: "video-7",
  });
  expect(filterOf(new URLSearchParams("status=gone&site=../x&slice=<script>"))).toEqual({});
});

test("a list shows newer ones that came since, and not those older than its pages reach", () => {
  const loaded = { deployments: [numbered(6), numbered(5)], complete: false };
  expect(ids(listed(table(numbered(8), numbered(6), numbered(5), numbered(2)), loaded, {}))).toEqual([8, 6, 5]);
  expect(ids(listed(table(numbered(8), numbered(2)), { ...loaded, complete: true }, {}))).toEqual([8, 6, 5, 2]);
});

test("a row that live events moved out of the filter is not shown, nor as it was loaded", () => {
  const loaded = { deployments: [numbered(2), numbered(1)], complete: true };
  const now = table(numbered(2, { status: "reverted" }), numbered(1));
  expect(ids(listed(now, loaded, { status: "live" }))).toEqual([1]);
  expect(ids(listed(now, loaded, { status: "reverted" }))).toEqual([2]);
});

test("what the feed has let go is shown as it was loaded, in its place", () => {
  const loaded = { deployments: [numbered(4), numbered(3, { status: "superseded" }), numbered(1)], complete: true };
  const shown = listed(table(numbered(4), numbered(1)), loaded, {});
  expect(ids(shown)).toEqual([4, 3, 1]);
  expect(shown[1]?.status).toBe("superseded");
});

test("however pages and the table overlap, each is listed once and newest first", () => {
  const some = fc.uniqueArray(fc.integer({ min: 1, max: 40 }));
  fc.assert(
    fc.property(some, some, fc.boolean(), (inTable, inPages, complete) => {
      const pages = inPages.toSorted((a, b) => b - a);
      const shown = ids(listed(table(...inTable.map((n) => numbered(n))), { deployments: pages.map((n) => numbered(n)), complete }, {}));
      const oldest = complete || pages.length === 0 ? 0 : Math.min(...pages);
      const wanted = [...new Set([...inTable, ...inPages])].filter((n) => n >= oldest).sort((a, b) => b - a);
      expect(shown).toEqual(wanted);
    }),
  );
});

test("a history tells what is in force where, and what superseded what", () => {
  const rows = historyOf(
    [numbered(4, { status: "reverted" }), numbered(3), numbered(2, { status: "superseded" }), numbered(1, { status: "superseded" })],
    live({ edge1: 3, edge2: 1 }),
  );
  expect(rows.map((row) => [row.inForceAt, row.supersededBy])).toEqual([
    [[], null],
    [["edge1"], null],
    [[], deploymentId(3)],
    [["edge2"], deploymentId(2)],
  ]);
});

test("a removed slice has no deployment in force", () => {
  expect(historyOf([numbered(1)], null)[0]?.inForceAt).toEqual([]);
});

const asked = (change: Partial<Deployment>, rest: Partial<Parameters<typeof rollbackObstacle>[0]> = {}) =>
  rollbackObstacle({ deployment: numbered(2, change), others: [], slice: live({ edge1: 2 }), undecided: false, ...rest });

test("the latest deployment that is in force can be taken back, a failed one too", () => {
  expect(asked({})).toBeNull();
  expect(asked({ status: "failed" })).toBeNull();
});

test.each([["applying"], ["reverting"], ["reverted"]] as const)("one that is %s cannot be taken back", (status) => {
  expect(asked({ status })).toEqual({ kind: status });
});

test("one that waits for a decision can be taken back although it is not through", () => {
  expect(asked({ status: "applying" }, { undecided: true })).toBeNull();
});

test.each<[DeploymentStatus, Partial<Deployment>, boolean]>([
  ["live", {}, true],
  ["applying", { commits: [], commit: null }, true],
  ["reverting", {}, true],
  ["failed", {}, true],
  ["failed", { commits: [], commit: null }, false],
  ["reverted", {}, false],
])("a later one that is %s (%o) is in the way: %s", (status, change, inTheWay) => {
  const others = [numbered(3, { status, ...change })];
  expect(asked({}, { others })).toEqual(inTheWay ? { kind: "superseded", by: deploymentId(3) } : null);
});

test("a later one of another slice is in nobody's way", () => {
  expect(asked({}, { others: [numbered(3, { slice: "other" })] })).toBeNull();
});

test("a superseded one names the latest, and says when the slice was removed instead", () => {
  const status = "superseded";
  expect(asked({ status }, { others: [numbered(4), numbered(3)] })).toEqual({ kind: "superseded", by: deploymentId(4) });
  expect(asked({ status }, { others: [numbered(3, { action: "terminate" })] })).toEqual({ kind: "removed", by: deploymentId(3) });
  expect(asked({ status }, { others: [] })).toEqual({ kind: "superseded", by: null });
  expect(asked({ status, action: "terminate" })).toEqual({ kind: "removal_over" });
});

test("where nothing was pushed or nothing is in force there is nothing to take back", () => {
  expect(asked({ commits: [], commit: null, status: "failed" })).toEqual({ kind: "nothing_pushed" });
  expect(asked({}, { slice: live({ edge1: 9 }) })).toEqual({ kind: "nowhere" });
  expect(asked({}, { slice: null })).toEqual({ kind: "nowhere" });
});

test("it is taken back where it was pushed and is in force; of a removal the sites' own states tell", () => {
  const state = (site: string, value: "verified" | "reverted") => ({ site, state: value, commit: COMMIT, message: "", updatedAt: at(0) });
  const two = {
    commits: [{ commit: COMMIT, sites: ["edge1", "edge2"] }],
    sites: [state("edge1", "verified"), state("edge2", "reverted"), state("edge3", "verified")],
  };
  expect(sitesToTakeBack(numbered(2, two), live({ edge1: 2, edge2: 1, edge3: 2 }))).toEqual(["edge1"]);
  expect(sitesToTakeBack(numbered(2, { ...two, action: "terminate" }), null)).toEqual(["edge1"]);
  expect(sitesToTakeBack(numbered(2, two), undefined)).toEqual(["edge1"]);
});

test("of each objective the last measurement counts, and sites with a miss come first", () => {
  const again = { ...evidence("edge10", "fail"), measuredAt: at(9) };
  const uplink = { ...evidence("edge10", "pass"), objective: "uplinkThroughputMin" as const };
  const sites = evidenceBySite([evidence("edge2", "pass"), evidence("edge10", "pass"), uplink, evidence("edge1", "error"), again]);
  expect(sites.map((one) => [one.site, one.verdict, one.latest.length, one.earlier.length])).toEqual([
    ["edge10", "fail", 2, 1],
    ["edge1", "error", 1, 0],
    ["edge2", "pass", 1, 0],
  ]);
  expect(sites[0]?.latest[0]).toBe(again);
});
