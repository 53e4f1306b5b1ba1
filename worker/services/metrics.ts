// Prometheus text, built per scrape from D1: counters kept in an isolate would lie, as there are many and they come and go. What grows
// with time is read from tallies; the rest is what is the case now, and no more than sites, slices in force and open work.
import { eq, sql } from "drizzle-orm";
import { alerts, intents, jobs, sites, sliceSites, tallies } from "../../drizzle/schema.ts";
import { IntentStatus, SETTLED_INTENT_STATUSES } from "../../protocol/intent.ts";
import { SiteStatus } from "../../protocol/site.ts";
import type { Deps } from "../deps.ts";
import { agentsOnline } from "./agents.ts";
import { objectivesInForce } from "./openslo.ts";
import { BUCKETS_SECONDS, INTENT_TOTAL, PROCESSING_SECONDS } from "./tallies.ts";

type Labels = Record<string, string>;
type Sample = { suffix?: string; labels: Labels; value: number };
type Family = [name: string, type: "counter" | "gauge" | "histogram", help: string, samples: Sample[]];

export async function renderMetrics(deps: Deps): Promise<string> {
  const families = await Promise.all([intentFamilies(deps), siteFamilies(deps), queueFamilies(deps), watchFamilies(deps)]);
  return families.flat().map(render).join("");
}

async function intentFamilies(deps: Deps): Promise<Family[]> {
  const under = IntentStatus.options.filter((status) => !SETTLED_INTENT_STATUSES.includes(status));
  const [tallied, now] = await Promise.all([
    deps.db.select().from(tallies),
    deps.db
      .select({ status: intents.status, count: sql<number>`count(*)` })
      .from(intents)
      .where(sql`${intents.status} in (select value from json_each(${JSON.stringify(under)}))`)
      .groupBy(intents.status),
  ]);
  const of = (family: string) => tallied.filter((row) => row.family === family);
  const count = new Map<string, number>(now.map((row) => [row.status, row.count]));
  return [
    [
      "intent_total",
      "counter",
      "Intents that came to this end, by service type; one that is taken back later counts at both.",
      of(INTENT_TOTAL).map((row) => ({ labels: row.labels, value: row.count })),
    ],
    [
      "intent_processing_seconds",
      "histogram",
      "Time until an intent reached the stage, since it was received.",
      histogram(of(PROCESSING_SECONDS)),
    ],
    [
      "intents_open",
      "gauge",
      "Intents that have not come to an end, by status.",
      under.map((status) => ({ labels: { status }, value: count.get(status) ?? 0 })),
    ],
  ];
}

/** Rows hold what fell into each bucket alone; Prometheus wants what fell into it or below. */
function histogram(rows: (typeof tallies.$inferSelect)[]): Sample[] {
  return [...Map.groupBy(rows, (row) => row.labels.stage ?? "")].flatMap(([stage, own]) => {
    let below = 0;
    const buckets = [...BUCKETS_SECONDS.map(String), "+Inf"].map((le) => {
      below += own.find((row) => row.labels.le === le)?.count ?? 0;
      return { suffix: "_bucket", labels: { stage, le }, value: below };
    });
    const sum = own.reduce((total, row) => total + row.sum, 0);
    return [...buckets, { suffix: "_sum", labels: { stage }, value: sum }, { suffix: "_count", labels: { stage }, value: below }];
  });
}

async function siteFamilies(deps: Deps): Promise<Family[]> {
  const [known, shares] = await Promise.all([
    deps.db.select({ id: sites.id, status: sites.status, config: sites.config }).from(sites).where(eq(sites.ready, true)).orderBy(sites.id),
    deps.db
      .select({
        site: sliceSites.site,
        slices: sql<number>`count(*)`,
        downlinkMbps: sql<number>`sum(${sliceSites.downlinkMbps})`,
        uplinkMbps: sql<number>`sum(${sliceSites.uplinkMbps})`,
        maxDevices: sql<number>`sum(${sliceSites.maxDevices})`,
      })
      .from(sliceSites)
      .groupBy(sliceSites.site),
  ]);
  const share = new Map(shares.map((row) => [row.site, row]));
  const statuses = known.flatMap(({ id, status }) =>
    SiteStatus.options.map((option) => ({ labels: { edge_site: id, status: option }, value: option === status ? 1 : 0 })),
  );
  const resources = [
    ["downlinkMbps", "downlink_mbps"],
    ["uplinkMbps", "uplink_mbps"],
    ["maxDevices", "devices"],
  ] as const;
  const perResource = (read: (site: (typeof known)[number], key: "downlinkMbps" | "uplinkMbps" | "maxDevices") => number) =>
    known.flatMap((site) => resources.map(([key, resource]) => ({ labels: { edge_site: site.id, resource }, value: read(site, key) })));
  const seen = known.filter(({ status }) => status !== "unknown");
  return [
    [
      "edge_site_healthy",
      "gauge",
      "1 while a site is well, 0 while it is degraded or cannot be reached; none before it was looked at.",
      seen.map(({ id, status }) => ({ labels: { edge_site: id }, value: status === "healthy" ? 1 : 0 })),
    ],
    ["site_status", "gauge", "1 for the status the site has now, 0 for the others.", statuses],
    [
      "active_deployments",
      "gauge",
      "Slices that hold something at the edge site.",
      known.map(({ id }) => ({ labels: { edge_site: id }, value: share.get(id)?.slices ?? 0 })),
    ],
    [
      "site_capacity_declared",
      "gauge",
      "What the site can carry, in the unit that the resource names.",
      perResource((site, key) => site.config.capacity[key]),
    ],
    ["site_capacity_used", "gauge", "What slices hold of it.", perResource((site, key) => share.get(site.id)?.[key] ?? 0)],
  ];
}

async function queueFamilies(deps: Deps): Promise<Family[]> {
  const rows = await deps.db
    .select({ state: jobs.state, timed: jobs.timed, count: sql<number>`count(*)`, since: sql<number>`min(${jobs.visibleAt})` })
    .from(jobs)
    .where(sql`finished_at is null`)
    .groupBy(jobs.state, jobs.timed);
  const sum = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).reduce((total, row) => total + row.count, 0);
  const waiting = rows.find((row) => row.state === "queued" && !row.timed);
  const states = {
    waiting: waiting?.count ?? 0,
    frozen: sum((row) => row.state === "queued" && row.timed),
    running: sum((row) => row.state !== "queued" && row.timed),
    lease_lost: sum((row) => row.state !== "queued" && !row.timed),
  };
  const age = waiting === undefined ? 0 : Math.max(0, deps.now() - waiting.since) / 1000;
  return [
    ["jobs_open", "gauge", "Jobs by what they wait for.", Object.entries(states).map(([state, value]) => ({ labels: { state }, value }))],
    ["job_queue_depth", "gauge", "Jobs that wait for an agent.", [{ labels: {}, value: states.waiting }]],
    ["job_queue_oldest_age_seconds", "gauge", "How long the oldest of them could have been claimed.", [{ labels: {}, value: age }]],
    ["jobs_running", "gauge", "Jobs under a live lease.", [{ labels: {}, value: states.running }]],
  ];
}

async function watchFamilies(deps: Deps): Promise<Family[]> {
  const [online, objectives, firing] = await Promise.all([
    agentsOnline(deps),
    objectivesInForce(deps),
    deps.db
      .select({ kind: alerts.kind, severity: alerts.severity, count: sql<number>`count(*)` })
      .from(alerts)
      .where(eq(alerts.status, "firing"))
      .groupBy(alerts.kind, alerts.severity),
  ]);
  return [
    ["agents_online", "gauge", "Agents with a fresh heartbeat.", [{ labels: {}, value: online }]],
    [
      "slice_objective",
      "gauge",
      "What a live slice is to keep at a site, in the unit of its metric.",
      objectives.map(({ site, slice, name, comparator, threshold }) => ({
        labels: { edge_site: site, slice, objective: name, comparator },
        value: threshold,
      })),
    ],
    [
      "alerts_firing",
      "gauge",
      "Alerts that fire now.",
      firing.map(({ kind, severity, count }) => ({ labels: { kind, severity }, value: count })),
    ],
  ];
}

function render([name, type, help, samples]: Family): string {
  const lines = samples.map(({ suffix = "", labels, value }) => {
    const pairs = Object.entries(labels).map(
      ([key, text]) => `${key}="${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    );
    return `${name}${suffix}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ""].join("\n");
}
