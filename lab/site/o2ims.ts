// O2 IMS infrastructure inventory of one site, version 2, in the shape of openshift-kni/oran-o2ims. Read only; one O-Cloud, one deployment manager.
import type { SiteCapacity } from "../../protocol/site.ts";
import type { Answer } from "../http.ts";
import { problem, uuidOf } from "./o2ims-parts.ts";

const PREFIX = "/o2ims-infrastructureInventory";
const VERSION = "2.0.0";

export interface O2View {
  siteId: string;
  baseUrl: string; // of the site's o2ims
  kubeUrl: string;
  capacity: SiteCapacity;
  allocated: { downlinkMbps: number; uplinkMbps: number };
  fault: "ok" | "fail";
  message: string | undefined; // in place of the fault's usual words
}

function cloudInfo(view: O2View) {
  return {
    oCloudId: uuidOf(`${view.siteId}/cloud`),
    globalCloudId: uuidOf(`${view.siteId}/global-cloud`),
    name: view.siteId,
    description: `Simulated O-Cloud of ${view.siteId}`,
    serviceUri: view.baseUrl,
    extensions: { simulated: true },
  };
}

function deploymentManager(view: O2View) {
  return {
    deploymentManagerId: uuidOf(`${view.siteId}/deployment-manager`),
    name: view.siteId,
    description: `Simulated cluster of ${view.siteId}`,
    oCloudId: uuidOf(`${view.siteId}/cloud`),
    serviceUri: view.kubeUrl,
    supportedLocations: [view.siteId],
    capabilities: { userPlane: true },
    capacity: {
      downlinkMbps: view.capacity.downlinkMbps,
      uplinkMbps: view.capacity.uplinkMbps,
      maxDevices: view.capacity.maxDevices,
      allocatedDownlinkMbps: view.allocated.downlinkMbps,
      allocatedUplinkMbps: view.allocated.uplinkMbps,
    },
    extensions: { simulated: true, status: "available" },
  };
}

/** `subPath` is what follows `/sites/{id}/o2ims`. The fault "hang" is the caller's: it never gets here. */
export function o2imsAnswer(view: O2View, request: { method: string; subPath: string }): Answer {
  if (view.fault === "fail") return problem(503, "Service Unavailable", view.message ?? "simulated fault: the inventory is down");
  if (request.method !== "GET") return problem(405, "Method Not Allowed", "this simulated inventory is read-only");
  const path = request.subPath.replace(/\/$/, "");
  const versions = { uriPrefix: `${PREFIX}/v2`, apiVersions: [{ version: VERSION }] };
  if (path === `${PREFIX}/api_versions` || path === `${PREFIX}/v2/api_versions`) return { status: 200, body: versions };
  if (path === `${PREFIX}/v2`) return { status: 200, body: cloudInfo(view) };
  const list = `${PREFIX}/v2/deploymentManagers`;
  const manager = deploymentManager(view);
  if (path === list) return { status: 200, body: [manager] };
  if (path === `${list}/${manager.deploymentManagerId}`) return { status: 200, body: manager };
  return problem(404, "Not Found", "no such resource in the inventory");
}
