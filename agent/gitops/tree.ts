// Reads the tree of a commit from the object database: which files a site has, and their bytes. Never the work tree.
import { createHash } from "node:crypto";
import type { Git } from "./run.ts";
import { kustomizationPath } from "./settings.ts";

export interface TreeEntry {
  path: string;
  mode: string;
  id: string; // of the blob
}

interface TreeAt {
  commit: string;
  sites: readonly string[];
  signal: AbortSignal;
}

/** All files of the sites, in git's order. */
export async function listSites(git: Git, { commit, sites, signal }: TreeAt): Promise<TreeEntry[]> {
  // -t: the folders on the way are printed too; simple-git waits 50 ms after a command that printed nothing.
  const text = await git.run({ args: ["ls-tree", "-r", "-t", "-z", commit, "--", ...sites.map((site) => `sites/${site}/`)], signal });
  const entries: TreeEntry[] = [];
  for (const line of text.split("\0")) {
    const match = /^(\d{6}) blob ([0-9a-f]{40})\t([\s\S]+)$/.exec(line);
    if (match !== null) entries.push({ mode: match[1] ?? "", id: match[2] ?? "", path: match[3] ?? "" });
  }
  return entries;
}

/** What the site's generated kustomization is made from: its files, relative to its folder. */
export function kustomizationInput(site: string, paths: Iterable<string>): string[] {
  const folder = `sites/${site}/`;
  return [...paths]
    .filter((path) => path.startsWith(folder) && path !== kustomizationPath(site))
    .map((path) => path.slice(folder.length))
    .sort();
}

/** The id git gives to these bytes: equal ids need no reading. */
export function blobId(content: string): string {
  const bytes = Buffer.from(content, "utf8");
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

export async function readBlobs(git: Git, ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  if (ids.length === 0) return contents;
  const bytes = await git.read({ args: ["cat-file", "--batch"], input: `${ids.join("\n")}\n`, signal });
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf(0x0a, at);
    const [id = "", type, size] = bytes.toString("utf8", at, lineEnd < 0 ? bytes.length : lineEnd).split(" ");
    if (lineEnd < 0 || type !== "blob" || size === undefined) throw new Error(`the clone lacks the object ${id}`);
    const start = lineEnd + 1;
    contents.set(id, bytes.toString("utf8", start, start + Number(size)));
    at = start + Number(size) + 1; // the line end after the bytes
  }
  return contents;
}

/** Ids of `<commit>:<path>` and the like, null for what is not there. One process, unknown commits included. */
export async function resolve(git: Git, names: readonly string[], signal: AbortSignal): Promise<(string | null)[]> {
  const text = await git.run({ args: ["cat-file", "--batch-check=%(objectname)"], input: `${names.join("\n")}\n`, signal });
  const lines = text.split("\n");
  return names.map((_, index) => (/^[0-9a-f]{40}$/.test(lines[index] ?? "") ? (lines[index] ?? null) : null));
}

/** Whether `ancestor` is `commit` or lies behind it; both must be in the clone. */
export async function isAncestor(
  git: Git,
  { ancestor, commit, signal }: { ancestor: string; commit: string; signal: AbortSignal },
): Promise<boolean> {
  if (ancestor === commit) return true;
  // Not `merge-base --is-ancestor`: it answers by its exit alone, see -t above.
  const args = ["rev-list", "--count", "--max-count=1", ancestor, `^${commit}`, "--"];
  const missing = await git.run({ args, signal });
  return missing.trim() === "0";
}
