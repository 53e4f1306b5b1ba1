// One report of measurements against what D1 knows: what of it is in force and new, and what each measurement makes of its window.
// Reads only; what follows from it is written by assurance.ts.
import { and, eq, sql } from "drizzle-orm";
import { assurance, deployments, sliceSites } from "../../drizzle/schema.ts";
import { blindFor, type Judged, judgeNext } from "../../intent/assurance.ts";
import type { MeasuredSlice } from "../../protocol/agent.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { Evidence, SloObjective } from "../../protocol/slo.ts";
import type { Deps } from "../deps.ts";
import { type AlertRow, firingAt, subjectOf } from "./alerts.ts";
import { isChanging, removedHalfway } from "./changing.ts";
import { inJson } from "./slices.ts";

const MAX_CLOCK_SKEW_MS = 5 * 60_000; // an agent's clock that is further off must not write into the past

/** One objective of one slice at one site, with what is known of it. */
export interface Look {
  slice: string;
  site: string;
  deploymentId: string;
  intentId: string;
  at: number;
  evidence: Evidence;
  objectives: readonly SloObjective[];
  seenRound: string | null; // of the row as it was read
  judged: Judged;
  alert: AlertRow | undefined; // that fires about it
}

export interface Round {
  policy: OperationsPolicy;
  id: string;
  fresh: MeasuredSlice[];
  looks: Look[];
  blind: Map<string, number[]>; // by site, all its slices and objectives as they are after this round
  firing: Map<string, AlertRow>; // by subject
}

/** Drops what is not in force as the agent says, or was counted before, and judges the rest. */
export async function readRound(
  deps: Deps,
  { policy, measured, round }: { policy: OperationsPolicy; measured: readonly MeasuredSlice[]; round: string },
): Promise<Round> {
  const sites = [...new Set(measured.map(({ site }) => site))];
  const inForce = await inForceAt(deps, measured);
  const { slice, site, objective, deploymentId, verdicts, round: lastRound } = assurance;
  const [rows, alerts] = await Promise.all([
    deps.db
      .select({
        slice,
        site,
        objective,
        deploymentId,
        verdicts,
        round: lastRound,
        inForce: sliceSites.deploymentId,
        status: deployments.status,
        removed: sql<number>`${sql.raw(removedHalfway("slice_sites"))}`,
      })
      .from(assurance)
      .leftJoin(sliceSites, and(eq(sliceSites.slice, slice), eq(sliceSites.site, site)))
      .leftJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
      .where(inJson(site, sites)),
    firingAt(deps, sites),
  ]);
  const firing = new Map(alerts.map((row) => [row.subject, row]));
  const known = new Map(rows.map((row) => [keyOf(row), row]));
  const looks = new Map<string, Look>();
  const fresh: MeasuredSlice[] = [];
  for (const one of measured) {
    const deployment = inForce.get(keyOf({ ...one, objective: "" }));
    if (deployment === undefined || deployment.id !== one.deploymentId) continue;
    let news = false;
    for (const evidence of one.evidence) {
      const key = keyOf({ ...one, objective: evidence.objective });
      const row = known.get(key);
      const ours = deployment.objectives.some(({ name }) => name === evidence.objective);
      if (!ours || row?.round === round || looks.has(key)) continue;
      news = true;
      const alert = firing.get(subjectOf({ kind: "slo_burn", slice: one.slice, site: one.site, objective: evidence.objective }));
      const kept = row?.deploymentId === one.deploymentId ? row.verdicts : []; // another deployment has other objectives
      const judged = judgeNext(kept, { verdict: evidence.verdict, firing: alert !== undefined }, policy.assurance);
      const { intentId, objectives } = deployment;
      const at = Math.min(deps.now(), Math.max(deps.now() - MAX_CLOCK_SKEW_MS, Date.parse(one.at)));
      looks.set(key, {
        ...{ slice: one.slice, site: one.site, deploymentId: one.deploymentId, intentId, at, evidence, objectives },
        ...{ seenRound: row?.round ?? null, judged, alert },
      });
    }
    if (news) fresh.push(one);
  }
  const blind = new Map(sites.map((where): [string, number[]] => [where, []]));
  for (const [key, row] of known) {
    const watched = row.inForce === row.deploymentId && row.status === "live" && row.removed === 0; // of others nothing will be heard
    if (watched && !looks.has(key)) blind.get(row.site)?.push(blindFor(row.verdicts));
  }
  for (const look of looks.values()) blind.get(look.site)?.push(look.judged.blind);
  return { policy, id: round, fresh, looks: [...looks.values()], blind, firing };
}

function keyOf({ slice, site, objective }: { slice: string; site: string; objective: string }): string {
  return `${slice}/${site}/${objective}`;
}

/** What is live at the sites of the measured slices, by slice and site. What is being changed is not. */
async function inForceAt(deps: Deps, measured: readonly MeasuredSlice[]) {
  const wanted = JSON.stringify(measured.map(({ slice, site }) => [slice, site]));
  const rows = await deps.db
    .select({ slice: sliceSites.slice, site: sliceSites.site, id: deployments.id, intentId: deployments.intentId, plan: deployments.plan })
    .from(sliceSites)
    .innerJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
    .where(
      sql`${deployments.status} = 'live' and not ${isChanging("slice_sites")} and (${sliceSites.slice}, ${sliceSites.site}) in
        (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${wanted}))`,
    );
  return new Map(
    rows.map(({ plan, id, intentId, ...at }) => [keyOf({ ...at, objective: "" }), { id, intentId, objectives: plan.objectives }]),
  );
}
