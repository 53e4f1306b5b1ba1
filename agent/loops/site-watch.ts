// Looks at every site now and then, apart from all work, and keeps what was seen last. It changes nothing and reports to nobody.
import type { SiteObservation } from "../../protocol/agent.ts";
import type { Result } from "../../protocol/result.ts";
import type { EdgeFailure, EdgePort, EdgeSite, InventoryReport, SyncReport } from "../ports.ts";
import { pause } from "../retry.ts";

const LOOK_EVERY_MS = 5_000; // with a heartbeat of 3 s a person sees an outage within 10 s; two GETs a look are no load for a site
const LOOK_AGAIN_MS = 1_000; // one lost answer is no outage: a site that was healthy is looked at twice before anything else is said
const MAX_MESSAGE = 500; // what an observation may carry

export interface SiteReports {
  sync: Result<SyncReport, EdgeFailure>;
  inventory: Result<InventoryReport, EdgeFailure>;
}

/**
 * Unreachable: its kube API gives no answer. Degraded: it answers that something is wrong, or refuses to say.
 * A site that is about to apply a commit is healthy, and says so.
 */
export function siteStateOf({ sync, inventory }: SiteReports): Pick<SiteObservation, "status" | "message"> {
  const state = (status: SiteObservation["status"], message: string) => ({ status, message: message.slice(0, MAX_MESSAGE) });
  if (!sync.ok) {
    const silent = sync.error.kind === "unreachable" || sync.error.kind === "timeout";
    return state(silent ? "unreachable" : "degraded", sync.error.message);
  }
  if (sync.value.phase === "failed") return state("degraded", sync.value.message);
  if (!inventory.ok) return state("degraded", inventory.error.message);
  if (!inventory.value.present || !inventory.value.healthy) return state("degraded", inventory.value.message);
  return state("healthy", sync.value.phase === "syncing" ? sync.value.message : "");
}

export interface SiteWatchDeps {
  edge: EdgePort;
  sites: readonly string[];
  everyMs?: number;
}

export interface SiteWatch {
  /** Ends when the signal has fired and the calls it cut have returned. */
  run(signal: AbortSignal): Promise<void>;
  /** The newest observation of each site that has been asked, in the order of the sites. */
  latest(): SiteObservation[];
}

export function createSiteWatch({ edge, sites, everyMs = LOOK_EVERY_MS }: SiteWatchDeps): SiteWatch {
  const seen = new Map<string, SiteObservation>();

  // Each site has a cycle of its own: one that hangs until the adapter's timeout holds up nobody else.
  async function watch(site: EdgeSite, signal: AbortSignal): Promise<void> {
    for (let doubted = false; !signal.aborted; ) {
      const startedAt = performance.now();
      const [sync, inventory] = await Promise.all([site.syncReport(signal), site.deploymentManager(signal)]);
      if (signal.aborted) return; // calls that were cut tell nothing about the site
      const now = { site: site.id, ...siteStateOf({ sync, inventory }), commit: sync.ok ? sync.value.commit : null };
      doubted = !doubted && now.status !== "healthy" && seen.get(site.id)?.status === "healthy";
      if (doubted) {
        await pause(Math.min(LOOK_AGAIN_MS, everyMs), signal);
        continue;
      }
      seen.set(site.id, now);
      await pause(Math.max(0, everyMs - (performance.now() - startedAt)), signal);
    }
  }

  return {
    async run(signal) {
      const known = sites.map((id) => edge.site(id)).filter((site) => site !== undefined);
      await Promise.all(known.map((site) => watch(site, signal)));
    },
    latest: () => sites.map((id) => seen.get(id)).filter((one) => one !== undefined),
  };
}
