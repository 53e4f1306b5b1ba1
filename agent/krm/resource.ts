// The shapes of KRM that functions pass around, and careful readers for them. No package is imported: kpt starts a process per function.

interface KrmMetadata {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface KrmObject {
  apiVersion: string;
  kind: string;
  metadata: KrmMetadata;
  [field: string]: unknown;
}

/** One finding of a function, as config.kubernetes.io/v1 ResourceList has it. `file.path` is relative to the package. */
export interface FnResult {
  message: string;
  severity: "error" | "warning" | "info";
  file?: { path: string };
  field?: { path: string };
}

export interface ResourceList {
  items: KrmObject[];
  functionConfig?: KrmObject;
  results: FnResult[];
}

/** Pure: the same list gives the same list. An error in `results` stops the pipeline, whatever the items look like. */
export type KrmFunction = (list: ResourceList) => ResourceList;

export const LOCAL_CONFIG = "config.kubernetes.io/local-config";
const PATH_ANNOTATION = "internal.config.kubernetes.io/path";

/** The object, or an empty one when the value is none: a missing field is found by the schema, not by a crash. */
export function record(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextMap(value: unknown): boolean {
  return value === undefined || (isRecord(value) && Object.values(value).every((entry) => typeof entry === "string"));
}

export function isKrmObject(value: unknown): value is KrmObject {
  if (!isRecord(value) || !isRecord(value.metadata)) return false;
  const { name, namespace, labels, annotations } = value.metadata;
  const named = typeof name === "string" && name !== "" && (namespace === undefined || typeof namespace === "string");
  return typeof value.apiVersion === "string" && typeof value.kind === "string" && named && isTextMap(labels) && isTextMap(annotations);
}

/** Inputs stay in the package and never reach a cluster; kpt and Config Sync know them by this annotation. */
export function isLocalConfig(item: KrmObject): boolean {
  return item.metadata.annotations?.[LOCAL_CONFIG] === "true";
}

/** The file of an item relative to its package, as kpt tells a function. */
export function fileOf(item: KrmObject): string {
  return item.metadata.annotations?.[PATH_ANNOTATION] ?? item.metadata.annotations?.["config.kubernetes.io/path"] ?? "";
}

/** Marks an item with its file, as kpt does before it runs a function. */
export function withFile(item: KrmObject, path: string): KrmObject {
  return { ...item, metadata: { ...item.metadata, annotations: { ...item.metadata.annotations, [PATH_ANNOTATION]: path } } };
}

export function errorAt(item: KrmObject, message: string, field?: string): FnResult {
  const path = fileOf(item);
  return {
    message: `${item.kind} ${item.metadata.name}: ${message}`,
    severity: "error",
    ...(path === "" ? {} : { file: { path } }),
    ...(field === undefined ? {} : { field: { path: field } }),
  };
}

export function hasErrors(results: FnResult[]): boolean {
  return results.some((result) => result.severity === "error");
}
