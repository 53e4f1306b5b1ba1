// A site's own clone of the repository: fetched over HTTP like a real site's, read without a work tree.
import { mkdir, rm } from "node:fs/promises";
import { BRANCH } from "../git/repository.ts";
import { git } from "../git/run.ts";
import type { Gate } from "../limit.ts";

/** A regular file of the tree. */
export interface TreeFile {
  path: string; // below the site's folder
  blob: string;
}

export interface SiteClone {
  /** Brings the branch here and returns its commit. */
  fetch(signal: AbortSignal): Promise<string>;
  /** The files below the site's folder at that commit; throws when one is no regular file or there are too many. */
  list(commit: string, signal: AbortSignal): Promise<TreeFile[]>;
  /** The text of these blobs. */
  read(blobs: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
}

const MAX_FILES = 20_000;

// One round trip less than version 2 of the protocol: a repository with one branch has no refs to filter.
const FETCH = ["-c", "protocol.version=0", "-c", "gc.auto=0", "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"];

function parseListing(out: Buffer, folder: string): TreeFile[] {
  const files: TreeFile[] = [];
  for (const line of out.toString("utf8").split("\0")) {
    if (line === "") continue;
    const match = /^(\d{6}) (\w+) ([0-9a-f]{40,64})\t(.+)$/s.exec(line);
    const [, mode, , blob, path] = match ?? [];
    if (mode === undefined || blob === undefined || path === undefined) throw new Error("unreadable ls-tree line");
    if (mode !== "100644" && mode !== "100755") throw new Error(`${path} is not a regular file`);
    files.push({ path: path.slice(folder.length), blob });
  }
  if (files.length > MAX_FILES) throw new Error(`the folder holds more than ${MAX_FILES} files`);
  return files;
}

/** Splits the answer of `cat-file --batch`: "<id> blob <size>\n<bytes>\n" for each. */
function parseBatch(out: Buffer): Map<string, string> {
  const texts = new Map<string, string>();
  for (let at = 0; at < out.length; ) {
    const lineEnd = out.indexOf(0x0a, at);
    const [blob = "", type, size] = out.subarray(at, lineEnd).toString("latin1").split(" ");
    if (type !== "blob") throw new Error(`object ${blob} is missing in the clone`);
    const start = lineEnd + 1;
    texts.set(blob, out.subarray(start, start + Number(size)).toString("utf8"));
    at = start + Number(size) + 1;
  }
  return texts;
}

/** A new clone each time, as a restarted git-sync container makes one: what a killed lab left behind cannot harm it. */
export async function createSiteClone(input: {
  dir: string;
  siteId: string;
  repositoryUrl: string;
  fetches: Gate; // shared by the sites of the lab: 64 of them must not start 64 clients at once
  signal: AbortSignal;
}): Promise<SiteClone> {
  const { dir, siteId, repositoryUrl } = input;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await git({ cwd: dir, args: ["init", "-q", "--bare", `--initial-branch=${BRANCH}`, "."], signal: input.signal });
  const folder = `sites/${siteId}/`;

  return {
    async fetch(signal) {
      const leave = await input.fetches.enter(signal);
      try {
        await git({ cwd: dir, args: [...FETCH, repositoryUrl, `+refs/heads/${BRANCH}:refs/heads/${BRANCH}`], signal });
      } finally {
        leave?.();
      }
      return (await git({ cwd: dir, args: ["rev-parse", "--verify", `refs/heads/${BRANCH}`], signal })).toString("utf8").trim();
    },
    async list(commit, signal) {
      const out = await git({ cwd: dir, args: ["ls-tree", "-r", "-z", "--full-tree", commit, "--", folder], signal });
      return parseListing(out, folder);
    },
    async read(blobs, signal) {
      if (blobs.length === 0) return new Map();
      return parseBatch(await git({ cwd: dir, args: ["cat-file", "--batch"], input: `${blobs.join("\n")}\n`, signal }));
    },
  };
}
