// push: exactly the files that were shown → one commit for all sites. Idempotent by the Job-Id trailer.
import type { ApplyInput } from "../../protocol/job.ts";
import { err, type Result } from "../../protocol/result.ts";
import type { PushOutput, StageFailure } from "../../protocol/stage.ts";
import { type StageDeps, type StageInput, stageFailure } from "./deps.ts";
import { approvalDigest } from "./digest.ts";

export async function push(
  deps: StageDeps,
  { input, signal }: StageInput<ApplyInput>,
  jobId: string,
): Promise<Result<PushOutput, StageFailure>> {
  const { plan, files, diff, digest, approvedBy, intentId, description } = input;
  if (approvalDigest(deps, { files, diff }) !== digest)
    return err(stageFailure("push", { reason: "approval_void", message: "the files are not the ones that were shown" }));
  return deps.git.push(
    {
      subject: `Deploy ${plan.serviceType} slice ${plan.slice} on ${plan.sites.join(", ")}`,
      body: description,
      trailers: { intentId, jobId, sites: plan.sites, approvedBy },
      slice: plan.slice,
      files,
    },
    diff,
    signal,
  );
}
