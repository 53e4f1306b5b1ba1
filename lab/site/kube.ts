// The kube paths that a sync adapter reads: /version, and one site's sync as Config Sync and as Flux tell it, from the same state.
// An API-shape stand-in, not a Kubernetes: a real cluster has one of the two.
import type { Answer } from "../http.ts";
import type { KubeView } from "./cluster.ts";
import { configSyncObject } from "./config-sync.ts";
import { fluxObject } from "./flux.ts";

function kubeStatus(status: number, reason: string, message: string): Answer {
  return { status, body: { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, reason, code: status } };
}

/** `subPath` is what follows `/sites/{id}/kube`. */
export function kubeAnswer(view: KubeView, request: { method: string; subPath: string }): Answer {
  if (request.method !== "GET") return kubeStatus(405, "MethodNotAllowed", "this simulated API is read-only");
  if (request.subPath === "/version")
    return { status: 200, body: { major: "1", minor: "30", gitVersion: "v1.30.0-simulated", platform: "lab" } };
  const object = configSyncObject(view, request.subPath) ?? fluxObject(view, request.subPath);
  if (object !== null) return { status: 200, body: object };
  return kubeStatus(404, "NotFound", "the server could not find the requested resource");
}
