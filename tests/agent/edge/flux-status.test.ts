// What Flux's objects mean, case by case, with the texts that its controllers write.
import { expect, test } from "vitest";
import { commitOf, GitRepository, Kustomization, readFlux, readInventory } from "../../../agent/edge/flux-status.ts";
import { sliceReport, sliceReports } from "../../../agent/edge/resource-health.ts";

const NEW = "b".repeat(40);
const OLD = "a".repeat(40);
const rev = (commit: string) => `main@sha1:${commit}`;
const ready = (status: string, reason: string, message = "", observedGeneration = 3) => ({
  type: "Ready",
  status,
  reason,
  message,
  observedGeneration,
});
const STALLED =
  "health check failed after 31.9ms: failed early due to stalled resources: [NFDeployment/video/upf status: 'Failed': no image]";
const TIMEOUT =
  "health check failed after 30.0s: timeout waiting for: [NFDeployment/video/upf status: 'InProgress', Namespace/gone status: 'NotFound']";

const SOURCE = { observedGeneration: 3, artifact: { revision: rev(NEW) }, conditions: [ready("True", "Succeeded", "stored artifact")] };
const APPLIED = {
  observedGeneration: 3,
  lastAppliedRevision: rev(NEW),
  lastAttemptedRevision: rev(NEW),
  conditions: [ready("True", "ReconciliationSucceeded", "Applied revision")],
  inventory: {
    entries: [
      { id: "_video__Namespace", v: "v1" },
      { id: "video_upf_workload.nephio.org_NFDeployment", v: "v1alpha1" },
      { id: "meters_smf_workload.nephio.org_NFDeployment", v: "v1alpha1" },
      { id: "_gone__Namespace", v: "v1" },
    ],
  },
};

function objects(change: { source?: object; applied?: object; spec?: object }) {
  const source = GitRepository.parse({ metadata: { generation: 3 }, spec: {}, status: { ...SOURCE, ...change.source } });
  const applied = Kustomization.parse({
    metadata: { generation: 3 },
    spec: { prune: true, wait: true, ...change.spec },
    status: { ...APPLIED, ...change.applied },
  });
  return { source, applied };
}

function read(change: Parameters<typeof objects>[0]) {
  const { source, applied } = objects(change);
  return readFlux(source, applied);
}

test.each([
  [rev(NEW), NEW],
  [`sha1:${NEW}`, NEW],
  [`feature/x@sha1:${NEW}`, NEW],
  [`v1.2.3@sha256:${NEW}`, null],
  ["main@sha1:abc", null],
  [`main/${NEW}`, null],
  [undefined, null],
])("the commit of the revision %s", (revision, commit) => {
  expect(commitOf(revision)).toBe(commit);
});

test("synced: everything at one revision and Ready", () => {
  expect(read({})).toEqual({ phase: "synced", commit: NEW, attempted: NEW, message: "ReconciliationSucceeded: Applied revision" });
});

test("a revision whose health check fails is what runs, although Flux never calls it applied", () => {
  expect(read({ applied: { lastAppliedRevision: rev(OLD), conditions: [ready("False", "HealthCheckFailed", STALLED)] } })).toEqual({
    phase: "synced",
    commit: NEW,
    attempted: NEW,
    message: `applied; HealthCheckFailed: ${STALLED}`,
  });
});

test.each([
  ["a newer artifact", { applied: { lastAppliedRevision: rev(OLD), lastAttemptedRevision: rev(OLD) } }, OLD],
  [
    "work on a newer revision",
    { applied: { lastAppliedRevision: rev(OLD), conditions: [ready("Unknown", "Progressing", "Reconciliation in progress")] } },
    OLD,
  ],
  ["an old Ready of the Kustomization", { applied: { conditions: [ready("True", "ReconciliationSucceeded", "", 2)] } }, NEW],
  ["an old observation of the Kustomization", { applied: { observedGeneration: 2 } }, NEW],
  ["an old observation of the GitRepository", { source: { observedGeneration: 2 } }, NEW],
  ["an old failure", { applied: { lastAppliedRevision: rev(OLD), conditions: [ready("False", "BuildFailed", "x", 2)] } }, OLD],
  [
    "an old health check under a newer artifact",
    { applied: { lastAttemptedRevision: rev(OLD), conditions: [ready("False", "HealthCheckFailed", STALLED)] } },
    OLD,
  ],
  ["a suspended Kustomization", { spec: { suspend: true } }, NEW],
  ["nothing fetched", { source: { artifact: undefined }, applied: { lastAppliedRevision: undefined } }, null],
  ["no condition", { applied: { conditions: [] } }, NEW],
])("syncing: %s", (_title, change, commit) => {
  expect(read(change)).toMatchObject({ phase: "syncing", commit });
});

test.each(["PruneFailed", "ArtifactFailed", "BuildFailed", "DependencyNotReady", "ReconciliationFailed"])("failed: %s", (reason) => {
  const applied = { observedGeneration: 2, lastAppliedRevision: rev(OLD), conditions: [ready("False", reason, "in its own words")] };
  expect(read({ applied })).toEqual({ phase: "failed", commit: OLD, attempted: NEW, message: `${reason}: in its own words` });
});

test("failed: a repository that cannot be fetched, with the old commit in force", () => {
  const source = { conditions: [ready("False", "GitOperationFailed", "connection refused")] };
  expect(read({ source })).toEqual({ phase: "failed", commit: NEW, attempted: NEW, message: "GitOperationFailed: connection refused" });
});

test("objects without a status are syncing, and have nothing", () => {
  const source = GitRepository.parse({ metadata: { generation: 1 } });
  const applied = Kustomization.parse({ metadata: { generation: 1 }, spec: { wait: true } });
  expect(readFlux(source, applied)).toMatchObject({ phase: "syncing", commit: null, attempted: null });
  expect(sliceReport(readInventory(applied), "video").phase).toBe("absent");
});

function health(conditions: object[]) {
  return Object.fromEntries(sliceReports(readInventory(objects({ applied: { conditions } }).applied)));
}

test("a health check that ran to its end tells each slice's own health", () => {
  expect(health([ready("False", "HealthCheckFailed", TIMEOUT)])).toEqual({
    meters: { phase: "healthy", message: "1 resources are current" },
    video: { phase: "progressing", message: "NFDeployment upf is InProgress" },
  });
});

test("one that ended early names the failed slice and leaves the others open", () => {
  const open = { phase: "progressing", message: `Flux's health check ended early: ${STALLED}` };
  expect(health([ready("False", "HealthCheckFailed", STALLED)])).toEqual({
    gone: open,
    meters: open,
    video: { phase: "failed", message: "NFDeployment upf failed (no image)" },
  });
});

test("an object that the API server refuses is a failed one", () => {
  const message = 'NFDeployment/video/upf dry-run failed (Invalid): NFDeployment "upf" is invalid: spec.provider: immutable';
  expect(health([ready("False", "ReconciliationFailed", message)]).video).toEqual({
    phase: "failed",
    message: 'NFDeployment upf failed (dry-run failed (Invalid): NFDeployment "upf" is invalid: spec.provider: immutable)',
  });
});
