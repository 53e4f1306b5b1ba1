// The kube paths that a sync adapter reads: /version, one RootSync, its ResourceGroup. An API-shape stand-in, not a Kubernetes.
// Shapes: Config Sync's CRDs rootsyncs.configsync.gke.io v1beta1 and resourcegroups.kpt.dev v1alpha1.
import type { Answer } from "../http.ts";
import type { SliceHealth } from "./health.ts";
import type { SyncError } from "./manifest.ts";
import type { SyncState } from "./sync.ts";

const NAMESPACE = "config-management-system";
const NAME = "root-sync";
const GENERATION = 1; // the RootSync's spec never changes here
const ROOT_SYNC = `/apis/configsync.gke.io/v1beta1/namespaces/${NAMESPACE}/rootsyncs/${NAME}`;
const RESOURCE_GROUP = `/apis/kpt.dev/v1alpha1/namespaces/${NAMESPACE}/resourcegroups/${NAME}`;
const SHORT_COMMIT = 7;

export interface KubeView {
  siteId: string;
  repositoryUrl: string;
  state: SyncState;
  health: SliceHealth;
}

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
  const { state } = view;
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

function resourceStatuses(view: KubeView) {
  const { packages, commit } = view.state;
  const failing = new Set<unknown>();
  for (const slice of packages.slices.values()) {
    if (!view.health.isFailing(slice.name)) continue;
    // What runs is what fails; a slice without a network function fails as a whole.
    const functions = slice.manifests.filter((manifest) => manifest.kind === "NFDeployment");
    for (const manifest of functions.length > 0 ? functions : slice.manifests) failing.add(manifest);
  }
  return packages.manifests.map((manifest) => {
    const failed = failing.has(manifest);
    return {
      group: manifest.group,
      kind: manifest.kind,
      namespace: manifest.namespace,
      name: manifest.name,
      status: failed ? "Failed" : "Current",
      strategy: "Apply",
      actuation: "Succeeded",
      reconcile: failed ? "Failed" : "Succeeded",
      sourceHash: (commit ?? "").slice(0, SHORT_COMMIT),
      ...(failed && {
        conditions: [
          {
            type: "Failed",
            status: "True",
            reason: "SimulatedFault",
            message: "simulated fault: the network function does not become ready",
          },
        ],
      }),
    };
  });
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

function kubeStatus(status: number, reason: string, message: string): Answer {
  return { status, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code: status } };
}

/** `subPath` is what follows `/sites/{id}/kube`. */
export function kubeAnswer(view: KubeView, request: { method: string; subPath: string }): Answer {
  if (request.method !== "GET") return kubeStatus(405, "MethodNotAllowed", "this simulated API is read-only");
  if (request.subPath === "/version")
    return { status: 200, body: { major: "1", minor: "30", gitVersion: "v1.30.0-simulated", platform: "lab" } };
  if (request.subPath === ROOT_SYNC) return { status: 200, body: rootSync(view) };
  if (request.subPath === RESOURCE_GROUP) return { status: 200, body: resourceGroup(view) };
  return kubeStatus(404, "NotFound", "the server could not find the requested resource");
}
