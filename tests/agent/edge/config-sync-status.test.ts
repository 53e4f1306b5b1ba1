// The RootSync predicate and the ResourceGroup's reading, case by case.
import { expect, test } from "vitest";
import { ResourceGroup, RootSync, readResourceGroup, readRootSync } from "../../../agent/edge/config-sync-status.ts";
import { sliceReport, sliceReports } from "../../../agent/edge/resource-health.ts";

const NEW = "b".repeat(40);
const OLD = "a".repeat(40);
const NONE = { totalCount: 0, truncated: false, errorCountAfterTruncation: 0 };
const ONE = { totalCount: 1, truncated: false, errorCountAfterTruncation: 1 };
const SYNCING_FALSE = { type: "Syncing", status: "False", commit: NEW, message: "Sync Completed", errorSummary: NONE };

const RESTING = {
  observedGeneration: 3,
  reconciler: "root-reconciler",
  lastSyncedCommit: NEW,
  source: { commit: NEW, errorSummary: NONE, gitStatus: { repo: "https://git.example/sites" } },
  rendering: { commit: NEW, message: "Rendering succeeded", errorSummary: NONE },
  sync: { commit: NEW, errorSummary: NONE },
  conditions: [{ type: "Reconciling", status: "False" }, { type: "Stalled", status: "False" }, SYNCING_FALSE],
};

function read(change: object, generation = 3) {
  return readRootSync(
    RootSync.parse({ apiVersion: "x", metadata: { name: "root-sync", generation }, spec: {}, status: { ...RESTING, ...change } }),
  );
}

test.each([
  ["everything at one commit", {}],
  ["rendering skipped", { rendering: { commit: NEW, message: "Rendering skipped" } }],
  [
    "no error summaries at all",
    { source: { commit: NEW }, sync: { commit: NEW }, conditions: [{ type: "Syncing", status: "False", commit: NEW }] },
  ],
  ["a finished reconciler", { conditions: [...RESTING.conditions, { type: "ReconcilerFinalizing", status: "False" }] }],
  ["a condition that nobody knows", { conditions: [...RESTING.conditions, { type: "Dreaming", status: "True" }] }],
])("synced: %s", (_title, change) => {
  expect(read(change)).toEqual({ phase: "synced", commit: NEW, attempted: NEW, message: "Sync Completed" });
});

test.each([
  ["an old generation", { observedGeneration: 2 }, NEW],
  ["Reconciling", { conditions: [{ type: "Reconciling", status: "True" }, SYNCING_FALSE] }, NEW],
  ["Syncing", { conditions: [{ type: "Syncing", status: "True", commit: NEW }] }, NEW],
  ["ReconcilerFinalizing", { conditions: [...RESTING.conditions, { type: "ReconcilerFinalizing", status: "True" }] }, NEW],
  ["no Syncing condition", { conditions: [] }, NEW],
  ["a Syncing condition about another commit", { conditions: [{ ...SYNCING_FALSE, commit: OLD }] }, NEW],
  ["a Syncing condition about no commit", { conditions: [{ type: "Syncing", status: "False" }] }, NEW],
  ["a newer source", { rendering: { commit: OLD, message: "Rendering succeeded" }, sync: { commit: OLD }, lastSyncedCommit: OLD }, OLD],
  ["rendered but not synced", { sync: { commit: OLD }, lastSyncedCommit: OLD }, OLD],
  ["synced but not yet the last synced", { lastSyncedCommit: OLD }, OLD],
  ["never synced", { lastSyncedCommit: undefined, sync: undefined }, null],
  ["rendering in progress", { rendering: { commit: NEW, message: "Rendering is still in progress" } }, NEW],
  ["no rendering", { rendering: undefined }, NEW],
])("syncing: %s", (_title, change, commit) => {
  expect(read(change)).toMatchObject({ phase: "syncing", commit });
});

test.each([
  [
    "source",
    { source: { commit: NEW, errorSummary: ONE, errors: [{ code: "1021", errorMessage: "KNV1021: unknown kind" }] } },
    "KNV1021: unknown kind",
  ],
  [
    "rendering",
    {
      rendering: { commit: NEW, message: "Rendering failed", errorSummary: ONE, errors: [{ code: "1068", errorMessage: "no such file" }] },
    },
    "KNV1068: no such file",
  ],
  [
    "sync",
    {
      sync: {
        commit: NEW,
        errors: [
          { code: "2009", errorMessage: "denied" },
          { code: "2009", errorMessage: "refused" },
        ],
      },
    },
    "KNV2009: denied; KNV2009: refused",
  ],
  [
    "a condition",
    { conditions: [{ type: "Stalled", status: "True", errors: [{ code: "1061", errorMessage: "bad spec" }] }] },
    "KNV1061: bad spec",
  ],
  ["counted, not listed", { conditions: [{ ...SYNCING_FALSE, errorSummary: ONE }] }, "Config Sync counts errors that it does not list"],
  ["stalled without errors", { conditions: [{ type: "Stalled", status: "True", message: "no deployment" }] }, "Stalled: no deployment"],
])("failed, with the site's own words: %s", (_title, change, message) => {
  expect(read(change)).toMatchObject({ phase: "failed", message });
});

test("a failing new commit leaves the old one in force, and says which one failed", () => {
  expect(read({ lastSyncedCommit: OLD, sync: { commit: NEW, errors: [{ code: "2009", errorMessage: "denied" }] } })).toEqual({
    phase: "failed",
    commit: OLD,
    attempted: NEW,
    message: "KNV2009: denied",
  });
});

test("errors of a configuration that is no longer the latest do not count", () => {
  const change = { observedGeneration: 2, sync: { commit: NEW, errors: [{ code: "2009", errorMessage: "denied" }] } };
  expect(read(change)).toMatchObject({ phase: "syncing", message: "Config Sync has not seen its latest configuration" });
});

test("an object without a status is syncing, and what is no full commit id is none", () => {
  expect(readRootSync(RootSync.parse({ metadata: {} }))).toEqual({
    phase: "syncing",
    commit: null,
    attempted: null,
    message: "Config Sync has reported nothing yet",
  });
  expect(read({ lastSyncedCommit: "sha256:1234" }).commit).toBeNull();
});

test("a long list of errors is cut", () => {
  const errors = Array.from({ length: 100 }, (_, index) => ({ code: "2009", errorMessage: `refused object number ${index}` }));
  expect(read({ sync: { commit: NEW, errors } }).message).toHaveLength(1_000);
});

const resource = (status: string, more: object = {}) => ({
  group: "workload.nephio.org",
  kind: "NFDeployment",
  namespace: "video",
  name: "upf",
  status,
  ...more,
});
const NAMESPACE = { kind: "Namespace", namespace: "", name: "video", status: "Current" };

test.each([
  ["all current", [NAMESPACE, resource("Current")], "healthy", "2 resources are current"],
  ["others fail", [resource("Current"), resource("Failed", { namespace: "other" })], "healthy", "1 resources are current"],
  ["one failed", [NAMESPACE, resource("Failed"), resource("InProgress")], "failed", "NFDeployment upf failed"],
  [
    "failed with a reason",
    [resource("Failed", { conditions: [{ type: "Failed", status: "True", message: "no image" }] })],
    "failed",
    "NFDeployment upf failed (no image)",
  ],
  ["in progress", [NAMESPACE, resource("InProgress")], "progressing", "NFDeployment upf is InProgress"],
  ["terminating", [resource("Terminating")], "progressing", "NFDeployment upf is Terminating"],
  ["unknown", [resource("Unknown")], "progressing", "NFDeployment upf is Unknown"],
  ["a namespace still going", [{ ...NAMESPACE, status: "Terminating" }], "progressing", "Namespace video is Terminating"],
  ["all removed by hand", [{ ...NAMESPACE, status: "NotFound" }, resource("NotFound")], "absent", "the site has no resource of this slice"],
  ["one removed by hand", [NAMESPACE, resource("NotFound")], "progressing", "NFDeployment upf is NotFound"],
  [
    "none of this slice",
    [resource("Current", { namespace: "other" }), { ...NAMESPACE, name: "other" }],
    "absent",
    "the site has no resource of this slice",
  ],
  [
    "something else that bears the name",
    [resource("Current", { namespace: "other", name: "video" })],
    "absent",
    "the site has no resource of this slice",
  ],
])("resources: %s", (_title, resourceStatuses, phase, message) => {
  const group = ResourceGroup.parse({ metadata: { generation: 1 }, status: { observedGeneration: 1, resourceStatuses } });
  expect(sliceReport(readResourceGroup(group), "video")).toEqual({ phase, message });
});

test("a ResourceGroup that is behind its inventory is progressing, and one without a status has nothing", () => {
  const behind = ResourceGroup.parse({ metadata: { generation: 2 }, status: { observedGeneration: 1, resourceStatuses: [NAMESPACE] } });
  expect(sliceReport(readResourceGroup(behind), "video")).toEqual({
    phase: "progressing",
    message: "the ResourceGroup is behind its inventory",
  });
  expect(sliceReport(readResourceGroup(ResourceGroup.parse({ metadata: {} })), "video").phase).toBe("absent");
});

test("the slices of a site are those of which a resource is there, each with its own health", () => {
  const resourceStatuses = [
    NAMESPACE,
    resource("Current"),
    resource("Failed", { namespace: "meters" }),
    resource("NotFound", { namespace: "gone" }),
    { kind: "ClusterRole", name: "reader", status: "Current" },
  ];
  const group = ResourceGroup.parse({ metadata: { generation: 1 }, status: { observedGeneration: 1, resourceStatuses } });
  expect(sliceReports(readResourceGroup(group))).toEqual(
    new Map([
      ["meters", { phase: "failed", message: "NFDeployment upf failed" }],
      ["video", { phase: "healthy", message: "2 resources are current" }],
    ]),
  );
});
