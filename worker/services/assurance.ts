// Measurements of live slices become the state of assurance: windows, alerts and samples, in one batch. A round counts once, however
// often it is sent. What is done about an alert is in remediation.ts.
import { sql } from "drizzle-orm";
import { assurance } from "../../drizzle/schema.ts";
import { burnRate, judgeOutage } from "../../intent/assurance.ts";
import type { MeasurementsRequest, MeasurementsResponse } from "../../protocol/agent.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { Deps } from "../deps.ts";
import { currentAgent } from "./agents.ts";
import { settleAlerts } from "./alert-upkeep.ts";
import { addAlert, endAlert, refreshAlerts, subjectOf } from "./alerts.ts";
import { type Look, type Round, readRound } from "./assurance-round.ts";
import { readPolicy } from "./policy.ts";
import { remediate } from "./remediation.ts";
import { pruneSamples, type Sample, storeSamples } from "./samples.ts";
import { createUnit, Duplicate, GuardFailed, type Unit } from "./unit.ts";
import { assignedSites } from "./watchlist.ts";

const MAX_ALERT_CHANGES = 50; // per batch; what is due and is not done now is due at the next round too
const MAX_ATTEMPTS = 3;
const PRUNED_PER_ROUND = 2_000; // rows; more than a report brings

export async function takeMeasurements(deps: Deps, agentId: string, request: MeasurementsRequest): Promise<MeasurementsResponse> {
  await currentAgent(deps, agentId, request.instanceId);
  const [policy, served] = await Promise.all([readPolicy(deps), assignedSites(deps, agentId)]);
  if (!policy.assurance.enabled) return { accepted: 0 };
  const measured = request.measured.filter((one) => served.includes(one.site) && one.evidence.every((record) => record.site === one.site));
  await settleAlerts(deps, policy);
  for (let attempt = 1; ; attempt += 1) {
    const round = await readRound(deps, { policy, measured, round: request.round });
    if (round.looks.length === 0) return { accepted: 0 };
    try {
      const burning = await store(deps, round);
      deps.defer(deps.room.metrics(round.fresh));
      deps.defer(remediate(deps, policy, burning));
      deps.defer(pruneSamples(deps, PRUNED_PER_ROUND));
      return { accepted: round.fresh.length };
    } catch (error) {
      const movedMeanwhile = error instanceof GuardFailed || error instanceof Duplicate;
      if (!movedMeanwhile || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Everything that follows from a round, or nothing of it. Returns the alerts on whose ground something may be done. */
async function store(deps: Deps, round: Round): Promise<string[]> {
  const unit = createUnit(deps);
  guardRounds(unit, round.looks);
  storeWindows(unit, deps, round);
  storeSamples(unit, deps, round.looks.flatMap(toSample));
  const burning: string[] = [];
  const lasting: { id: string; value: number | null; burnRate: number }[] = [];
  let changes = 0;
  for (const look of round.looks) {
    const { judged, alert, evidence } = look;
    const busy = alert?.remediation.some((step) => step.state === "started") === true; // the rung's end comes first
    const change = changes >= MAX_ALERT_CHANGES || busy ? null : judged.change;
    if (change !== null) changes += 1;
    if (change === "resolve" && alert !== undefined) endAlert(unit, deps, { row: alert, why: evidence.message });
    else if (change === "trigger") burning.push(raiseBurn(unit, deps, { look, policy: round.policy }));
    else if (alert !== undefined) {
      if (judged.burning) burning.push(alert.id);
      lasting.push({ id: alert.id, value: evidence.value ?? alert.value, burnRate: burnRate(judged.badFraction, look.objectives) });
    }
  }
  refreshAlerts(unit, deps, lasting);
  for (const [site, blind] of round.blind) judgeSite(unit, deps, { site, blind, round });
  await unit.commit();
  return burning;
}

function raiseBurn(unit: Unit, deps: Deps, { look, policy }: { look: Look; policy: OperationsPolicy }): string {
  const { slice, site, deploymentId, intentId, evidence, judged, objectives } = look;
  const { objective, message, value, threshold } = evidence;
  const notified = { rung: "notify" as const, at: new Date(deps.now()).toISOString(), state: "done" as const, intentId: null };
  return addAlert(unit, deps, {
    ...{ kind: "slo_burn", severity: "critical", site, slice, objective, deploymentId, intentId, message, value, threshold },
    burnRate: burnRate(judged.badFraction, objectives),
    remediation: policy.remediation.rungs[0] === "notify" ? [{ ...notified, message: "this alert" }] : [],
  }).id;
}

function judgeSite(unit: Unit, deps: Deps, { site, blind, round }: { site: string; blind: number[]; round: Round }): void {
  const row = round.firing.get(subjectOf({ kind: "measurement_outage", site }));
  const change = judgeOutage(blind, row !== undefined, round.policy.assurance);
  if (change === "resolve" && row !== undefined) endAlert(unit, deps, { row, why: "every objective is measured again" });
  if (change !== "trigger") return;
  const dark = blind.filter((count) => count > 0).length;
  const cause = round.looks.find((look) => look.site === site && look.judged.blind > 0);
  const example = cause === undefined ? "" : `: ${cause.slice}: ${cause.evidence.message}`;
  const message = `${dark} of ${blind.length} objectives at ${site} cannot be measured${example}`.slice(0, 1000);
  addAlert(unit, deps, { kind: "measurement_outage", severity: "warning", site, message });
}

/** The rows are as they were read: the same round at the same time, or another, came first otherwise. */
function guardRounds(unit: Unit, looks: readonly Look[]): void {
  const seen = JSON.stringify(looks.map(({ slice, site, evidence, seenRound }) => [slice, site, evidence.objective, seenRound]));
  unit.guard(sql`not exists (select 1 from json_each(${seen}) j left join assurance a on a.slice = json_extract(j.value, '$[0]')
    and a.site = json_extract(j.value, '$[1]') and a.objective = json_extract(j.value, '$[2]')
    where coalesce(a.round, '') <> coalesce(json_extract(j.value, '$[3]'), ''))`);
}

/** One row for each objective of each slice, in one statement; what an earlier deployment has left behind goes. */
function storeWindows(unit: Unit, deps: Deps, { looks, id }: Round): void {
  const now = deps.now();
  const values = looks.map(({ slice, site, deploymentId, judged, evidence }) => [
    slice,
    site,
    evidence.objective,
    deploymentId,
    judged.verdicts,
    evidence,
  ]);
  const field = (index: number) => sql.raw(`json_extract(value, '$[${index}]')`);
  const rows = JSON.stringify(values);
  unit.add(
    deps.db
      .insert(assurance)
      .select(
        sql`select ${field(0)}, ${field(1)}, ${field(2)}, ${field(3)}, ${field(4)}, ${id}, ${field(5)}, ${now} from json_each(${rows}) where true`,
      )
      .onConflictDoUpdate({
        target: [assurance.slice, assurance.site, assurance.objective],
        set: {
          deploymentId: sql`excluded.deployment_id`,
          verdicts: sql`excluded.verdicts`,
          round: sql`excluded.round`,
          evidence: sql`excluded.evidence`,
          updatedAt: sql`excluded.updated_at`,
        },
      }),
  );
  const current = JSON.stringify([...new Set(looks.map(({ slice, site, deploymentId }) => `${slice}/${site}/${deploymentId}`))]);
  const places = JSON.stringify(looks.map(({ slice, site }) => [slice, site]));
  unit.add(
    deps.db.delete(assurance).where(
      sql`(${assurance.slice}, ${assurance.site}) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(${places}))
        and ${assurance.slice} || '/' || ${assurance.site} || '/' || ${assurance.deploymentId} not in (select value from json_each(${current}))`,
    ),
  );
}

function toSample({ slice, site, evidence, at }: Look): Sample[] {
  return evidence.value === null || !Number.isFinite(evidence.value)
    ? []
    : [{ slice, site, metric: evidence.objective, at, value: evidence.value }];
}
