// What a person may say about an existing intent: answer, approve, reject, decide. Each is one guarded move. Cancelling is in cancel.ts.
import type { ApproveRequest, IntentAccepted, RejectRequest } from "../../protocol/api.ts";
import type { ClarificationAnswers, DecisionAction } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { type Command, command } from "./command.ts";
import { rollbackOrder } from "./deployments.ts";
import { enqueueApply, enqueuePrepare, enqueueResume, enqueueRollback, type Prepared } from "./enqueue.ts";
import { findIntent } from "./find.ts";
import { hasShaped, shapedAlsoBy } from "./four-eyes.ts";
import type { IntentDraft, IntentRow } from "./intent-draft.ts";
import { preparedPackage } from "./intents.ts";
import { without } from "./readings.ts";
import { resolveSites } from "./sites.ts";
import { acceptDeployment, resumable, undecidedWork } from "./undecided.ts";
import { Duplicate, GuardFailed, type Unit } from "./unit.ts";
import { reasonsToApprove, type World, worldOf } from "./world.ts";

/** Adds what was missing to the text and prepares again. */
export async function answerIntent(deps: Deps, { input, by, ...about }: Command<ClarificationAnswers>): Promise<IntentAccepted> {
  const targetSites = input.targetSites === undefined ? undefined : await resolveSites(deps, input.targetSites, "targetSites");
  return command(deps, about, (unit, draft) => {
    if (draft.row.status !== "needs_clarification") throw new AppError("CONFLICT", `an intent that is ${draft.row.status} asks nothing`);
    draft.moveTo("received");
    const answers = { ...draft.row.answers, ...input, ...(targetSites === undefined ? {} : { targetSites }) };
    const { requirement: requirements, ...rest } = input;
    const corrected = without(draft.row.corrected, { ...rest, requirements }); // or what was taken away before would be asked for again
    draft.set({ answers, corrected, sites: targetSites ?? draft.row.sites, shapedBy: shapedAlsoBy(draft.row, by) });
    enqueuePrepare(unit, deps, draft.row);
  });
}

/** Bound to the digest of exactly what will be pushed. */
export async function approveIntent(deps: Deps, { input, ...about }: Command<ApproveRequest>): Promise<IntentAccepted> {
  const { by } = about;
  const prepared = await preparedPackage(deps, about.intentId);
  const world = prepared === null ? null : await worldOf(deps, prepared.plan, about.intentId);
  return orPrepareAgain(deps, about, (unit, draft) => {
    awaitsApproval(draft.row);
    if (world?.policy.approval.fourEyes === true && hasShaped(draft.row, by))
      throw new AppError(
        "FORBIDDEN",
        "the policy wants four eyes: who asked for a change, answered for it or corrected it may not approve it",
      );
    if (prepared === null || world === null || prepared.digest !== input.digest || draft.row.digest !== input.digest)
      throw new AppError("DIGEST_MISMATCH", "the digest is not the one of the package that would be pushed");
    draft.event("approval.decided", { decision: "approved", by, digest: input.digest, ...reasonOf(input.comment) });
    carryOut(unit, deps, { draft, prepared: { ...prepared, approvedBy: by }, world });
  });
}

/** What the plan found has gone meanwhile (capacity, a slice that would make room): the approval is void, and a new plan is made. */
async function orPrepareAgain(
  deps: Deps,
  about: Omit<Command<null>, "input">,
  act: (unit: Unit, draft: IntentDraft) => void,
): Promise<IntentAccepted> {
  try {
    return await command(deps, about, act);
  } catch (error) {
    const raced = error instanceof AppError && (error.cause instanceof GuardFailed || error.cause instanceof Duplicate);
    if (!raced) throw error;
    const reason = "what the plan was made for has changed";
    await command(deps, { ...about, idempotency: null }, (unit, draft) => {
      awaitsApproval(draft.row);
      draft.event("approval.decided", { decision: "voided", by: about.by, digest: draft.row.digest ?? "", reason });
      draft.moveTo("received");
      draft.set({ failure: null, stage: null, digest: null, diff: null });
      enqueuePrepare(unit, deps, draft.row);
    });
    throw new AppError("CONFLICT", `${reason}: the approval is void, and a new plan is being made; read the intent again`, {
      cause: error,
    });
  }
}

/** What was prepared is what is done now: a package is applied, a deployment taken back. */
function carryOut(unit: Unit, deps: Deps, { draft, prepared, world }: { draft: IntentDraft; prepared: Prepared; world: World }): void {
  if (prepared.plan.action !== "rollback") return enqueueApply(unit, deps, { draft, prepared, world });
  if (world.rollback === null) throw new AppError("CONFLICT", "there is nothing to take back");
  if (world.rollback instanceof AppError) throw world.rollback;
  draft.moveTo("running");
  draft.set({ deploymentId: world.rollback.deployment.id });
  enqueueRollback(unit, deps, { ...world.rollback, diff: prepared.diff });
}

/** Applies the package of a dry run, exactly as it was shown. */
export async function deployIntent(deps: Deps, about: Omit<Command<null>, "input">): Promise<IntentAccepted> {
  const prepared = await preparedPackage(deps, about.intentId);
  const world = prepared === null ? null : await worldOf(deps, prepared.plan, about.intentId);
  return command(deps, about, (unit, draft) => {
    if (draft.row.status !== "parsed" || !draft.row.dryRun || prepared === null || world === null)
      throw new AppError("CONFLICT", `an intent that is ${draft.row.status} has no dry run to deploy`);
    const reasons = reasonsToApprove(world, prepared.plan, draft.row.approval);
    if (reasons.length > 0 && world.policy.approval.fourEyes && hasShaped(draft.row, about.by)) {
      draft.moveTo("awaiting_approval"); // somebody else must have a look
      draft.set({ approvalReasons: reasons });
      return draft.event("approval.requested", { digest: prepared.digest, reasons });
    }
    carryOut(unit, deps, { draft, prepared: { ...prepared, approvedBy: about.by }, world });
  });
}

export async function rejectIntent(deps: Deps, { input, ...about }: Command<RejectRequest>): Promise<IntentAccepted> {
  const { by } = about;
  return command(deps, about, (_unit, draft) => {
    awaitsApproval(draft.row);
    draft.moveTo("rejected");
    draft.event("approval.decided", { decision: "rejected", by, digest: draft.row.digest ?? "", ...reasonOf(input.reason) });
    const message = input.reason === "" ? `rejected by ${by}` : `rejected by ${by}: ${input.reason}`;
    const failure = { stage: "render" as const, reason: "not_approved" as const, message, retryable: false };
    draft.set({ failure });
    draft.event("intent.rejected", { failure });
  });
}

/** After an inconclusive verdict or a paused rollout a person accepts what is there, takes it back, or lets it go on. */
export async function decideIntent(deps: Deps, { input, ...about }: Command<{ action: DecisionAction }>): Promise<IntentAccepted> {
  const { by } = about;
  const intent = await findIntent(deps, about.intentId);
  const deploymentId = intent.deploymentId ?? "";
  const reason = `decided by ${by}: ${intent.failure?.message ?? ""}`;
  const decidable = intent.status === "needs_decision";
  const order = decidable && input.action === "rollback" ? await rollbackOrder(deps, { deploymentId, sites: [], reason }) : null;
  const undecided = decidable ? await undecidedWork(deps, deploymentId) : null;
  return command(deps, about, (unit, draft) => {
    if (draft.row.status !== "needs_decision")
      throw new AppError("CONFLICT", `an intent that is ${draft.row.status} waits for no decision`);
    if (undecided === null) throw new AppError("CONFLICT", "the intent has come to wait for a decision only now; decide again");
    if (input.action === "resume") {
      draft.moveTo("running");
      draft.set({ failure: null });
      return enqueueResume(unit, deps, resumable(undecided));
    }
    if (input.action === "rollback") {
      if (order === null) throw new AppError("CONFLICT", "the intent has come to wait for a decision only now; decide again");
      draft.moveTo("running");
      enqueueRollback(unit, deps, order);
      return;
    }
    if (undecided.deployment.commits.length === 0)
      throw new AppError("CONFLICT", "nothing has been put out yet: let it go on later, or cancel it");
    draft.moveTo("completed");
    acceptDeployment(unit, deps, undecided);
    draft.event("intent.completed", { deploymentId, note: `accepted by ${by}: ${draft.row.failure?.message ?? ""}` });
  });
}

/** What a person wrote beside the decision; nothing when that was nothing. */
function reasonOf(text: string): { reason?: string } {
  return text === "" ? {} : { reason: text };
}

function awaitsApproval(row: Readonly<IntentRow>): void {
  if (row.status !== "awaiting_approval") throw new AppError("CONFLICT", `an intent that is ${row.status} waits for no approval`);
}
