// One simulated edge site: its reconciler, its health, its samples, and the APIs under its base path.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { SiteConfig } from "../../protocol/site.ts";
import { type Faults, NO_FAULTS } from "../faults.ts";
import { errorAnswer, send } from "../http.ts";
import type { Gate } from "../limit.ts";
import { createSiteClone } from "./clone.ts";
import { createSliceHealth } from "./health.ts";
import { kubeAnswer } from "./kube.ts";
import { type Demand, deliver, demandOf, totalDemand } from "./load.ts";
import { exposition, prometheusAnswer } from "./metrics.ts";
import { o2imsAnswer } from "./o2ims.ts";
import { createSampleStore } from "./samples.ts";
import { createReconciler } from "./sync.ts";

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
      samples.keepOnly(new Set(slices.keys()));
      sample(Date.now()); // the first sample does not wait for the timer
    },
  });

  function sample(now: number): void {
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

  async function handle(req: IncomingMessage, res: ServerResponse, target: { subPath: string; search: string }): Promise<void> {
    if (faults.unreachable) return void req.socket.destroy();
    const [, area = "", rest = ""] = /^\/(kube|o2ims|prometheus|metrics)(\/.*)?$/.exec(target.subPath) ?? [];
    const request = { method: req.method ?? "GET", subPath: rest };
    const hangs = area === "o2ims" ? faults.o2ims === "hang" : (area === "metrics" || area === "prometheus") && faults.metrics === "hang";
    if (hangs) return; // never answers; the caller's patience ends it
    if (area === "kube") return send(res, kubeAnswer({ siteId, repositoryUrl, state: reconciler.state, health }, request));
    if (area === "o2ims") {
      const fault = faults.o2ims === "fail" ? "fail" : "ok";
      const allocated = totalDemand(demands.values());
      return send(
        res,
        o2imsAnswer({ siteId, baseUrl: config.o2ims.url, kubeUrl: config.kube.url, capacity: config.capacity, allocated, fault }, request),
      );
    }
    const view = { site: siteId, samples, fault: faults.metrics === "hang" ? "none" : faults.metrics, now: Date.now() } as const;
    if (area === "metrics" && rest === "") return send(res, exposition(view));
    if (area === "prometheus") return send(res, await prometheusAnswer(view, req, { subPath: rest, search: target.search }));
    send(res, errorAnswer(404, { code: "NOT_FOUND", message: "a site serves kube, o2ims, metrics and prometheus" }));
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
      reconciler.setFault(next.sync);
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
        faults,
      };
    },
  };
}
