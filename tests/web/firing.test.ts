// What fires, in sum: the number, the worst severity, and the same for each site.
import { expect, test } from "vitest";
import type { Alert } from "../../protocol/alert.ts";
import { firingBySite, firingOf } from "../../web/state/firing.ts";

const alert = (change: Pick<Alert, "severity" | "site">): Alert => ({
  alertId: "alr_00000000000000000000000000",
  kind: "site_down",
  status: "firing",
  slice: null,
  objective: null,
  deploymentId: null,
  intentId: null,
  message: "edge1 does not answer",
  value: null,
  threshold: null,
  burnRate: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  updatedAt: "2026-01-01T00:00:00.000Z",
  resolvedAt: null,
  acknowledged: null,
  remediation: [],
  ...change,
});

test("no alert is nothing to tell", () => {
  expect(firingOf({ alerts: [], nextCursor: null })).toBeNull();
  expect(firingBySite({ alerts: [], nextCursor: null })).toEqual(new Map());
});

test("the worst severity is told, wherever it is in the list, and whether there are more", () => {
  const alerts = [
    alert({ severity: "info", site: null }),
    alert({ severity: "critical", site: null }),
    alert({ severity: "warning", site: null }),
  ];
  expect(firingOf({ alerts, nextCursor: null })).toEqual({ count: 3, worst: "critical", isMore: false });
  expect(firingOf({ alerts: alerts.slice(0, 1), nextCursor: "alr_1" })).toEqual({ count: 1, worst: "info", isMore: true });
});

test("a site is told of its own alerts only", () => {
  const alerts = [
    alert({ severity: "warning", site: "edge1" }),
    alert({ severity: "critical", site: "edge2" }),
    alert({ severity: "info", site: "edge1" }),
  ];
  expect(firingBySite({ alerts: [...alerts, alert({ severity: "critical", site: null })], nextCursor: null })).toEqual(
    new Map([
      ["edge1", { count: 2, worst: "warning", isMore: false }],
      ["edge2", { count: 1, worst: "critical", isMore: false }],
    ]),
  );
});
