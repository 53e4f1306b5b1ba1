// The one YAML writer of the repository's files. Both runners end here, so both give the same bytes.
import { isRecord } from "./resource.ts";
import { toYaml } from "./yaml-text.ts";

const OBJECT_ORDER = ["apiVersion", "kind", "metadata", "spec"];
const METADATA_ORDER = ["name", "namespace", "labels", "annotations"];
const FIELD_ORDER = ["name", "exec"]; // an entry of a list starts with what it is called

/** Notes that kpt leaves on a resource while it works; they name files and folders of this machine. */
const TOOL_ANNOTATION =
  /^(internal\.config\.kubernetes\.io\/|config\.kubernetes\.io\/(path|index)$|config\.k8s\.io\/id$|internal\.kpt\.dev\/)/;

function byOrder(order: string[]): (a: string, b: string) => number {
  const rank = (key: string): number => (order.includes(key) ? order.indexOf(key) : order.length);
  return (a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function isResource(value: Record<string, unknown>): boolean {
  return typeof value.apiVersion === "string" && typeof value.kind === "string";
}

function ordered(value: unknown, order: string[] = FIELD_ORDER): unknown {
  if (Array.isArray(value)) return value.map((entry) => ordered(entry));
  if (!isRecord(value)) return value;
  const resource = isResource(value);
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted(byOrder(resource ? OBJECT_ORDER : order));
  return Object.fromEntries(keys.map((key) => [key, ordered(value[key], resource && key === "metadata" ? METADATA_ORDER : undefined)]));
}

function withoutToolNotes(value: Record<string, unknown>): Record<string, unknown> {
  const { status: _status, ...object } = value; // a status is the cluster's or kpt's to write, never ours
  if (!isRecord(object.metadata)) return object;
  const { annotations, ...metadata } = object.metadata;
  const kept = Object.entries(isRecord(annotations) ? annotations : {}).filter(([key]) => !TOOL_ANNOTATION.test(key));
  return { ...object, metadata: { ...metadata, ...(kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) }) } };
}

/** Fixed key order (apiVersion, kind, metadata, spec, then name, then the alphabet), no comments, no tool's notes, one newline at the end. */
export function canonicalYaml(resource: Record<string, unknown>): string {
  return toYaml(ordered(withoutToolNotes(resource)));
}
