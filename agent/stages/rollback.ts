// rollback: a real git revert, then wait until the sites no longer run what was taken back. Loud when that cannot be shown.
import { err, ok, type Result } from "../../protocol/result.ts";
import type { RollbackOutput, StageFailure, WaveCommit } from "../../protocol/stage.ts";
import { edgeSite, type StageDeps, stageFailure, type TellSite } from "./deps.ts";
import { deadline } from "./pace.ts";

export interface RollbackWork {
  jobId: string;
  intentId: string;
  slice: string;
  commits: WaveCommit[]; // oldest first; taken back newest first
  sites: string[];
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
  let revertCommit = "";
  const undone = new Map<string, Undone>();
  for (const { commit, sites: allSites } of work.commits.toReversed()) {
    const sites = allSites.filter((site) => work.sites.includes(site));
    if (sites.length === 0) continue;
    const reverted = await deps.git.revert({ ...work, commit, sites, allSites }, signal);
    if (!reverted.ok) return err({ ...reverted.error, stage: "rollback" });
    revertCommit = reverted.value.revertCommit;
    onBranch(revertCommit, sites);
    for (const site of sites) undone.set(site, { commit, revertCommit });
  }
  if (revertCommit === "")
    return err(stageFailure("rollback", { reason: "rollback_failed", message: "no commit has reached these sites" }));
  const left = await deps.git.diff({ slice: work.slice, sites: work.sites, files: [] }, signal); // what of the slice the branch still has there
  if (!left.ok) return err({ ...left.error, stage: "rollback" });
  const restored = work.sites.filter((site) => left.value.some((file) => file.path.startsWith(`sites/${site}/`)));
  const results = await Promise.all(
    work.sites.map((site) => {
      const of = undone.get(site) ?? { commit: "", revertCommit };
      return confirm(deps, { slice: work.slice, ...of, site, restored: restored.includes(site) }, { tell, signal });
    }),
  );
  const bad = results.filter((result) => result.kind === "unconfirmed" && work.applied.includes(result.site));
  if (bad.length > 0) {
    const message = `reverted in git as ${revertCommit.slice(0, 7)}, but not confirmed: ${bad.map((result) => result.message).join("; ")}`;
    const [first] = bad;
    return err(stageFailure("rollback", { reason: "rollback_failed", message, retryable: true, ...(first ? { site: first.site } : {}) }));
  }
  const unconfirmed = results.filter((result) => result.kind === "unconfirmed").map((result) => result.site);
  return ok({ revertCommit, sites: work.sites, unconfirmed, reason: work.reason });
}

/** A site's own commit and what takes it back. */
interface Undone {
  commit: string;
  revertCommit: string;
}

interface Confirmation {
  kind: "confirmed" | "unconfirmed";
  site: string;
  message: string;
}

/**
 * Confirmed: the commit in force at the site no longer carries the slice as it was, and its resources are gone or healthy again.
 * Where the commit had changed nothing there is nothing to undo; then it is enough that the site has what the revert left.
 */
async function confirm(
  deps: StageDeps,
  work: Undone & { slice: string; site: string; restored: boolean },
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
      message = `${site}: ${[report, resources].flatMap((answer) => (answer.ok ? [] : [answer.error.message])).join("; ")}`;
      continue;
    }
    const { commit } = report.value;
    const { phase } = resources.value;
    const carries = (what: string) => (commit === null ? false : deps.git.carries(commit, what, { site, slice }, signal));
    const unchanged = await carries(work.commit);
    const runsIt = unchanged === true && (await carries(work.revertCommit)) === true ? false : unchanged;
    if (runsIt === false && phase === (work.restored ? "healthy" : "absent")) {
      const how = phase === "absent" ? "removed" : "restored";
      await tell({ site, state: "reverted", commit, message: `${how}; at ${commit?.slice(0, 7) ?? "no commit"}` });
      return { kind: "confirmed", site, message: how };
    }
    message = `${site}: ${stillThere(runsIt, commit, phase)} (${report.value.message || report.value.phase})`;
  } while (await until.next());
  await tell({ site, state: "failed", commit: null, message: `reverted in git, not confirmed by the site: ${message}` });
  return { kind: "unconfirmed", site, message };
}

function stillThere(runsIt: boolean | undefined, commit: string | null, phase: string): string {
  const at = commit?.slice(0, 7) ?? "no commit";
  if (runsIt === undefined) return `at ${at}, of which git cannot tell what it carries`;
  return runsIt ? `still at ${at}` : `resources are ${phase}`;
}
