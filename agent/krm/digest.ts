// The digest that an approval is bound to.
import { createHash } from "node:crypto";
import type { RenderedFile } from "../../protocol/stage.ts";

/** "sha256:…" over paths and bytes in path order, each with its length before it, so no two trees share an encoding. */
export function digestOf(files: RenderedFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    for (const part of [path, content]) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return `sha256:${hash.digest("hex")}`;
}
