// Which slices hold capacity where, and the guards that keep two changes from taking the same capacity, name, slice or S-NSSAI.
import { and, eq, isNull, sql } from "drizzle-orm";
import { deployments, sites, sliceSites, slices } from "../../drizzle/schema.ts";
import { effectiveRequirements } from "../../intent/defaults.ts";
import type { LiveSlice, PlanContext } from "../../protocol/job.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import type { Unit } from "./unit.ts";

/** What a slice takes of each of its sites. */
export function demandOf(plan: SlicePlan): { downlinkMbps: number; uplinkMbps: number; maxDevices: number } {
  const { downlinkMbps, uplinkMbps, maxDevices } = effectiveRequirements(plan.serviceType, plan.requirements);
  return { downlinkMbps, uplinkMbps, maxDevices };
}

const CHANGING = sql`${deployments.status} in ('applying', 'reverting')`;

/** Who is changing it: a rollback may be another intent's action than the one whose deployment is taken back. */
const AT_WORK = sql<string>`case when deployments.status = 'reverting' then coalesce((
    select jobs.intent_id from jobs where jobs.finished_at is null and jobs.deployment_id = deployments.id limit 1), deployments.intent_id)
  else deployments.intent_id end`;

const RENDERED_FOR = sql<string>`json_extract(${deployments.plan}, '$.renderedFor')`;

/** The names of all slices that hold something. */
export async function liveNames(deps: Deps): Promise<string[]> {
  const holds = sql`exists (select 1 from ${sliceSites} where ${sliceSites.slice} = ${slices.name})`;
  const rows = await deps.db
    .select({ name: slices.name })
    .from(slices)
    .where(and(isNull(slices.removedAt), holds))
    .orderBy(slices.name);
  return rows.map(({ name }) => name);
}

/** All slices that hold something, or the named one. */
export async function liveSlices(deps: Deps, name?: string): Promise<LiveSlice[]> {
  // Not a batch: D1 answers those by column name, and a join has some names twice.
  const [rows, held, changing] = await Promise.all([
    deps.db
      .select({ slice: slices, latestIntentId: deployments.intentId, commits: deployments.commits, renderedFor: RENDERED_FOR })
      .from(slices)
      .innerJoin(deployments, eq(deployments.id, slices.latestDeploymentId))
      .where(and(isNull(slices.removedAt), name === undefined ? undefined : eq(slices.name, name)))
      .orderBy(slices.name),
    deps.db
      .select()
      .from(sliceSites)
      .where(name === undefined ? undefined : eq(sliceSites.slice, name))
      .orderBy(sliceSites.slice, sliceSites.site),
    deps.db
      .select({ slice: deployments.slice, intentId: AT_WORK, action: deployments.action, status: deployments.status })
      .from(deployments)
      .where(and(CHANGING, name === undefined ? undefined : eq(deployments.slice, name))),
  ]);
  const bySlice = Map.groupBy(held, (row) => row.slice);
  const busy = new Map(changing.map((row) => [row.slice, row]));
  return rows.flatMap(({ slice, latestIntentId, commits, renderedFor }) => {
    const at = bySlice.get(slice.name)?.map(({ slice: _, ...rest }) => rest) ?? [];
    if (at.length === 0) return [];
    const change = busy.get(slice.name);
    const { latestDeploymentId: deploymentId, serviceType, priority, requirements, intentId } = slice;
    return {
      ...{ slice: slice.name, intentId, serviceType, priority, requirements, sites: at },
      snssai: { sst: slice.sst, sd: slice.sd },
      latest: {
        ...{ deploymentId, intentId: latestIntentId, commits, renderedFor },
        sites: at.filter((entry) => entry.deploymentId === deploymentId).map((entry) => entry.site),
      },
      busy:
        change === undefined
          ? null
          : { intentId: change.intentId, action: change.status === "reverting" ? ("rollback" as const) : change.action },
    };
  });
}

/** What a plan must know of the world. Sites that have not passed their checks are not part of it. */
export async function planContext(deps: Deps): Promise<PlanContext> {
  const [rows, live] = await Promise.all([
    deps.db.select({ id: sites.id, config: sites.config }).from(sites).where(eq(sites.ready, true)).orderBy(sites.id),
    liveSlices(deps),
  ]);
  return {
    sites: rows.map(({ id, config: { aliases, labels, capacity, freeze } }) => ({ id, aliases, labels, capacity, freeze })),
    slices: live,
  };
}

interface Claim {
  plan: SlicePlan;
  intentId: string;
  deploymentId: string;
}

/**
 * Takes what the plan needs in the same batch. Two plans that were both feasible alone cannot both pass: the batch of the
 * second fails as GuardFailed (capacity, name, somebody changes the slice, it is not as the plan found it) or Duplicate (S-NSSAI).
 */
export function reserveSlice(unit: Unit, deps: Deps, claim: Claim): void {
  const { plan } = claim;
  unit.guard(sql`not exists (select 1 from deployments where slice = ${plan.slice} and status in ('applying', 'reverting'))`);
  if (plan.action === "deploy") unit.guard(sql`not exists (select 1 from slices where name = ${plan.slice} and removed_at is null)`);
  for (const { slice, found } of [
    { slice: plan.slice, found: plan.replaces },
    ...plan.preempts.map((one) => ({ slice: one.slice, found: [one] })),
  ])
    for (const { site, deploymentId } of found)
      unit.guard(sql`exists (select 1 from slice_sites where slice = ${slice} and site = ${site} and deployment_id = ${deploymentId})`);
  const sites = JSON.stringify(plan.sites);
  unit.guard(sql`not exists (select 1 from json_each(${sites}) where value not in (select id from sites where ready = 1))`);
  if (plan.action === "terminate") return; // gives back, takes nothing
  guardCapacity(unit, plan);
  if (plan.action === "deploy") takeNew(unit, deps, claim);
  else takeOver(unit, deps, claim);
}

/** The slice's own share and that of the slices which make room do not count; while a change is under way the larger share does. */
function guardCapacity(unit: Unit, plan: SlicePlan): void {
  const demand = demandOf(plan);
  const leaving = JSON.stringify(plan.preempts.map(({ slice, site }) => `${slice}/${site}`));
  const used = (column: "downlink_mbps" | "uplink_mbps" | "max_devices") =>
    sql`coalesce((select sum(h.${sql.raw(column)}) from slice_sites h where h.site = sites.id and h.slice <> ${plan.slice}
      and h.slice || '/' || h.site not in (select value from json_each(${leaving}))), 0)`;
  unit.guard(sql`not exists (
    select 1 from sites where id in (select value from json_each(${JSON.stringify(plan.sites)}))
      and (${used("downlink_mbps")} + ${demand.downlinkMbps} > json_extract(config, '$.capacity.downlinkMbps') + 1e-6
        or ${used("uplink_mbps")} + ${demand.uplinkMbps} > json_extract(config, '$.capacity.uplinkMbps') + 1e-6
        or ${used("max_devices")} + ${demand.maxDevices} > json_extract(config, '$.capacity.maxDevices')))`);
}

function takeNew(unit: Unit, deps: Deps, { plan, intentId, deploymentId }: Claim): void {
  const row = {
    name: plan.slice,
    intentId,
    latestDeploymentId: deploymentId,
    serviceType: plan.serviceType,
    sst: plan.snssai.sst,
    sd: plan.snssai.sd,
    priority: plan.priority,
    requirements: plan.requirements,
    createdAt: deps.now(),
    removedAt: null,
  };
  unit.add(deps.db.insert(slices).values(row).onConflictDoUpdate({ target: slices.name, set: row })); // a removed slice may come back
  for (const site of plan.sites) unit.add(deps.db.insert(sliceSites).values({ slice: plan.slice, site, deploymentId, ...demandOf(plan) }));
}

function takeOver(unit: Unit, deps: Deps, { plan, deploymentId }: Claim): void {
  const { downlinkMbps, uplinkMbps, maxDevices } = demandOf(plan);
  const { priority, requirements } = plan;
  unit.add(deps.db.update(slices).set({ latestDeploymentId: deploymentId, priority, requirements }).where(eq(slices.name, plan.slice)));
  unit.add(
    deps.db
      .update(sliceSites)
      .set({
        deploymentId,
        downlinkMbps: sql`max(${sliceSites.downlinkMbps}, ${downlinkMbps})`,
        uplinkMbps: sql`max(${sliceSites.uplinkMbps}, ${uplinkMbps})`,
        maxDevices: sql`max(${sliceSites.maxDevices}, ${maxDevices})`,
      })
      .where(and(eq(sliceSites.slice, plan.slice), inJson(sliceSites.site, plan.sites))),
  );
}

/** `column in (…)` with one parameter: D1 takes a hundred at most. */
export function inJson(column: unknown, values: readonly string[]) {
  return sql`${column} in (select value from json_each(${JSON.stringify(values)}))`;
}
