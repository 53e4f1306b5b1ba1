// What agents see of their sites becomes their state: status, components, commit in force, drift. The feed hears of changes that people act on.
import { eq, sql } from "drizzle-orm";
import { deploymentSites, deployments, sites, sliceSites } from "../../drizzle/schema.ts";
import type { SiteObservation } from "../../protocol/agent.ts";
import type { Drift } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { alertAboutSites, type SiteSeen } from "./site-alerts.ts";
import type { SiteRow } from "./sites.ts";
import { inJson } from "./slices.ts";
import type { Unit } from "./unit.ts";

interface Seen {
  agentId: string;
  observations: readonly SiteObservation[];
  registered: readonly string[]; // by this very heartbeat
}

type Known = Pick<SiteRow, "id" | "agentId" | "declared" | "ready" | "status" | "message" | "commit" | "components" | "drift">;

/**
 * Writes what differs from the rows. A site is its agent's to speak of; comes after registerSites in the same unit. Returns the sites
 * that were added through the API and that the agent shows by this to serve: from now on it may be given their jobs.
 */
export async function observeSites(unit: Unit, deps: Deps, { agentId, observations, registered }: Seen): Promise<string[]> {
  if (observations.length === 0) return [];
  const ids = observations.map((seen) => seen.site);
  const { id, declared, ready, status, message, commit, components, drift } = sites;
  const rows = await deps.db
    .select({ id, agentId: sites.agentId, declared, ready, status, message, commit, components, drift })
    .from(sites)
    .where(inJson(id, ids));
  const known = new Map<string, Known>(rows.map((row) => [row.id, row]));
  const own = observations.filter(({ site }) => registered.includes(site) || known.get(site)?.agentId === agentId);
  const drifted = own.filter((seen) => (seen.drift?.length ?? 0) > 0 && !sameDrift(seen.drift, known.get(seen.site)?.drift));
  const work = await workAt(
    deps,
    drifted.map(({ site }) => site),
  );
  const concluded: SiteSeen[] = [];
  for (const seen of own) {
    const row = known.get(seen.site) ?? unseen(seen.site); // registered by this very heartbeat
    const found = drifted.includes(seen) ? (seen.drift ?? []).filter((one) => !isWork(work, seen.site, one)) : seen.drift;
    writeSeen(unit, deps, { row, seen: { ...seen, drift: found } });
    if (row.ready) concluded.push({ ...seen, drift: found ?? row.drift });
  }
  await alertAboutSites(unit, deps, concluded);
  return own
    .filter(({ site }) => known.get(site)?.declared === null && known.get(site)?.ready === true && !registered.includes(site))
    .map(({ site }) => site);
}

function unseen(id: string): Known {
  return { id, agentId: null, declared: null, ready: true, status: "unknown", message: "", commit: null, components: null, drift: [] };
}

function writeSeen(unit: Unit, deps: Deps, { row, seen }: { row: Known; seen: SiteObservation }): void {
  const { site, status, message, components } = seen;
  const drift = seen.drift ?? row.drift;
  const moved = seen.commit !== null && seen.commit !== row.commit;
  const driftChanged = !sameDrift(drift, row.drift);
  const asBefore = !moved && !driftChanged && status === row.status && message === row.message;
  if (asBefore && JSON.stringify(components) === JSON.stringify(row.components)) return;
  const now = deps.now();
  const synced = moved ? { commit: seen.commit, lastSync: now } : {}; // a site that does not answer keeps its last commit
  unit.add(
    deps.db
      .update(sites)
      .set({ status, message, components, drift, ...synced, updatedAt: now })
      .where(eq(sites.id, site)),
  );
  if (status !== row.status) unit.event({ type: "site.updated", site, data: { status, message, change: "state" } });
  if (driftChanged) unit.event({ type: "site.updated", site, data: { status, message, change: "drift", drift } });
}

function sameDrift(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

interface Work {
  changing: ReadonlySet<string>; // "site/slice", and the site by itself
  held: ReadonlySet<string>; // "site/slice" of everything that was deployed through here
}

/** What is going on at the sites just now: the agent may have looked before it began. */
async function workAt(deps: Deps, at: readonly string[]): Promise<Work> {
  if (at.length === 0) return { changing: new Set(), held: new Set() };
  const [open, making, holding] = await deps.db.batch([
    deps.db
      .select({ site: deploymentSites.site, slice: deployments.slice })
      .from(deployments)
      .innerJoin(deploymentSites, eq(deploymentSites.deploymentId, deployments.id))
      .where(sql`${deployments.status} in ('applying', 'reverting') and ${inJson(deploymentSites.site, at)}`),
    deps.db
      .select({ plan: deployments.plan })
      .from(deployments)
      .where(sql`${deployments.status} in ('applying', 'reverting') and json_array_length(${deployments.plan}, '$.preempts') > 0`),
    deps.db.select({ site: sliceSites.site, slice: sliceSites.slice }).from(sliceSites).where(inJson(sliceSites.site, at)),
  ]);
  const displaced = making.flatMap(({ plan }) => plan.preempts);
  return {
    changing: new Set([...open, ...displaced].flatMap(({ site, slice }) => [site, `${site}/${slice}`])),
    held: new Set(holding.map(({ site, slice }) => `${site}/${slice}`)),
  };
}

/** A running deployment is no drift, and neither is what was deployed since the agent last asked what should be there. */
function isWork({ changing, held }: Work, site: string, { kind, slice }: Drift): boolean {
  if (slice === null) return changing.has(site);
  return changing.has(`${site}/${slice}`) || (kind === "unmanaged_slice" && held.has(`${site}/${slice}`));
}
