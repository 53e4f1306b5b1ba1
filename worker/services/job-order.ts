// Who is before whom at the sites: by priority, then age. `blocked` remembers the answer, so that a claim need not ask every waiting
// job; it is no promise: the claim asks again, exactly, of the job it takes. What must never be is a job left blocked for nobody.
import { type SQL, sql } from "drizzle-orm";
import { jobs } from "../../drizzle/schema.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import type { Unit } from "./unit.ts";

const MAX_PRIORITY = 10;

/** Sorts as the line at a site does: higher priority first, then the older. */
export function turnOf({ id, priority }: { id: string; priority: number }): string {
  return `${String(MAX_PRIORITY - priority).padStart(2, "0")}${id}`;
}

const OWN_TURN = sql.raw(`printf('%02d', ${MAX_PRIORITY} - jobs.priority) || jobs.id`);

/** The job `q` is due, and has an agent online that serves all of its sites. One that nobody can take must not stop the others. */
function takeable(now: number): SQL {
  return sql`q.timed = 0 and exists (
    select 1 from agents a where a.online = 1 and a.last_heartbeat > ${now - ASSIGNABLE_MS}
      and not exists (select 1 from json_each(q.sites) w where instr(a.sites, '"' || w.value || '"') = 0))`;
}

/**
 * The site `x.value` is not for the row of `jobs`: another one holds it, or waits there before it (or a job of many sites would
 * starve). One that holds it already, as its lease is over, waits for nobody. `leaving` is about to end and counts no more.
 */
export function taken(now: number, leaving = ""): SQL {
  return sql`case (select l.job_id from site_locks l where l.site = x.value and l.job_id <> ${leaving})
    when jobs.id then 0
    else exists (select 1 from site_locks l where l.site = x.value and l.job_id <> ${leaving}) or exists (
      select 1 from job_sites o join jobs q on q.id = o.job_id
      where o.site = x.value and o.turn < ${OWN_TURN} and o.job_id <> ${leaving} and ${takeable(now)})
    end`;
}

function mustWait(now: number, leaving = ""): SQL {
  return sql`exists (select 1 from json_each(jobs.sites) x where ${taken(now, leaving)})`;
}

/** For a job that was just put into the queue with its sites. */
export function noteWait(unit: Unit, deps: Deps, jobId: string): void {
  const where = sql`${jobs.id} = ${jobId} and ${mustWait(deps.now())}`;
  unit.add(deps.db.update(jobs).set({ blocked: true }).where(where));
}

/** Before the sites of an ending job are free: whoever is first at one of them, and waits for nothing else, may be claimed. */
export function freeNext(unit: Unit, deps: Deps, jobId: string): void {
  const now = deps.now();
  const first = sql`(
    select o.job_id from job_sites o join jobs q on q.id = o.job_id
    where o.site = f.site and o.job_id <> ${jobId} and ${takeable(now)}
    order by o.turn limit 1)`;
  const where = sql`${jobs.id} in (select ${first} from job_sites f where f.job_id = ${jobId}) and blocked = 1 and not ${mustWait(now, jobId)}`;
  unit.add(deps.db.update(jobs).set({ blocked: false }).where(where));
}

/** Whenever somebody else can take something else: an agent came, went, or serves other sites. After that was written, in the same unit. */
export function reviewWaiting(unit: Unit, deps: Deps): void {
  const where = sql`finished_at is null and state = 'queued' and kind <> 'intent.prepare' and timed = 0 and blocked <> ${mustWait(deps.now())}`;
  unit.add(deps.db.update(jobs).set({ blocked: sql`1 - blocked` }).where(where));
  unit.wake();
}

/** Jobs whose time has come, a freeze that is over or a lease that ran out, are in the line again. For heartbeats, and for who finds nothing. */
export function returnDue(deps: Deps) {
  const now = deps.now();
  const where = sql`finished_at is null and timed = 1 and visible_at <= ${now}`;
  return deps.db
    .update(jobs)
    .set({ timed: false, blocked: sql`${mustWait(now)}` })
    .where(where)
    .returning({ id: jobs.id });
}
