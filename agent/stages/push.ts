// push: exactly the files that were shown → one commit for all sites of a wave. Idempotent by the Job-Id trailer and the wave.
import type { ApplyInput } from "../../protocol/job.ts";
import { err, type Result } from "../../protocol/result.ts";
import type { SlicePlan, StageFailure } from "../../protocol/stage.ts";
import type { PushedCommit } from "../ports.ts";
import { type StageDeps, stageFailure } from "./deps.ts";
import { approvalDigest } from "./digest.ts";

export async function push(
  deps: StageDeps,
  { input, signal }: { input: ApplyInput; signal: AbortSignal },
  { jobId, wave }: { jobId: string; wave: { index: number; sites: string[] } },
): Promise<Result<PushedCommit, StageFailure>> {
  const { plan, files, diff, digest, approvedBy, intentId, description } = input;
  const { sites } = wave;
  const here = ({ path }: { path: string }) => sites.some((site) => path.startsWith(`sites/${site}/`));
  const of = plan.waves.length;
  if (approvalDigest(deps, { files, diff }) !== digest)
    return err(stageFailure("push", { reason: "approval_void", message: "the files are not the ones that were shown" }));
  return deps.git.push(
    {
      subject: `${SAYS[plan.action]} ${plan.serviceType} slice ${plan.slice} ${plan.action === "terminate" ? "from" : "on"} ${sites.join(", ")}`,
      body: description,
      trailers: { intentId, jobId, sites, approvedBy, ...(of > 1 ? { wave: { number: wave.index + 1, of } } : {}) },
      slice: plan.slice,
      files: files.filter(here),
      removes: plan.preempts.filter((one) => sites.includes(one.site)),
    },
    diff.filter(here),
    signal,
  );
}

const SAYS: Record<SlicePlan["action"], string> = { deploy: "Deploy", scale: "Scale", terminate: "Remove", rollback: "Roll back" };
