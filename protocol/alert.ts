// Alerts: what a person should know about a live slice or a site. Stored, listed, acknowledged; they change nothing by themselves.
import * as z from "zod";
import { AlertId, SiteId, SliceName, Timestamp } from "./ids.ts";
import { RemediationRung } from "./intent.ts";
import { ObjectiveName } from "./slo.ts";

export const AlertKind = z.enum([
  "slo_burn", // a live slice misses an objective
  "measurement_outage", // it cannot be told whether it does; nothing is changed because of this
  "site_down", // a site is degraded or unreachable
  "drift", // a site, git or the record of deployments differ
  "remediation_failed", // what was tried against an alert did not work
]);
export type AlertKind = z.infer<typeof AlertKind>;

export const AlertSeverity = z.enum(["critical", "warning", "info"]);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

export const AlertStatus = z.enum(["firing", "resolved"]);
export type AlertStatus = z.infer<typeof AlertStatus>;

/** One rung of the ladder as it was climbed. */
export const RemediationStep = z.object({
  rung: RemediationRung,
  at: Timestamp, // of the state
  state: z.enum(["started", "done", "failed", "skipped"]), // started also while a person has yet to approve it
  intentId: z.string().nullable(), // what carries it out, with its own evidence
  message: z.string(),
});
export type RemediationStep = z.infer<typeof RemediationStep>;

export const Alert = z
  .object({
    alertId: AlertId,
    kind: AlertKind,
    severity: AlertSeverity,
    status: AlertStatus,
    site: SiteId.nullable(),
    slice: SliceName.nullable(),
    objective: ObjectiveName.nullable(),
    deploymentId: z.string().nullable(),
    intentId: z.string().nullable(),
    message: z.string(),
    value: z.number().nullable(),
    threshold: z.number().nullable(),
    burnRate: z.number().nullable(), // how many times faster than allowed the error budget is spent
    startedAt: Timestamp,
    updatedAt: Timestamp,
    resolvedAt: Timestamp.nullable(),
    acknowledged: z.object({ by: z.string(), at: Timestamp, comment: z.string() }).nullable(),
    remediation: z.array(RemediationStep),
  })
  .meta({ id: "Alert" });
export type Alert = z.infer<typeof Alert>;

export const ListAlertsQuery = z.strictObject({
  status: AlertStatus.optional(),
  site: z.string().min(1).max(64).optional(), // by any of its spellings
  slice: SliceName.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: AlertId.optional(),
});
export type ListAlertsQuery = z.infer<typeof ListAlertsQuery>;

export const AlertPage = z.object({ alerts: z.array(Alert), nextCursor: z.string().nullable() }).meta({ id: "AlertPage" });
export type AlertPage = z.infer<typeof AlertPage>;

export const AcknowledgeRequest = z.strictObject({ comment: z.string().max(500).default("") }).meta({ id: "AcknowledgeAlert" });

/** One element of what Alertmanager's POST /api/v2/alerts takes (postableAlert of its OpenAPI document). */
export const AlertmanagerAlert = z
  .object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: Timestamp,
    endsAt: Timestamp, // when it counts as resolved unless it is sent again
    generatorURL: z.url(),
  })
  .meta({ id: "AlertmanagerAlert" });
export type AlertmanagerAlert = z.infer<typeof AlertmanagerAlert>;
