// Prometheus text, built per scrape from D1: counters kept in an isolate would lie, as there are many and they come and go.
import { and, eq, isNotNull, isNull, lte, ne, sql } from "drizzle-orm";
import { events, intents, jobs, sites } from "../../drizzle/schema.ts";
import type { Deps } from "../deps.ts";
import { agentsOnline } from "./agents.ts";
import { objectivesInForce } from "./openslo.ts";
import { deploymentsPerSite } from "./sites.ts";

type Labels = Record<string, string>;
type Sample = { suffix?: string; labels: Labels; value: number };

const BUCKETS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export async function renderMetrics(deps: Deps): Promise<string> {
  const [totals, stages, perSite, queue, online, objectives, health] = await Promise.all([
    deps.db
      .select({ serviceType: intents.serviceType, status: intents.status, count: sql<number>`count(*)` })
      .from(intents)
      .groupBy(intents.serviceType, intents.status),
    stageDurations(deps),
    deploymentsPerSite(deps),
    queueFigures(deps),
    agentsOnline(deps),
    objectivesInForce(deps),
    deps.db
      .select({ site: sites.id, status: sites.status })
      .from(sites)
      .where(and(eq(sites.ready, true), ne(sites.status, "unknown")))
      .orderBy(sites.id),
  ]);
  return [
    family(
      "intent_total",
      { type: "gauge", help: "Intents by service type and the status they have now." },
      totals.map((row) => ({
        labels: { service_type: row.serviceType ?? "unknown", status: row.status },
        value: row.count,
      })),
    ),
    family(
      "intent_processing_seconds",
      { type: "histogram", help: "Time until an intent reached the stage, since it was received." },
      stages,
    ),
    family(
      "active_deployments",
      { type: "gauge", help: "Live slices per edge site." },
      perSite.map(({ site, count }) => ({
        labels: { edge_site: site },
        value: count,
      })),
    ),
    family("job_queue_depth", { type: "gauge", help: "Jobs that wait for an agent." }, [{ labels: {}, value: queue.depth }]),
    family("job_queue_oldest_age_seconds", { type: "gauge", help: "Age of the oldest waiting job." }, [
      { labels: {}, value: queue.oldestAgeMs / 1000 },
    ]),
    family("jobs_running", { type: "gauge", help: "Jobs under a live lease." }, [{ labels: {}, value: queue.running }]),
    family("agents_online", { type: "gauge", help: "Agents with a fresh heartbeat." }, [{ labels: {}, value: online }]),
    family(
      "edge_site_healthy",
      { type: "gauge", help: "1 while a site is well, 0 while it is degraded or cannot be reached; none before it was looked at." },
      health.map(({ site, status }) => ({ labels: { edge_site: site }, value: status === "healthy" ? 1 : 0 })),
    ),
    family(
      "slice_objective",
      { type: "gauge", help: "What a live slice is to keep at a site, in the unit of its metric." },
      objectives.map(({ site, slice, name, comparator, threshold }) => ({
        labels: { edge_site: site, slice, objective: name, comparator },
        value: threshold,
      })),
    ),
  ].join("");
}

/** One row per stage: how many intents reached it within each bucket, in all, and the sum of the times. */
async function stageDurations(deps: Deps): Promise<Sample[]> {
  const seconds = sql`(${events.at} - ${intents.createdAt}) / 1000.0`;
  const buckets = Object.fromEntries(BUCKETS_SECONDS.map((le) => [`b${le}`, sql<number>`sum(${seconds} <= ${le})`]));
  const rows = await deps.db
    .select({ stage: events.stage, count: sql<number>`count(*)`, sum: sql<number>`sum(${seconds})`, ...buckets })
    .from(events)
    .innerJoin(intents, eq(intents.id, events.intentId))
    .where(and(isNotNull(events.stage), isNotNull(events.intentId)))
    .groupBy(events.stage);
  return rows.flatMap((row) => {
    const stage = row.stage ?? "";
    const counts: Record<string, unknown> = row;
    return [
      ...BUCKETS_SECONDS.map((le) => ({ suffix: "_bucket", labels: { stage, le: String(le) }, value: Number(counts[`b${le}`]) })),
      { suffix: "_bucket", labels: { stage, le: "+Inf" }, value: row.count },
      { suffix: "_sum", labels: { stage }, value: row.sum },
      { suffix: "_count", labels: { stage }, value: row.count },
    ];
  });
}

function family(name: string, { type, help }: { type: string; help: string }, samples: Sample[]): string {
  const lines = samples.map(({ suffix = "", labels, value }) => {
    const pairs = Object.entries(labels).map(
      ([key, text]) => `${key}="${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    );
    return `${name}${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}

/** Queue figures for metrics and health. */
async function queueFigures(deps: Deps): Promise<{ depth: number; oldestAgeMs: number; running: number }> {
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
