// Handing out work: claim, and give up jobs that have crashed their agents too often.
import { eq } from "drizzle-orm";
import { deployments, intents } from "../../drizzle/schema.ts";
import type { ClaimRequest, ClaimResponse } from "../../protocol/agent.ts";
import type { EventType } from "../../protocol/event.ts";
import type { StageFailure } from "../../protocol/stage.ts";
import type { Deps } from "../deps.ts";
import { currentAgent } from "./agents.ts";
import { findIntent } from "./find.ts";
import { draftIntent } from "./intent-draft.ts";
import { claimJob, describeClaim, guardLease, type JobRow, MAX_ATTEMPTS } from "./jobs.ts";
import { applyOutcome } from "./outcomes.ts";
import { createUnit } from "./unit.ts";

const MAX_GIVEN_UP_PER_CLAIM = 10; // a bound; the next claim goes on

export async function claimFor(deps: Deps, agentId: string, request: ClaimRequest): Promise<ClaimResponse> {
  const agent = await currentAgent(deps, agentId, request.instanceId);
  for (let given = 0; given < MAX_GIVEN_UP_PER_CLAIM; given += 1) {
    const job = await claimJob(deps, agent, { instanceId: request.instanceId, slots: Math.min(request.slots, agent.slots) });
    if (job === null) return { job: null };
    if (job.attempt <= MAX_ATTEMPTS) return { job: await describeClaim(deps, job) };
    await giveUp(deps, job);
  }
  return { job: null };
}

/** The job goes to `dead`, its intent to failed, as if the agent had said so. */
async function giveUp(deps: Deps, job: JobRow): Promise<void> {
  const intent = await deps.db.select().from(intents).where(eq(intents.id, job.intentId)).get();
  if (intent === undefined) return;
  const deployment = job.deploymentId
    ? ((await deps.db.select().from(deployments).where(eq(deployments.id, job.deploymentId)).get()) ?? null)
    : null;
  const unit = createUnit(deps);
  guardLease(unit, job);
  const draft = draftIntent(unit, deps, intent);
  const failure: StageFailure = {
    stage: job.kind === "intent.prepare" ? "parse" : job.kind === "intent.apply" ? "push" : "rollback",
    reason: "attempts_exhausted",
    message: `the job ended its agent ${MAX_ATTEMPTS} times and was given up`,
    retryable: true,
  };
  const about = { id: deps.newId("evt", deps.now()), at: deps.now(), jobId: job.id };
  const ownerRow = deployment !== null && deployment.intentId !== intent.id ? await findIntent(deps, deployment.intentId) : null;
  const owner = ownerRow === null ? draft : draftIntent(unit, deps, ownerRow);
  const context = {
    ...{ deps, unit, job, draft, owner, deployment, checkpoint: job.checkpoint, announced: new Set<EventType>() },
    world: null,
    answer: null,
  };
  applyOutcome(context, { kind: "failed", failure }, about);
  draft.write();
  if (owner !== draft) owner.write();
  await unit.commit();
}
