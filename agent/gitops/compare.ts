// The diff a person approves: a slice's files as they are on the branch against the files to come. Same input, same text.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import type { FileDiff } from "../../protocol/stage.ts";
import type { SliceChange } from "../ports.ts";
import type { Git } from "./run.ts";
import { sliceFolder } from "./settings.ts";
import { blobId, readBlobs, type TreeEntry } from "./tree.ts";

const CONTEXT_LINES = 3; // as git and the web's viewer show it

/** By path; files that stay as they are do not appear. `entries` is the tree of (at least) these sites. */
export async function sliceDiff(
  git: Git,
  { slice, sites, files, removes = [] }: SliceChange,
  at: { entries: TreeEntry[]; signal: AbortSignal },
): Promise<FileDiff[]> {
  const folders = [...sites.map((site) => sliceFolder(site, slice)), ...removes.map((one) => sliceFolder(one.site, one.slice))];
  const live = new Map(
    at.entries.filter((entry) => folders.some((folder) => entry.path.startsWith(folder))).map((entry) => [entry.path, entry.id]),
  );
  const wanted = new Map(files.map((file) => [file.path, file.content]));
  const changed = [...new Set([...live.keys(), ...wanted.keys()])].filter((path) => {
    const content = wanted.get(path);
    return content === undefined || live.get(path) !== blobId(content);
  });
  const blobs = await readBlobs(git, [...new Set(changed.flatMap((path) => live.get(path) ?? []))], at.signal);
  return changed.sort().map((path) => fileDiff(path, blobs.get(live.get(path) ?? ""), wanted.get(path)));
}

export function fileDiff(path: string, before: string | undefined, after: string | undefined): FileDiff {
  const change = before === undefined ? "added" : after === undefined ? "removed" : "modified";
  const from = before === undefined ? "/dev/null" : `a/${path}`;
  const to = after === undefined ? "/dev/null" : `b/${path}`;
  const options = { context: CONTEXT_LINES, headerOptions: FILE_HEADERS_ONLY };
  return { path, change, patch: createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, options) };
}
