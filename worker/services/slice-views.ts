// Live slices as the API shows them: what they hold where, their objectives, and how many alerts fire.
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { alerts } from "../../drizzle/schema.ts";
import { objectivesFor } from "../../intent/objectives.ts";
import type { SliceView } from "../../protocol/api.ts";
import type { LiveSlice } from "../../protocol/job.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { liveSlices } from "./slices.ts";

export async function listSlices(deps: Deps, site: string | undefined): Promise<SliceView[]> {
  const [live, firing] = await Promise.all([liveSlices(deps), firingPerSlice(deps)]);
  return live.filter((slice) => site === undefined || slice.sites.some((entry) => entry.site === site)).map((slice) => view(slice, firing));
}

export async function readSlice(deps: Deps, name: string): Promise<SliceView> {
  const [[slice], firing] = await Promise.all([liveSlices(deps, name), firingPerSlice(deps)]);
  if (slice === undefined) throw new AppError("NOT_FOUND", `no live slice is called ${name}`);
  return view(slice, firing);
}

function view(slice: LiveSlice, firing: ReadonlyMap<string, number>): SliceView {
  return { ...slice, objectives: objectivesFor(slice.serviceType, slice.requirements), alerts: firing.get(slice.slice) ?? 0 };
}

/** How many alerts fire about each slice. */
export async function firingPerSlice(deps: Deps): Promise<Map<string, number>> {
  const rows = await deps.db
    .select({ slice: alerts.slice, count: sql<number>`count(*)` })
    .from(alerts)
    .where(and(eq(alerts.status, "firing"), isNotNull(alerts.slice)))
    .groupBy(alerts.slice);
  return new Map(rows.flatMap(({ slice, count }) => (slice === null ? [] : [[slice, count]])));
}
