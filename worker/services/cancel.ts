// Cancelling an intent: at once when nobody works on it, else by its agent, which tells what it had done.
import { and, eq } from "drizzle-orm";
import { deploymentSites, deployments } from "../../drizzle/schema.ts";
import type { IntentAccepted } from "../../protocol/api.ts";
import { SETTLED_INTENT_STATUSES } from "../../protocol/intent.ts";
import type { StageFailure } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { agentsOnline } from "./agents.ts";
import { accepted, type Command, command } from "./command.ts";
import { findIntent } from "./find.ts";
import { once } from "./idempotency.ts";
import { restore, retireReplaced } from "./in-force.ts";
import { guardUnclaimed, type JobRow, openJobOf, requestCancel, withdrawJob } from "./jobs.ts";
import { asBeforeRollback } from "./setbacks.ts";
import { createUnit, GuardFailed, type Unit } from "./unit.ts";

/** A waiting intent is cancelled at once; a running one by its agent, within seconds, which lists what it had done. */
export async function cancelIntent(deps: Deps, about: Omit<Command<null>, "input">): Promise<IntentAccepted> {
  for (let attempt = 1; ; attempt += 1) {
    const job = await openJobOf(deps, about.intentId);
    const intent = await findIntent(deps, about.intentId);
    if (intent.status === "cancelled") return accepted(intent); // asking again changes nothing
    try {
      if (job !== undefined && inHands(job, deps.now()) && !(await abandoned(deps, job))) return await cancelByAgent(deps, about, job);
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

/** Its lease is over and nobody is online who could take it up: what was done last cannot be found out now. */
async function abandoned(deps: Deps, { visibleAt, sites }: JobRow): Promise<boolean> {
  return visibleAt <= deps.now() && (await agentsOnline(deps, sites)) === 0;
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

const GONE = "an agent had it and is gone: what it did last is not known";

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
    const effects = deployment?.commit == null ? [] : [`commit ${deployment.commit} is in the repository`];
    if (job !== undefined && job.attempt > 0) effects.push(GONE);
    // The queued rollback of a settled intent is withdrawn; the intent stays what it was.
    const settled = job?.kind === "deployment.rollback" && SETTLED_INTENT_STATUSES.includes(draft.row.status);
    if (!settled) {
      draft.moveTo("cancelled");
      draft.set({ effects });
    }
    if (deployment !== undefined && job?.kind === "deployment.rollback") {
      const status = job.attempt === 0 ? asBeforeRollback(job) : "failed"; // nobody can tell what was taken back
      unit.add(deps.db.update(deployments).set({ status, updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
      giveBack(unit, deps, deployment);
    } else if (deployment !== undefined) {
      unit.add(deps.db.update(deployments).set({ status: "failed", updatedAt: deps.now() }).where(eq(deployments.id, deployment.id)));
      unit.add(
        deps.db
          .update(deploymentSites)
          .set({ state: "failed", message: "cancelled", updatedAt: deps.now() })
          .where(and(eq(deploymentSites.deploymentId, deployment.id), eq(deploymentSites.state, "pending"))),
      );
      giveBack(unit, deps, deployment);
    }
    if (!settled) draft.event("intent.cancelled", { by, effects });
    else if (job.attempt > 0 && deployment !== undefined) {
      const message = `the rollback was cancelled by ${by}: ${GONE}`;
      const failure: StageFailure = { stage: "rollback", reason: "rollback_failed", message, retryable: true };
      draft.event("rollback.failed", { deploymentId: deployment.id, failure }, { jobId: job.id });
    }
  });
}

/** Sites that no commit has reached have what they had before. */
function giveBack(unit: Unit, deps: Deps, { id: deploymentId, plan, commits }: typeof deployments.$inferSelect): void {
  const reached = commits.flatMap((wave) => wave.sites);
  restore(unit, deps, { deploymentId, plan, sites: plan.sites.filter((site) => !reached.includes(site)) });
  retireReplaced(unit, deps, plan);
}
