// What a monitor shows at a moment: figures, edges and services, out of D1. Reads only, and only over indexes that cover the
// question or a bounded number of rows: it is asked for often, however many intents there are.
import { and, count, desc, eq, gt, isNull } from "drizzle-orm";
import type { BatchResponse } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { agents, events, externalEdges, intents, jobs, sites, sliceSites, slices } from "../drizzle/schema.ts";
import type { EdgeStatuses, MonitorEdge, MonitorMetrics, MonitorState, PipelineStatus, Services } from "../protocol/monitor.ts";
import { ASSIGNABLE_MS } from "../protocol/timings.ts";
import { currentOf, headQueries, PIPELINE_STATUS, toHeads } from "./monitor-pipelines.ts";

const MEAN_OVER = 100; // the newest that completed; a mean over all would read them all

/** An isolate is not told when it was started, and while it is loaded the clock stands still. */
let servingSince: number | null = null;

/** Said with every request: the first one tells since when the isolate serves. */
export function noteServing(now: number): void {
  servingSince ??= now;
}

export async function readMonitorState(d1: D1Database, now: number = Date.now()): Promise<MonitorState> {
  noteServing(now);
  const db = drizzle(d1);
  const { createdAt, updatedAt, status } = intents;
  const [totals, completed, live, queue, online, last, own, reported, ...edges] = await db.batch([
    db.select({ status, count: count() }).from(intents).groupBy(status),
    db.select({ createdAt, updatedAt }).from(intents).where(eq(status, "completed")).orderBy(desc(intents.id)).limit(MEAN_OVER),
    db.select({ count: count() }).from(slices).where(isNull(slices.removedAt)),
    db
      .select({ count: count() })
      .from(jobs)
      .where(and(isNull(jobs.finishedAt), eq(jobs.state, "queued"))),
    db
      .select({ count: count() })
      .from(agents)
      .where(and(eq(agents.online, true), gt(agents.lastHeartbeat, now - ASSIGNABLE_MS))),
    db.select({ at: events.at }).from(events).orderBy(desc(events.seq)).limit(1),
    ...headQueries(db),
    ...edgeQueries(db),
  ]);
  const sum = (...wanted: PipelineStatus[]) =>
    totals.filter((row) => wanted.includes(PIPELINE_STATUS[row.status])).reduce((total, row) => total + row.count, 0);
  const [successful, failed] = [sum("completed"), sum("failed", "rolled_back")];
  const ended = successful + failed;
  const times = completed.reduce((total, row) => total + row.updatedAt - row.createdAt, 0);
  const metrics: MonitorMetrics = {
    total_intents: totals.reduce((total, row) => total + row.count, 0),
    successful_intents: successful,
    failed_intents: failed,
    avg_processing_time: completed.length === 0 ? 0 : times / completed.length,
    success_rate: ended === 0 ? 0 : (100 * successful) / ended,
    active_slices: live[0]?.count ?? 0,
    queue_size: queue[0]?.count ?? 0,
    current_stage: currentOf(toHeads(own, reported))?.stage ?? "idle",
    last_update: last[0] === undefined ? null : iso(last[0].at),
    uptime_ms: now - (servingSince ?? now),
  };
  const edge_status = toEdges(...edges);
  return { metrics, edge_status, services: servicesOf(edge_status, online[0]?.count ?? 0) };
}

/** The edges alone, as they are now. */
export async function readEdges(d1: D1Database): Promise<EdgeStatuses> {
  const db = drizzle(d1);
  return toEdges(...(await db.batch(edgeQueries(db))));
}

function edgeQueries(db: DrizzleD1Database) {
  const { id, status, commit, lastSync } = sites;
  return [
    db.select({ id, status, commit, lastSync }).from(sites).orderBy(id),
    db.select({ site: sliceSites.site, count: count() }).from(sliceSites).groupBy(sliceSites.site),
    db.select().from(externalEdges).orderBy(externalEdges.edge),
  ] as const;
}

type EdgeRows = BatchResponse<ReturnType<typeof edgeQueries>>;

/** What others say of a site of ours stands beside what our agents have seen, never in its place. */
function toEdges(...[own, held, reported]: EdgeRows): EdgeStatuses {
  const edges = new Map<string, MonitorEdge>();
  for (const { id, status, commit, lastSync } of own) {
    const deployments = held.find((row) => row.site === id)?.count ?? 0;
    edges.set(id, { status, last_sync: lastSync === null ? null : iso(lastSync), commit, deployments });
  }
  for (const { edge, status, metadata, updatedAt } of reported) {
    const external = { status, metadata, updated_at: iso(updatedAt) };
    edges.set(edge, { ...(edges.get(edge) ?? { status, last_sync: null, commit: null, deployments: 0 }), external });
  }
  return Object.fromEntries(edges);
}

const SERVICE_WORDS = new Map<string, Services[string]>([
  ["healthy", "healthy"],
  ["degraded", "unhealthy"],
  ["unreachable", "offline"],
]);

/** Whoever can answer this has a worker and a database. */
function servicesOf(edges: EdgeStatuses, agentsOnline: number): Services {
  const sites = Object.entries(edges).map(([id, edge]) => [id, SERVICE_WORDS.get(edge.status) ?? "unknown"] as const);
  return { ...Object.fromEntries(sites), worker: "healthy", d1: "healthy", agents: agentsOnline > 0 ? "healthy" : "offline" };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
