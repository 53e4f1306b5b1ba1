// The only writer of job state: enqueue, claim, extend, note progress, finish. Everything is fenced by (job, attempt, lease).
import { and, eq, gt, isNull, lte, ne, sql } from "drizzle-orm";
import { type agents, jobSites, jobs } from "../../drizzle/schema.ts";
import { type ClaimedJob, JOB_MOVES, type JobInput, type JobState, type Lease } from "../../protocol/job.ts";
import { canMove } from "../../protocol/moves.ts";
import type { StageName } from "../../protocol/stage.ts";
import { ASSIGNABLE_MS, TIMINGS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { planContext } from "./slices.ts";
import type { Unit } from "./unit.ts";

export type JobRow = typeof jobs.$inferSelect;

/** A job that has crashed its agent this often is given up. */
export const MAX_ATTEMPTS = 5;

export interface NewJob {
  input: JobInput;
  priority: number;
  sites: string[]; // locked while the job runs; none for a preparation
}

export function enqueueJob(unit: Unit, deps: Deps, { input, priority, sites }: NewJob): string {
  const id = deps.newId("job", deps.now());
  unit.add(
    deps.db.insert(jobs).values({
      id,
      kind: input.kind,
      intentId: input.intentId,
      deploymentId: input.kind === "intent.prepare" ? null : input.deploymentId,
      input,
      checkpoint: {},
      state: "queued",
      priority,
      visibleAt: deps.now(),
      attempt: 0,
      createdAt: deps.now(),
    }),
  );
  for (const site of sites) unit.add(deps.db.insert(jobSites).values({ jobId: id, site, held: false }));
  unit.wake();
  return id;
}

/**
 * Takes the best eligible job in one statement: by priority, then age; the agent has a free slot and serves all sites of the
 * job; nobody else holds one of them, and no earlier job of at least this priority waits for one (or a job of many sites would
 * starve) that somebody could take: a job whose sites no agent serves must not stop the others.
 */
export async function claimJob(
  deps: Deps,
  agent: typeof agents.$inferSelect,
  { instanceId, slots }: { instanceId: string; slots: number },
): Promise<JobRow | null> {
  const now = deps.now();
  const leaseId = deps.newId("lease", now);
  const best = sql`(
    select j.id from jobs j
    where j.finished_at is null and j.visible_at <= ${now}
      and (select count(*) from jobs mine where mine.agent_id = ${agent.id} and mine.finished_at is null and mine.visible_at > ${now}) < ${slots}
      and not exists (
        select 1 from job_sites s where s.job_id = j.id
          and (s.site not in (select value from json_each(${JSON.stringify(agent.sites)})) or (s.held = 0 and s.site in (select site from job_sites where held = 1))))
      and not exists (
        select 1 from job_sites s join job_sites o on o.site = s.site and o.job_id < s.job_id join jobs q on q.id = o.job_id
        where s.job_id = j.id and q.priority >= j.priority and ${servable(now)})
    order by j.priority desc, j.id limit 1)`;
  const [claimed] = await deps.db.batch([
    deps.db
      .update(jobs)
      .set({
        state: "leased",
        attempt: sql`${jobs.attempt} + 1`,
        leaseId,
        agentId: agent.id,
        instanceId,
        visibleAt: now + TIMINGS.leaseMs,
        startedAt: sql`coalesce(${jobs.startedAt}, ${now})`,
      })
      .where(sql`${jobs.id} = ${best}`)
      .returning(),
    deps.db
      .update(jobSites)
      .set({ held: true })
      .where(
        sql`${jobSites.jobId} in (select id from jobs where lease_id = ${leaseId} and finished_at is null and agent_id = ${agent.id})`,
      ),
  ]);
  return claimed[0] ?? null;
}

/** The job `q` has an agent online that serves all of its sites. */
function servable(now: number) {
  return sql`exists (
    select 1 from agents a where a.online = 1 and a.last_heartbeat > ${now - ASSIGNABLE_MS}
      and not exists (select 1 from job_sites qs where qs.job_id = q.id and qs.site not in (select value from json_each(a.sites))))`;
}

/** What the agent is handed: the job, what earlier attempts completed, and the world the plan needs. */
export async function describeClaim(deps: Deps, job: JobRow): Promise<ClaimedJob> {
  return {
    lease: { jobId: job.id, attempt: job.attempt, leaseId: job.leaseId ?? "" },
    leaseMs: TIMINGS.leaseMs,
    priority: job.priority,
    input: job.input,
    checkpoint: job.checkpoint,
    context: await planContext(deps),
    cancelRequested: job.cancelRequestedBy !== null,
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
  unit.guard(sql`exists (select 1 from jobs where id = ${job.id} and finished_at is null and visible_at <= ${deps.now()})`);
}

export async function extendLease(deps: Deps, agentId: string, lease: Lease): Promise<{ cancelRequested: boolean }> {
  const [row] = await deps.db
    .update(jobs)
    .set({ visibleAt: deps.now() + TIMINGS.leaseMs })
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

export function finishJob(unit: Unit, deps: Deps, { job, state }: { job: JobRow; state: JobState }): void {
  if (!canMove(JOB_MOVES, job.state, state)) throw new AppError("CONFLICT", `a job that is ${job.state} cannot become ${state}`);
  unit.add(deps.db.update(jobs).set({ state, finishedAt: deps.now() }).where(eq(jobs.id, job.id)));
  unit.add(deps.db.delete(jobSites).where(eq(jobSites.jobId, job.id)));
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

/** Queue figures for metrics and health. */
export async function queueFigures(deps: Deps): Promise<{ depth: number; oldestAgeMs: number; running: number }> {
  const row = await deps.db
    .select({
      depth: sql<number>`coalesce(sum(${jobs.state} = 'queued'), 0)`,
      oldest: sql<number | null>`min(case when ${jobs.state} = 'queued' then ${jobs.createdAt} end)`,
      running: sql<number>`coalesce(sum(${jobs.state} <> 'queued' and ${lte(sql`${deps.now()}`, jobs.visibleAt)}), 0)`,
    })
    .from(jobs)
    .where(isNull(jobs.finishedAt))
    .get();
  return {
    depth: row?.depth ?? 0,
    oldestAgeMs: row?.oldest == null ? 0 : Math.max(0, deps.now() - row.oldest),
    running: row?.running ?? 0,
  };
}
