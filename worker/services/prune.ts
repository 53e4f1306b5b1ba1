// Retention, run by cron: what nobody needs any more leaves D1. Delivery never depends on this.
import { and, isNotNull, lt, sql } from "drizzle-orm";
import { audit, events, idempotency, integrations, jobs, siteTasks, tickets } from "../../drizzle/schema.ts";
import type { Deps } from "../deps.ts";
import { pruneAssurance, settleAlerts } from "./alert-upkeep.ts";
import { readPolicy } from "./policy.ts";
import { pruneSamples } from "./samples.ts";
import { expireTasks } from "./site-task-reports.ts";

const DAY_MS = 24 * 3600_000;
const EVENT_RETENTION_MS = 90 * DAY_MS; // the feed; states and evidence stay
const JOB_RETENTION_MS = 30 * DAY_MS; // finished jobs carry rendered files
const IDEMPOTENCY_RETENTION_MS = 2 * DAY_MS; // no client retries for longer
const CHECK_RETENTION_MS = 30 * DAY_MS; // of the checks of sites; the site keeps the newest results
const AUDIT_RETENTION_MS = 400 * DAY_MS; // more than a year, as alerts and samples: an audit looks at one
const INTEGRATION_RETENTION_MS = 7 * DAY_MS; // of an agent that is gone: shown as offline until then
const SAMPLES_PER_RUN = 100_000; // a bound for one statement; measurements prune as well

export async function prune(deps: Deps): Promise<void> {
  const now = deps.now();
  await deps.db.batch([
    // From the front only, so that the feed has no hole: the times are those of the agents' clocks.
    deps.db
      .delete(events)
      .where(sql`${events.seq} < coalesce((select min(seq) from events where at >= ${now - EVENT_RETENTION_MS}), 9e18)`),
    deps.db.delete(jobs).where(and(isNotNull(jobs.finishedAt), lt(jobs.finishedAt, now - JOB_RETENTION_MS))),
    deps.db.delete(idempotency).where(lt(idempotency.createdAt, now - IDEMPOTENCY_RETENTION_MS)),
    deps.db.delete(tickets).where(lt(tickets.expiresAt, now)),
    deps.db.delete(audit).where(sql`${audit.seq} < coalesce((select min(seq) from audit where at >= ${now - AUDIT_RETENTION_MS}), 9e18)`), // without an index
    deps.db
      .delete(integrations)
      .where(sql`${integrations.agentId} in (select id from agents where coalesce(last_heartbeat, 0) < ${now - INTEGRATION_RETENTION_MS})`),
    // Cluster work stays: a removal must know what was made.
    deps.db
      .delete(siteTasks)
      .where(sql`${siteTasks.kind} = 'check' and ${siteTasks.state} <> 'open' and ${siteTasks.updatedAt} < ${now - CHECK_RETENTION_MS}`),
  ]);
  await expireTasks(deps);
  await settleAlerts(deps, await readPolicy(deps));
  await pruneAssurance(deps);
  await pruneSamples(deps, SAMPLES_PER_RUN);
}
