// A site's sync as Config Sync tells it: one RootSync and its ResourceGroup.
// Shapes: Config Sync's CRDs rootsyncs.configsync.gke.io v1beta1 and resourcegroups.kpt.dev v1alpha1.
import { clusterResources, type KubeView, toldState } from "./cluster.ts";
import type { SyncError } from "./manifest.ts";

const NAMESPACE = "config-management-system";
const NAME = "root-sync";
const GENERATION = 1; // the RootSync's spec never changes here
const ROOT_SYNC = `/apis/configsync.gke.io/v1beta1/namespaces/${NAMESPACE}/rootsyncs/${NAME}`;
const RESOURCE_GROUP = `/apis/kpt.dev/v1alpha1/namespaces/${NAMESPACE}/resourcegroups/${NAME}`;
const SHORT_COMMIT = 7;

function errorList(errors: readonly SyncError[]) {
  return {
    errorSummary: { totalCount: errors.length, truncated: false, errorCountAfterTruncation: errors.length },
    ...(errors.length > 0 && {
      errors: errors.map((error) => ({
        code: error.code,
        errorMessage: `KNV${error.code}: ${error.message}`,
        errorResources: error.path === "" ? [] : [{ sourcePath: error.path }],
      })),
    }),
  };
}

function rootSyncStatus(view: KubeView) {
  const state = toldState(view);
  const at = state.changedAt.toISOString();
  const gitStatus = { repo: view.repositoryUrl, revision: "HEAD", branch: "main", dir: `sites/${view.siteId}` };
  const condition = (type: string, on: boolean, more: object = {}) => ({
    type,
    status: on ? "True" : "False",
    lastUpdateTime: at,
    lastTransitionTime: at,
    ...more,
  });
  if (state.seen === null) {
    const conditions = [
      condition("Reconciling", state.phase !== "failed"),
      condition("Stalled", state.phase === "failed", { message: state.errors[0]?.message ?? "" }),
    ];
    return { observedGeneration: GENERATION, reconciler: "root-reconciler", conditions };
  }
  const errorsAt = (stage: "source" | "rendering" | "sync") => (state.failedAt === stage ? state.errors : []);
  // Each stage reports the last commit that it has worked on: what failed early never reached the later ones.
  const rendered = state.failedAt === "source" ? state.commit : state.seen;
  const synced = state.phase === "syncing" || state.failedAt === "source" || state.failedAt === "rendering" ? state.commit : state.seen;
  const commitOf = (commit: string | null) => (commit === null ? {} : { commit });
  const refs: Record<string, string> = { source: "SourceError", rendering: "RenderingError", sync: "SyncError" };
  return {
    observedGeneration: GENERATION,
    reconciler: "root-reconciler",
    ...(state.commit !== null && { lastSyncedCommit: state.commit }),
    source: { gitStatus, commit: state.seen, lastUpdate: at, ...errorList(errorsAt("source")) },
    rendering: {
      gitStatus,
      ...commitOf(rendered),
      lastUpdate: at,
      message: state.failedAt === "rendering" ? "Rendering failed" : "Rendering succeeded",
      ...errorList(errorsAt("rendering")),
    },
    sync: { gitStatus, ...commitOf(synced), lastUpdate: at, ...errorList(errorsAt("sync")) },
    conditions: [
      condition("Reconciling", false),
      condition("Stalled", false),
      condition("Syncing", state.phase === "syncing", {
        commit: state.seen,
        reason: state.failedAt === null ? "Sync" : "Error",
        message: state.phase === "synced" ? "Sync Completed" : "Syncing",
        errorSourceRefs: state.failedAt === null ? [] : [refs[state.failedAt]],
        errorSummary: errorList(state.errors).errorSummary,
      }),
    ],
  };
}

function metadata(kind: string) {
  return {
    name: NAME,
    namespace: NAMESPACE,
    generation: GENERATION,
    labels: { "simulated-by": "lab" },
    uid: `${kind}-${NAME}`.toLowerCase(),
  };
}

function rootSync(view: KubeView) {
  const git = { repo: view.repositoryUrl, branch: "main", revision: "HEAD", dir: `sites/${view.siteId}`, auth: "none" };
  return {
    apiVersion: "configsync.gke.io/v1beta1",
    kind: "RootSync",
    metadata: metadata("RootSync"),
    spec: { sourceType: "git", sourceFormat: "unstructured", git },
    status: rootSyncStatus(view),
  };
}

/** What somebody removed by hand stays in the inventory and is NotFound; what is fought over is Failed. */
function resourceStatuses(view: KubeView) {
  return clusterResources(view).map(({ manifest: { group, kind, namespace, name }, status, message }) => ({
    group,
    kind,
    namespace,
    name,
    status,
    strategy: "Apply",
    actuation: "Succeeded",
    reconcile: status === "Current" ? "Succeeded" : "Failed",
    sourceHash: (view.state.commit ?? "").slice(0, SHORT_COMMIT),
    ...(status === "Failed" && { conditions: [{ type: "Failed", status: "True", reason: "SimulatedFault", message }] }),
  }));
}

function resourceGroup(view: KubeView) {
  const resources = view.state.packages.manifests.map(({ group, kind, namespace, name }) => ({ group, kind, namespace, name }));
  return {
    apiVersion: "kpt.dev/v1alpha1",
    kind: "ResourceGroup",
    metadata: metadata("ResourceGroup"),
    spec: { resources },
    status: { observedGeneration: GENERATION, resourceStatuses: resourceStatuses(view) },
  };
}

/** The object at the path of the kube API; null when there is none. */
export function configSyncObject(view: KubeView, path: string): object | null {
  if (path === ROOT_SYNC) return rootSync(view);
  return path === RESOURCE_GROUP ? resourceGroup(view) : null;
}
