// The bare repository of a running stack, read and disturbed with plain git and the file system; never through the code under test.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

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

export interface Commit {
  commit: string;
  parent: string;
  subject: string;
  body: string;
  trailers: Record<string, string>;
}

export interface Repository {
  path: string;
  /** The branch, oldest first, without the commits of the lab itself. */
  commits(): Promise<Commit[]>;
  tip(): Promise<string>;
  files(): Promise<string[]>;
  /** `site/slice` for every slice that has files in the tree. */
  slices(): Promise<string[]>;
  read(path: string): Promise<string>;
  /** What the files of a commit's tree are, as `<id> <path>` lines: equal lists are equal trees. */
  tree(rev: string): Promise<string>;
  /** The same of the branch, as far as it lies at these sites: for tests that share the others. */
  treeAt(sites: string[]): Promise<string[]>;
  /** A commit of these files by somebody else, through a clone of their own and the git server; tried again when the branch has moved. */
  commitAs(clone: string, files: Record<string, string>): Promise<string>;
  /** A commit that takes a folder away. */
  removeAs(clone: string, folder: string): Promise<string>;
  hook(name: "pre-receive" | "post-receive", script: string): Promise<void>;
  /** A hook that waits, once, until it is let go; `entered` is true from the moment a push is in it. */
  holdPush(name: "pre-receive" | "post-receive"): Promise<Held>;
  removeHooks(): Promise<void>;
  hide(): Promise<void>;
  show(): Promise<void>;
}

export interface Held {
  entered(): boolean;
  letGo(): Promise<void>;
}

export const SOMEBODY = "Somebody's change"; // the subject of every commit that is not the agent's
const PUSH_TRIES = 30; // the branch moves between a pull and a push
const HOLD_SECONDS = 30; // the hook ends by itself after this, whatever the test does

/** `url` is the way in for everybody else; it is read from the folder. */
export function openRepository(path: string, url: string): Repository {
  const git = async (...args: string[]): Promise<string> => (await run("git", args, { cwd: path, env: ENV, maxBuffer: 64 << 20 })).stdout;
  let holds = 0;

  async function commitBy(clone: string, change: () => Promise<void>): Promise<string> {
    const own = async (...args: string[]) => (await run("git", args, { cwd: clone, env: ENV })).stdout;
    if (!existsSync(join(clone, ".git"))) {
      await mkdir(clone, { recursive: true });
      await own("clone", "--quiet", url, ".");
    }
    await change();
    await own("add", "--all");
    await own("commit", "--quiet", "--message", SOMEBODY);
    for (let tries = 1; ; tries += 1) {
      try {
        await own("pull", "--quiet", "--rebase", "origin", "main");
        await own("push", "--quiet", "origin", "HEAD:refs/heads/main");
        return (await own("rev-parse", "HEAD")).trim();
      } catch (error) {
        if (tries === PUSH_TRIES) throw error;
      }
    }
  }

  const repository: Repository = {
    path,
    async commits() {
      const text = await git("log", "--reverse", "--format=%x1e%an%x00%H%x00%P%x00%s%x00%b%x00%(trailers:only=true,unfold=true)", "main");
      const records = text.split("\x1e").slice(1);
      return records.flatMap((record) => {
        const [author, commit = "", parent = "", subject = "", body = "", trailers = ""] = record.split("\0");
        const pairs = trailers.split("\n").map((line) => line.split(/: (.*)/s, 2));
        const named = Object.fromEntries(pairs.filter(([key]) => key !== ""));
        return author === "Edge lab" ? [] : [{ commit, parent, subject, body, trailers: named }];
      });
    },
    tip: async () => (await git("rev-parse", "main")).trim(),
    files: async () => (await git("ls-tree", "-r", "--name-only", "main")).split("\n").filter((line) => line !== ""),
    async slices() {
      const found = (await repository.files()).map((file) => /^sites\/([^/]+)\/slices\/([^/]+)\//.exec(file));
      return [...new Set(found.flatMap((match) => (match === null ? [] : [`${match[1]}/${match[2]}`])))].sort();
    },
    read: (file) => git("show", `main:${file}`),
    tree: async (rev) => (await git("ls-tree", "-r", "--format=%(objectname) %(path)", rev)).trim(),
    async treeAt(sites) {
      const files = (await repository.tree("main")).split("\n");
      return files.filter((file) => sites.some((site) => file.includes(` sites/${site}/`)));
    },
    commitAs: (clone, files) =>
      commitBy(clone, async () => {
        for (const [file, content] of Object.entries(files)) {
          await mkdir(dirname(join(clone, file)), { recursive: true });
          await writeFile(join(clone, file), content);
        }
      }),
    removeAs: (clone, folder) => commitBy(clone, () => rm(join(clone, folder), { recursive: true })),
    async hook(name, script) {
      await writeFile(join(path, "hooks", name), `#!/bin/sh\n${script}\n`);
      await chmod(join(path, "hooks", name), 0o755);
    },
    async holdPush(name) {
      holds += 1;
      const mark = join(path, `held-${holds}`);
      // `mkdir` succeeds for one push only: those that come later are not held.
      const wait = `i=0; while [ ! -e '${mark}/go' ] && [ -d '${mark}' ] && [ $i -lt ${HOLD_SECONDS * 20} ]; do sleep 0.05; i=$((i+1)); done`;
      await repository.hook(name, `if mkdir '${mark}' 2>/dev/null; then ${wait}; fi\nexit 0`);
      return {
        entered: () => existsSync(mark),
        async letGo() {
          await mkdir(mark, { recursive: true });
          await writeFile(join(mark, "go"), "");
        },
      };
    },
    async removeHooks() {
      for (const name of ["pre-receive", "post-receive"]) await rm(join(path, "hooks", name), { force: true });
    },
    hide: () => rename(path, `${path}.away`),
    show: () => rename(`${path}.away`, path),
  };
  return repository;
}
