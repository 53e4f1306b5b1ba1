// The digest an approval is bound to: the files that would be pushed and what they change in the live tree. The same files on
// another tree are another change, and need another approval.
import type { FileDiff, RenderedFile } from "../../protocol/stage.ts";
import type { StageDeps } from "./deps.ts";

export function approvalDigest(deps: Pick<StageDeps, "digest">, { files, diff }: { files: RenderedFile[]; diff: FileDiff[] }): string {
  return deps.digest([...files, ...diff.map(({ path, change, patch }) => ({ path: `${change} ${path}`, content: patch }))]);
}
