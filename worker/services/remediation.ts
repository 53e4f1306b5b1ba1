// Carries out the remediation ladder: each rung is an intent with a command, one at a time per slice, and its end is written back into
// the alert. What is due is decided in intent/remediation.ts.
import { and, eq, sql } from "drizzle-orm";
import { alerts, assurance, deployments, intents, sliceSites } from "../../drizzle/schema.ts";
import { dueRung, planRung, type RungPlan, rollbackPauseMs } from "../../intent/remediation.ts";
import type { RemediationStep } from "../../protocol/alert.ts";
import type { IntentStatus, RemediationRung } from "../../protocol/intent.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { type AlertRow, announce, raiseAlert } from "./alerts.ts";
import { cancelIntent } from "./cancel.ts";
import { isChanging } from "./changing.ts";
import { AS_USUAL, createCommandIntent } from "./new-intent.ts";
import { inJson, planContext } from "./slices.ts";
import { createUnit, Duplicate, GuardFailed, type Unit } from "./unit.ts";

const BY = "assurance";
const MAX_PER_CALL = 5; // alerts; the next round goes on
const MAX_RUNGS_PER_CALL = 4; // rungs that are passed over take no time
const MAX_FOLLOWED = 20; // alerts with a rung under way
const WAITING: readonly IntentStatus[] = ["received", "parsing", "needs_clarification", "parsed", "awaiting_approval"];
const MISSED: readonly IntentStatus[] = ["failed", "rejected", "cancelled", "rolled_back"];
const WATCHED: readonly IntentStatus[] = ["completed", ...MISSED, ...WAITING]; // of the others there is nothing to be said yet

/** Climbs for alerts that burn by what was measured just now. Of several about one slice at one site, the oldest leads. */
export async function remediate(deps: Deps, policy: OperationsPolicy, burning: readonly string[]): Promise<void> {
  if (burning.length === 0) return;
  const rows = await deps.db
    .select()
    .from(alerts)
    .where(
      and(
        inJson(alerts.id, burning),
        sql`${alerts.status} = 'firing' and not exists (select 1 from alerts b where b.status = 'firing' and b.kind = 'slo_burn'
          and b.slice = ${alerts.slice} and b.site = ${alerts.site} and b.id < ${alerts.id})`,
      ),
    )
    .orderBy(alerts.id);
  const due = rows.filter((row) => dueRung(row.remediation, deps.now(), policy.remediation) !== null).slice(0, MAX_PER_CALL);
  for (const row of due) await climb(deps, policy, row);
}

async function climb(deps: Deps, policy: OperationsPolicy, row: AlertRow): Promise<void> {
  let alert = row;
  for (let rungs = 0; rungs < MAX_RUNGS_PER_CALL; rungs += 1) {
    const rung = dueRung(alert.remediation, deps.now(), policy.remediation);
    if (rung === null) return;
    const order = await orderOf(deps, policy, { alert, rung });
    const begun = await begin(deps, { alert, order });
    if (begun === null) return; // somebody else is at it, or changes the slice
    if (order.plan.kind === "ask") return ask(deps, begun, order);
    alert = begun;
  }
}

interface Order {
  rung: RemediationRung;
  plan: RungPlan;
  priority: number; // of the slice: to help it is not worth more than the slice itself
}

async function orderOf(deps: Deps, policy: OperationsPolicy, { alert, rung }: { alert: AlertRow; rung: RemediationRung }): Promise<Order> {
  const { slice, site, objective } = alert;
  if (slice === null || site === null || objective === null) throw new Error(`alert ${alert.id} is about no objective of a slice`);
  const [context, current, rolledBack] = await Promise.all([
    planContext(deps),
    inForceFor(deps, alert),
    wasRolledBack(deps, alert, deps.now() - rollbackPauseMs(policy.remediation)),
  ]);
  const first = current?.plan.replaces.some((before) => before.site === site) === false;
  const { scalePercent } = policy.remediation;
  const priority = context.slices.find((live) => live.slice === slice)?.priority ?? AS_USUAL.priority;
  return { rung, priority, plan: planRung({ rung, slice, site, objective, context, first, rolledBack, scalePercent }) };
}

/** For another alert about the same slice at the same site. */
async function wasRolledBack(deps: Deps, { id, slice, site }: AlertRow, since: number): Promise<boolean> {
  const row = await deps.db.get<{ id: string } | undefined>(sql`
    select a.id from alerts a, json_each(a.remediation) s where a.slice = ${slice} and a.site = ${site} and a.id <> ${id}
      and json_extract(s.value, '$.rung') = 'rollback' and json_extract(s.value, '$.state') = 'done'
      and json_extract(s.value, '$.at') >= ${new Date(since).toISOString()} limit 1`);
  return row !== undefined;
}

/** The deployment in force where the alert is; `own`: the one it was raised about, or one that its remediation has put out. */
export async function inForceFor(deps: Deps, alert: AlertRow) {
  const row = await deps.db
    .select({ id: deployments.id, intentId: deployments.intentId, plan: deployments.plan })
    .from(sliceSites)
    .innerJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
    .where(and(eq(sliceSites.slice, alert.slice ?? ""), eq(sliceSites.site, alert.site ?? "")))
    .get();
  if (row === undefined) return undefined;
  return { ...row, own: row.intentId === alert.intentId || alert.remediation.some((step) => step.intentId === row.intentId) };
}

/** Takes the rung, so that nobody else does: never two of a slice at once, none while the slice is being changed. */
async function begin(deps: Deps, { alert, order }: { alert: AlertRow; order: Order }): Promise<AlertRow | null> {
  const { rung, plan } = order;
  const state = plan.kind === "ask" ? "started" : plan.kind === "skip" ? "skipped" : "done";
  const step: RemediationStep = { rung, at: iso(deps), state, intentId: null, message: plan.message };
  const unit = createUnit(deps);
  if (plan.kind === "ask") {
    unit.guard(sql`not exists (select 1 from alerts a, json_each(a.remediation) s
      where a.slice = ${alert.slice} and a.status = 'firing' and json_extract(s.value, '$.state') = 'started')`);
    unit.guard(sql`not exists (select 1 from alerts a where a.id = ${alert.id} and ${isChanging("a")})`);
  }
  const after = writeSteps(unit, deps, { alert, steps: [...alert.remediation, step] });
  if (plan.kind !== "ask") announce(unit, after); // a rung that is carried out is announced with its intent
  return (await stored(unit)) ? after : null;
}

/** One intent per rung, however often this runs: its key is the alert and the place of the rung, which is the alert's last step. */
async function ask(deps: Deps, alert: AlertRow, { rung, priority, plan }: Order): Promise<void> {
  if (plan.kind !== "ask") return moveStep(deps, alert, { state: "skipped", message: plan.message });
  const { command, message } = plan;
  const text = `${rung} ${alert.slice} at ${alert.site}: ${alert.objective} is missed (alert ${alert.id}); ${message}`;
  const key = `${alert.id}/${rung}/${alert.remediation.length}`;
  const idempotency = { principal: BY, key, fingerprint: key };
  try {
    const { body } = await createCommandIntent(deps, { by: BY, command, execution: { ...AS_USUAL, priority }, text, idempotency });
    await moveStep(deps, alert, { state: "started", intentId: body.intentId, message });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.code !== "QUEUE_FULL") await moveStep(deps, alert, { state: "failed", message: error.message }); // else the next look asks again
  }
}

/**
 * Looks after the rungs that are under way: what became of their intents, and whether there is still a reason for them. Those that have
 * ended come first; those that wait have no order, so that the same ones are not looked at again and again while others are not.
 */
export async function followRungs(deps: Deps, policy: OperationsPolicy): Promise<void> {
  const rows = await deps.db
    .select()
    .from(alerts)
    .where(
      sql`${alerts.id} in (select a.id from alerts a, json_each(a.remediation) s left join intents i on i.id = json_extract(s.value, '$.intentId')
        where a.status = 'firing' and json_extract(s.value, '$.state') = 'started' and (i.id is null or ${inJson(sql`i.status`, WATCHED)})
        order by coalesce(${inJson(sql`i.status`, WAITING)}, 1), random() limit ${MAX_FOLLOWED})`,
    );
  for (const row of rows) await follow(deps, policy, row);
}

const APPROVAL_DUE = "; waits for an approval";

async function follow(deps: Deps, policy: OperationsPolicy, alert: AlertRow): Promise<void> {
  const step = alert.remediation.at(-1);
  if (step === undefined) return;
  const { rung, intentId } = step;
  if (intentId === null) return ask(deps, alert, await orderOf(deps, policy, { alert, rung })); // whoever began it did not get so far
  const intent = await deps.db.select().from(intents).where(eq(intents.id, intentId)).get();
  const plain = step.message.replace(APPROVAL_DUE, "");
  if (intent === undefined) return moveStep(deps, alert, { state: "failed", message: `${plain}; its intent is not there any more` });
  const { status, failure, deploymentId } = intent;
  if (status === "completed")
    return moveStep(deps, alert, { state: "done", message: deploymentId === null ? `${plain}; nothing had to be changed` : plain });
  if (MISSED.includes(status)) return moveStep(deps, alert, { state: "failed", message: `${plain}; ${failure?.message ?? status}` });
  if (WAITING.includes(status) && (await isMoot(deps, policy, alert))) {
    await cancelIntent(deps, { intentId, by: BY, idempotency: null });
    return moveStep(deps, alert, { state: "skipped", message: `${plain}; there is no reason for it any more` });
  }
  if (status === "awaiting_approval" && plain === step.message)
    return moveStep(deps, alert, { state: "started", message: `${plain}${APPROVAL_DUE}` });
}

/** Nobody watches any more, something else is in force there by now, or the objective holds again. */
async function isMoot(deps: Deps, policy: OperationsPolicy, alert: AlertRow): Promise<boolean> {
  const current = await inForceFor(deps, alert);
  if (!policy.assurance.enabled || current?.own !== true) return true;
  const window = await deps.db
    .select({ verdicts: assurance.verdicts })
    .from(assurance)
    .where(
      and(eq(assurance.slice, alert.slice ?? ""), eq(assurance.site, alert.site ?? ""), sql`${assurance.objective} = ${alert.objective}`),
    )
    .get();
  const { resolveAfter } = policy.assurance;
  const last = window?.verdicts.slice(-resolveAfter) ?? [];
  return last.length === resolveAfter && last.every((verdict) => verdict === "pass");
}

type StepNews = Pick<RemediationStep, "state" | "message"> & { intentId?: string };

/** Says of the last step how it is now. A rollback that did not work is an alert of its own: nothing is left to be tried. */
async function moveStep(deps: Deps, alert: AlertRow, news: StepNews): Promise<void> {
  const step = alert.remediation.at(-1);
  if (step === undefined) return;
  const at = news.state === step.state ? step.at : iso(deps);
  const unit = createUnit(deps);
  announce(unit, writeSteps(unit, deps, { alert, steps: [...alert.remediation.slice(0, -1), { ...step, ...news, at }] }));
  const { slice, site, objective, deploymentId, intentId } = alert;
  if (news.state === "failed" && step.rung === "rollback" && slice !== null && site !== null && objective !== null)
    await raiseAlert(unit, deps, {
      ...{ kind: "remediation_failed", severity: "critical", site, slice, objective, message: news.message },
      ...(deploymentId === null ? {} : { deploymentId }),
      ...(intentId === null ? {} : { intentId }),
    });
  await stored(unit);
}

/** Fenced: the steps are as they were read. */
function writeSteps(unit: Unit, deps: Deps, { alert, steps }: { alert: AlertRow; steps: RemediationStep[] }): AlertRow {
  const before = JSON.stringify(alert.remediation);
  unit.guard(sql`exists (select 1 from alerts where id = ${alert.id} and status = 'firing' and remediation = ${before})`);
  unit.add(deps.db.update(alerts).set({ remediation: steps, updatedAt: deps.now() }).where(eq(alerts.id, alert.id)));
  return { ...alert, remediation: steps, updatedAt: deps.now() };
}

/** False when somebody else was first; then it is theirs. */
async function stored(unit: Unit): Promise<boolean> {
  try {
    await unit.commit();
    return true;
  } catch (error) {
    if (error instanceof GuardFailed || error instanceof Duplicate) return false;
    throw error;
  }
}

function iso(deps: Deps): string {
  return new Date(deps.now()).toISOString();
}
