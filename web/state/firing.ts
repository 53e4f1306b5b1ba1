// What fires now, in sum: how many alerts, how bad the worst is, and at which sites. No words; no list, that is on the page Monitoring.
import type { Alert, AlertPage, AlertSeverity } from "../../protocol/alert.ts";

const WORST_FIRST: readonly AlertSeverity[] = ["critical", "warning", "info"];

export interface Firing {
  count: number;
  worst: AlertSeverity;
  isMore: boolean; // there are more than were asked for
}

export function firingOf({ alerts, nextCursor }: AlertPage): Firing | null {
  const worst = WORST_FIRST.find((severity) => alerts.some((alert) => alert.severity === severity));
  return worst === undefined ? null : { count: alerts.length, worst, isMore: nextCursor !== null };
}

/** Of the sites that an alert names; the others have none. */
export function firingBySite({ alerts }: AlertPage): ReadonlyMap<string, Firing> {
  const bySite = new Map<string, Alert[]>();
  for (const alert of alerts) {
    if (alert.site !== null) bySite.set(alert.site, [...(bySite.get(alert.site) ?? []), alert]);
  }
  return new Map(
    [...bySite].flatMap(([site, own]) => {
      const firing = firingOf({ alerts: own, nextCursor: null });
      return firing === null ? [] : [[site, firing] as const];
    }),
  );
}
