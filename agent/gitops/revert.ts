// One try at taking a commit back with `git revert`, whole or for some of its sites. The generated kustomizations are made anew, never merged.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { FileDiff, StageFailure, WaveCommit } from "../../protocol/stage.ts";
import type { RevertInput } from "../ports.ts";
import { classify } from "./classify.ts";
import type { Clone } from "./clone.ts";
import { fileDiff } from "./compare.ts";
import type { HistoryEntry } from "./history.ts";
import { revertMessage } from "./message.ts";
import { pushCommit, type TreeChange, writeCommit } from "./publish.ts";
import type { Try, WriteDeps } from "./push.ts";
import { failure } from "./retry.ts";
import { GitCommandError } from "./run.ts";
import { kustomizationPath } from "./settings.ts";
import { isAncestor, kustomizationInput, listSites, readBlobs, resolve } from "./tree.ts";

export async function revertOnce(deps: WriteDeps, input: RevertInput, at: Try): Promise<Result<HistoryEntry, StageFailure>> {
  const { clone, settings } = deps;
  const { signal } = at;
  const sites = [...new Set(input.sites)];
  const seenAt = performance.now();
  const view = await clone.view(at);
  const made = view.history.revertOf({ commit: input.commit, sites, jobId: input.jobId });
  if (made !== undefined) return ok(made);

  if (!(await onBranch(clone, { commit: input.commit, tip: view.tip, signal }))) {
    const message = `The commit ${input.commit} is not on the branch ${settings.branch}.`;
    return err(failure("rollback", "git_conflict", { message, retryable: false }));
  }
  const found = await wantedChanges(clone, { ...input, sites, tip: view.tip }, signal);
  if (!found.ok) return found;
  const { subject, wanted } = found.value;
  const changes = [...wanted.map(asTreeChange), ...(await kustomizations(deps, { sites, tip: view.tip, wanted }, signal))];
  const message = revertMessage({ subject, commit: input.commit }, { body: input.reason, trailers: trailersOf(input, sites) });
  const commit = await writeCommit(clone, settings, { commit: { parent: view.tip, message, changes }, signal });
  signal.throwIfAborted();
  at.leaving(commit);
  await pushCommit(clone, settings, { commit, signal });
  const entry: HistoryEntry = { commit, parent: view.tip, jobId: input.jobId, reverts: input.commit, sites };
  clone.advanced(entry, seenAt);
  return ok(entry);
}

/** What `git revert` would do to the slice's files, with every reason not to do it. The work tree is clean again afterwards. */
async function wantedChanges(
  clone: Clone,
  { commit, slice, sites, allSites, tip }: Pick<RevertInput, "commit" | "slice" | "sites" | "allSites"> & { tip: string },
  signal: AbortSignal,
): Promise<Result<{ subject: string; wanted: Reverted[] }, StageFailure>> {
  const { subject, changed } = await gitRevert(clone, { commit, tip, signal });
  const whole = allSites.every((site) => sites.includes(site));
  const generated = new Set([...sites, ...allSites].map(kustomizationPath));
  const wanted = changed.filter(({ path }) => !generated.has(path) && (whole || sites.some((site) => path.startsWith(`sites/${site}/`))));
  const conflicts = wanted.filter((change) => change.conflict).map((change) => change.path);
  if (conflicts.length === 0) return ok({ subject, wanted });
  const message = `The files of slice ${slice} changed after commit ${commit}; a revert would undo more than that.`;
  return err({ ...failure("rollback", "git_conflict", { message, retryable: false }), details: conflicts });
}

/** The diff a revert of the commits at the sites would make now; null when this job has made it already. */
export async function previewRevert(
  { clone, settings }: WriteDeps,
  input: Omit<RevertInput, "commit" | "allSites"> & { commits: WaveCommit[] },
  at: { maxAgeMs: number; signal: AbortSignal },
): Promise<Result<FileDiff[] | null, StageFailure>> {
  const { signal } = at;
  const view = await clone.view(at);
  const changes: Reverted[] = [];
  for (const { commit, sites: allSites } of input.commits) {
    const sites = allSites.filter((site) => input.sites.includes(site));
    if (sites.length === 0) continue;
    if (view.history.revertOf({ commit, sites, jobId: input.jobId })?.jobId === input.jobId) return ok(null);
    if (!(await onBranch(clone, { commit, tip: view.tip, signal }))) {
      const message = `The commit ${commit} is not on the branch ${settings.branch}.`;
      return err(failure("rollback", "git_conflict", { message, retryable: false }));
    }
    const found = await wantedChanges(clone, { commit, slice: input.slice, sites, allSites, tip: view.tip }, signal);
    if (!found.ok) return found;
    changes.push(...found.value.wanted);
  }
  const entries = await listSites(clone.git, { commit: view.tip, sites: input.sites, signal });
  const before = new Map(entries.map((entry) => [entry.path, entry.id]));
  const ids = changes.flatMap(({ path, id, mode }) => [before.get(path), mode === GONE ? undefined : id]).filter((id) => id !== undefined);
  const blobs = await readBlobs(clone.git, [...new Set(ids)], signal);
  const diff = changes.map(({ path, id, mode }) =>
    fileDiff(path, blobs.get(before.get(path) ?? ""), mode === GONE ? undefined : blobs.get(id)),
  );
  return ok(diff.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

const GONE = "000000"; // the mode of what is not there

/** Throws when the clone cannot be trusted to know: a clone that lost objects must not pass for a branch without the commit. */
async function onBranch(clone: Clone, { commit, tip, signal }: { commit: string; tip: string; signal: AbortSignal }): Promise<boolean> {
  const [known] = await resolve(clone.git, [`${commit}^{commit}`], signal);
  if (known != null) return isAncestor(clone.git, { ancestor: commit, commit: tip, signal });
  await clone.git.run({ args: ["rev-list", "--count", tip, "--"], signal });
  return false;
}

interface Reverted {
  path: string;
  mode: string; // GONE: it is not there any more
  id: string;
  conflict: boolean;
}

/** Lets git revert into the index and reads from there what changed; the work tree is clean again afterwards. */
async function gitRevert(
  clone: Clone,
  { commit, tip, signal }: { commit: string; tip: string; signal: AbortSignal },
): Promise<{ subject: string; changed: Reverted[] }> {
  const git = (...args: string[]) => clone.git.run({ args, signal, workTree: true });
  await git("reset", "--hard", tip); // also ends a revert that a crash cut short
  if (!clone.workTreeTrusted) await git("clean", "-ffdx");
  clone.workTreeTrusted = false;
  try {
    // Slices resemble each other: with rename detection git would take another slice's new files for this one's moved ones.
    // Of the strategies only recursive can do without it in every git (ort ignored the wish for years).
    await git("revert", "--no-commit", "--strategy=recursive", "--strategy-option=no-renames", commit);
  } catch (error) {
    // A conflict is an answer here: which files it is in decides. Anything else is not.
    if (!(error instanceof GitCommandError) || classify(error.outcome) !== "git_conflict") throw error;
  }
  const title = await readFile(join(clone.places.gitDir, "MERGE_MSG"), "utf8").catch(() => "");
  const subject = /^Revert "(.*)"$/m.exec(title)?.[1] ?? commit;
  const raw = await git("diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", tip, "--");
  await git("reset", "--hard", tip);
  clone.workTreeTrusted = true;
  return { subject, changed: parseRaw(raw) };
}

/** `:<mode> <mode> <id> <id> <status>` NUL `<path>` NUL …; an unmerged path may be listed twice. */
function parseRaw(raw: string): Reverted[] {
  const fields = raw.split("\0");
  const byPath = new Map<string, Reverted>();
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [, mode = "", , id = "", status = ""] = (fields[i] ?? "").split(" ");
    const path = fields[i + 1] ?? "";
    byPath.set(path, { path, mode, id, conflict: status.startsWith("U") || byPath.get(path)?.conflict === true });
  }
  return [...byPath.values()];
}

function asTreeChange({ path, mode, id }: Reverted): TreeChange {
  return mode === GONE ? { kind: "delete", path } : { kind: "link", path, mode, id };
}

/** From the folders as they will be, so that slices that came since stay listed. */
async function kustomizations(
  deps: WriteDeps,
  { sites, tip, wanted }: { sites: string[]; tip: string; wanted: Reverted[] },
  signal: AbortSignal,
): Promise<TreeChange[]> {
  const paths = new Set((await listSites(deps.clone.git, { commit: tip, sites, signal })).map((entry) => entry.path));
  for (const { path, mode } of wanted) {
    if (mode === GONE) paths.delete(path);
    else paths.add(path);
  }
  return sites.map((site) => ({
    kind: "write",
    path: kustomizationPath(site),
    content: deps.kustomization(kustomizationInput(site, paths)),
  }));
}

function trailersOf(input: RevertInput, sites: string[]): [string, string][] {
  return [
    ["Intent-Id", input.intentId],
    ["Job-Id", input.jobId],
    ["Sites", sites.join(",")],
    ["Reverts-Commit", input.commit],
  ];
}
