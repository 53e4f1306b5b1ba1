// Edge sites as D1 knows them: registered and observed by the agents that serve them, resolved from whatever spelling people use.
import { eq, sql } from "drizzle-orm";
import { sites } from "../../drizzle/schema.ts";
import { resolveSite } from "../../intent/sites.ts";
import type { SiteObservation } from "../../protocol/agent.ts";
import type { Site, SiteConfig } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { liveSlices } from "./slices.ts";
import type { Unit } from "./unit.ts";

/** Registered sites with their spellings. */
export async function knownSites(deps: Deps): Promise<{ id: string; aliases: string[] }[]> {
  const rows = await deps.db.select({ id: sites.id, config: sites.config }).from(sites).orderBy(sites.id);
  return rows.map(({ id, config }) => ({ id, aliases: config.aliases }));
}

/** edge01, Edge 1, VM-2 … → edge1. Throws UNKNOWN_SITE naming the field; each site once, in the order given. */
export async function resolveSites(deps: Deps, refs: readonly string[], field: string): Promise<string[]> {
  if (refs.length === 0) return [];
  const known = await knownSites(deps);
  const ids = refs.map((ref) => {
    const id = resolveSite(ref, known);
    if (id === undefined) throw invalidField(field, `no registered site is called ${JSON.stringify(ref)}`, "UNKNOWN_SITE");
    return id;
  });
  return [...new Set(ids)];
}

export async function listSites(deps: Deps): Promise<Site[]> {
  const [rows, live] = await Promise.all([deps.db.select().from(sites).orderBy(sites.id), liveSlices(deps)]);
  return rows.map((row) => {
    const here = live.filter((slice) => slice.sites.includes(row.id));
    const sum = (pick: "downlinkMbps" | "uplinkMbps" | "maxDevices") => here.reduce((total, slice) => total + slice[pick], 0);
    return {
      id: row.id,
      aliases: row.config.aliases,
      labels: row.config.labels,
      sync: row.config.kube.sync,
      o2Dialect: row.config.o2ims.dialect,
      capacity: row.config.capacity,
      used: { downlinkMbps: sum("downlinkMbps"), uplinkMbps: sum("uplinkMbps"), maxDevices: sum("maxDevices") },
      slices: here.map((slice) => slice.slice),
      status: row.status,
      message: row.message,
      commit: row.commit,
      lastSync: row.lastSync === null ? null : new Date(row.lastSync).toISOString(),
    };
  });
}

export async function readSite(deps: Deps, ref: string): Promise<Site> {
  const id = resolveSite(ref, await knownSites(deps));
  const site = (await listSites(deps)).find((candidate) => candidate.id === id);
  if (site === undefined) throw new AppError("NOT_FOUND", "no such site");
  return site;
}

/** What an agent says of the sites it serves; URLs and secret references only. The state of a known site stays. */
export function registerSites(unit: Unit, deps: Deps, configs: readonly SiteConfig[]): void {
  for (const config of configs)
    unit.add(
      deps.db
        .insert(sites)
        .values({ id: config.id, config, status: "unknown", message: "", updatedAt: deps.now() })
        .onConflictDoUpdate({ target: sites.id, set: { config, updatedAt: deps.now() } }),
    );
}

interface Seen {
  observations: readonly SiteObservation[];
  served: readonly string[]; // sites of others are not this agent's to speak of
}

/** Writes what differs from the rows; the feed hears of a change of status only. Comes after registerSites in the same unit. */
export async function observeSites(unit: Unit, deps: Deps, { observations, served }: Seen): Promise<void> {
  const own = observations.filter((seen) => served.includes(seen.site));
  if (own.length === 0) return;
  const ids = JSON.stringify(own.map((seen) => seen.site)); // one parameter: D1 takes a hundred at most
  const { id, status, message, commit } = sites;
  const known = await deps.db
    .select({ id, status, message, commit })
    .from(sites)
    .where(sql`${id} in (select value from json_each(${ids}))`);
  const rows = new Map(known.map((row) => [row.id, row]));
  for (const seen of own) {
    const row = rows.get(seen.site) ?? { status: "unknown", message: "", commit: null }; // registered by this very heartbeat
    const moved = seen.commit !== null && seen.commit !== row.commit;
    if (!moved && seen.status === row.status && seen.message === row.message) continue;
    const now = deps.now();
    const synced = moved ? { commit: seen.commit, lastSync: now } : {}; // a site that does not answer keeps its last commit
    unit.add(
      deps.db
        .update(sites)
        .set({ status: seen.status, message: seen.message, ...synced, updatedAt: now })
        .where(eq(id, seen.site)),
    );
    if (seen.status !== row.status)
      unit.event({ type: "site.updated", site: seen.site, data: { status: seen.status, message: seen.message } });
  }
}

/** Counts per status, for health. */
export async function siteFigures(deps: Deps): Promise<{ total: number; degraded: string[] }> {
  const rows = await deps.db.select({ id: sites.id, status: sites.status }).from(sites);
  return {
    total: rows.length,
    degraded: rows.filter((row) => row.status === "degraded" || row.status === "unreachable").map((row) => row.id),
  };
}

/** Live slices per site, for metrics. */
export async function deploymentsPerSite(deps: Deps): Promise<{ site: string; count: number }[]> {
  const live = await liveSlices(deps);
  const rows = await deps.db.select({ id: sites.id }).from(sites).orderBy(sites.id);
  return rows.map(({ id }) => ({ site: id, count: live.filter((slice) => slice.sites.includes(id)).length }));
}
