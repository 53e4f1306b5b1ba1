// Which kinds of intent go only a part of the way: a question, and a dry run that is none any more once it was sent for real. Pure.
import type { IntentRecord } from "../../protocol/api.ts";

/** A dry run stays one until somebody has sent it for real. */
export function staysDry({ dryRun, status, deploymentId }: Pick<IntentRecord, "dryRun" | "status" | "deploymentId">): boolean {
  return dryRun && deploymentId === null && status !== "awaiting_approval" && status !== "running";
}

/** It asks and changes nothing: of the way only its beginning is gone through. */
export function isQuestion({ answer, action }: Pick<IntentRecord, "answer" | "action">): boolean {
  return answer !== null || action === "status";
}
