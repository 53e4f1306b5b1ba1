// The only writer of job state: enqueue, claim, extend, note progress, finish. Everything is fenced by (job, attempt, lease).
import { and, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { agents, intents, jobSites, jobs, siteLocks } from "../../drizzle/schema.ts";
import { type ClaimedJob, JOB_MOVES, type JobInput, type JobState, type Lease } from "../../protocol/job.ts";
import { canMove } from "../../protocol/moves.ts";
import type { StageName } from "../../protocol/stage.ts";
import { TIMINGS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { freeNext, noteWait, returnDue, taken, turnOf } from "./job-order.ts";
import { planContext } from "./slices.ts";
import type { Unit } from "./unit.ts";

export type JobRow = typeof jobs.$inferSelect;
type AgentRow = typeof agents.$inferSelect;

/** A job that has crashed its agent this often is given up. */
export const MAX_ATTEMPTS = 5;

export interface NewJob {
  input: JobInput;
  priority: number;
  sites: string[]; // locked while the job runs; none for a preparation
  visibleAt?: number; // not before this time: the end of a freeze window
  checkpoint?: JobRow["checkpoint"]; // what an earlier job has done of it
}

export function enqueueJob(unit: Unit, deps: Deps, { input, priority, sites, visibleAt = deps.now(), checkpoint = {} }: NewJob): string {
  const id = deps.newId("job", deps.now());
  unit.add(
    deps.db.insert(jobs).values({
      id,
      kind: input.kind,
      intentId: input.intentId,
      deploymentId: input.kind === "intent.prepare" ? null : input.deploymentId,
      sites,
      input,
      checkpoint,
      state: "queued",
      priority,
      visibleAt,
      timed: visibleAt > deps.now(),
      attempt: 0,
      createdAt: deps.now(),
    }),
  );
  for (const site of sites) unit.add(deps.db.insert(jobSites).values({ jobId: id, site, turn: turnOf({ id, priority }) }));
  if (sites.length > 0 && visibleAt <= deps.now()) noteWait(unit, deps, id);
  unit.wake();
  return id;
}

/** The best job this agent may have now; jobs that came back just now among them. */
export async function claimJob(deps: Deps, agent: AgentRow, claim: { instanceId: string; slots: number }): Promise<JobRow | null> {
  const found = await takeBest(deps, agent, claim);
  if (found !== null) return found;
  const returned = await returnDue(deps); // every heartbeat does this too: here it is for who would go idle
  return returned.length === 0 ? null : takeBest(deps, agent, claim);
}

/**
 * Takes the best eligible job in one statement: by priority, then age; the agent has a free slot and serves all sites of the
 * job, and nobody holds one of them or is before it there.
 */
async function takeBest(deps: Deps, agent: AgentRow, { instanceId, slots }: { instanceId: string; slots: number }): Promise<JobRow | null> {
  const now = deps.now();
  const leaseId = deps.newId("lease", now);
  // `busy` may be too high, never too low: the jobs themselves are counted only when it says that all slots are taken.
  const freeSlot = sql`((select busy from agents where id = ${agent.id}) < ${slots}
    or (select count(*) from jobs mine where mine.agent_id = ${agent.id} and mine.finished_at is null and mine.visible_at > ${now}) < ${slots})`;
  const best = sql`(
    select jobs.id from jobs indexed by jobs_claimable
    where finished_at is null and timed = 0 and blocked = 0 and ${freeSlot}
      and not exists (
        select 1 from json_each(jobs.sites) x where instr(${JSON.stringify(agent.sites)}, '"' || x.value || '"') = 0 or ${taken(now)})
    order by jobs.priority desc, jobs.id limit 1)`;
  const [claimed] = await deps.db.batch([
    deps.db
      .update(jobs)
      .set({
        state: "leased",
        attempt: sql`${jobs.attempt} + 1`,
        leaseId,
        agentId: agent.id,
        instanceId,
        timed: true,
        visibleAt: now + TIMINGS.leaseMs,
        startedAt: sql`coalesce(${jobs.startedAt}, ${now})`,
      })
      .where(sql`${jobs.id} = ${best}`)
      .returning(),
    deps.db
      .update(agents)
      .set({ busy: sql`${agents.busy} + 1` })
      .where(sql`${agents.id} = ${agent.id} and changes() = 1`),
    deps.db.insert(siteLocks).select(
      sql`select x.value, jobs.id from jobs, json_each(jobs.sites) x
        where jobs.lease_id = ${leaseId} and finished_at is null and jobs.attempt = 1`, // a later attempt holds them already
    ),
  ]);
  return claimed[0] ?? null;
}

/** How many open jobs the agent was given, for its row. */
export function busyNow(agentId: string) {
  return sql`(select count(*) from jobs where agent_id = ${agentId} and finished_at is null)`;
}

/** What the agent is handed: the job, what earlier attempts completed, and, for a preparation, the world the plan needs. */
export async function describeClaim(deps: Deps, job: JobRow): Promise<ClaimedJob> {
  const intent = deps.db.select({ traceparent: intents.traceparent }).from(intents).where(eq(intents.id, job.intentId)).get();
  const [context, trace] = await Promise.all([job.kind === "intent.prepare" ? planContext(deps) : null, intent]);
  return {
    lease: { jobId: job.id, attempt: job.attempt, leaseId: job.leaseId ?? "" },
    leaseMs: TIMINGS.leaseMs,
    priority: job.priority,
    input: job.input,
    checkpoint: job.checkpoint,
    context,
    cancelRequested: job.cancelRequestedBy !== null,
    traceparent: trace?.traceparent ?? null,
  };
}

/** The job if the lease is the current one, also after its end: a report that is sent twice must find its job. */
export async function leasedJob(deps: Deps, agentId: string, lease: Lease): Promise<JobRow> {
  const job = await deps.db.select().from(jobs).where(eq(jobs.id, lease.jobId)).get();
  const current = job?.agentId === agentId && job.attempt === lease.attempt && job.leaseId === lease.leaseId;
  if (job === undefined || !current) throw new AppError("LEASE_LOST", "another attempt has this job");
  return job;
}

/** Nothing is written unless this attempt still has the job, and nobody has asked to stop it since it was read. */
export function guardLease(unit: Unit, job: JobRow): void {
  unit.guard(
    sql`exists (select 1 from jobs where id = ${job.id} and attempt = ${job.attempt} and lease_id = ${job.leaseId}
      and finished_at is null and cancel_requested_by is ${job.cancelRequestedBy})`,
  );
}

/** Nothing is written unless the job is still waiting to be claimed, or its lease is over. */
export function guardUnclaimed(unit: Unit, deps: Deps, job: JobRow): void {
  unit.guard(
    sql`exists (select 1 from jobs where id = ${job.id} and finished_at is null and (state = 'queued' or visible_at <= ${deps.now()}))`,
  );
}

export async function extendLease(deps: Deps, agentId: string, lease: Lease): Promise<{ cancelRequested: boolean }> {
  const [row] = await deps.db
    .update(jobs)
    .set({ visibleAt: deps.now() + TIMINGS.leaseMs, timed: true })
    .where(
      and(
        eq(jobs.id, lease.jobId),
        eq(jobs.agentId, agentId),
        eq(jobs.attempt, lease.attempt),
        eq(jobs.leaseId, lease.leaseId),
        isNull(jobs.finishedAt),
        sql`${jobs.instanceId} = (select instance_id from agents where id = ${agentId})`, // an older instance keeps nothing alive
      ),
    )
    .returning({ cancelRequestedBy: jobs.cancelRequestedBy });
  if (row === undefined) throw new AppError("LEASE_LOST", "another attempt has this job");
  return { cancelRequested: row.cancelRequestedBy !== null };
}

export function markRunning(unit: Unit, deps: Deps, job: JobRow): void {
  if (job.state === "leased") unit.add(deps.db.update(jobs).set({ state: "running" }).where(eq(jobs.id, job.id)));
}

/** Keeps what a stage left behind; a re-claimed job starts after it. */
export function saveCheckpoint(unit: Unit, deps: Deps, { job, stage, output }: { job: JobRow; stage: StageName; output: object }): void {
  const path = `$.${stage}`;
  unit.add(
    deps.db
      .update(jobs)
      .set({ checkpoint: sql`json_set(${jobs.checkpoint}, ${path}, json(${JSON.stringify(output)}))` })
      .where(eq(jobs.id, job.id)),
  );
}

const ownerOf = (jobId: string) => sql`select agent_id from jobs where id = ${jobId} and finished_at is null`;

export function finishJob(unit: Unit, deps: Deps, { job, state }: { job: JobRow; state: JobState }): void {
  if (!canMove(JOB_MOVES, job.state, state)) throw new AppError("CONFLICT", `a job that is ${job.state} cannot become ${state}`);
  freeNext(unit, deps, job.id);
  unit.add(
    deps.db
      .update(agents)
      .set({ busy: sql`${agents.busy} - 1` })
      .where(sql`${agents.id} = (${ownerOf(job.id)})`),
  );
  unit.add(deps.db.update(jobs).set({ state, finishedAt: deps.now() }).where(eq(jobs.id, job.id)));
  unit.add(deps.db.delete(jobSites).where(eq(jobSites.jobId, job.id)));
  unit.add(deps.db.delete(siteLocks).where(eq(siteLocks.jobId, job.id)));
  unit.wake(); // a site or a slot is free now
}

/** Ends a job that nobody has in hand. A lease that ran out is void with it: its owner, should it come back, is told LEASE_LOST. */
export function withdrawJob(unit: Unit, deps: Deps, job: JobRow): void {
  finishJob(unit, deps, { job, state: "cancelled" });
  unit.add(deps.db.update(jobs).set({ leaseId: null }).where(eq(jobs.id, job.id)));
}

/** Nothing is written when the job has ended meanwhile: what follows it must be stopped instead. */
export function requestCancel(unit: Unit, deps: Deps, { job, by }: { job: JobRow; by: string }): void {
  unit.guard(sql`exists (select 1 from jobs where id = ${job.id} and finished_at is null)`);
  unit.add(
    deps.db
      .update(jobs)
      .set({ cancelRequestedBy: by })
      .where(and(eq(jobs.id, job.id), isNull(jobs.finishedAt))),
  );
}

export async function openJobOf(deps: Deps, intentId: string): Promise<JobRow | undefined> {
  return deps.db
    .select()
    .from(jobs)
    .where(and(eq(jobs.intentId, intentId), isNull(jobs.finishedAt)))
    .get();
}

/** A restarted agent does not wait for its own old leases: they end at once, and a late flush of facts still matches until somebody claims. */
export function endOtherInstances(unit: Unit, deps: Deps, { agentId, instanceId }: { agentId: string; instanceId: string }): void {
  unit.add(
    deps.db
      .update(jobs)
      .set({ visibleAt: deps.now() })
      .where(and(eq(jobs.agentId, agentId), ne(jobs.instanceId, instanceId), isNull(jobs.finishedAt), gt(jobs.visibleAt, deps.now()))),
  );
  unit.wake();
}

/** Of the jobs an agent believes to have: which are to be stopped, and which it has lost. */
export async function reviewInflight(deps: Deps, agentId: string, leases: Lease[]): Promise<{ cancel: string[]; lost: string[] }> {
  if (leases.length === 0) return { cancel: [], lost: [] };
  const ids = JSON.stringify(leases.map((lease) => lease.jobId));
  const rows = await deps.db.select().from(jobs).where(sql`${jobs.id} in (select value from json_each(${ids}))`);
  const current = (lease: Lease) =>
    rows.find((row) => row.id === lease.jobId && row.agentId === agentId && row.leaseId === lease.leaseId && row.finishedAt === null);
  return {
    cancel: leases.filter((lease) => current(lease)?.cancelRequestedBy != null).map((lease) => lease.jobId),
    lost: leases.filter((lease) => current(lease) === undefined).map((lease) => lease.jobId),
  };
}
