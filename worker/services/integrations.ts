// The language models of all agents: taken in from heartbeats, shown from what is stored. Nobody is asked while they are read,
// so a backend that hangs delays no one.
import { and, eq, gt, sql } from "drizzle-orm";
import type * as z from "zod";
import { agents, integrations } from "../../drizzle/schema.ts";
import type { EventData } from "../../protocol/event.ts";
import type { IntegrationList } from "../../protocol/integration-api.ts";
import { Integration, type IntegrationView, type Routing } from "../../protocol/llm.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import type { Deps } from "../deps.ts";
import { readRouting } from "./routing.ts";
import type { Unit } from "./unit.ts";

type Row = typeof integrations.$inferSelect;

const LOOKS_MS = 60_000; // how often figures are stored when nothing else is new: every write is billed
const HELD_MS = 30_000; // a status between healthy and degraded stands so long before the other is taken: a backend may fail every second question

interface Told {
  agentId: string;
  integrations: readonly Integration[];
}

/** Writes what differs from the rows of this agent. The feed hears of what came, went, changed its health or its place in the router. */
export async function noteIntegrations(unit: Unit, deps: Deps, { agentId, integrations: told }: Told): Promise<void> {
  const rows = await deps.db.select().from(integrations).where(eq(integrations.agentId, agentId));
  const known = new Map(rows.map((row) => [row.id, row]));
  const here = new Map(told.map((report) => [report.id, report]));
  const now = deps.now();
  for (const [id, report] of here) {
    const row = known.get(id);
    if (row !== undefined && !isNews(row, report, now)) continue;
    const stored = { report, updatedAt: now };
    unit.add(
      deps.db
        .insert(integrations)
        .values({ agentId, id, ...stored })
        .onConflictDoUpdate({ target: [integrations.agentId, integrations.id], set: stored }),
    );
    for (const change of changesOf(row?.report, report))
      event(unit, { agentId, provider: id, change, status: report.status, message: report.error ?? "" });
  }
  for (const { id } of rows.filter((row) => !here.has(row.id))) {
    unit.add(deps.db.delete(integrations).where(and(eq(integrations.agentId, agentId), eq(integrations.id, id))));
    event(unit, { agentId, provider: id, change: "gone", status: null, message: "" });
  }
}

type Change = Extract<EventData<"integration.updated">, { kind: "backend" }>["change"];

function event(unit: Unit, data: Omit<Extract<EventData<"integration.updated">, { kind: "backend" }>, "kind">): void {
  unit.event({ type: "integration.updated", data: { kind: "backend", ...data } });
}

function changesOf(before: Integration | undefined, after: Integration): Change[] {
  if (before === undefined) return ["found"];
  const moved: Change = after.connected ? "connected" : "disconnected";
  return [...(before.status === after.status ? [] : ["status" as const]), ...(before.connected === after.connected ? [] : [moved])];
}

function isNews({ report: before, updatedAt }: Row, after: Integration, now: number): boolean {
  if (JSON.stringify(before) === JSON.stringify(after)) return false;
  return facts(before) !== facts(after) || now - updatedAt >= (before.status === after.status ? LOOKS_MS : HELD_MS);
}

/** What is stored at once. The rest moves with every look and every question. */
function facts(integration: Integration): string {
  const { latencyMs: _latency, lastChecked: _checked, stats: _stats, error: _error, arm, status, breaker, ...rest } = integration;
  const there = status === "degraded" ? "healthy" : status;
  return JSON.stringify({ ...rest, there, resting: breaker.state !== "closed", percent: arm?.percent ?? null });
}

export interface Place {
  agentId: string;
  agent: string; // its name
  online: boolean;
  report: Integration;
}

/** Where the backends are: all of them, or those of one id. */
export async function placesOf(deps: Deps, id?: string): Promise<Place[]> {
  const { name, online, lastHeartbeat } = agents;
  const rows = await deps.db
    .select({ agentId: integrations.agentId, report: integrations.report, name, online, lastHeartbeat })
    .from(integrations)
    .innerJoin(agents, eq(agents.id, integrations.agentId))
    .where(id === undefined ? undefined : eq(integrations.id, id))
    .orderBy(agents.id, integrations.id);
  const fresh = deps.now() - ASSIGNABLE_MS;
  return rows.map((row) => ({
    agentId: row.agentId,
    agent: row.name,
    online: row.online && (row.lastHeartbeat ?? 0) > fresh,
    report: row.report,
  }));
}

const Brief = Integration.pick({ id: true, type: true, configured: true, status: true, connected: true });
type Brief = z.infer<typeof Brief>;
/** The report in D1 is long, and some of this is read by whoever asks, without a token. */
const BRIEF = sql<string>`json_object('id', report ->> '$.id', 'type', report ->> '$.type', 'configured', report -> '$.configured',
  'status', report ->> '$.status', 'connected', report -> '$.connected')`;

/** The backends of the agents that are online, in a few words each. */
export async function briefsOf(deps: Deps): Promise<Brief[]> {
  const rows = await deps.db
    .select({ brief: BRIEF })
    .from(integrations)
    .innerJoin(agents, eq(agents.id, integrations.agentId))
    .where(and(eq(agents.online, true), gt(agents.lastHeartbeat, deps.now() - ASSIGNABLE_MS)))
    .orderBy(agents.id, integrations.id);
  return rows.map(({ brief }) => Brief.parse(JSON.parse(brief)));
}

/** As the routers ask them: by the order that is set, what it does not name after it, agent by agent. */
export async function listIntegrations(deps: Deps): Promise<IntegrationList> {
  const [places, routing] = await Promise.all([placesOf(deps), readRouting(deps)]);
  const rank = ({ report }: Place) => {
    const at = routing.order.indexOf(report.id);
    return report.type === "rules" ? routing.order.length + 1 : at < 0 ? routing.order.length : at;
  };
  const ofEach = [...Map.groupBy(places, (place) => place.agentId).values()];
  const sorted = ofEach.flatMap((own) => own.sort((a, b) => rank(a) - rank(b)));
  return { integrations: sorted.map((place) => view(place, routing)), timestamp: new Date(deps.now()).toISOString() };
}

/** `connected` is what is set: the agent obeys within one heartbeat, and nobody should see the old state after a command was taken. */
function view({ agentId, agent, online, report }: Place, routing: Routing): IntegrationView {
  const { latencyMs, lastChecked, error, ...rest } = report;
  const trouble = online ? error : "its agent is offline";
  return {
    ...rest,
    status: online ? rest.status : "offline",
    connected: !routing.disconnected.includes(report.id),
    agent_id: agentId,
    agent,
    model_count: report.models.length,
    latency_ms: latencyMs,
    last_checked: lastChecked,
    ...(trouble === null ? {} : { error: trouble }),
  };
}
