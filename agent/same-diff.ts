// Whether two diffs are the same change: what an approval is bound to.
import type { FileDiff } from "../protocol/stage.ts";

export function sameDiff(a: readonly FileDiff[], b: readonly FileDiff[]): boolean {
  const text = (diff: readonly FileDiff[]) => diff.map(({ path, change, patch }) => JSON.stringify([path, change, patch])).sort();
  return text(a).join("\n") === text(b).join("\n");
}
