// Where a person may stand in the way: the approval between the rendering and the push. Pure.
import type { IntentRecord } from "../../protocol/api.ts";
import type { Deployment } from "../../protocol/deployment.ts";
import { staysDry } from "./kind.ts";
import { isSettled, type StageState } from "./pipeline.ts";

export interface GateView {
  state: StageState; // skipped: nobody has to approve, or it will not come to that any more
  needed: boolean;
}

export function gateOf(record: IntentRecord, deployment: Deployment | null): GateView {
  const asked = record.status === "awaiting_approval";
  const refused = record.failure?.reason === "not_approved";
  const approved = deployment !== null && deployment.approvedBy !== null;
  const needed = record.approval === "required" || record.approvalReasons.length > 0 || asked || refused || approved;
  if (!needed || staysDry(record)) return { state: "skipped", needed };
  if (asked) return { state: "wait", needed };
  if (refused) return { state: "failed", needed };
  if (approved || record.stages.some(({ stage }) => stage === "gitops_pushing")) return { state: "done", needed };
  return { state: isSettled(record) ? "skipped" : "pending", needed };
}
