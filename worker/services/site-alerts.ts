// Alerts about sites: one that is not well, one that drifts. They follow what is seen; who is told already is not told again for the same.
import { and, eq } from "drizzle-orm";
import { alerts } from "../../drizzle/schema.ts";
import type { AlertKind, AlertSeverity } from "../../protocol/alert.ts";
import type { Drift, SiteStatus } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { type AlertRow, addAlert, announce, endAlert, firingAt } from "./alerts.ts";
import type { Unit } from "./unit.ts";

const MAX_NAMED = 3; // differences that an alert's message names; the site has all of them

export interface SiteSeen {
  site: string;
  status: SiteStatus;
  message: string;
  drift: readonly Drift[];
}

interface Wanted {
  severity: AlertSeverity;
  message: string;
}

/** In the unit that writes what was seen. */
export async function alertAboutSites(unit: Unit, deps: Deps, seen: readonly SiteSeen[]): Promise<void> {
  if (seen.length === 0) return;
  const firing = await firingAt(
    deps,
    seen.map(({ site }) => site),
  );
  const about = (kind: AlertKind, site: string) => firing.find((row) => row.kind === kind && row.site === site);
  for (const one of seen) {
    follow(unit, deps, {
      kind: "site_down",
      site: one.site,
      row: about("site_down", one.site),
      wanted: down(one),
      why: "the site is healthy",
    });
    follow(unit, deps, {
      kind: "drift",
      site: one.site,
      row: about("drift", one.site),
      wanted: drifting(one),
      why: "nothing differs any more",
    });
  }
}

/** Of a site that was never seen nothing is said. */
function down({ site, status, message }: SiteSeen): Wanted | null {
  if (status === "healthy" || status === "unknown") return null;
  return { severity: status === "unreachable" ? "critical" : "warning", message: `${site} is ${status}: ${message}` };
}

function drifting({ site, drift }: SiteSeen): Wanted | null {
  if (drift.length === 0) return null;
  const named = drift.slice(0, MAX_NAMED).map(({ message }) => message);
  const more = drift.length > MAX_NAMED ? [`and ${drift.length - MAX_NAMED} more`] : [];
  return { severity: "warning", message: `${site} drifts: ${[...named, ...more].join("; ")}` };
}

interface Following {
  kind: "site_down" | "drift";
  site: string;
  row: AlertRow | undefined;
  wanted: Wanted | null;
  why: string;
}

function follow(unit: Unit, deps: Deps, { kind, site, row, wanted, why }: Following): void {
  if (row === undefined) {
    if (wanted !== null) addAlert(unit, deps, { kind, site, ...wanted });
    return;
  }
  if (wanted === null) return endAlert(unit, deps, { row, why });
  if (row.message === wanted.message && row.severity === wanted.severity) return;
  const updatedAt = deps.now();
  unit.add(
    deps.db
      .update(alerts)
      .set({ ...wanted, updatedAt })
      .where(and(eq(alerts.id, row.id), eq(alerts.status, "firing"))),
  );
  if (row.severity !== wanted.severity) announce(unit, { ...row, ...wanted, updatedAt });
}
