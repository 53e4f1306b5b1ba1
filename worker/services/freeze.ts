// When work on frozen sites may begin.
import { and, eq } from "drizzle-orm";
import { jobSites, jobs, sites } from "../../drizzle/schema.ts";
import { frozenUntil } from "../../intent/freeze.ts";
import type { FreezeWindow } from "../../protocol/site.ts";
import type { SlicePlan } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { reviewWaiting } from "./job-order.ts";
import { inJson } from "./slices.ts";
import type { Unit } from "./unit.ts";

export interface Frozen {
  freeze: Record<string, FreezeWindow[]>; // of the plan's sites
}

/** When the first of these waves may begin; undefined: now. A rollback never waits. */
export function beginsAt(deps: Deps, world: Frozen, waves: SlicePlan["waves"]): number | undefined {
  const ends = (waves[0] ?? []).map((site) => frozenUntil(world.freeze[site] ?? [], new Date(deps.now()))?.getTime() ?? 0);
  const latest = Math.max(0, ...ends);
  return latest === 0 ? undefined : latest;
}

/** The freeze windows of a site have changed to these: what nobody has begun waits for the end of the new ones, if for any. */
export async function refreeze(unit: Unit, deps: Deps, { site, windows }: { site: string; windows: FreezeWindow[] }): Promise<void> {
  const waiting = await deps.db
    .select({ id: jobs.id, input: jobs.input, checkpoint: jobs.checkpoint, visibleAt: jobs.visibleAt })
    .from(jobs)
    .innerJoin(jobSites, eq(jobSites.jobId, jobs.id))
    .where(and(eq(jobSites.site, site), eq(jobs.state, "queued")));
  for (const { id, input, checkpoint, visibleAt: before } of waiting) {
    if (input.kind !== "intent.apply") continue;
    const rows = await deps.db.select({ id: sites.id, config: sites.config }).from(sites).where(inJson(sites.id, input.plan.sites));
    const freeze = Object.fromEntries(rows.map((row) => [row.id, row.id === site ? windows : row.config.freeze]));
    const now = deps.now();
    const begins = beginsAt(deps, { freeze }, input.plan.waves.slice(checkpoint.push?.waves.length ?? 0));
    const visibleAt = begins ?? Math.min(before, now);
    const timed = visibleAt > now ? { timed: true } : {}; // what is due is put back in line by the next look at the queue
    unit.add(
      deps.db
        .update(jobs)
        .set({ visibleAt, ...timed, input: { ...input, freeze } })
        .where(and(eq(jobs.id, id), eq(jobs.state, "queued"))),
    );
  }
  if (waiting.length > 0) reviewWaiting(unit, deps); // what waits now is before nobody any more
}
