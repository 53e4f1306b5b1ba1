// Reads YAML files into Kubernetes objects and checks each by itself: it parses, its kind is known here, it has a usable name.
import { parseAllDocuments } from "yaml";

/** An error as Config Sync lists it: a numeric code, a message, and the file it is about. */
export interface SyncError {
  code: string;
  message: string;
  path: string;
}

export interface Manifest {
  group: string;
  version: string;
  kind: string;
  namespace: string; // "" for what is cluster-scoped
  name: string;
  object: Record<string, unknown>;
}

export interface ParsedFile {
  objects: Record<string, unknown>[];
  error: string | null;
}

// Codes of Config Sync's error reference that this simulation uses.
export const KNV = {
  source: "2004", // the repository cannot be read
  unparsable: "1006", // a file is not a Kubernetes manifest
  unknownKind: "1021",
  noName: "1031",
  badName: "1036",
  collision: "1029",
  kustomize: "1068", // rendering failed for a reason in the files
  apply: "2009", // the API server refused an object
  fight: "2005", // somebody keeps changing an object back
} as const;

/** The kinds whose CRDs this simulated cluster has installed, and whether they live in a namespace. */
const INSTALLED: Record<string, { namespaced: boolean }> = {
  "v1/Namespace": { namespaced: false },
  "v1/ConfigMap": { namespaced: true },
  "req.nephio.org/v1alpha1/Capacity": { namespaced: true },
  "req.nephio.org/v1alpha1/DataNetwork": { namespaced: true },
  "req.nephio.org/v1alpha1/Interface": { namespaced: true },
  "workload.nephio.org/v1alpha1/NFDeployment": { namespaced: true },
  "workload.nephio.org/v1alpha1/NFConfig": { namespaced: true },
  "infra.nephio.org/v1alpha1/Network": { namespaced: true },
  "infra.nephio.org/v1alpha1/WorkloadCluster": { namespaced: true },
  "ref.nephio.org/v1alpha1/Config": { namespaced: true },
  "o2ims.provisioning.oran.org/v1alpha1/ProvisioningRequest": { namespaced: false },
};

const MAX_ALIASES = 100; // a YAML bomb is refused, not expanded
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/; // RFC 1123 subdomain

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** All documents of one file. Never throws: what is wrong with it is in `error`. */
export function parseFile(text: string): ParsedFile {
  try {
    const objects: Record<string, unknown>[] = [];
    for (const document of parseAllDocuments(text)) {
      const [error] = document.errors;
      if (error !== undefined) return { objects: [], error: error.message.split("\n")[0] ?? "not YAML" };
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
      if (value === null) continue;
      if (!isRecord(value)) return { objects: [], error: "a document is not an object" };
      objects.push(value);
    }
    return { objects, error: null };
  } catch (error) {
    return { objects: [], error: error instanceof Error ? error.message : "not YAML" };
  }
}

/** Inputs of functions and tools (Kptfile, kustomization, slice-intent): in the tree, never in the cluster. */
export function isLocalConfig(object: Record<string, unknown>): boolean {
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const annotations = isRecord(metadata.annotations) ? metadata.annotations : {};
  const local = annotations["config.kubernetes.io/local-config"];
  const tool = object.kind === "Kptfile" || object.kind === "Kustomization";
  return tool || (local !== undefined && String(local) !== "false");
}

/** The object as this cluster would take it, or why it would not. */
export function toManifest(object: Record<string, unknown>, path: string): Manifest | SyncError {
  const apiVersion = String(object.apiVersion ?? "");
  const kind = String(object.kind ?? "");
  const known = Object.hasOwn(INSTALLED, `${apiVersion}/${kind}`) ? INSTALLED[`${apiVersion}/${kind}`] : undefined;
  if (apiVersion === "" || kind === "") return { code: KNV.unparsable, message: "apiVersion and kind are required", path };
  if (known === undefined)
    return { code: KNV.unknownKind, message: `no CustomResourceDefinition is installed for ${apiVersion} ${kind}`, path };
  const metadata = isRecord(object.metadata) ? object.metadata : {};
  const name = metadata.name;
  if (typeof name !== "string" || name === "") return { code: KNV.noName, message: `${kind} has no metadata.name`, path };
  if (!SUBDOMAIN.test(name)) return { code: KNV.badName, message: `${kind} has an invalid metadata.name`, path };
  const namespace = known.namespaced ? String(metadata.namespace ?? "default") : "";
  const slash = apiVersion.lastIndexOf("/");
  return { group: slash < 0 ? "" : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind, namespace, name, object };
}

export function isSyncError(value: Manifest | SyncError): value is SyncError {
  return "code" in value;
}
