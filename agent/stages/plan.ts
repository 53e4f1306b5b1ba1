// plan: an understanding → what becomes of one slice on its sites, feasible and free of conflicts. Pure; the decisions are in intent/.
import { planSlice } from "../../intent/plan.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { PrepareInput } from "../../protocol/job.ts";
import type { Result } from "../../protocol/result.ts";
import type { PlanOutput, StageFailure } from "../../protocol/stage.ts";
import type { StageInput } from "./deps.ts";

/** The intent's own creation time is the time of the plan: a plan made twice is the same plan. */
export function plan({ input, context }: StageInput<PrepareInput>, understanding: Understanding): Result<PlanOutput, StageFailure> {
  const { intentId, text, priority, rollout, preempt, command, createdAt } = input;
  const rerender = command?.action === "rerender";
  return planSlice({ understanding, text, intentId, priority, rollout, preempt, rerender, context, now: new Date(createdAt) });
}
