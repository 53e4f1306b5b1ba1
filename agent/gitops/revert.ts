// One try at taking a commit back with `git revert`, whole or for some of its sites. The generated kustomizations are made anew, never merged.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { StageFailure } from "../../protocol/stage.ts";
import type { RevertInput } from "../ports.ts";
import { classify } from "./classify.ts";
import type { Clone } from "./clone.ts";
import type { HistoryEntry } from "./history.ts";
import { revertMessage } from "./message.ts";
import { pushCommit, type TreeChange, writeCommit } from "./publish.ts";
import type { Try, WriteDeps } from "./push.ts";
import { failure } from "./retry.ts";
import { GitCommandError } from "./run.ts";
import { kustomizationPath } from "./settings.ts";
import { isAncestor, kustomizationInput, listSites, resolve } from "./tree.ts";

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
  const { subject, changed } = await gitRevert(clone, { commit: input.commit, tip: view.tip, signal });
  const whole = input.allSites.every((site) => sites.includes(site));
  const generated = new Set([...sites, ...input.allSites].map(kustomizationPath));
  const wanted = changed.filter(({ path }) => !generated.has(path) && (whole || sites.some((site) => path.startsWith(`sites/${site}/`))));
  const conflicts = wanted.filter((change) => change.conflict).map((change) => change.path);
  if (conflicts.length > 0) {
    const message = `The files of slice ${input.slice} changed after commit ${input.commit}; a revert would undo more than that.`;
    return err({ ...failure("rollback", "git_conflict", { message, retryable: false }), details: conflicts });
  }
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

/** Throws when the clone cannot be trusted to know: a clone that lost objects must not pass for a branch without the commit. */
async function onBranch(clone: Clone, { commit, tip, signal }: { commit: string; tip: string; signal: AbortSignal }): Promise<boolean> {
  const [known] = await resolve(clone.git, [`${commit}^{commit}`], signal);
  if (known != null) return isAncestor(clone.git, { ancestor: commit, commit: tip, signal });
  await clone.git.run({ args: ["rev-list", "--count", tip, "--"], signal });
  return false;
}

interface Reverted {
  path: string;
  mode: string; // "000000": gone
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
  return mode === "000000" ? { kind: "delete", path } : { kind: "link", path, mode, id };
}

/** From the folders as they will be, so that slices that came since stay listed. */
async function kustomizations(
  deps: WriteDeps,
  { sites, tip, wanted }: { sites: string[]; tip: string; wanted: Reverted[] },
  signal: AbortSignal,
): Promise<TreeChange[]> {
  const paths = new Set((await listSites(deps.clone.git, { commit: tip, sites, signal })).map((entry) => entry.path));
  for (const { path, mode } of wanted) {
    if (mode === "000000") paths.delete(path);
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
