// The plan stage as a pure function: what an understanding means for the slices that are live, or why it cannot be.
import { err, type Result } from "../protocol/result.ts";
import type { PlanOutput, StageFailure } from "../protocol/stage.ts";
import { planChange } from "./plan-change.ts";
import { planDeploy } from "./plan-deploy.ts";
import { type PlanInput, refuse } from "./plan-input.ts";

/** Fails as out_of_scope, infeasible or conflict; a failure of the plan is never worth a retry. */
export function planSlice(input: PlanInput): Result<PlanOutput, StageFailure> {
  const { intent, clarifications } = input.understanding;
  if (clarifications.length > 0) {
    const open = clarifications.map((clarification) => clarification.question).join(" ");
    return err(refuse("unsupported_information_model", `The request is not complete. ${open}`));
  }
  switch (intent.action) {
    case "deploy":
      return planDeploy(input);
    case "scale":
    case "terminate":
    case "rollback":
      return planChange(input, intent.action);
    case "status":
    case "unsupported":
      return err(refuse("out_of_scope", "This is not a request that changes a slice."));
  }
}
