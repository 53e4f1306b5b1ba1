// What Config Sync's objects mean, as pure functions: the RootSync predicate of its own e2e tests, and the states in the ResourceGroup.
// Shapes: rootsyncs.configsync.gke.io v1beta1 and resourcegroups.kpt.dev v1alpha1; unknown fields are left alone.
import * as z from "zod";
import type { SyncReport } from "../ports.ts";
import { MAX_MESSAGE, type SiteResources } from "./resource-health.ts";
import { type AttemptReport, fullCommit } from "./site-sync.ts";

const SyncError = z.object({ code: z.string().default(""), errorMessage: z.string().default("") });
const ErrorSummary = z.object({ totalCount: z.number().default(0) });
const failures = { errors: z.array(SyncError).default([]), errorSummary: ErrorSummary.optional() };

const StageStatus = z.object({ commit: z.string().optional(), message: z.string().default(""), ...failures });
type StageStatus = z.infer<typeof StageStatus>;

const SyncCondition = z.object({
  type: z.string(),
  status: z.string(),
  commit: z.string().optional(),
  message: z.string().default(""),
  ...failures,
});
type SyncCondition = z.infer<typeof SyncCondition>;

export const RootSync = z.object({
  metadata: z.object({ generation: z.number().default(0) }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      lastSyncedCommit: z.string().optional(),
      source: StageStatus.optional(),
      rendering: StageStatus.optional(),
      sync: StageStatus.optional(),
      conditions: z.array(SyncCondition).default([]),
    })
    .optional(),
});
export type RootSync = z.infer<typeof RootSync>;
type RootSyncStatus = NonNullable<RootSync["status"]>;

const RENDERED: readonly string[] = ["Rendering succeeded", "Rendering skipped"];
const BUSY_CONDITIONS: readonly string[] = ["Reconciling", "Stalled", "Syncing", "ReconcilerFinalizing"];

function errorCount(part: StageStatus | SyncCondition | undefined): number {
  return Math.max(part?.errorSummary?.totalCount ?? 0, part?.errors.length ?? 0);
}

/** Every error text once, with its code; the condition's own text when there is a count and no list. */
function errorTexts(status: RootSyncStatus): string[] {
  const parts = [status.source, status.rendering, status.sync, ...status.conditions];
  const listed = parts
    .flatMap((part) => part?.errors ?? [])
    .map(({ code, errorMessage }) => {
      const text = errorMessage.trim();
      return code === "" || text.includes(code) ? text : `KNV${code}: ${text}`;
    });
  if (listed.length > 0) return [...new Set(listed)];
  return parts.some((part) => errorCount(part) > 0) ? ["Config Sync counts errors that it does not list"] : [];
}

/** Why the predicate does not hold, or null when the site is at rest at `commit`. */
function unrest(root: RootSync, status: RootSyncStatus): string | null {
  if (status.observedGeneration !== root.metadata.generation) return "Config Sync has not seen its latest configuration";
  const busy = status.conditions.find((condition) => BUSY_CONDITIONS.includes(condition.type) && condition.status === "True");
  if (busy !== undefined) return `${busy.type}${busy.message === "" ? "" : `: ${busy.message}`}`;
  const commits = [status.source?.commit, status.rendering?.commit, status.sync?.commit, status.lastSyncedCommit];
  if (commits[0] === undefined || commits.some((commit) => commit !== commits[0]))
    return "source, rendering and sync are not yet at one commit";
  if (!RENDERED.includes(status.rendering?.message ?? "")) return `rendering: ${status.rendering?.message || "no result yet"}`;
  const syncing = status.conditions.find((condition) => condition.type === "Syncing");
  if (syncing?.commit !== commits[0]) return "the Syncing condition is about another commit";
  return null;
}

/**
 * Errors make it `failed`, also while a newer attempt runs: they are what a person must see. Stalled is a failure too.
 * `commit` is the one in force (lastSyncedCommit), whatever is being applied.
 */
export function readRootSync(root: RootSync): AttemptReport {
  const { status } = root;
  const commit = fullCommit(status?.lastSyncedCommit);
  const attempted = fullCommit(status?.source?.commit);
  const report = (phase: SyncReport["phase"], message: string) => ({ phase, commit, attempted, message: message.slice(0, MAX_MESSAGE) });
  if (status === undefined) return report("syncing", "Config Sync has reported nothing yet");
  const current = status.observedGeneration === root.metadata.generation; // old errors of an old configuration do not count
  const errors = errorTexts(status);
  if (current && errors.length > 0) return report("failed", errors.join("; "));
  const stalled = status.conditions.find((condition) => condition.type === "Stalled" && condition.status === "True");
  if (current && stalled !== undefined) return report("failed", `Stalled: ${stalled.message}`);
  const reason = unrest(root, status);
  return reason === null ? report("synced", "Sync Completed") : report("syncing", reason);
}

const Condition = z.object({ type: z.string(), status: z.string(), message: z.string().default("") });

export const ResourceGroup = z.object({
  metadata: z.object({ generation: z.number().default(0) }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      resourceStatuses: z
        .array(
          z.object({
            group: z.string().default(""),
            kind: z.string(),
            namespace: z.string().default(""),
            name: z.string(),
            status: z.string(),
            conditions: z.array(Condition).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
});
export type ResourceGroup = z.infer<typeof ResourceGroup>;

export function readResourceGroup(group: ResourceGroup): SiteResources {
  const states = (group.status?.resourceStatuses ?? []).map(({ conditions, ...state }) => ({
    ...state,
    why: conditions.find((condition) => condition.status === "True" && condition.message !== "")?.message,
  }));
  const behind = group.status?.observedGeneration !== group.metadata.generation;
  return { states, unsure: behind ? "the ResourceGroup is behind its inventory" : null };
}
