// Edge sites as people see them: resolved from whatever spelling they use, shown with what is live there. Not how they come and go.
import { eq } from "drizzle-orm";
import { sites, sliceSites } from "../../drizzle/schema.ts";
import { frozenUntil } from "../../intent/freeze.ts";
import { resolveSite } from "../../intent/sites.ts";
import { isProduction } from "../../protocol/policy.ts";
import type { Site, SiteComponents } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";

export type SiteRow = typeof sites.$inferSelect;

const UNSEEN: SiteComponents = { sync: "unknown", o2ims: "unknown", metrics: "unknown" };

type Spellings = { id: string; aliases: string[] };

/** Sites that may be used, with their spellings: one that has not passed its checks is not among them. */
export async function knownSites(deps: Deps): Promise<Spellings[]> {
  return spellings(deps, true);
}

async function spellings(deps: Deps, readyOnly: boolean): Promise<Spellings[]> {
  const rows = await deps.db
    .select({ id: sites.id, config: sites.config })
    .from(sites)
    .where(readyOnly ? eq(sites.ready, true) : undefined)
    .orderBy(sites.id);
  return rows.map(({ id, config }) => ({ id, aliases: config.aliases }));
}

/** edge01, Edge 1, VM-2 … → edge1. Throws UNKNOWN_SITE naming the field; each site once, in the order given. */
export async function resolveSites(deps: Deps, refs: readonly string[], field: string): Promise<string[]> {
  return refs.length === 0 ? [] : resolveAmong(await knownSites(deps), refs, field);
}

export function resolveAmong(known: readonly Spellings[], refs: readonly string[], field: string): string[] {
  const ids = refs.map((ref) => {
    const id = resolveSite(ref, known);
    if (id === undefined) throw invalidField(field, `no registered site is called ${JSON.stringify(ref)}`, "UNKNOWN_SITE");
    return id;
  });
  return [...new Set(ids)];
}

export async function listSites(deps: Deps): Promise<Site[]> {
  const shares = deps.db.select().from(sliceSites).orderBy(sliceSites.slice);
  const [rows, held] = await deps.db.batch([deps.db.select().from(sites).orderBy(sites.id), shares]);
  const bySite = Map.groupBy(held, (share) => share.site);
  return rows.map((row) => siteView(deps, row, bySite.get(row.id) ?? []));
}

function siteView(deps: Deps, row: SiteRow, held: readonly (typeof sliceSites.$inferSelect)[]): Site {
  const { config } = row;
  const sum = (pick: "downlinkMbps" | "uplinkMbps" | "maxDevices") => held.reduce((total, share) => total + share[pick], 0);
  return {
    id: row.id,
    source: row.declared === null ? "api" : "agent",
    agentId: row.agentId,
    ready: row.ready,
    production: isProduction(config.labels),
    frozenUntil: frozenUntil(config.freeze, new Date(deps.now()))?.toISOString() ?? null,
    freeze: config.freeze,
    components: row.components ?? UNSEEN,
    drift: row.drift,
    checks: row.checks,
    aliases: config.aliases,
    labels: config.labels,
    sync: config.kube.sync,
    o2Dialect: config.o2ims.dialect,
    capacity: config.capacity,
    used: { downlinkMbps: sum("downlinkMbps"), uplinkMbps: sum("uplinkMbps"), maxDevices: sum("maxDevices") },
    slices: held.map(({ slice }) => slice),
    status: row.status,
    message: row.message,
    commit: row.commit,
    lastSync: row.lastSync === null ? null : new Date(row.lastSync).toISOString(),
  };
}

/** The row of a site by any of its spellings, also one that is not ready. */
export async function findSite(deps: Deps, ref: string): Promise<SiteRow> {
  const id = resolveSite(ref, await spellings(deps, false));
  const row = id === undefined ? undefined : await deps.db.select().from(sites).where(eq(sites.id, id)).get();
  if (row === undefined) throw new AppError("NOT_FOUND", "no such site");
  return row;
}

export async function readSite(deps: Deps, ref: string): Promise<Site> {
  const row = await findSite(deps, ref);
  return siteView(deps, row, await deps.db.select().from(sliceSites).where(eq(sliceSites.site, row.id)).orderBy(sliceSites.slice));
}

/** Counts per status, for health. */
export async function siteFigures(deps: Deps): Promise<{ total: number; degraded: string[] }> {
  const rows = await deps.db.select({ id: sites.id, status: sites.status }).from(sites).where(eq(sites.ready, true));
  return {
    total: rows.length,
    degraded: rows.filter((row) => row.status === "degraded" || row.status === "unreachable").map((row) => row.id),
  };
}
