// What a command would change, before it is given: a rollback from the deployment's own diff, a removal from a dry run. Pure.
import { approvalReasons } from "../../intent/approval.ts";
import type { IntentRecord } from "../../protocol/api.ts";
import type { OperationsPolicy } from "../../protocol/policy.ts";
import type { Site } from "../../protocol/site.ts";
import type { FileDiff, PlanAction, StageFailure } from "../../protocol/stage.ts";
import { reverseDiff } from "./reverse-diff.ts";

/** What taking a deployment back at these sites puts back. */
export function takenBack(files: readonly FileDiff[], sites: readonly string[]): FileDiff[] {
  return files.filter((file) => sites.some((site) => file.path.startsWith(`sites/${site}/`))).map(reverseDiff);
}

/** Of these sites, the ones that are marked as production. */
export function productionAmong(sites: readonly Pick<Site, "id" | "production">[], ids: readonly string[]): string[] {
  return sites.filter((site) => site.production && ids.includes(site.id)).map((site) => site.id);
}

export interface PlannedChange {
  action: PlanAction;
  sites: readonly string[];
  policy: OperationsPolicy;
  known: readonly Pick<Site, "id" | "labels">[];
}

/** Why a person would have to approve it, in the server's own words; none: it is done at once. */
export function approvalsFor({ action, sites, policy, known }: PlannedChange): string[] {
  const labels = new Map(known.map((site) => [site.id, site.labels]));
  return approvalReasons({ asked: "auto", plan: { action, sites: [...sites], preempts: [] }, policy, labels });
}

export type DryRun =
  | { state: "waiting"; for: IntentRecord["waitingFor"] }
  | { state: "planned"; files: readonly FileDiff[] }
  | { state: "refused"; failure: StageFailure | null };

/** A removal as it was asked to be planned, and the sites that it was planned for. */
export interface PlannedRemoval {
  intentId: string;
  sites: readonly string[];
}

/** The dry run that tells what an order to these sites would do; null when what was planned is another set of sites. */
export function plannedFor(planned: PlannedRemoval | null, sites: readonly string[]): string | null {
  if (planned === null || planned.sites.length !== sites.length) return null;
  return planned.sites.every((site) => sites.includes(site)) ? planned.intentId : null;
}

/** How far a dry run is. `record` null: nothing is known of it yet. */
export function dryRunOf(record: IntentRecord | null): DryRun {
  if (record === null) return { state: "waiting", for: null };
  if (record.status === "parsed" && record.diff !== null) return { state: "planned", files: record.diff };
  const over = record.status === "rejected" || record.status === "failed" || record.status === "cancelled" || record.status === "completed";
  return over ? { state: "refused", failure: record.failure } : { state: "waiting", for: record.waitingFor };
}
