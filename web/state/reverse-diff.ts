// The diff of a change read backwards: what undoing it would do. Nothing is computed anew, the lines change sides.
import type { FileDiff } from "../../protocol/stage.ts";

const CHANGE: Record<FileDiff["change"], FileDiff["change"]> = { added: "removed", modified: "modified", removed: "added" };
const HUNK = /^@@ -(\S+) \+(\S+) @@/;

export function reverseDiff(file: FileDiff): FileDiff {
  return { path: file.path, change: CHANGE[file.change], patch: reversePatch(file.patch) };
}

function reversePatch(patch: string): string {
  const out: string[] = [];
  let oldName: string | undefined;
  let inHunk = false;
  for (const line of patch.split("\n")) {
    if (HUNK.test(line)) {
      inHunk = true;
      out.push(line.replace(HUNK, "@@ -$2 +$1 @@"));
    } else if (!inHunk && line.startsWith("--- ")) {
      oldName = line.slice(4);
    } else if (!inHunk && line.startsWith("+++ ") && oldName !== undefined) {
      out.push(`--- ${line.slice(4).replace(/^b\//, "a/")}`, `+++ ${oldName.replace(/^a\//, "b/")}`);
    } else {
      out.push(inHunk ? otherSide(line) : line);
    }
  }
  return out.join("\n");
}

function otherSide(line: string): string {
  if (line.startsWith("+")) return `-${line.slice(1)}`;
  return line.startsWith("-") ? `+${line.slice(1)}` : line;
}
