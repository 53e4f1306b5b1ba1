// A site's sync as Flux tells it: one GitRepository and one Kustomization that waits for health.
// Shapes and texts: source-controller's and kustomize-controller's v1 API.
import { type ClusterResource, clusterResources, type KubeView, toldState } from "./cluster.ts";
import { KNV, type Manifest } from "./manifest.ts";
import type { SyncState } from "./sync.ts";

const NAMESPACE = "flux-system";
const NAMES = ["root-sync", "flux-system"]; // the site configuration's default, and Flux's own
const GENERATION = 1; // the specs never change here
const PATH = new RegExp(
  `^/apis/(source|kustomize)\\.toolkit\\.fluxcd\\.io/v1/namespaces/${NAMESPACE}/(gitrepositories|kustomizations)/(${NAMES.join("|")})$`,
);

interface Said {
  status: "True" | "False" | "Unknown";
  reason: string;
  message: string;
}

const revisionOf = (commit: string) => `main@sha1:${commit}`;

function condition(state: SyncState, type: string, said: Said) {
  return { type, ...said, lastTransitionTime: state.changedAt.toISOString(), observedGeneration: GENERATION };
}

/** The repository could not be fetched; whatever else is wrong with the source is found while building. */
function fetchFailed(state: SyncState): boolean {
  return state.failedAt === "source" && state.errors[0]?.code === KNV.source;
}

function texts(state: SyncState): string {
  return state.errors.map((error) => error.message).join("; ");
}

function gitRepository(view: KubeView, name: string) {
  const { state } = view;
  const ready: Said = fetchFailed(state)
    ? { status: "False", reason: "GitOperationFailed", message: `failed to checkout and determine revision: ${texts(state)}` }
    : state.seen === null
      ? { status: "Unknown", reason: "Progressing", message: "building artifact" }
      : { status: "True", reason: "Succeeded", message: `stored artifact for revision '${revisionOf(state.seen)}'` };
  return {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace: NAMESPACE, generation: GENERATION, labels: { "simulated-by": "lab" } },
    spec: { interval: "15s", timeout: "60s", url: view.repositoryUrl, ref: { branch: "main" } },
    status: {
      observedGeneration: GENERATION,
      ...(state.seen !== null && {
        artifact: {
          revision: revisionOf(state.seen),
          digest: `sha256:${state.seen.padEnd(64, "0")}`,
          lastUpdateTime: state.changedAt.toISOString(),
          path: `gitrepository/${NAMESPACE}/${name}/${state.seen}.tar.gz`,
          url: `http://source-controller.${NAMESPACE}.svc.cluster.local./gitrepository/${NAMESPACE}/${name}/${state.seen}.tar.gz`,
        },
      }),
      conditions: [condition(state, "Ready", ready)],
    },
  };
}

function named({ kind, namespace, name }: Manifest): string {
  return [kind, namespace, name].filter((part) => part !== "").join("/");
}

/** kustomize-controller's wait: a Failed object ends it early, a missing one keeps it until its timeout. */
function healthFailure(resources: readonly ClusterResource[]): string | null {
  const list = (found: readonly ClusterResource[]) =>
    found
      .map(({ manifest, status, message }) => `${named(manifest)} status: '${status}'${message === "" ? "" : `: ${message}`}`)
      .join(", ");
  const failed = resources.filter(({ status }) => status === "Failed");
  if (failed.length > 0) return `health check failed after 31.9ms: failed early due to stalled resources: [${list(failed)}]`;
  const missing = resources.filter(({ status }) => status === "NotFound");
  return missing.length > 0 ? `health check failed after 30.0s: timeout waiting for: [${list(missing)}]` : null;
}

function failureOf(state: SyncState, drifted: readonly ClusterResource[]): Said {
  const fail = (reason: string, message: string): Said => ({ status: "False", reason, message });
  if (state.errors[0]?.code === KNV.fight) {
    const fought = drifted.filter(({ status }) => status === "Failed");
    return fail(
      "ReconciliationFailed",
      fought.map(({ manifest, message }) => `${named(manifest)} dry-run failed (Conflict): ${message}`).join("; "),
    );
  }
  if (state.failedAt === "sync") return fail("ReconciliationFailed", texts(state));
  return fail("BuildFailed", `kustomize build failed: ${texts(state)}`);
}

function readyOf(view: KubeView, state: SyncState): Said {
  const working: Said = { status: "Unknown", reason: "Progressing", message: "Reconciliation in progress" };
  const failed = state.phase === "failed" && !fetchFailed(state);
  const resources = clusterResources(view);
  if (failed) return failureOf(state, resources);
  if (state.commit === null && fetchFailed(state))
    return { status: "False", reason: "ArtifactFailed", message: "Source artifact not found, retrying in 30s" };
  if (state.commit === null || state.phase === "syncing") return working;
  const unwell = healthFailure(resources);
  if (unwell !== null) return { status: "False", reason: "HealthCheckFailed", message: unwell };
  return { status: "True", reason: "ReconciliationSucceeded", message: `Applied revision: ${revisionOf(state.commit)}` };
}

function kustomization(view: KubeView, name: string) {
  const state = toldState(view);
  const ready = readyOf(view, state);
  const attempted = fetchFailed(state) ? state.commit : state.seen;
  // A revision that was applied and is not healthy never becomes the last applied one.
  const applied = ready.reason === "HealthCheckFailed" ? view.lastHealthy : state.commit;
  return {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace: NAMESPACE, generation: GENERATION, labels: { "simulated-by": "lab" } },
    spec: {
      interval: "15s",
      timeout: "30s",
      path: `./sites/${view.siteId}`,
      prune: true,
      wait: true,
      sourceRef: { kind: "GitRepository", name },
    },
    status: {
      observedGeneration: state.commit === null ? -1 : GENERATION,
      ...(applied !== null && { lastAppliedRevision: revisionOf(applied) }),
      ...(attempted !== null && { lastAttemptedRevision: revisionOf(attempted) }),
      inventory: {
        entries: state.packages.manifests.map(({ group, version, kind, namespace, name: own }) => ({
          id: `${namespace}_${own}_${group}_${kind}`,
          v: version,
        })),
      },
      conditions: [condition(state, "Ready", ready)],
    },
  };
}

/** The object at the path of the kube API; null when there is none. */
export function fluxObject(view: KubeView, path: string): object | null {
  const [, group, resource, name = ""] = PATH.exec(path) ?? [];
  if (group === "source" && resource === "gitrepositories") return gitRepository(view, name);
  return group === "kustomize" && resource === "kustomizations" ? kustomization(view, name) : null;
}
