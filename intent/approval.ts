// Does a plan need a person's approval, and why: the request, the sites, the policy, or what the plan does to others.
import type { ApprovalMode } from "../protocol/intent.ts";
import { isProduction, type OperationsPolicy } from "../protocol/policy.ts";
import type { SlicePlan } from "../protocol/stage.ts";

export interface ApprovalInput {
  asked: ApprovalMode;
  plan: Pick<SlicePlan, "action" | "sites" | "preempts">;
  policy: OperationsPolicy;
  labels: ReadonlyMap<string, Readonly<Record<string, string>>>; // of the plan's sites
}

/** Every reason for which somebody must look at it first; none: it may go on by itself. */
export function approvalReasons({ asked, plan, policy, labels }: ApprovalInput): string[] {
  const reasons = asked === "required" ? ["the request asks for it"] : [];
  if (policy.approval.actions.includes(plan.action)) reasons.push(`the policy wants it for every ${plan.action}`);
  for (const site of plan.sites) {
    const carried = labels.get(site) ?? {};
    if (isProduction(carried)) reasons.push(`${site} is a production site`);
    for (const [key, value] of Object.entries(policy.approval.labels))
      if (carried[key] === value) reasons.push(`the policy wants it for sites with ${key}=${value}, as ${site} is`);
  }
  for (const { slice, site } of plan.preempts) reasons.push(`slice ${slice} would be removed from ${site} to make room`);
  return reasons;
}
