// An alert in the shape that Alertmanager takes, so that its routing, grouping and silences can be used. It is sent by whoever wants that.
import type { Alert, AlertKind, AlertmanagerAlert } from "../protocol/alert.ts";

/** Alertmanager ends an alert that is not sent again: three times its usual interval of resending, one minute. */
const VALID_MS = 180_000;

const NAMES: Record<AlertKind, string> = {
  slo_burn: "SliceObjectiveMissed",
  measurement_outage: "SiteNotMeasured",
  site_down: "SiteDown",
  drift: "SiteDrift",
  remediation_failed: "RemediationFailed",
};

export function toAlertmanager(alert: Alert, { origin, now }: { origin: string; now: Date }): AlertmanagerAlert {
  const { site, slice, objective, deploymentId, intentId, value, threshold, burnRate } = alert;
  return {
    labels: present({ alertname: NAMES[alert.kind], severity: alert.severity, site, slice, objective }), // its identity there
    annotations: present({
      summary: alert.message,
      alert_id: alert.alertId,
      deployment_id: deploymentId,
      intent_id: intentId,
      value: textOf(value),
      threshold: textOf(threshold),
      burn_rate: textOf(burnRate),
      acknowledged_by: alert.acknowledged?.by ?? null,
    }),
    startsAt: alert.startedAt,
    endsAt: new Date(now.getTime() + VALID_MS).toISOString(),
    generatorURL: `${origin}/api/v1/alerts/${alert.alertId}`,
  };
}

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** A label without a value is the same as no label. */
function present(entries: Record<string, string | null>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).flatMap(([key, value]) => (value === null || value === "" ? [] : [[key, value]])));
}
