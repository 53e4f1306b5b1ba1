// The repository the sites pull from: is it there, does it have the branch, and may this agent push to it. Changes nothing in it.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { GitError } from "simple-git";
import type { RepositoryConfig } from "../config.ts";
import { classify, detailOf } from "../gitops/classify.ts";
import { createGit, type Git, GitCommandError } from "../gitops/run.ts";
import { type GitCredential, parseSettings } from "../gitops/settings.ts";
import { type Check, type Finding, fail, ok, warn } from "./check.ts";

const GIT_TIMEOUT_MS = 4_500; // per command; the check's own bound ends it all
const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"; // every git knows it without having it
const AUTHOR = { name: "doctor", email: "doctor@intent-control-center.invalid" };

export interface RepositoryPlace {
  repository: RepositoryConfig;
  searchPath: string;
  credential: (() => Promise<GitCredential | undefined>) | undefined;
}

export function repositoryCheck(place: RepositoryPlace): Check {
  return { what: "repository", run: (signal) => inTemporary((dir) => look(place, dir, signal)) };
}

async function inTemporary<T>(act: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(tmpdir(), "agent-doctor-"));
  try {
    return await act(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function look({ repository, searchPath, credential }: RepositoryPlace, dir: string, signal: AbortSignal): Promise<Finding[]> {
  const { url, branch } = repository;
  const settings = parseSettings({
    ...{ url, branch, dir, author: AUTHOR, timeoutMs: GIT_TIMEOUT_MS, path: searchPath },
    kustomization: () => "",
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  });
  const git = createGit({ settings, places: { home: dir, gitDir: path.join(dir, "git"), workTree: dir }, credential });
  await git.run({ args: ["init", "--quiet", "--bare", "--template=", path.join(dir, "git")], signal });
  try {
    const heads = await git.run({ args: ["ls-remote", "--heads", url, `refs/heads/${branch}`], remote: true, signal });
    const there = heads.trim() !== "";
    const found = there
      ? ok("repository", `${url}, branch ${branch} at ${heads.slice(0, 8)}`)
      : fail("repository", `${url} has no branch ${branch}`, "make the branch with a first commit, or name another in AGENT_CONFIG");
    return [found, await mayPush(git, url, signal)];
  } catch (error) {
    return [failed("repository", error, credential !== undefined)];
  }
}

/** A dry run goes as far as the server's list of references for writers, which is where a read-only credential is refused. */
async function mayPush(git: Git, url: string, signal: AbortSignal): Promise<Finding> {
  const what = "push right";
  try {
    const commit = (await git.run({ args: ["commit-tree", EMPTY_TREE, "-m", "a try that is never sent"], signal })).trim();
    const args = ["push", "--dry-run", "--porcelain", url, `${commit}:refs/heads/doctor-${randomUUID()}`];
    await git.run({ args, remote: true, signal });
    return ok(what, "the server accepts this agent as a writer (dry run; rules of the branch are not tried)");
  } catch (error) {
    if (signal.aborted) return warn(what, "not tested: the repository is too slow", "run it again");
    return failed(what, error, true);
  }
}

function failed(what: string, error: unknown, hasCredential: boolean): Finding {
  if (!(error instanceof GitCommandError)) {
    if (error instanceof GitError || (error instanceof Error && error.name === "AbortError"))
      return fail(what, "git gave no answer in time", "check the address and the way to it");
    throw error;
  }
  const refused = classify(error.outcome) === "git_refused";
  const fix = hasCredential ? "check the credential and its rights" : "set repository.username and passwordRef in AGENT_CONFIG";
  return fail(what, detailOf(error.outcome), refused ? fix : "check repository.url in AGENT_CONFIG and the way to it");
}
