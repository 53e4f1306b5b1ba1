// The edge port over the sites of the agent's file: each site behind its sync, inventory and measurement adapters.
import type { SecretRef, SiteConfig } from "../../protocol/site.ts";
import type { EdgePort, EdgeSite } from "../ports.ts";
import { createConfigSync } from "./config-sync.ts";
import { type EdgeApi, edgeFailure } from "./http.ts";
import { deploymentManagerOf } from "./o2ims.ts";
import { measure } from "./prometheus.ts";

export interface EdgeOptions {
  sites: readonly SiteConfig[];
  secret(ref: SecretRef): Promise<string | undefined>;
  timeoutMs: number; // per call
}

function createSite(config: SiteConfig, options: EdgeOptions): EdgeSite {
  const api = (name: string, target: { url: string; tokenRef?: SecretRef | undefined }): EdgeApi => ({
    name: `${name} of ${config.id}`,
    baseUrl: target.url,
    tokenRef: target.tokenRef,
    timeoutMs: options.timeoutMs,
    secret: options.secret,
  });
  const configSync = createConfigSync(api("Config Sync", config.kube), config.kube.name);
  const inventory = api("O2 IMS", config.o2ims);
  const prometheus = api("Prometheus", config.prometheus);
  const noFlux = async () => edgeFailure("invalid", `${config.id} is synced by Flux, for which this agent has no adapter`);

  return {
    id: config.id,
    syncReport: config.kube.sync === "flux" ? noFlux : configSync.syncReport,
    resources: config.kube.sync === "flux" ? noFlux : configSync.resources,
    async deploymentManager(signal) {
      const { dialect } = config.o2ims;
      if (dialect !== "oran-o2ims-rest")
        return edgeFailure("invalid", `this agent has no adapter for the O2 IMS dialect ${dialect} of ${config.id}`);
      return deploymentManagerOf(inventory, [config.id, ...config.aliases], signal);
    },
    measure: (query, countQuery, signal) => measure(prometheus, { value: query, count: countQuery }, signal),
  };
}

/** Sites by canonical id only: spellings and aliases are resolved before anything reaches an adapter. */
export function createEdgePort(options: EdgeOptions): EdgePort {
  const sites = new Map(options.sites.map((config) => [config.id, createSite(config, options)]));
  return { site: (id) => sites.get(id) };
}
