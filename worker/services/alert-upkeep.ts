// Alerts whose ground has gone: the slice was removed, taken back or changed, the site left, the watching was switched off. They end by
// themselves. Asked for by whoever looks (watchlists, measurements, cron); bounded, the next call goes on.
import { and, eq, sql } from "drizzle-orm";
import { alerts, assurance } from "../../drizzle/schema.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { Deps } from "../deps.ts";
import { type AlertRow, endAlert } from "./alerts.ts";
import { removedHalfway } from "./changing.ts";
import { followRungs, inForceFor } from "./remediation.ts";
import { createUnit, GuardFailed } from "./unit.ts";

const MAX_PER_CALL = 20;

/** An alert does not end while a rung is under way: the rung's end is written into it first. */
const NO_RUNG = "not exists (select 1 from json_each(a.remediation) s where json_extract(s.value, '$.state') = 'started')";

const GONE: { why: string; ground: string }[] = [
  {
    why: "the objective's own alert has ended",
    ground: `a.kind = 'remediation_failed' and not exists (select 1 from alerts b where b.status = 'firing' and b.kind = 'slo_burn'
      and b.slice = a.slice and b.site = a.site and b.objective = a.objective)`,
  },
  {
    why: "no slice is live at the site",
    ground: `a.kind = 'measurement_outage' and not exists (select 1 from slice_sites h join deployments d on d.id = h.deployment_id
      where h.site = a.site and d.status <> 'failed' and not ${removedHalfway("h")})`,
  },
  {
    why: "the site is not registered any more",
    ground: "a.kind in ('site_down', 'drift') and not exists (select 1 from sites s where s.id = a.site)",
  },
];

export async function settleAlerts(deps: Deps, policy: OperationsPolicy): Promise<void> {
  await followRungs(deps, policy);
  for (const row of await displaced(deps)) await settleOne(deps, row);
  for (const { why, ground } of GONE) for (const row of await firingWhere(deps, ground)) await endOne(deps, { row, why });
  if (policy.assurance.enabled) return;
  for (const row of await firingWhere(deps, `a.kind in ('slo_burn', 'measurement_outage') and ${NO_RUNG}`))
    await endOne(deps, { row, why: "live slices are not watched any more" });
}

/** About a deployment that is not in force there now; while somebody changes the slice, nothing can be said of it. */
async function displaced(deps: Deps): Promise<AlertRow[]> {
  return firingWhere(
    deps,
    `a.kind = 'slo_burn' and not exists (select 1 from slice_sites h where h.slice = a.slice and h.site = a.site and h.deployment_id = a.deployment_id)
     and not exists (select 1 from deployments d where d.slice = a.slice and d.status in ('applying', 'reverting'))
     and ${NO_RUNG}`,
  );
}

async function firingWhere(deps: Deps, ground: string): Promise<AlertRow[]> {
  return deps.db
    .select()
    .from(alerts)
    .where(sql`${alerts.id} in (select a.id from alerts a where a.status = 'firing' and ${sql.raw(ground)} limit ${MAX_PER_CALL})`);
}

/**
 * A deployment that the alert's own remediation has put out, and the one below it that the alert was raised about, keep it firing, so
 * that the ladder goes on where it was. Any other is somebody's decision, and a new beginning.
 */
async function settleOne(deps: Deps, row: AlertRow): Promise<void> {
  const current = await inForceFor(deps, row);
  if (current === undefined) return endOne(deps, { row, why: `${row.slice} is not at ${row.site} any more` });
  if (!current.own) return endOne(deps, { row, why: `${current.id} is in force at ${row.site} now` });
  await deps.db
    .update(alerts)
    .set({ deploymentId: current.id })
    .where(and(eq(alerts.id, row.id), eq(alerts.status, "firing")));
}

async function endOne(deps: Deps, { row, why }: { row: AlertRow; why: string }): Promise<void> {
  const unit = createUnit(deps);
  endAlert(unit, deps, { row, why });
  await unit.commit().catch((error: unknown) => {
    if (!(error instanceof GuardFailed)) throw error; // somebody else has ended it
  });
}

const ALERT_RETENTION_MS = 400 * 24 * 3600_000; // as long as the samples that belong to them

/** Run by cron: old alerts, and what is left of the windows of slices that are gone. */
export async function pruneAssurance(deps: Deps): Promise<void> {
  await deps.db.batch([
    deps.db
      .delete(assurance)
      .where(
        sql`not exists (select 1 from slice_sites h where h.slice = ${assurance.slice} and h.site = ${assurance.site} and h.deployment_id = ${assurance.deploymentId})`,
      ),
    deps.db.delete(alerts).where(and(eq(alerts.status, "resolved"), sql`${alerts.updatedAt} < ${deps.now() - ALERT_RETENTION_MS}`)),
  ]);
}
