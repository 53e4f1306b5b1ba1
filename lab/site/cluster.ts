// What is in the simulated cluster now, for every sync tool's telling of it: the reconciler's state, the slices' health, and drift.
import type { Faults } from "../faults.ts";
import type { SliceHealth } from "./health.ts";
import { KNV, type Manifest } from "./manifest.ts";
import type { SyncState } from "./sync.ts";

export interface KubeView {
  siteId: string;
  repositoryUrl: string;
  state: SyncState;
  health: SliceHealth;
  faults: Pick<Faults, "drift" | "message">;
  lastHealthy: string | null; // the newest commit in force with which all slices were well
}

export interface ClusterResource {
  manifest: Manifest;
  status: "Current" | "Failed" | "NotFound"; // kstatus' words
  message: string;
}

const UNWELL = "simulated fault: the network function does not become ready";
const FIGHT = "simulated fault: somebody keeps changing this object back";

/** What runs is what fails; a slice without a network function fails as a whole. */
function running(manifests: readonly Manifest[]): readonly Manifest[] {
  const functions = manifests.filter((manifest) => manifest.kind === "NFDeployment");
  return functions.length > 0 ? functions : manifests;
}

export function clusterResources(view: KubeView): ClusterResource[] {
  const { drift, message } = view.faults;
  const said = new Map<Manifest, Pick<ClusterResource, "status" | "message">>();
  for (const slice of view.state.packages.slices.values()) {
    if (view.health.isFailing(slice.name))
      for (const manifest of running(slice.manifests)) said.set(manifest, { status: "Failed", message: message ?? UNWELL });
    if (drift === "changed")
      for (const manifest of running(slice.manifests)) said.set(manifest, { status: "Failed", message: message ?? FIGHT });
    if (drift === "removed") for (const manifest of slice.manifests) said.set(manifest, { status: "NotFound", message: "" });
  }
  return view.state.packages.manifests.map((manifest) => ({ manifest, ...(said.get(manifest) ?? { status: "Current", message: "" }) }));
}

/** The state as the sync tool tells it: an object that is fought over is an error of its own, with the commit still in force. */
export function toldState(view: KubeView): SyncState {
  const { state, faults } = view;
  if (faults.drift !== "changed" || state.phase !== "synced") return state;
  const errors = [...state.packages.slices.values()].flatMap((slice) =>
    running(slice.manifests).map(({ kind, namespace, name }) => ({
      code: KNV.fight,
      message: `detected excessive object updates of ${kind} ${namespace}/${name}: ${faults.message ?? FIGHT}`,
      path: "",
    })),
  );
  return errors.length === 0 ? state : { ...state, phase: "failed", failedAt: "sync", errors };
}
