// The names and labels of what a slice leaves on a site. Nothing else makes up a name.
import { fnv1a } from "./functions/hash.ts";
import type { KrmObject } from "./resource.ts";

export const GROUP = "intent-control-center.dev"; // API group of our own kinds and prefix of our labels
export const LABEL_SLICE = `${GROUP}/slice`;
export const LABEL_SITE = `${GROUP}/site`;
export const LABEL_INTENT = `${GROUP}/intent-id`;
export const LABEL_SERVICE_TYPE = `${GROUP}/service-type`;
export const LABEL_MANAGED_BY = "app.kubernetes.io/managed-by";
export const LABEL_COMPONENT = "app.kubernetes.io/component";
export const MANAGED_BY = "intent-control-center";
export const OWNER_ANNOTATION = "specializer.nephio.org/owner"; // which NFDeployment a requirement belongs to
export const NETWORK_ANNOTATION = "nephio.org/network-name";
export const OWNER_PREFIX = "workload.nephio.org/v1alpha1.NFDeployment.";

const LABEL_MAX = 63; // RFC 1123: operators make pod and service names out of these names

/** `upf` and `video-7` → `upf-video-7`; too long a name is cut and told apart by a hash of the whole. */
export function objectName(component: string, slice: string): string {
  const name = `${component}-${slice}`;
  if (name.length <= LABEL_MAX) return name;
  const tail = fnv1a(name).toString(16).padStart(8, "0");
  return `${name.slice(0, LABEL_MAX - tail.length - 1)}-${tail}`;
}

/** What an item is within its slice (`upf`, `n3`, `capacity`), said by the template. */
export function componentOf(item: KrmObject): string {
  return item.metadata.labels?.[LABEL_COMPONENT] ?? "";
}
