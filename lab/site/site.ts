// One simulated edge site: its reconciler, its health, its samples, and the APIs under its base path.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SiteConfig } from "../../protocol/site.ts";
import { type Faults, NO_FAULTS } from "../faults.ts";
import { type Answer, errorAnswer, readBody, send } from "../http.ts";
import type { Gate } from "../limit.ts";
import { createSiteClone } from "./clone.ts";
import { createSliceHealth } from "./health.ts";
import { kubeAnswer } from "./kube.ts";
import { type Demand, deliver, demandOf, totalDemand } from "./load.ts";
import { exposition, prometheusAnswer } from "./metrics.ts";
import { o2imsAnswer } from "./o2ims.ts";
import { problem } from "./o2ims-parts.ts";
import { createProvisioning, PROVISIONING } from "./provisioning.ts";
import { createSampleStore } from "./samples.ts";
import { createReconciler } from "./sync.ts";

const MAX_REQUEST_BYTES = 256 * 1024; // of a provisioning request

export interface SiteOptions {
  config: SiteConfig;
  baseUrl: string;
  repositoryUrl: string;
  cloneDir: string;
  sampleMs: number;
  slowMs: number;
  fetches: Gate;
  signal: AbortSignal;
}

const NOT_SERVED = errorAnswer(404, { code: "NOT_FOUND", message: "a site serves kube, o2ims, metrics and prometheus" });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface LabSite {
  readonly id: string;
  look(): void;
  setFaults(faults: Faults): void;
  /** Takes one sample of every healthy slice. */
  sample(now: number): void;
  /** As `GET /sites` shows it. */
  view(): Record<string, unknown>;
  /** `subPath` is what follows `/sites/{id}`. */
  handle(req: IncomingMessage, res: ServerResponse, target: { subPath: string; search: string }): Promise<void>;
  settled(): Promise<void>;
}

export function createSite(options: SiteOptions): LabSite {
  const { config, baseUrl, repositoryUrl, signal } = options;
  const siteId = config.id;
  const health = createSliceHealth();
  const samples = createSampleStore();
  const provisioning = createProvisioning(siteId);
  let lastHealthy: string | null = null;
  let faults: Faults = NO_FAULTS;
  let demands = new Map<string, Demand>();

  const reconciler = createReconciler({
    siteId,
    openClone: () => createSiteClone({ dir: options.cloneDir, siteId, repositoryUrl, fetches: options.fetches, signal }),
    slowMs: options.slowMs,
    signal,
    onApplied(slices) {
      demands = new Map([...slices.values()].map((slice) => [slice.name, demandOf(slice)]));
      health.applied(slices);
      noteHealth();
      samples.keepOnly(new Set(slices.keys()));
      sample(Date.now()); // the first sample does not wait for the timer
    },
  });

  function noteHealth(): void {
    const { commit, packages } = reconciler.state;
    if (![...packages.slices.keys()].some(health.isFailing)) lastHealthy = commit;
  }

  function sample(now: number): void {
    if (faults.drift === "removed") return; // nothing is there to be measured
    const total = totalDemand(demands.values());
    for (const slice of reconciler.state.packages.slices.values()) {
      const demand = demands.get(slice.name);
      if (demand === undefined || health.isFailing(slice.name)) continue;
      const tick = Math.floor(now / options.sampleMs);
      const delivered = deliver({ slice: `${siteId}/${slice.name}`, demand, total, capacity: config.capacity, slo: faults.slo, tick });
      samples.add(slice.name, { release: slice.digest, at: now, delivered });
    }
  }

  function message(): string {
    const { phase, errors, seen } = reconciler.state;
    if (phase === "failed") return errors.map((error) => `KNV${error.code}: ${error.message}`).join("; ");
    return phase === "synced" ? "Sync Completed" : `applying ${seen ?? "the first commit"}`;
  }

  /** Null: it never answers, and the caller's patience ends it. */
  async function o2ims(req: IncomingMessage, request: { method: string; subPath: string }): Promise<Answer | null> {
    if (faults.o2ims === "hang") return null;
    if (!request.subPath.startsWith(`${PROVISIONING}/`) || faults.o2ims === "fail") {
      const allocated = totalDemand(demands.values());
      const { o2ims: fault, message } = faults;
      return o2imsAnswer(
        { siteId, baseUrl: config.o2ims.url, kubeUrl: config.kube.url, capacity: config.capacity, allocated, fault, message },
        request,
      );
    }
    if (faults.provisioning === "hang") return null;
    const text = request.method === "POST" ? await readBody(req, MAX_REQUEST_BYTES) : "";
    if (text === null) return problem(413, "Payload Too Large", "a provisioning request is small");
    return provisioning.answer({ ...request, body: parsed(text) });
  }

  async function metrics(req: IncomingMessage, area: string, target: { subPath: string; search: string }): Promise<Answer | null> {
    if (faults.metrics === "hang") return null;
    const view = { site: siteId, samples, fault: faults.metrics, now: Date.now() };
    if (area === "prometheus") return prometheusAnswer(view, req, target);
    return target.subPath === "" ? exposition(view) : NOT_SERVED;
  }

  async function handle(req: IncomingMessage, res: ServerResponse, target: { subPath: string; search: string }): Promise<void> {
    if (faults.unreachable) return void req.socket.destroy();
    const [, area = "", subPath = ""] = /^\/(kube|o2ims|prometheus|metrics)(\/.*)?$/.exec(target.subPath) ?? [];
    const request = { method: req.method ?? "GET", subPath };
    const kube = { siteId, repositoryUrl, state: reconciler.state, health, faults, lastHealthy };
    let answer: Answer | null = NOT_SERVED;
    if (area === "kube") answer = kubeAnswer(kube, request);
    else if (area === "o2ims") answer = await o2ims(req, request);
    else if (area !== "") answer = await metrics(req, area, { subPath, search: target.search });
    if (answer !== null) send(res, answer);
  }

  return {
    id: siteId,
    look: reconciler.look,
    sample,
    handle,
    settled: reconciler.settled,
    setFaults(next) {
      faults = next;
      health.setFault(next.health === "fail");
      noteHealth();
      provisioning.setFault(next);
      if (next.drift === "removed") samples.keepOnly(new Set());
      reconciler.setFault(next);
    },
    view() {
      const { commit, phase, packages } = reconciler.state;
      return {
        id: siteId,
        baseUrl,
        kubeUrl: config.kube.url,
        o2imsUrl: config.o2ims.url,
        prometheusUrl: config.prometheus.url,
        metricsUrl: `${baseUrl}/metrics`,
        capacity: config.capacity,
        commit,
        phase,
        message: message(),
        slices: [...packages.slices.keys()].sort(),
        clusters: provisioning.clusters(), // asked for through O2 IMS
        faults,
      };
    },
  };
}
