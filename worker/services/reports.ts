// The one door of facts: an agent's report about its job becomes state and events in one batch, fenced by the lease.
import { and, eq, sql } from "drizzle-orm";
import { deployments, events, intents } from "../../drizzle/schema.ts";
import type { EventType } from "../../protocol/event.ts";
import type { ReportedFact, ReportRequest } from "../../protocol/report.ts";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { FactContext } from "./fact-context.ts";
import { applyFact } from "./facts.ts";
import { findIntent } from "./find.ts";
import { draftIntent } from "./intent-draft.ts";
import { guardLease, type JobRow, leasedJob, markRunning } from "./jobs.ts";
import { raceLost } from "./outcomes.ts";
import { answerStatus } from "./status.ts";
import { createUnit, Duplicate, GuardFailed } from "./unit.ts";
import { worldOf } from "./world.ts";

/** As it is, once more on the state as it is then, and last with a preparation turned into a lost race: that is what is left as the cause. */
const MAX_STORE_ATTEMPTS = 3;

/** Stores the facts that are new and says whether somebody wants the job stopped. Throws LEASE_LOST for a stale lease. */
export async function applyReport(deps: Deps, agentId: string, report: ReportRequest): Promise<{ cancelRequested: boolean }> {
  const job = await leasedJob(deps, agentId, report.lease);
  if (job.finishedAt !== null) return { cancelRequested: false }; // the answer to the last report was lost; all of it is stored
  let stored = await store(deps, job, await unseen(deps, report.facts));
  for (let attempt = 2; !stored.ok && attempt <= MAX_STORE_ATTEMPTS; attempt += 1) {
    const again = await leasedJob(deps, agentId, report.lease); // LEASE_LOST if that was the reason
    if (again.finishedAt !== null) return { cancelRequested: false };
    const facts = await unseen(deps, report.facts); // the same report may have been sent twice at once
    stored = await store(deps, again, attempt < MAX_STORE_ATTEMPTS ? facts : facts.map(raceLost));
  }
  if (!stored.ok) throw new AppError("CONFLICT", "the state of the intent has changed; report again", { cause: stored.error });
  return { cancelRequested: job.cancelRequestedBy !== null };
}

async function store(deps: Deps, job: JobRow, facts: ReportedFact[]): Promise<Result<void, GuardFailed | Duplicate>> {
  const intent = await deps.db.select().from(intents).where(eq(intents.id, job.intentId)).get();
  if (intent === undefined) throw new AppError("NOT_FOUND", "the job's intent does not exist");
  const deployment = job.deploymentId
    ? ((await deps.db.select().from(deployments).where(eq(deployments.id, job.deploymentId)).get()) ?? null)
    : null;
  const unit = createUnit(deps);
  guardLease(unit, job);
  markRunning(unit, deps, job);
  const draft = draftIntent(unit, deps, intent);
  const ownerRow = deployment !== null && deployment.intentId !== intent.id ? await findIntent(deps, deployment.intentId) : null;
  const owner = ownerRow === null ? draft : draftIntent(unit, deps, ownerRow);
  const [announced, loaded] = await Promise.all([announcedBefore(deps, job), loadFor(deps, job, facts)]);
  const checkpoint = { ...job.checkpoint };
  const context: FactContext = { ...{ deps, unit, job, draft, owner, deployment, checkpoint, announced }, ...loaded };
  for (const fact of facts) applyFact(context, fact);
  draft.write();
  if (owner !== draft) owner.write();
  try {
    await unit.commit();
    return ok(undefined);
  } catch (error) {
    if (error instanceof GuardFailed || error instanceof Duplicate) return err(error);
    throw error;
  }
}

/** What the end of a preparation is decided by; read only when it has come. */
async function loadFor(deps: Deps, job: JobRow, facts: ReportedFact[]): Promise<Pick<FactContext, "world" | "answer">> {
  const none = { world: null, answer: null };
  const outcome = facts.map(({ fact }) => (fact.type === "job.finished" ? fact.outcome.kind : null)).find((kind) => kind !== null);
  const said = facts.flatMap(({ fact }) => (fact.type === "stage.completed" ? [fact.result] : []));
  if (outcome === "prepared") {
    const plan = said.find((result) => result.stage === "plan")?.output.plan ?? job.checkpoint.plan?.plan;
    return plan === undefined ? none : { ...none, world: await worldOf(deps, plan, job.intentId) };
  }
  if (outcome !== "answer_due") return none;
  const understanding = said.find((result) => result.stage === "parse")?.output.understanding ?? job.checkpoint.parse?.understanding;
  return understanding === undefined ? none : { ...none, answer: await answerStatus(deps, understanding) };
}

/** What earlier attempts of this job have announced; the first attempt says nothing twice. */
async function announcedBefore(deps: Deps, job: JobRow): Promise<Set<EventType>> {
  if (job.attempt === 1) return new Set();
  const rows = await deps.db
    .selectDistinct({ type: events.type })
    .from(events)
    .where(and(eq(events.intentId, job.intentId), eq(events.jobId, job.id)));
  return new Set(rows.map((row) => row.type));
}

async function unseen(deps: Deps, facts: ReportedFact[]): Promise<ReportedFact[]> {
  const ids = JSON.stringify(facts.map((fact) => fact.id));
  const rows = await deps.db.select({ id: events.id }).from(events).where(sql`${events.id} in (select value from json_each(${ids}))`);
  const seen = new Set(rows.map((row) => row.id));
  return facts.filter((fact) => !seen.has(fact.id));
}
