// Looks at every site now and then, apart from all work, and keeps what was seen last. It changes nothing and reports to nobody.
import type { SiteObservation } from "../../protocol/agent.ts";
import type { Result } from "../../protocol/result.ts";
import type { SiteComponents, SiteStatus } from "../../protocol/site.ts";
import type { EdgeFailure, EdgePort, EdgeSite, InventoryReport, Measurement, SyncReport } from "../ports.ts";
import { pause } from "../retry.ts";

const LOOK_EVERY_MS = 5_000; // with a heartbeat of 3 s a person sees an outage within 10 s; four GETs a look are no load for a site
const LOOK_AGAIN_MS = 1_000; // one lost answer is no outage: a site that was healthy is looked at twice before anything else is said
const MAX_MESSAGE = 500; // what an observation may carry
const NOTHING = 'up{job="intent-control-center-probe"}'; // matches no series: whether the query is answered is what counts

type Seen = Omit<SiteObservation, "drift">;

export interface SiteReports {
  sync: Result<SyncReport, EdgeFailure>;
  inventory: Result<InventoryReport, EdgeFailure>;
  metrics: Result<Measurement, EdgeFailure>;
}

interface Finding {
  status: SiteStatus;
  message: string; // empty when there is nothing to say
}

function failed({ kind, message }: EdgeFailure): Finding {
  return { status: kind === "unreachable" || kind === "timeout" ? "unreachable" : "degraded", message };
}

function syncFinding(report: SiteReports["sync"]): Finding {
  if (!report.ok) return failed(report.error);
  const { phase, message } = report.value;
  return phase === "failed" ? { status: "degraded", message } : { status: "healthy", message: phase === "syncing" ? message : "" };
}

function inventoryFinding(report: SiteReports["inventory"]): Finding {
  if (!report.ok) return failed(report.error);
  const { present, healthy, message } = report.value;
  return present && healthy ? { status: "healthy", message: "" } : { status: "degraded", message };
}

/**
 * Unreachable: its kube API gives no answer. Degraded: any of its ways answers that something is wrong, or does not answer.
 * A site that is about to apply a commit is healthy, and says so. The message is of the first that is not well.
 */
export function siteStateOf({ sync, inventory, metrics }: SiteReports): Pick<Seen, "status" | "message" | "components"> {
  const findings = [
    syncFinding(sync),
    inventoryFinding(inventory),
    metrics.ok ? { status: "healthy" as const, message: "" } : failed(metrics.error),
  ] as const;
  const components: SiteComponents = { sync: findings[0].status, o2ims: findings[1].status, metrics: findings[2].status };
  const unwell = findings.find((finding) => finding.status !== "healthy");
  const status = components.sync === "unreachable" ? "unreachable" : unwell === undefined ? "healthy" : "degraded";
  return { status, message: (unwell ?? findings[0]).message.slice(0, MAX_MESSAGE), components };
}

export interface SiteWatchDeps {
  edge: EdgePort;
  sites: readonly string[];
  everyMs?: number;
  onFirst?: () => void; // a site was seen for the first time
}

export interface SiteWatch {
  /** Ends when the signal has fired and the calls it cut have returned. */
  run(signal: AbortSignal): Promise<void>;
  /** These are the sites from now on. */
  follow(sites: readonly string[]): void;
  /** The newest observation of each site that has been asked, in the order of the sites. */
  latest(): Seen[];
}

export function createSiteWatch({ edge, sites, everyMs = LOOK_EVERY_MS, onFirst }: SiteWatchDeps): SiteWatch {
  const seen = new Map<string, Seen>();
  const watched = new Map<string, AbortController>();
  const cycles = new Set<Promise<void>>();
  let followed = [...sites];
  let running = false;

  // Each site has a cycle of its own: one that hangs until the adapter's timeout holds up nobody else.
  async function watch(id: string, signal: AbortSignal): Promise<void> {
    for (let doubted = false; !signal.aborted; ) {
      const startedAt = performance.now();
      const now = await look(edge.site(id), signal); // asked for anew: its addresses may be others now
      if (signal.aborted) return; // calls that were cut tell nothing about the site
      doubted = !doubted && now !== null && now.status !== "healthy" && seen.get(id)?.status === "healthy";
      if (now !== null && !doubted) {
        const first = !seen.has(id);
        seen.set(id, now);
        if (first) onFirst?.();
      }
      const restMs = everyMs - (performance.now() - startedAt);
      await pause(doubted ? Math.min(LOOK_AGAIN_MS, everyMs) : Math.max(0, restMs), signal);
    }
  }

  function adjust(): void {
    if (!running) return;
    for (const [id, controller] of watched) {
      if (followed.includes(id)) continue;
      controller.abort();
      watched.delete(id);
      seen.delete(id);
    }
    for (const id of followed) {
      if (watched.has(id)) continue;
      const controller = new AbortController();
      watched.set(id, controller);
      const cycle = watch(id, controller.signal).finally(() => cycles.delete(cycle));
      cycles.add(cycle);
    }
  }

  return {
    async run(signal) {
      running = !signal.aborted;
      adjust();
      if (running) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      running = false;
      for (const controller of watched.values()) controller.abort();
      await Promise.all(cycles);
    },
    follow(ids) {
      followed = [...ids];
      adjust();
    },
    latest: () => followed.map((id) => seen.get(id)).filter((one) => one !== undefined),
  };
}

async function look(site: EdgeSite | undefined, signal: AbortSignal): Promise<Seen | null> {
  if (site === undefined) return null;
  const [sync, inventory, metrics] = await Promise.all([
    site.syncReport(signal),
    site.deploymentManager(signal),
    site.measure(NOTHING, NOTHING, signal),
  ]);
  return { site: site.id, ...siteStateOf({ sync, inventory, metrics }), commit: sync.ok ? sync.value.commit : null };
}
