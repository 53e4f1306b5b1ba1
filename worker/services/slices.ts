// Which slices hold capacity where, and the guard that keeps two of them from taking the same capacity or S-NSSAI.
import { eq, sql } from "drizzle-orm";
import { deploymentSites, sites, slices } from "../../drizzle/schema.ts";
import type { LiveSlice, PlanContext } from "../../protocol/job.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import type { Unit } from "./unit.ts";

const KBPS_PER_MBPS = 1000;

/** What a slice takes of each of its sites. */
export function demandOf(plan: SlicePlan): { downlinkMbps: number; uplinkMbps: number; maxDevices: number } {
  return {
    downlinkMbps: plan.profile.dLThptPerSlice.guaThpt / KBPS_PER_MBPS,
    uplinkMbps: plan.profile.uLThptPerSlice.guaThpt / KBPS_PER_MBPS,
    maxDevices: plan.profile.maxNumberofUEs,
  };
}

export async function liveSlices(deps: Deps): Promise<LiveSlice[]> {
  const rows = await deps.db
    .select({ slice: slices, site: deploymentSites.site })
    .from(slices)
    .innerJoin(deploymentSites, eq(deploymentSites.deploymentId, slices.deploymentId))
    .where(sql`${slices.removedAt} is null and ${deploymentSites.state} <> 'reverted'`);
  const byName = new Map<string, LiveSlice>();
  for (const { slice, site } of rows) {
    const known = byName.get(slice.name);
    if (known) known.sites.push(site);
    else
      byName.set(slice.name, {
        slice: slice.name,
        snssai: { sst: slice.sst, sd: slice.sd },
        sites: [site],
        downlinkMbps: slice.downlinkMbps,
        uplinkMbps: slice.uplinkMbps,
        maxDevices: slice.maxDevices,
      });
  }
  return [...byName.values()];
}

export async function planContext(deps: Deps): Promise<PlanContext> {
  const [rows, live] = await Promise.all([deps.db.select().from(sites).orderBy(sites.id), liveSlices(deps)]);
  return {
    sites: rows.map(({ id, config }) => ({ id, aliases: config.aliases, labels: config.labels, capacity: config.capacity })),
    slices: live,
  };
}

/**
 * Takes the slice's name, S-NSSAI and capacity in the same batch. Two plans that were both feasible alone cannot both pass:
 * the batch of the second fails as GuardFailed (capacity, name) or Duplicate (S-NSSAI).
 */
export function reserveSlice(
  unit: Unit,
  deps: Deps,
  { plan, intentId, deploymentId }: { plan: SlicePlan; intentId: string; deploymentId: string },
): void {
  const demand = demandOf(plan);
  const used = (column: "downlink_mbps" | "uplink_mbps" | "max_devices") =>
    sql`coalesce((select sum(s.${sql.raw(column)}) from slices s join deployment_sites d on d.deployment_id = s.deployment_id
      where s.removed_at is null and d.site = sites.id and d.state <> 'reverted'), 0)`;
  unit.guard(sql`not exists (select 1 from slices where name = ${plan.slice} and removed_at is null)`);
  unit.guard(sql`not exists (
    select 1 from sites where id in (select value from json_each(${JSON.stringify(plan.sites)}))
      and (${used("downlink_mbps")} + ${demand.downlinkMbps} > json_extract(config, '$.capacity.downlinkMbps')
        or ${used("uplink_mbps")} + ${demand.uplinkMbps} > json_extract(config, '$.capacity.uplinkMbps')
        or ${used("max_devices")} + ${demand.maxDevices} > json_extract(config, '$.capacity.maxDevices')))`);
  const row = {
    name: plan.slice,
    intentId,
    deploymentId,
    serviceType: plan.serviceType,
    sst: plan.snssai.sst,
    sd: plan.snssai.sd,
    ...demand,
    createdAt: deps.now(),
    removedAt: null,
  };
  unit.add(deps.db.insert(slices).values(row).onConflictDoUpdate({ target: slices.name, set: row })); // a removed slice may come back
}

/** Gives back what the deployment's slice held. */
export function releaseSlice(unit: Unit, deps: Deps, deploymentId: string): void {
  unit.add(deps.db.update(slices).set({ removedAt: deps.now() }).where(eq(slices.deploymentId, deploymentId)));
}
