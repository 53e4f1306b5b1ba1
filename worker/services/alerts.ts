// Alerts as rows and events: raised, resolved, listed, acknowledged. One of each subject fires at a time. Whether one is due is
// decided elsewhere.
import { and, desc, eq, lt, sql } from "drizzle-orm";
import { alerts } from "../../drizzle/schema.ts";
import { toAlertmanager } from "../../intent/alertmanager.ts";
import type {
  Alert,
  AlertKind,
  AlertmanagerAlert,
  AlertPage,
  AlertSeverity,
  ListAlertsQuery,
  RemediationStep,
} from "../../protocol/alert.ts";
import type { ObjectiveName } from "../../protocol/slo.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { type Answer, type IdempotencyKey, once } from "./idempotency.ts";
import { resolveSites } from "./sites.ts";
import { inJson } from "./slices.ts";
import { createUnit, type Unit } from "./unit.ts";

export type AlertRow = typeof alerts.$inferSelect;

/** What an alert is about; the same again is the same alert. */
export interface AlertAbout {
  kind: AlertKind;
  site?: string;
  slice?: string;
  objective?: ObjectiveName;
}

export interface NewAlert extends AlertAbout {
  severity: AlertSeverity;
  message: string;
  deploymentId?: string;
  intentId?: string; // whose events it belongs to
  value?: number | null;
  threshold?: number;
  burnRate?: number;
  remediation?: RemediationStep[];
}

export function subjectOf({ kind, site, slice, objective }: AlertAbout): string {
  return [kind, site ?? "", slice ?? "", objective ?? ""].join("/");
}

/** Raises the alert with its event unless it fires already. Two that raise the same at once: the unit of the second is a Duplicate. */
export async function raiseAlert(unit: Unit, deps: Deps, alert: NewAlert): Promise<void> {
  if ((await firingAbout(deps, alert)) === undefined) addAlert(unit, deps, alert);
}

/** Ends the alert with its event if it fires. The unit fails as GuardFailed when somebody else ends it first. */
export async function resolveAlert(unit: Unit, deps: Deps, { why, ...about }: AlertAbout & { why: string }): Promise<void> {
  const row = await firingAbout(deps, about);
  if (row !== undefined) endAlert(unit, deps, { row, why });
}

/** For who knows that it does not fire. */
export function addAlert(unit: Unit, deps: Deps, alert: NewAlert): AlertRow {
  const now = deps.now();
  const { site = null, slice = null, objective = null, deploymentId = null, intentId = null } = alert;
  const { value = null, threshold = null, burnRate = null, remediation = [], kind, severity, message } = alert;
  const row: AlertRow = {
    id: deps.newId("alr", now),
    subject: subjectOf(alert),
    ...{ kind, severity, site, slice, objective, deploymentId, intentId, message, value, threshold, burnRate, remediation },
    status: "firing",
    startedAt: now,
    updatedAt: now,
    resolvedAt: null,
    acknowledgedBy: null,
    acknowledgedAt: null,
    comment: "",
  };
  unit.add(deps.db.insert(alerts).values(row));
  announce(unit, row);
  return row;
}

/** For who knows that it fires. */
export function endAlert(unit: Unit, deps: Deps, { row, why }: { row: AlertRow; why: string }): void {
  const now = deps.now();
  const message = why === "" ? row.message : `${row.message}; resolved: ${why}`;
  const ended: AlertRow = { ...row, status: "resolved", message, updatedAt: now, resolvedAt: now };
  unit.guard(sql`exists (select 1 from alerts where id = ${row.id} and status = 'firing')`);
  unit.add(deps.db.update(alerts).set({ status: "resolved", message, updatedAt: now, resolvedAt: now }).where(eq(alerts.id, row.id)));
  announce(unit, ended);
}

/** What was measured last about alerts that go on firing; no event says so. */
export function refreshAlerts(unit: Unit, deps: Deps, news: readonly { id: string; value: number | null; burnRate: number }[]): void {
  if (news.length === 0) return;
  const values = JSON.stringify(Object.fromEntries(news.map(({ id, value, burnRate }) => [id, { value, burnRate }])));
  const now = (field: "value" | "burnRate") => sql`json_extract(${values}, '$.' || ${alerts.id} || ${`.${field}`})`;
  const ids = news.map(({ id }) => id);
  unit.add(
    deps.db
      .update(alerts)
      .set({ value: now("value"), burnRate: now("burnRate"), updatedAt: deps.now() })
      .where(and(inJson(alerts.id, ids), eq(alerts.status, "firing"))),
  );
}

/** Says how the alert is now. */
export function announce(unit: Unit, row: AlertRow): void {
  const type = row.status === "firing" ? "alert.triggered" : "alert.resolved";
  unit.event({ type, data: { alert: toAlert(row) }, intentId: row.intentId, site: row.site });
}

async function firingAbout(deps: Deps, about: AlertAbout): Promise<AlertRow | undefined> {
  return deps.db
    .select()
    .from(alerts)
    .where(sql`${alerts.subject} = ${subjectOf(about)} and ${alerts.status} = 'firing'`)
    .get();
}

/** Those that fire about the given sites. */
export async function firingAt(deps: Deps, at: readonly string[]): Promise<AlertRow[]> {
  return deps.db
    .select()
    .from(alerts)
    .where(and(eq(alerts.status, "firing"), inJson(alerts.site, at)))
    .orderBy(alerts.id);
}

export async function findAlert(deps: Deps, id: string): Promise<AlertRow> {
  const row = await deps.db.select().from(alerts).where(eq(alerts.id, id)).get();
  if (row === undefined) throw new AppError("NOT_FOUND", "no such alert");
  return row;
}

/** Newest first. */
export async function listAlerts(deps: Deps, query: ListAlertsQuery): Promise<AlertPage> {
  const [site] = query.site === undefined ? [] : await resolveSites(deps, [query.site], "site");
  const rows = await deps.db
    .select()
    .from(alerts)
    .where(
      and(
        query.cursor === undefined ? undefined : lt(alerts.id, query.cursor),
        query.status === undefined ? undefined : eq(alerts.status, query.status),
        query.slice === undefined ? undefined : eq(alerts.slice, query.slice),
        site === undefined ? undefined : eq(alerts.site, site),
      ),
    )
    .orderBy(desc(alerts.id))
    .limit(query.limit + 1);
  const page = rows.slice(0, query.limit);
  return { alerts: page.map(toAlert), nextCursor: rows.length > query.limit ? (page.at(-1)?.id ?? null) : null };
}

const MAX_EXPORTED = 1_000; // the newest; what Alertmanager is sent in one request

/** What fires, as Alertmanager takes it. `origin`: where a person reads more. */
export async function exportAlerts(deps: Deps, origin: string): Promise<AlertmanagerAlert[]> {
  const rows = await deps.db.select().from(alerts).where(eq(alerts.status, "firing")).orderBy(desc(alerts.id)).limit(MAX_EXPORTED);
  return rows.map((row) => toAlertmanager(toAlert(row), { origin, now: new Date(deps.now()) }));
}

export interface Acknowledgement {
  alertId: string;
  by: string;
  comment: string;
  idempotency: IdempotencyKey | null;
}

/** The first one counts; to acknowledge again changes nothing. */
export async function acknowledgeAlert(deps: Deps, { alertId, by, comment, idempotency }: Acknowledgement): Promise<Alert> {
  const { body } = await once<Alert>(deps, idempotency, async (remember): Promise<Answer<Alert>> => {
    const row = await findAlert(deps, alertId);
    if (row.acknowledgedBy !== null) return { status: 200, body: toAlert(row) };
    const now = deps.now();
    const said = { acknowledgedBy: by, acknowledgedAt: now, comment, updatedAt: now };
    const unit = createUnit(deps);
    unit.add(
      deps.db
        .update(alerts)
        .set(said)
        .where(and(eq(alerts.id, alertId), sql`${alerts.acknowledgedBy} is null`)),
    );
    announce(unit, { ...row, ...said });
    const answer = { status: 200, body: toAlert({ ...row, ...said }) };
    remember(unit, answer);
    await unit.commit();
    return answer;
  });
  return body;
}

export function toAlert(row: AlertRow): Alert {
  const { kind, severity, status, site, slice, objective, deploymentId, intentId, message, value, threshold, burnRate, remediation } = row;
  const { acknowledgedBy: by, acknowledgedAt: at, comment } = row;
  return {
    alertId: row.id,
    ...{ kind, severity, status, site, slice, objective, deploymentId, intentId, message, value, threshold, burnRate, remediation },
    startedAt: iso(row.startedAt),
    updatedAt: iso(row.updatedAt),
    resolvedAt: row.resolvedAt === null ? null : iso(row.resolvedAt),
    acknowledged: by === null || at === null ? null : { by, at: iso(at), comment },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
