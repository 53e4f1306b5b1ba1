// What is in force where, as deployments come to their end: settled, taken back, removed. Capacity and names follow; SQL only, no reads.
import { and, eq, sql } from "drizzle-orm";
import { deployments, sliceSites, slices } from "../../drizzle/schema.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { demandOf, inJson } from "./slices.ts";
import type { Unit } from "./unit.ts";

// What a deployment takes of a site, out of its plan: as demandOf() has it.
const SHARE = {
  downlinkMbps: "json_extract(d.plan, '$.profile.dLThptPerSlice.guaThpt') / 1000.0",
  uplinkMbps: "json_extract(d.plan, '$.profile.uLThptPerSlice.guaThpt') / 1000.0",
  maxDevices: "json_extract(d.plan, '$.profile.maxNumberofUEs')",
} as const;

export interface Ended {
  deploymentId: string;
  plan: SlicePlan;
  sites: readonly string[];
}

/** The change is in force at these sites for good: shares are what it needs, and what it replaced, removed or displaced is over. */
export function settle(unit: Unit, deps: Deps, { deploymentId, plan, sites }: Ended): void {
  const gone = plan.action === "terminate" ? sites.map((site) => ({ slice: plan.slice, site })) : [];
  for (const { slice, site } of [...gone, ...plan.preempts.filter((one) => sites.includes(one.site))])
    unit.add(deps.db.delete(sliceSites).where(and(eq(sliceSites.slice, slice), eq(sliceSites.site, site))));
  if (plan.action !== "terminate")
    unit.add(
      deps.db
        .update(sliceSites)
        .set(demandOf(plan))
        .where(and(eq(sliceSites.slice, plan.slice), eq(sliceSites.deploymentId, deploymentId), inJson(sliceSites.site, sites))),
    );
  refreshSlices(unit, deps, plan);
  retireReplaced(unit, deps, plan);
}

/** What was in force before and holds nothing any more is over, also when what came after it has failed: that is in the tree now. */
export function retireReplaced(unit: Unit, deps: Deps, plan: SlicePlan): void {
  const before = [...plan.replaces, ...plan.preempts].map((one) => one.deploymentId);
  unit.add(
    deps.db
      .update(deployments)
      .set({ status: "superseded", updatedAt: deps.now() })
      .where(
        and(
          inJson(deployments.id, before),
          sql`${deployments.status} in ('live', 'failed') and not exists (select 1 from slice_sites where deployment_id = ${deployments.id})`,
        ),
      ),
  );
}

/** The change is not, or no longer, in force at these sites: what it replaced is again, also the slices that had made room. */
export function restore(unit: Unit, deps: Deps, { deploymentId, plan, sites }: Ended): void {
  if (sites.length === 0) return;
  const here = and(eq(sliceSites.slice, plan.slice), eq(sliceSites.deploymentId, deploymentId), inJson(sliceSites.site, sites));
  const replaced = sql`(select replaced from deployment_sites where deployment_id = ${deploymentId} and site = ${sliceSites.site})`;
  unit.add(deps.db.delete(sliceSites).where(and(here, sql`${replaced} is null`)));
  const share = (value: string) => sql`(select ${sql.raw(value)} from deployments d where d.id = ${replaced})`;
  unit.add(
    deps.db
      .update(sliceSites)
      .set({
        downlinkMbps: share(SHARE.downlinkMbps),
        uplinkMbps: share(SHARE.uplinkMbps),
        maxDevices: share(SHARE.maxDevices),
        deploymentId: replaced,
      })
      .where(here),
  );
  const back = plan.preempts.filter((one) => sites.includes(one.site));
  for (const { slice, site, deploymentId: theirs } of back)
    unit.add(
      deps.db
        .insert(sliceSites)
        .select(sql`select ${slice}, ${site}, d.id, ${sql.raw(Object.values(SHARE).join(", "))} from deployments d where d.id = ${theirs}`)
        .onConflictDoNothing(),
    );
  refreshSlices(unit, deps, plan);
  const again = [...plan.replaces.filter((one) => sites.includes(one.site)), ...back].map((one) => one.deploymentId);
  unit.add(
    deps.db
      .update(deployments)
      .set({ status: "live", updatedAt: deps.now() })
      .where(
        and(
          inJson(deployments.id, again),
          sql`${deployments.status} in ('superseded', 'reverted') and exists (select 1 from slice_sites where deployment_id = ${deployments.id})`,
        ),
      ),
  );
}

/** A slice without a site is gone; one with sites is what its latest deployment in force says. */
function refreshSlices(unit: Unit, deps: Deps, plan: SlicePlan): void {
  const names = [...new Set([plan.slice, ...plan.preempts.map((one) => one.slice)])];
  const latest = sql`(select max(deployment_id) from slice_sites where slice = ${slices.name})`;
  const ofLatest = (path: string) => sql`(select json_extract(plan, ${path}) from deployments where id = ${latest})`;
  unit.add(
    deps.db
      .update(slices)
      .set({
        removedAt: sql`case when ${latest} is null then coalesce(${slices.removedAt}, ${deps.now()}) end`,
        latestDeploymentId: sql`coalesce(${latest}, ${slices.latestDeploymentId})`,
        sst: sql`coalesce(${ofLatest("$.snssai.sst")}, ${slices.sst})`,
        sd: sql`coalesce(${ofLatest("$.snssai.sd")}, ${slices.sd})`,
        serviceType: sql`coalesce(${ofLatest("$.serviceType")}, ${slices.serviceType})`,
        priority: sql`coalesce(${ofLatest("$.priority")}, ${slices.priority})`,
        requirements: sql`coalesce(${ofLatest("$.requirements")}, ${slices.requirements})`,
      })
      .where(inJson(slices.name, names)),
  );
}
