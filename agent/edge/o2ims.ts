// O2 IMS infrastructure inventory, REST dialect of openshift-kni/oran-o2ims, version 2. Reads only: is the site's deployment manager there, and well?
import * as z from "zod";
import { ok, type Result } from "../../protocol/result.ts";
import type { EdgeFailure, InventoryReport } from "../ports.ts";
import { callJson, type EdgeApi, edgeFailure, isSuccess, refusedBy } from "./http.ts";

const DEPLOYMENT_MANAGERS = "/o2ims-infrastructureInventory/v2/deploymentManagers";

export const DeploymentManager = z.object({
  deploymentManagerId: z.string(),
  name: z.string(),
  extensions: z.record(z.string(), z.unknown()).default({}),
});
export type DeploymentManager = z.infer<typeof DeploymentManager>;

const DeploymentManagers = z.array(DeploymentManager);

// The standard has no health field. These are the extensions by which O-Clouds say it, and the values that mean "not well".
const STATE_KEYS = ["status", "state", "health", "healthState", "availability", "availabilityState", "operationalState", "phase"];
const UNWELL = /^(fail(ed|ure|ing)?|err(or)?|down|degraded|unhealthy|unavailable|unreachable|offline|disabled|false)$/i;
const FLAGS = ["healthy", "available", "ready"];

/** The first extension that says otherwise, as "key=value"; null when none does. */
function complaint(extensions: Record<string, unknown>): string | null {
  for (const key of STATE_KEYS) {
    const value = extensions[key];
    if (typeof value === "string" && UNWELL.test(value.trim())) return `${key}=${value.trim()}`;
  }
  const flag = FLAGS.find((key) => extensions[key] === false || extensions[key] === "false");
  return flag === undefined ? null : `${flag}=false`;
}

/** The site's deployment manager is the one that bears its id or one of its aliases, in any case. */
export function readInventory(managers: readonly DeploymentManager[], names: readonly string[]): InventoryReport {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const own = managers.find((manager) => wanted.has(manager.name.toLowerCase()));
  if (own === undefined) return { present: false, healthy: false, message: "the inventory has no deployment manager of this site" };
  const why = complaint(own.extensions);
  if (why !== null) return { present: true, healthy: false, message: `deployment manager ${own.name} is not well (${why})` };
  return { present: true, healthy: true, message: `deployment manager ${own.name} is present` };
}

export async function deploymentManagerOf(
  api: EdgeApi,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Result<InventoryReport, EdgeFailure>> {
  const answer = await callJson(api, { path: DEPLOYMENT_MANAGERS }, signal);
  if (!answer.ok) return answer;
  if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
  const managers = DeploymentManagers.safeParse(answer.value.body);
  if (!managers.success)
    return edgeFailure("invalid", `${api.name}: not a list of deployment managers: ${z.prettifyError(managers.error).slice(0, 200)}`);
  return ok(readInventory(managers.data, names));
}
