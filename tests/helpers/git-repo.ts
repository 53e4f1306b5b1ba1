// A real bare repository in a temporary folder, and what tests ask of it. Reads and writes with plain git, never through the code under test.
import { execFile } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface BranchCommit {
  commit: string;
  subject: string;
  message: string;
  trailers: Record<string, string>;
}

export interface GitRepo {
  path: string;
  branch: string;
  /** Any git command in the bare repository. */
  git(...args: string[]): Promise<string>;
  /** Newest first, without the first commit of all. */
  commits(): Promise<BranchCommit[]>;
  tip(): Promise<string>;
  files(folder?: string): Promise<string[]>;
  read(path: string): Promise<string>;
  /** A commit by somebody else: null takes a file away. */
  commit(files: Record<string, string | null>, message?: string): Promise<string>;
  hook(name: "pre-receive" | "update", script: string): Promise<void>;
  remove(): Promise<void>;
}

const ENV = {
  PATH: process.env.PATH,
  HOME: "/nonexistent",
  LANG: "C",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Somebody",
  GIT_AUTHOR_EMAIL: "somebody@example.org",
  GIT_COMMITTER_NAME: "Somebody",
  GIT_COMMITTER_EMAIL: "somebody@example.org",
};

export async function createGitRepo(branch = "main"): Promise<GitRepo> {
  const root = await mkdtemp(join(tmpdir(), "git-repo-"));
  const path = join(root, "sites.git");
  const git = async (...args: string[]): Promise<string> => (await run("git", args, { cwd: path, env: ENV, maxBuffer: 64 << 20 })).stdout;
  await run("git", ["init", "--quiet", "--bare", `--initial-branch=${branch}`, path], { env: ENV });

  const repo: GitRepo = {
    path,
    branch,
    git,
    async commits() {
      const text = await git("log", "--format=%x1e%H%x00%s%x00%B%x00%(trailers:only=true,unfold=true)", branch);
      const all = text.split("\x1e").slice(1);
      return all.slice(0, -1).map((record) => {
        const [commit = "", subject = "", message = "", trailers = ""] = record.split("\0");
        const pairs = trailers.split("\n").map((line) => line.split(/: (.*)/s, 2));
        return { commit, subject, message, trailers: Object.fromEntries(pairs.filter(([key]) => key !== "")) };
      });
    },
    tip: async () => (await git("rev-parse", branch)).trim(),
    files: async (folder = ".") =>
      (await git("ls-tree", "-r", "--name-only", branch, "--", folder)).split("\n").filter((line) => line !== ""),
    read: (file) => git("show", `${branch}:${file}`),
    async commit(files, message = "Somebody's change") {
      const clone = await mkdtemp(join(root, "other-"));
      const other = async (...args: string[]) => (await run("git", args, { cwd: clone, env: ENV })).stdout;
      await other("clone", "--quiet", path, ".");
      for (const [file, content] of Object.entries(files)) {
        if (content === null) await other("rm", "--quiet", "--", file);
        else {
          await run("mkdir", ["-p", join(clone, file, "..")]);
          await writeFile(join(clone, file), content);
        }
      }
      await other("add", "--all");
      await other("commit", "--quiet", "--allow-empty", "--message", message);
      await other("push", "--quiet", "origin", `HEAD:refs/heads/${branch}`);
      return (await other("rev-parse", "HEAD")).trim();
    },
    async hook(name, script) {
      await writeFile(join(path, "hooks", name), `#!/bin/sh\n${script}\n`);
      await chmod(join(path, "hooks", name), 0o755);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
  await repo.commit({ "README.md": "What the sites pull.\n" }, "Begin");
  return repo;
}

/** Command lines of living processes that mention the marker. */
export async function processesWith(marker: string): Promise<string[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return lines.filter((line) => line.includes(marker)).map((line) => line.replaceAll("\0", " ").trim());
}
