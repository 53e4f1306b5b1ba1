// What a person may say about an existing intent: answer, approve, reject, decide, cancel. Each is one guarded move.
import { and, eq, sql } from "drizzle-orm";
import { deploymentSites, deployments } from "../../drizzle/schema.ts";
import type { IntentAccepted } from "../../protocol/api.ts";
import type { ClarificationAnswers, DecisionAction } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { rollbackOrder } from "./deployments.ts";
import { enqueueApply, enqueuePrepare, enqueueResume, enqueueRollback, type Prepared } from "./enqueue.ts";
import { findIntent } from "./find.ts";
import { type IdempotencyKey, once } from "./idempotency.ts";
import { restore, retireReplaced } from "./in-force.ts";
import { draftIntent, type IntentDraft, type IntentRow } from "./intent-draft.ts";
import { preparedPackage } from "./intents.ts";
import { guardUnclaimed, type JobRow, openJobOf, requestCancel, withdrawJob } from "./jobs.ts";
import { resolveSites } from "./sites.ts";
import { acceptDeployment, undecidedWork } from "./undecided.ts";
import { createUnit, Duplicate, GuardFailed, type Unit } from "./unit.ts";
import { reasonsToApprove, type World, worldOf } from "./world.ts";

export interface Command<T> {
  intentId: string;
  by: string;
  idempotency: IdempotencyKey | null;
  input: T;
}

/** Adds what was missing to the text and prepares again. */
export async function answerIntent(deps: Deps, { input, ...about }: Command<ClarificationAnswers>): Promise<IntentAccepted> {
  const targetSites = input.targetSites === undefined ? undefined : await resolveSites(deps, input.targetSites, "targetSites");
  return command(deps, about, (unit, draft) => {
    if (draft.row.status !== "needs_clarification") throw new AppError("CONFLICT", `an intent that is ${draft.row.status} asks nothing`);
    draft.moveTo("received");
    const answers = { ...draft.row.answers, ...input, ...(targetSites === undefined ? {} : { targetSites }) };
    draft.set({ answers, sites: targetSites ?? draft.row.sites });
    enqueuePrepare(unit, deps, draft.row);
  });
}

/** Bound to the digest of exactly what will be pushed. */
export async function approveIntent(deps: Deps, { input, ...about }: Command<{ digest: string }>): Promise<IntentAccepted> {
  const { by } = about;
  const prepared = await preparedPackage(deps, about.intentId);
  const world = prepared === null ? null : await worldOf(deps, prepared.plan, about.intentId);
  return command(deps, about, (unit, draft) => {
    awaitsApproval(draft.row);
    if (world?.policy.approval.fourEyes === true && draft.row.createdBy === by)
      throw new AppError("FORBIDDEN", "the policy wants four eyes: who asked for a change may not approve it");
    if (prepared === null || world === null || prepared.digest !== input.digest || draft.row.digest !== input.digest)
      throw new AppError("DIGEST_MISMATCH", "the digest is not the one of the package that would be pushed");
    draft.event("approval.decided", { decision: "approved", by, digest: input.digest });
    carryOut(unit, deps, { draft, prepared: { ...prepared, approvedBy: by }, world });
  });
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
    if (reasons.length > 0 && world.policy.approval.fourEyes && draft.row.createdBy === about.by) {
      draft.moveTo("awaiting_approval"); // somebody else must have a look
      draft.set({ approvalReasons: reasons });
      return draft.event("approval.requested", { digest: prepared.digest, reasons });
    }
    carryOut(unit, deps, { draft, prepared: { ...prepared, approvedBy: about.by }, world });
  });
}

export async function rejectIntent(deps: Deps, { input, ...about }: Command<{ reason: string }>): Promise<IntentAccepted> {
  const { by } = about;
  return command(deps, about, (_unit, draft) => {
    awaitsApproval(draft.row);
    draft.moveTo("rejected");
    draft.event("approval.decided", { decision: "rejected", by, digest: draft.row.digest ?? "" });
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
      return enqueueResume(unit, deps, undecided);
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

/** A waiting intent is cancelled at once; a running one by its agent, within seconds, which lists what it had done. */
export async function cancelIntent(deps: Deps, about: Omit<Command<null>, "input">): Promise<IntentAccepted> {
  for (let attempt = 1; ; attempt += 1) {
    const job = await openJobOf(deps, about.intentId);
    const intent = await findIntent(deps, about.intentId);
    if (intent.status === "cancelled") return accepted(intent); // asking again changes nothing
    try {
      if (job !== undefined && inHands(job, deps.now())) return await cancelByAgent(deps, about, job);
      return await cancelAtOnce(deps, about, { job, deploymentId: job?.deploymentId ?? intent.deploymentId });
    } catch (error) {
      const movedMeanwhile = error instanceof GuardFailed || (error instanceof AppError && error.cause instanceof GuardFailed);
      if (!movedMeanwhile || attempt === MAX_CANCEL_ATTEMPTS) throw error;
    }
  }
}

const MAX_CANCEL_ATTEMPTS = 5; // a preparation ends, its application is queued, is claimed, ends: after that nothing follows

/** Somebody works on it, or did and may have changed the world without having said so yet: only an agent can tell what is done. */
function inHands(job: JobRow, now: number): boolean {
  const leased = job.state !== "queued" && job.visibleAt > now; // a queued one that is not visible waits for a freeze to end
  return leased || (job.attempt > 0 && job.kind !== "intent.prepare");
}

async function cancelByAgent(
  deps: Deps,
  { intentId, by, idempotency }: Omit<Command<null>, "input">,
  job: JobRow,
): Promise<IntentAccepted> {
  const answer = await once<IntentAccepted>(deps, idempotency, async (remember) => {
    const unit = createUnit(deps);
    requestCancel(unit, deps, { job, by });
    const answered = { status: 202, body: accepted(await findIntent(deps, intentId)) };
    remember(unit, answered);
    await unit.commit();
    deps.defer(deps.room.cancel(job.id));
    return answered;
  });
  return answer.body;
}

interface AtRest {
  job: JobRow | undefined; // queued, or none while a person is waited for
  deploymentId: string | null;
}

async function cancelAtOnce(deps: Deps, about: Omit<Command<null>, "input">, { job, deploymentId }: AtRest): Promise<IntentAccepted> {
  const { by } = about;
  const deployment = deploymentId ? await deps.db.select().from(deployments).where(eq(deployments.id, deploymentId)).get() : undefined;
  return command(deps, about, (unit, draft) => {
    if (job !== undefined) {
      guardUnclaimed(unit, deps, job);
      withdrawJob(unit, deps, job);
    }
    draft.moveTo("cancelled");
    const effects = deployment?.commit == null ? [] : [`commit ${deployment.commit} is in the repository`];
    draft.set({ effects });
    if (deployment !== undefined && job?.kind === "deployment.rollback") {
      // Nothing of it has begun: the deployment is what its intent made of it.
      const status = sql`case (select status from intents where id = ${deployment.intentId}) when 'completed' then 'live' else 'failed' end`;
      unit.add(deps.db.update(deployments).set({ status, updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
    } else if (deployment !== undefined) {
      unit.add(deps.db.update(deployments).set({ status: "failed", updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
      unit.add(
        deps.db
          .update(deploymentSites)
          .set({ state: "failed", message: "cancelled", updatedAt: deps.now() })
          .where(and(eq(deploymentSites.deploymentId, deployment.id), eq(deploymentSites.state, "pending"))),
      );
      const reached = deployment.commits.flatMap((wave) => wave.sites);
      const { plan } = deployment;
      restore(unit, deps, { deploymentId: deployment.id, plan, sites: plan.sites.filter((site) => !reached.includes(site)) });
      retireReplaced(unit, deps, plan);
    }
    draft.event("intent.cancelled", { by, effects });
  });
}

function awaitsApproval(row: Readonly<IntentRow>): void {
  if (row.status !== "awaiting_approval") throw new AppError("CONFLICT", `an intent that is ${row.status} waits for no approval`);
}

const CHANGED = "the state has changed meanwhile, or another deployment took the capacity, the name or the S-NSSAI; read the intent again";

/** Runs one command on a fresh draft; when the state moved under it, once more, so that the caller gets the reason and not a race. */
async function command(
  deps: Deps,
  { intentId, idempotency }: Pick<Command<null>, "intentId" | "idempotency">,
  act: (unit: Unit, draft: IntentDraft) => void,
): Promise<IntentAccepted> {
  const answer = await once<IntentAccepted>(deps, idempotency, async (remember) => {
    for (let attempt = 1; ; attempt += 1) {
      const unit = createUnit(deps);
      const draft = draftIntent(unit, deps, await findIntent(deps, intentId));
      act(unit, draft);
      draft.write();
      const answered = { status: 202, body: accepted(draft.row) };
      remember(unit, answered);
      try {
        await unit.commit();
        return answered;
      } catch (error) {
        if (!(error instanceof GuardFailed || error instanceof Duplicate)) throw error;
        if (attempt === 2) throw new AppError("CONFLICT", CHANGED, { cause: error });
      }
    }
  });
  return answer.body;
}

function accepted(row: Readonly<IntentRow>): IntentAccepted {
  return { intentId: row.id, status: row.status };
}
