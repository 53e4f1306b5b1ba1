// What to do when some sites are in and others are not: the intent's failure policy as a pure decision.
import type { FailurePolicy } from "../protocol/intent.ts";
import type { SiteOutcome } from "../protocol/stage.ts";

export type SyncDecision =
  | { kind: "proceed"; sites: string[] }
  | { kind: "revert_all" }
  | { kind: "revert_failed"; failed: string[]; kept: string[] }
  | { kind: "pause"; failed: string[] };

/** Sites that were reverted before (a resumed run) neither count as failed nor go on. With nothing left to go on, everything is reverted. */
export function decideAfterSync(policy: FailurePolicy, sites: readonly SiteOutcome[]): SyncDecision {
  const inState = (state: SiteOutcome["state"]) => sites.filter((outcome) => outcome.state === state).map((outcome) => outcome.site);
  const failed = inState("failed");
  const provisioned = inState("provisioned");
  if (failed.length === 0) return provisioned.length > 0 ? { kind: "proceed", sites: provisioned } : { kind: "revert_all" };
  switch (policy) {
    case "all-or-revert":
      return { kind: "revert_all" };
    case "keep-successful":
      return provisioned.length > 0 ? { kind: "revert_failed", failed, kept: provisioned } : { kind: "revert_all" };
    case "pause":
      return { kind: "pause", failed };
  }
}
