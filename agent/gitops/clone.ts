// The cache clone: an object database that follows one branch, and a work tree that only reverts use.
// It holds nothing that is not on the server, so whatever is wrong with it is mended by cleaning it or by cloning anew.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { type History, type HistoryEntry, readHistory } from "./history.ts";
import { createMutex } from "./queue.ts";
import { createGit, type Git, type GitPlaces } from "./run.ts";
import type { GitPortOptions, Settings } from "./settings.ts";

const FIRST_FETCH_FACTOR = 6; // the first fetch carries the whole history, not the newest commits
const MAINTENANCE_FACTOR = 6;

/** The branch as it was when last seen. Pushing onto an older view is safe: the server refuses it. */
export interface View {
  tip: string;
  history: History;
}

export interface Clone {
  readonly git: Git;
  readonly places: GitPlaces;
  /** Changes whenever the clone was mended: who failed on an earlier one just tries again. */
  generation(): number;
  view(need: { maxAgeMs: number; signal: AbortSignal }): Promise<View>;
  /** Our own push arrived; no fetch is needed to know it. */
  advanced(entry: HistoryEntry, seenAt: number): void;
  /** False until a revert has left the work tree clean: a crash may have left files there. */
  workTreeTrusted: boolean;
  mend(how: "clean" | "renew", generation: number): Promise<void>;
  /** Packs loose objects when there are many. */
  maintain(): Promise<void>;
}

type Seen = View & { at: number };

export function createClone(settings: Settings, { credential, log }: Pick<GitPortOptions, "credential" | "log">): Clone {
  const places: GitPlaces = {
    home: join(settings.dir, "home"),
    gitDir: join(settings.dir, "clone.git"),
    workTree: join(settings.dir, "work"),
  };
  const git = createGit({ settings, places, credential, log });
  const fetching = createMutex();
  const trackingRef = `refs/remotes/origin/${settings.branch}`;
  let seen: Seen | undefined;
  let prepared = false;
  let generation = 0;

  async function prepare(): Promise<void> {
    if (prepared) return;
    await mkdir(places.home, { recursive: true });
    await mkdir(places.workTree, { recursive: true });
    for (const name of await readdir(settings.dir))
      if (name.startsWith("old-") || name.startsWith("new-")) await rm(join(settings.dir, name), { recursive: true, force: true });
    if (existsSync(join(places.gitDir, "HEAD"))) await removeLocks(places.gitDir);
    else await init();
    prepared = true;
  }

  // Made beside and renamed: a clone that has the name is whole.
  async function init(): Promise<void> {
    const gitDir = join(settings.dir, `new-${randomUUID()}`);
    await rm(places.gitDir, { recursive: true, force: true });
    const fresh = createGit({ settings, places: { ...places, gitDir }, credential: undefined });
    await fresh.run({
      args: ["init", "--bare", "--template=", "--initial-branch=unused"],
      signal: AbortSignal.timeout(settings.timeoutMs),
    });
    await rename(gitDir, places.gitDir);
  }

  async function fetch(signal: AbortSignal): Promise<View> {
    await prepare();
    const at = performance.now();
    const refspec = `+refs/heads/${settings.branch}:${trackingRef}`;
    // --verbose: simple-git waits 50 ms after a command that printed nothing.
    const args = [
      "fetch",
      "--verbose",
      "--no-tags",
      "--no-write-fetch-head",
      "--no-auto-maintenance",
      "--no-recurse-submodules",
      settings.url,
      refspec,
    ];
    const timeoutMs = settings.timeoutMs * (seen === undefined ? FIRST_FETCH_FACTOR : 1);
    await git.run({ args, signal, remote: true, timeoutMs });
    const tip = (await git.run({ args: ["rev-parse", "--verify", `${trackingRef}^{commit}`], signal })).trim();
    const history = seen?.tip === tip ? seen.history : await readHistory(git, seen, { tip, signal });
    seen = { tip, history, at };
    return seen;
  }

  const clone: Clone = {
    git,
    places,
    workTreeTrusted: false,
    generation: () => generation,
    view({ maxAgeMs, signal }) {
      const since = performance.now() - maxAgeMs;
      const fresh = () => (seen !== undefined && seen.at >= since ? seen : undefined);
      const known = fresh();
      if (known !== undefined) return Promise.resolve(known);
      return fetching(signal, async () => fresh() ?? (await fetch(signal))); // one that waited takes what the one before it fetched
    },
    advanced(entry, seenAt) {
      if (seen === undefined || seen.tip !== entry.parent) return; // somebody's fetch has seen more meanwhile
      seen.history.add(entry);
      seen = { tip: entry.commit, history: seen.history, at: seenAt };
    },
    mend(how, failedOn) {
      return fetching(new AbortController().signal, async () => {
        if (failedOn !== generation) return;
        generation += 1;
        seen = undefined;
        clone.workTreeTrusted = false;
        if (how === "clean") return cleanUp(places);
        prepared = false;
        if (existsSync(places.gitDir)) await rename(places.gitDir, join(settings.dir, `old-${randomUUID()}`));
        await rm(places.workTree, { recursive: true, force: true });
        await prepare();
      });
    },
    async maintain() {
      const timeoutMs = settings.timeoutMs * MAINTENANCE_FACTOR;
      const args = ["-c", "gc.auto=6700", "-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"];
      await git.run({ args, signal: AbortSignal.timeout(timeoutMs), timeoutMs });
    },
  };
  return clone;
}

/** What a killed git leaves behind. The clone belongs to one agent, so nobody can be holding these. */
async function removeLocks(gitDir: string): Promise<void> {
  const refs = existsSync(join(gitDir, "refs")) ? await readdir(join(gitDir, "refs"), { recursive: true }) : [];
  const names = [...(await readdir(gitDir)), ...refs.map((name) => join("refs", name))];
  for (const name of names)
    if (name.endsWith(".lock") || name.startsWith("fast_import_crash_")) await rm(join(gitDir, name), { force: true });
}

const WORK_STATE = ["index", "REVERT_HEAD", "CHERRY_PICK_HEAD", "MERGE_HEAD", "MERGE_MSG", "AUTO_MERGE", "sequencer"];

async function cleanUp({ gitDir, workTree }: GitPlaces): Promise<void> {
  await mkdir(workTree, { recursive: true });
  if (!existsSync(gitDir)) return;
  await removeLocks(gitDir);
  for (const name of WORK_STATE) await rm(join(gitDir, name), { recursive: true, force: true });
  for (const name of await readdir(workTree)) await rm(join(workTree, name), { recursive: true, force: true });
}
