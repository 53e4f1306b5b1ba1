// render: a plan → the package of every site (none for a removal), what it changes in the live tree, and the digest an approval is bound to.
import type { PrepareInput } from "../../protocol/job.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { FileDiff, PlanOutput, RenderOutput, SlicePlan, StageFailure } from "../../protocol/stage.ts";
import type { StageDeps, StageInput } from "./deps.ts";
import { approvalDigest } from "./digest.ts";

export async function render(
  deps: StageDeps,
  { input, context, signal, jobId }: StageInput<PrepareInput> & { jobId: string },
  { plan, formal }: PlanOutput,
): Promise<Result<RenderOutput, StageFailure>> {
  const renders = plan.action === "deploy" || plan.action === "scale";
  const files = renders ? await deps.krm.render({ intentId: plan.renderedFor, plan, formal }, signal) : ok([]);
  if (!files.ok) return files;
  const { slice, sites, preempts: removes } = plan;
  const diff =
    plan.action === "rollback"
      ? await revertDiff(deps, { input, context, signal, jobId }, plan)
      : await deps.git.diff({ slice, sites, files: files.value, removes }, signal);
  if (!diff.ok) return diff;
  return ok({
    files: files.value,
    diff: diff.value,
    digest: approvalDigest(deps, { files: files.value, diff: diff.value }),
    runner: deps.krm.runner,
  });
}

/** What taking the slice's latest deployment back would change. */
async function revertDiff(
  deps: StageDeps,
  { input, context, signal, jobId }: StageInput<PrepareInput> & { jobId: string },
  { slice, sites }: SlicePlan,
): Promise<Result<FileDiff[], StageFailure>> {
  const commits = context.slices.find((live) => live.slice === slice)?.latest.commits ?? [];
  const shown = await deps.git.revertDiff({ jobId, intentId: input.intentId, slice, sites, reason: "" }, commits, signal);
  return shown.ok ? ok(shown.value ?? []) : err({ ...shown.error, stage: "render" });
}
