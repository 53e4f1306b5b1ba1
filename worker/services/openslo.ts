// The objectives that are in force, per slice and site: as OpenSLO documents, and as figures for Prometheus.
import { and, eq, sql } from "drizzle-orm";
import { deployments, sites, sliceSites } from "../../drizzle/schema.ts";
import { type OpenSloDocument, openSloDocuments } from "../../intent/openslo.ts";
import type { SloObjective } from "../../protocol/slo.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";

/** Throws NOT_FOUND for a slice that is not in force anywhere. */
export async function readOpenSlo(deps: Deps, slice: string): Promise<OpenSloDocument[]> {
  const rows = await deps.db
    .select({ site: sliceSites.site, plan: deployments.plan, config: sites.config })
    .from(sliceSites)
    .innerJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
    .innerJoin(sites, eq(sites.id, sliceSites.site))
    .where(eq(sliceSites.slice, slice))
    .orderBy(sliceSites.site);
  const [first] = rows;
  if (first === undefined) throw new AppError("NOT_FOUND", "no such slice is in force");
  const { serviceType, snssai } = first.plan;
  return openSloDocuments({
    ...{ slice, serviceType, snssai },
    sites: rows.map(({ site, plan, config }) => ({ site, prometheusUrl: config.prometheus.url, objectives: plan.objectives })),
  });
}

export interface ObjectiveInForce extends Pick<SloObjective, "name" | "comparator" | "threshold"> {
  slice: string;
  site: string;
}

/** Of slices that are live: one that is still being applied has the gate, and nobody is to be called because of it. */
export async function objectivesInForce(deps: Deps): Promise<ObjectiveInForce[]> {
  const part = <T>(path: string) => sql<T>`json_extract(objective.value, ${path})`;
  return deps.db
    .select({
      slice: sliceSites.slice,
      site: sliceSites.site,
      name: part<SloObjective["name"]>("$.name"),
      comparator: part<SloObjective["comparator"]>("$.comparator"),
      threshold: part<number>("$.threshold"),
    })
    .from(sliceSites)
    .innerJoin(deployments, and(eq(deployments.id, sliceSites.deploymentId), eq(deployments.status, "live")))
    .innerJoin(sql`json_each(${deployments.plan}, '$.objectives') as objective`, sql`true`)
    .orderBy(sliceSites.slice, sliceSites.site);
}
