// rollback: a real git revert, then wait until the sites no longer run what was taken back. Loud when that cannot be shown.
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RollbackOutput, StageFailure } from "../../protocol/stage.ts";
import { edgeSite, type StageDeps, stageFailure, type TellSite } from "./deps.ts";
import { deadline } from "./pace.ts";

export interface RollbackWork {
  jobId: string;
  intentId: string;
  slice: string;
  commit: string;
  sites: string[];
  allSites: string[];
  /** Sites of which it is known that they have applied the commit: for these an unanswered question is a failure. */
  applied: string[];
  reason: string;
}

interface RollbackTells {
  tell: TellSite;
  /** The revert is on the branch; the sites have not confirmed yet. */
  reverted: (revertCommit: string, sites: readonly string[]) => void;
  signal: AbortSignal;
}

export async function rollback(
  deps: StageDeps,
  work: RollbackWork,
  { tell, reverted: onBranch, signal }: RollbackTells,
): Promise<Result<RollbackOutput, StageFailure>> {
  const reverted = await deps.git.revert(work, signal);
  if (!reverted.ok) return err({ ...reverted.error, stage: "rollback" });
  const { revertCommit } = reverted.value;
  onBranch(revertCommit, work.sites);
  const results = await Promise.all(work.sites.map((site) => confirm(deps, { ...work, site, revertCommit }, { tell, signal })));
  const bad = results.filter((result) => result.kind === "unconfirmed" && work.applied.includes(result.site));
  if (bad.length > 0) {
    const message = `reverted in git as ${revertCommit.slice(0, 7)}, but not confirmed: ${bad.map((result) => result.message).join("; ")}`;
    const [first] = bad;
    return err(stageFailure("rollback", { reason: "rollback_failed", message, retryable: true, ...(first ? { site: first.site } : {}) }));
  }
  const unconfirmed = results.filter((result) => result.kind === "unconfirmed").map((result) => result.site);
  return ok({ revertCommit, sites: work.sites, unconfirmed, reason: work.reason });
}

interface Confirmation {
  kind: "confirmed" | "unconfirmed";
  site: string;
  message: string;
}

/** Confirmed: the commit in force at the site no longer carries the slice as it was, and its resources are gone or healthy again. */
async function confirm(
  deps: StageDeps,
  work: RollbackWork & { site: string; revertCommit: string },
  { tell, signal }: { tell: TellSite; signal: AbortSignal },
): Promise<Confirmation> {
  const { site, slice } = work;
  const adapter = edgeSite(deps, site);
  const until = deadline(deps.syncTimeoutMs, signal);
  let message: string;
  do {
    const [report, resources] = await Promise.all([adapter.syncReport(signal), adapter.resources(slice, signal)]);
    signal.throwIfAborted();
    if (!report.ok || !resources.ok) {
      message = `${site}: ${report.ok ? (resources.ok ? "" : resources.error.message) : report.error.message}`;
      continue;
    }
    const { commit } = report.value;
    const { phase } = resources.value;
    const runsIt = commit !== null && (await deps.git.carries(commit, work.commit, { site, slice }, signal));
    if (!runsIt && (phase === "absent" || phase === "healthy")) {
      const how = phase === "absent" ? "removed" : "restored";
      await tell({ site, state: "reverted", commit, message: `${how}; at ${commit?.slice(0, 7) ?? "no commit"}` });
      return { kind: "confirmed", site, message: how };
    }
    message = `${site}: ${runsIt ? `still at ${commit?.slice(0, 7) ?? ""}` : `resources are ${phase}`} (${report.value.message || report.value.phase})`;
  } while (await until.next());
  await tell({ site, state: "failed", commit: null, message: `reverted in git, not confirmed by the site: ${message}` });
  return { kind: "unconfirmed", site, message };
}
