// The edge port: each site behind its sync, inventory, provisioning and measurement adapters; the set of sites may change at any time.
import { isDeepStrictEqual } from "node:util";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { SecretRef, SiteConfig } from "../../protocol/site.ts";
import type { EdgeFailure, EdgePort, EdgeSite } from "../ports.ts";
import { createConfigSync } from "./config-sync.ts";
import { createFlux } from "./flux.ts";
import { callJson, type EdgeApi, edgeFailure, isSuccess, refusedBy } from "./http.ts";
import { deploymentManagerOf } from "./o2ims.ts";
import { deprovision, provision, provisioningOf } from "./o2ims-provisioning.ts";
import { measure, measureSlices } from "./prometheus.ts";
import { sliceReport, sliceReports } from "./resource-health.ts";
import { checkProbe, type Probe } from "./site-check.ts";
import type { SiteSync } from "./site-sync.ts";

export interface EdgeOptions {
  sites: readonly SiteConfig[];
  /** Undefined: there is none; null: it must not be sent to that address. */
  secret(ref: SecretRef, url: string): Promise<string | null | undefined>;
  /** Whether the agent's file has this address with this reference; without it every address counts as declared. */
  declares?(place: Place): boolean;
  timeoutMs: number; // per call
}

type Place = Pick<EdgeApi, "tokenRef"> & { url: string };

interface SiteApis {
  config: SiteConfig;
  kube: EdgeApi;
  o2ims: EdgeApi;
  prometheus: EdgeApi;
}

function apisOf(config: SiteConfig, { secret, declares, timeoutMs }: EdgeOptions): SiteApis {
  const api = (name: string, target: Place): EdgeApi => ({
    name: `${name} of ${config.id}`,
    baseUrl: target.url,
    tokenRef: target.tokenRef,
    timeoutMs,
    secret: (ref) => secret(ref, target.url),
    added: declares?.(target) === false,
  });
  return {
    config,
    kube: api(config.kube.sync === "flux" ? "Flux" : "Config Sync", config.kube),
    o2ims: api("O2 IMS", config.o2ims),
    prometheus: api("Prometheus", config.prometheus),
  };
}

function syncOf(config: SiteConfig, api: EdgeApi): SiteSync {
  return config.kube.sync === "flux" ? createFlux(api, config.kube.name) : createConfigSync(api, config.kube.name);
}

/** Why the site's O2 IMS cannot be talked to; null when it can. */
function foreignDialect({ id, o2ims }: SiteConfig): ReturnType<typeof edgeFailure> | null {
  if (o2ims.dialect === "oran-o2ims-rest") return null;
  return edgeFailure("invalid", `this agent has no adapter for the O2 IMS dialect ${o2ims.dialect} of ${id}`);
}

async function mapped<T, U>(result: Promise<Result<T, EdgeFailure>>, make: (value: T) => U): Promise<Result<U, EdgeFailure>> {
  const settled = await result;
  return settled.ok ? ok(make(settled.value)) : err(settled.error);
}

/** The first question of each adapter: a site that answers these can be worked with. */
function probesOf({ config, kube, o2ims, prometheus }: SiteApis, signal: AbortSignal): Probe[] {
  return [
    {
      name: "kube",
      api: kube,
      async ask(api) {
        const sync = syncOf(config, api);
        const [report, resources] = await Promise.all([sync.syncReport(signal), sync.siteResources(signal)]);
        if (!report.ok) return report;
        if (!resources.ok) return resources;
        const { phase, commit, message } = report.value;
        return ok(`${phase} at ${commit?.slice(0, 7) ?? "no commit yet"}${phase === "synced" ? "" : `: ${message}`}`);
      },
    },
    {
      name: "o2ims",
      api: o2ims,
      // A site whose cluster is still to be made has no deployment manager yet, and is no wrong address.
      ask: async (api) =>
        foreignDialect(config) ?? mapped(deploymentManagerOf(api, [config.id, ...config.aliases], signal), ({ message }) => message),
    },
    {
      name: "prometheus",
      api: prometheus,
      async ask(api) {
        const answer = await callJson(api, { path: "/api/v1/query", query: { query: "up" } }, signal);
        if (!answer.ok) return answer;
        return isSuccess(answer.value) ? ok("answers queries") : refusedBy(api, answer.value);
      },
    },
  ];
}

function createSite(config: SiteConfig, options: EdgeOptions): EdgeSite {
  const apis = apisOf(config, options);
  const { o2ims, prometheus } = apis;
  const sync = syncOf(config, apis.kube);
  const foreign = foreignDialect(config);

  return {
    id: config.id,
    syncReport: sync.syncReport,
    resources: (slice, signal) => mapped(sync.siteResources(signal), (all) => sliceReport(all, slice)),
    slices: (signal) => mapped(sync.siteResources(signal), sliceReports),
    deploymentManager: async (signal) => foreign ?? deploymentManagerOf(o2ims, [config.id, ...config.aliases], signal),
    provision: async (request, signal) => foreign ?? provision(o2ims, request, signal),
    provisioning: async (id, signal) => foreign ?? provisioningOf(o2ims, id, signal),
    deprovision: async (id, signal) => foreign ?? deprovision(o2ims, id, signal),
    measure: (value, count, signal) => measure(prometheus, { value, count }, signal),
    measureSlices: (value, count, signal) => measureSlices(prometheus, { value, count }, signal),
    check: async (signal) => (await Promise.all(probesOf(apis, signal).map(checkProbe))).flat(),
  };
}

/** Sites by canonical id only: spellings and aliases are resolved before anything reaches an adapter. */
export function createEdgePort(options: EdgeOptions): EdgePort {
  let served = new Map<string, { config: SiteConfig; site: EdgeSite }>();

  function use(sites: readonly SiteConfig[]): void {
    const before = served;
    served = new Map();
    for (const config of sites) {
      const known = before.get(config.id);
      const kept = known !== undefined && isDeepStrictEqual(known.config, config) ? known : undefined;
      served.set(config.id, kept ?? { config: structuredClone(config), site: createSite(config, options) });
    }
  }

  use(options.sites);
  return { site: (id) => served.get(id)?.site, use, probe: (config) => createSite(config, options) };
}
