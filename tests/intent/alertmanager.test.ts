// The shape in which Alertmanager takes an alert.
import { expect, test } from "vitest";
import { toAlertmanager } from "../../intent/alertmanager.ts";
import type { Alert } from "../../protocol/alert.ts";

const alert: Alert = {
  alertId: "alr_01k00000000000000000000000",
  ...{ kind: "slo_burn", severity: "critical", status: "firing", site: "edge1", slice: "video-7", objective: "latencyP95" },
  ...{ deploymentId: "dep_01k00000000000000000000000", intentId: null, message: "latencyP95: 80 ms, misses ≤ 20 ms" },
  ...{ value: 80, threshold: 20, burnRate: 750, startedAt: "2026-01-01T00:00:00.000Z", updatedAt: "2026-01-01T00:01:00.000Z" },
  ...{ resolvedAt: null, acknowledged: null, remediation: [] },
};
const at = { origin: "http://control.test", now: new Date("2026-01-01T00:01:00Z") };

test("labels tell what it is about, annotations what is known, and it ends by itself unless it is sent again", () => {
  expect(toAlertmanager(alert, at)).toEqual({
    labels: { alertname: "SliceObjectiveMissed", severity: "critical", site: "edge1", slice: "video-7", objective: "latencyP95" },
    annotations: {
      summary: "latencyP95: 80 ms, misses ≤ 20 ms",
      alert_id: "alr_01k00000000000000000000000",
      deployment_id: "dep_01k00000000000000000000000",
      value: "80",
      threshold: "20",
      burn_rate: "750",
    },
    startsAt: "2026-01-01T00:00:00.000Z",
    endsAt: "2026-01-01T00:04:00.000Z",
    generatorURL: "http://control.test/api/v1/alerts/alr_01k00000000000000000000000",
  });
});

test("what an alert is not about is no label", () => {
  const outage = { ...alert, kind: "measurement_outage" as const, severity: "warning" as const, slice: null, objective: null };
  expect(toAlertmanager(outage, at).labels).toEqual({ alertname: "SiteNotMeasured", severity: "warning", site: "edge1" });
});
