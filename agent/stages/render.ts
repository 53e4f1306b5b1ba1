// render: a plan → the package of every site, its diff against the live tree, and the digest an approval is bound to.
import type { PrepareInput } from "../../protocol/job.ts";
import { ok, type Result } from "../../protocol/result.ts";
import type { PlanOutput, RenderOutput, StageFailure } from "../../protocol/stage.ts";
import type { StageDeps, StageInput } from "./deps.ts";
import { approvalDigest } from "./digest.ts";

export async function render(
  deps: StageDeps,
  { input, signal }: StageInput<PrepareInput>,
  { plan, formal }: PlanOutput,
): Promise<Result<RenderOutput, StageFailure>> {
  const files = await deps.krm.render({ intentId: input.intentId, plan, formal }, signal);
  if (!files.ok) return files;
  const diff = await deps.git.diff(plan.slice, plan.sites, files.value, signal);
  if (!diff.ok) return diff;
  return ok({
    files: files.value,
    diff: diff.value,
    digest: approvalDigest(deps, { files: files.value, diff: diff.value }),
    runner: deps.krm.runner,
  });
}
