// O2 IMS provisioning of one site, version 1, in the shape of openshift-kni/oran-o2ims: requests for clusters that become real in about a second.
// In memory, and nothing is really built. One request of an id is one cluster, however often it is asked for.
import { ProvisioningRequest } from "../../protocol/site.ts";
import type { Faults } from "../faults.ts";
import type { Answer } from "../http.ts";
import { problem, uuidOf } from "./o2ims-parts.ts";

export const PROVISIONING = "/o2ims-infrastructureProvisioning";
const REQUESTS = `${PROVISIONING}/v1/provisioningRequests`;
const PENDING_MS = 250; // before the work on a request begins
const WORK_MS = 500; // from then to its end
const DELETE_MS = 400;
const MAX_REQUESTS = 1_000; // kept per site

type Phase = "PENDING" | "PROGRESSING" | "FULFILLED" | "FAILED" | "DELETING";

interface Entry {
  data: ProvisioningRequest;
  phase: Phase;
  since: number; // ms since the epoch
  clusterId: string | null;
}

type ProvisioningFault = Pick<Faults, "provisioning" | "message">;

export interface ProvisioningService {
  setFault(faults: ProvisioningFault): void;
  /** The clusters that there are. */
  clusters(): string[];
  /** `body` is the parsed JSON of a POST, undefined when it was none. */
  answer(request: { method: string; subPath: string; body: unknown }): Answer;
}

const MESSAGES: Record<Phase, string> = {
  PENDING: "waiting to be processed",
  PROGRESSING: "cluster installation is in progress",
  FULFILLED: "provisioning request has been fulfilled",
  FAILED: "simulated fault: the cluster installation failed",
  DELETING: "the cluster is being deleted",
};
const CLUSTER_PHASES: Record<Phase, string> = {
  PENDING: "PROCESSING",
  PROGRESSING: "PROCESSING",
  FULFILLED: "PROVISIONED",
  FAILED: "FAILED",
  DELETING: "PROCESSING",
};

export function createProvisioning(siteId: string, now: () => number = Date.now): ProvisioningService {
  const entries = new Map<string, Entry>();
  let faults: ProvisioningFault = { provisioning: "ok" };

  function move(entry: Entry, phase: Phase, at: number): void {
    Object.assign(entry, { phase, since: at });
  }

  /** Brings every request to where the time that has passed would have brought it; call it before anything is read or changed. */
  function advance(): void {
    for (const [id, entry] of entries) {
      const passed = () => now() - entry.since;
      if (entry.phase === "PENDING" && passed() >= PENDING_MS) move(entry, "PROGRESSING", entry.since + PENDING_MS);
      const fault = faults.provisioning;
      if (fault === "stuck") continue;
      if (entry.phase === "PROGRESSING" && passed() >= WORK_MS) {
        move(entry, fault === "fail" ? "FAILED" : "FULFILLED", entry.since + WORK_MS);
        entry.clusterId = fault === "fail" ? null : uuidOf(`${siteId}/cluster/${id}`);
      }
      if (entry.phase === "DELETING" && passed() >= DELETE_MS) entries.delete(id);
    }
  }

  function infoOf(id: string, entry: Entry) {
    return {
      provisioningRequestReference: uuidOf(`${siteId}/provisioning/${id}`),
      provisioningRequestData: entry.data,
      provisionedResourceSet: { nodeClusterId: entry.clusterId ?? "", infrastructureResourceIds: [] },
      status: {
        updateTime: new Date(entry.since).toISOString(),
        message: (entry.phase === "FAILED" ? faults.message : undefined) ?? MESSAGES[entry.phase],
        provisioningPhase: entry.phase,
        nodeClusterProvisioningStatus: {
          resourceName: entry.data.name,
          resourceId: entry.clusterId ?? "",
          resourceProvisioningPhase: CLUSTER_PHASES[entry.phase],
        },
        infrastructureResourceProvisioningStatus: [],
      },
    };
  }

  function create(body: unknown): Answer {
    const request = ProvisioningRequest.safeParse(body);
    if (!request.success) return problem(400, "Bad Request", request.error.issues[0]?.message ?? "not a ProvisioningRequestData");
    const id = request.data.provisioningRequestId;
    if (entries.has(id)) return problem(409, "Conflict", `a provisioning request with the id ${id} exists`);
    if (entries.size >= MAX_REQUESTS) return problem(500, "Internal Server Error", "this simulated O-Cloud keeps no more requests");
    const entry: Entry = { data: request.data, phase: "PENDING", since: now(), clusterId: null };
    entries.set(id, entry);
    return { status: 201, headers: { location: `${REQUESTS}/${id}` }, body: infoOf(id, entry) };
  }

  return {
    setFault(next) {
      advance();
      faults = next;
    },
    clusters() {
      advance();
      return [...entries.values()].flatMap(({ clusterId }) => (clusterId === null ? [] : [clusterId])).sort();
    },
    answer({ method, subPath, body }) {
      advance();
      const path = subPath.replace(/\/$/, "");
      if (path === `${PROVISIONING}/api_versions` || path === `${PROVISIONING}/v1/api_versions`)
        return { status: 200, body: { uriPrefix: `${PROVISIONING}/v1`, apiVersions: [{ version: "1.2.0" }] } };
      if (path === REQUESTS && method === "POST") return create(body);
      if (path === REQUESTS && method === "GET") return { status: 200, body: [...entries].map(([id, entry]) => infoOf(id, entry)) };
      const id = path.startsWith(`${REQUESTS}/`) ? path.slice(REQUESTS.length + 1) : "";
      const entry = entries.get(id);
      if (entry === undefined) return problem(404, "Not Found", "no such provisioning request");
      if (method === "GET") return { status: 200, body: infoOf(id, entry) };
      if (method !== "DELETE") return problem(405, "Method Not Allowed", "this simulated O-Cloud creates, reads and deletes");
      if (entry.phase !== "DELETING") move(entry, "DELETING", now());
      return { status: 202, headers: { location: `${REQUESTS}/${id}` }, body: "" };
    },
  };
}
