// What the page tells of deployments beyond their record: which of them a list shows, how they follow each other, where one may be taken back. Pure.
import type { SliceView } from "../../protocol/api.ts";
import { type Deployment, DeploymentStatus } from "../../protocol/deployment.ts";
import { SiteId, SliceName } from "../../protocol/ids.ts";
import type { Evidence, Verdict } from "../../protocol/slo.ts";
import type { DeploymentEntry } from "./model.ts";
import { byName } from "./natural.ts";
import type { Table } from "./table.ts";

export interface DeploymentFilter {
  status?: DeploymentStatus;
  site?: string;
  slice?: string;
}

/** As an address carries it; what is not one is no filter. */
export function filterOf(search: URLSearchParams): DeploymentFilter {
  const status = DeploymentStatus.safeParse(search.get("status")).data;
  const site = SiteId.safeParse(search.get("site")).data;
  const slice = SliceName.safeParse(search.get("slice")).data;
  return {
    ...(status === undefined ? {} : { status }),
    ...(site === undefined ? {} : { site }),
    ...(slice === undefined ? {} : { slice }),
  };
}

export function passes(deployment: Deployment, { status, site, slice }: DeploymentFilter): boolean {
  if (status !== undefined && deployment.status !== status) return false;
  if (slice !== undefined && deployment.slice !== slice) return false;
  return site === undefined || deployment.sites.some((one) => one.site === site);
}

/** What was loaded by pages so far, newest first. */
export interface LoadedPages {
  deployments: readonly Deployment[];
  complete: boolean; // there is no older one
}

/** The list as it is now: live rows for what the feed knows, newer ones that came since, and nothing that has left the filter. */
export function listed(table: Table<DeploymentEntry>, loaded: LoadedPages, filter: DeploymentFilter): Deployment[] {
  const oldest = loaded.complete ? "" : (loaded.deployments.at(-1)?.deploymentId ?? "");
  const live = table.rows.map((entry) => entry.deployment).filter((one) => one.deploymentId >= oldest);
  const known = new Set(table.ids);
  // Those that the feed has let go are over; as they were loaded is as they are.
  const older = loaded.deployments.filter((one) => !known.has(one.deploymentId));
  return merged(live, older).filter((one) => passes(one, filter));
}

/** Two lists that are in order, as one. Not sorted anew: there may be ten thousand, and events twenty times a second. */
function merged(a: readonly Deployment[], b: readonly Deployment[]): readonly Deployment[] {
  if (b.length === 0) return a;
  const out: Deployment[] = [];
  let next = 0;
  for (const one of b) {
    for (let other = a[next]; other !== undefined && other.deploymentId > one.deploymentId; other = a[next]) {
      out.push(other);
      next += 1;
    }
    out.push(one);
  }
  return [...out, ...a.slice(next)];
}

export interface HistoryRow {
  deployment: Deployment;
  inForceAt: readonly string[]; // sites that run it now
  supersededBy: string | null;
}

/** `deployments` of one slice, newest first. `slice` null: it is live nowhere. */
export function historyOf(deployments: readonly Deployment[], slice: SliceView | null): HistoryRow[] {
  return deployments.map((deployment, index) => ({
    deployment,
    inForceAt: (slice?.sites ?? []).filter((one) => one.deploymentId === deployment.deploymentId).map((one) => one.site),
    supersededBy: deployment.status !== "superseded" ? null : (deployments.slice(0, index).findLast(tookEffect)?.deploymentId ?? null),
  }));
}

function tookEffect({ status, commits }: Deployment): boolean {
  return status !== "reverted" && commits.length > 0;
}

/** Why a deployment cannot be taken back now. */
export type Obstacle =
  | { kind: "applying" | "reverting" | "reverted" | "removal_over" | "nothing_pushed" | "nowhere" }
  | { kind: "superseded"; by: string | null }
  | { kind: "removed"; by: string };

export interface RollbackQuestion {
  deployment: Deployment;
  others: readonly Deployment[]; // of the same slice, as far as they are known
  slice: SliceView | null | undefined; // null: live nowhere; undefined: not known yet
  undecided: boolean; // its intent waits for a decision: then it may be taken back although it is not through
}

/** The server's own rules (worker/services/deployments.ts), told before one tries. It has the last word. */
export function rollbackObstacle({ deployment, others, slice, undecided }: RollbackQuestion): Obstacle | null {
  const { status, action, commits, deploymentId } = deployment;
  if (status === "applying" && !undecided) return { kind: "applying" };
  if (status === "reverting" || status === "reverted") return { kind: status };
  const newer = others.filter((one) => one.slice === deployment.slice && one.deploymentId > deploymentId);
  if (status === "superseded") {
    if (action === "terminate") return { kind: "removal_over" };
    const next = newer.filter((one) => one.status !== "reverted").sort((a, b) => (a.deploymentId < b.deploymentId ? 1 : -1))[0];
    return next?.action === "terminate"
      ? { kind: "removed", by: next.deploymentId }
      : { kind: "superseded", by: next?.deploymentId ?? null };
  }
  if (commits.length === 0) return { kind: "nothing_pushed" };
  const inTheWay = newer.find((one) => isOpen(one));
  if (inTheWay !== undefined) return { kind: "superseded", by: inTheWay.deploymentId };
  return sitesToTakeBack(deployment, slice).length === 0 ? { kind: "nowhere" } : null;
}

function isOpen({ status, commits }: Deployment): boolean {
  if (status === "applying" || status === "reverting") return true;
  return (status === "failed" || status === "live") && commits.length > 0;
}

/** Where it was pushed to and is still in force. A removal holds nothing: there the sites' own states tell. */
export function sitesToTakeBack(deployment: Deployment, slice: SliceView | null | undefined): string[] {
  const pushed = new Set(deployment.commits.flatMap((wave) => wave.sites));
  const holds = (site: string) => slice?.sites.some((one) => one.site === site && one.deploymentId === deployment.deploymentId) ?? false;
  return deployment.sites
    .filter((one) => pushed.has(one.site))
    .filter((one) => (deployment.action === "terminate" || slice === undefined ? one.state !== "reverted" : holds(one.site)))
    .map((one) => one.site);
}

export interface SiteEvidence {
  site: string;
  latest: readonly Evidence[]; // the last measurement of each objective: the one that counts
  earlier: readonly Evidence[];
  verdict: Verdict; // the worst of the latest
}

const WORST: readonly Verdict[] = ["fail", "error", "inconclusive", "pass"];

/** Sites with a miss first, then by name. */
export function evidenceBySite(evidence: readonly Evidence[]): SiteEvidence[] {
  const names = [...new Set(evidence.map((one) => one.site))];
  const sites = names.map((site): SiteEvidence => {
    const all = evidence.filter((one) => one.site === site);
    const last = new Map(all.map((one) => [one.objective, one]));
    const latest = [...last.values()];
    const verdict = WORST.find((worst) => latest.some((one) => one.verdict === worst)) ?? "inconclusive";
    return { site, latest, earlier: all.filter((one) => last.get(one.objective) !== one), verdict };
  });
  const rank = (one: SiteEvidence) => WORST.indexOf(one.verdict);
  return sites.sort((a, b) => rank(a) - rank(b) || byName(a.site, b.site));
}
