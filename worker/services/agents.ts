// Agents: heartbeats, who is online. Assignable (fresh heartbeat) and dead (lease over) are two thresholds.
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { agents, jobs, sites } from "../../drizzle/schema.ts";
import type { AgentView, HeartbeatRequest, HeartbeatResponse } from "../../protocol/agent.ts";
import type { SiteConfig } from "../../protocol/site.ts";
import { ASSIGNABLE_MS, TIMINGS } from "../../protocol/timings.ts";
import { MIN_PROTOCOL_VERSION } from "../../protocol/version.ts";
import type { Deps } from "../deps.ts";
import { AppError, invalidField } from "../errors.ts";
import { noteIntegrations } from "./integrations.ts";
import { returnDue, reviewWaiting } from "./job-order.ts";
import { busyNow, endOtherInstances, reviewInflight } from "./jobs.ts";
import { guidance } from "./routing.ts";
import { registerSites, takeOverSites } from "./site-registry.ts";
import { observeSites } from "./site-state.ts";
import { expireTasks } from "./site-task-reports.ts";
import { openTasks } from "./site-tasks.ts";
import { createUnit, Duplicate, GuardFailed } from "./unit.ts";

export type AgentRow = typeof agents.$inferSelect;

/** Throws INSTANCE_REPLACED for an instance that is older than the one known, PROTOCOL_TOO_OLD for an old wire. */
export async function heartbeat(deps: Deps, agentId: string, input: HeartbeatRequest): Promise<HeartbeatResponse> {
  const { hello } = input;
  if (hello.protocol < MIN_PROTOCOL_VERSION)
    throw new AppError(
      "PROTOCOL_TOO_OLD",
      `this agent speaks protocol ${hello.protocol}; ${MIN_PROTOCOL_VERSION} or newer is served, upgrade it`,
    );
  const agent = await currentAgent(deps, agentId, hello.instanceId);
  const unit = createUnit(deps);
  unit.guard(sql`exists (select 1 from agents where id = ${agentId} and coalesce(instance_id, '') <= ${hello.instanceId})`);
  const online = !input.stopping;
  if (agent.instanceId !== hello.instanceId) endOtherInstances(unit, deps, { agentId, instanceId: hello.instanceId });
  if (input.sites !== undefined) await registerSites(unit, deps, { agentId, configs: input.sites });
  else takeOverSites(unit, deps, { agentId, served: agent.sites });
  const { protocol, instanceId, version, labels, capabilities, slots } = hello;
  const registered = input.sites?.map((site) => site.id) ?? [];
  const shown = await observeSites(unit, deps, { agentId, observations: input.observations ?? [], registered });
  const served = [...new Set([...(input.sites === undefined ? agent.sites : registered), ...shown])];
  unit.add(
    deps.db
      .update(agents)
      .set({
        protocol,
        instanceId,
        version,
        labels,
        capabilities,
        slots,
        ...(served.length === agent.sites.length && input.sites === undefined ? {} : { sites: served }),
        online,
        lastHeartbeat: deps.now(),
        busy: busyNow(agentId),
      })
      .where(eq(agents.id, agentId)),
  );
  if (input.integrations !== undefined) await noteIntegrations(unit, deps, { agentId, integrations: input.integrations });
  unit.add(returnDue(deps));
  const wasOnline = agent.online && (agent.lastHeartbeat ?? 0) > deps.now() - ASSIGNABLE_MS;
  if (online !== wasOnline || input.sites !== undefined || served.length !== agent.sites.length) reviewWaiting(unit, deps);
  if (online && !agent.online) unit.event({ type: "agent.online", data: { agentId, name: agent.name } });
  if (!online && agent.online) unit.event({ type: "agent.offline", data: { agentId, name: agent.name, reason: "stopped" } });
  await unit.commit().catch(async (error: unknown) => {
    if (!(error instanceof GuardFailed) && !(error instanceof Duplicate)) throw error;
    await currentAgent(deps, agentId, hello.instanceId); // throws when a newer one came while this was being served
    throw new AppError("CONFLICT", "an alert about a site changed at the same moment; send it again", { cause: error });
  });
  deps.defer(noteSilentAgents(deps)); // after the commit: this one is not silent
  deps.defer(expireTasks(deps));
  const [inflight, added, tasks, guided] = await Promise.all([
    reviewInflight(deps, agentId, hello.inflight),
    addedSites(deps, agentId),
    openTasks(deps, agentId),
    guidance(deps),
  ]);
  return {
    agentId,
    serverTime: new Date(deps.now()).toISOString(),
    timings: TIMINGS,
    ...inflight,
    sites: added,
    tasks,
    ...guided,
  };
}

/** Sites that were added through the API and given to this agent, also those whose checks have not passed: their clusters may be made. */
async function addedSites(deps: Deps, agentId: string): Promise<SiteConfig[]> {
  const rows = await deps.db
    .select({ config: sites.config })
    .from(sites)
    .where(and(eq(sites.agentId, agentId), isNull(sites.declared)))
    .orderBy(sites.id);
  return rows.map(({ config }) => config);
}

/** The agent, if this is its newest instance. Instance ids sort by the time of boot. */
export async function currentAgent(deps: Deps, agentId: string, instanceId: string): Promise<AgentRow> {
  const agent = await deps.db.select().from(agents).where(eq(agents.id, agentId)).get();
  if (agent === undefined) throw new AppError("UNAUTHENTICATED", "this agent is not enrolled");
  if (agent.instanceId !== null && agent.instanceId > instanceId) throw instanceReplaced();
  return agent;
}

function instanceReplaced(): AppError {
  return new AppError("INSTANCE_REPLACED", "a newer instance of this agent has started; this one must stop");
}

/** Agents that went silent without a goodbye: the feed says so once. Asked for by whoever looks: heartbeats, health checks, cron. */
export async function noteSilentAgents(deps: Deps): Promise<void> {
  const late = deps.now() - ASSIGNABLE_MS;
  const silent = await deps.db
    .select()
    .from(agents)
    .where(and(eq(agents.online, true), lt(agents.lastHeartbeat, late)));
  for (const agent of silent) {
    const unit = createUnit(deps);
    unit.guard(sql`exists (select 1 from agents where id = ${agent.id} and online = 1 and last_heartbeat < ${late})`);
    unit.add(deps.db.update(agents).set({ online: false }).where(eq(agents.id, agent.id)));
    reviewWaiting(unit, deps);
    unit.event({ type: "agent.offline", data: { agentId: agent.id, name: agent.name, reason: "no heartbeat" } });
    await unit.commit().catch((error: unknown) => {
      if (!(error instanceof GuardFailed)) throw error; // somebody else has said it, or it is back
    });
  }
}

/** The agent that is meant, by id or name, or the only one there is. Throws CONFLICT when it is not online, VALIDATION when it is not clear. */
export async function onlineAgent(deps: Deps, ref: string | undefined): Promise<string> {
  const rows = await deps.db
    .select({ id: agents.id, name: agents.name, online: agents.online, lastHeartbeat: agents.lastHeartbeat })
    .from(agents)
    .orderBy(agents.id);
  const online = rows.filter((row) => row.online && (row.lastHeartbeat ?? 0) > deps.now() - ASSIGNABLE_MS);
  const meant = ref === undefined ? online : online.filter(({ id, name }) => id === ref || name === ref);
  const [agent, another] = meant;
  if (agent !== undefined && another === undefined) return agent.id;
  if (agent !== undefined)
    throw invalidField("agent", `name one of the agents that are online: ${meant.map(({ id, name }) => `${name} (${id})`).join(", ")}`);
  if (ref === undefined) throw new AppError("CONFLICT", "no agent is online that could reach the site");
  if (rows.some(({ id, name }) => id === ref || name === ref)) throw new AppError("CONFLICT", `agent ${ref} is not online`);
  throw invalidField("agent", `no agent is called ${JSON.stringify(ref)}`);
}

/** Agents with a fresh heartbeat that serve all of the given sites. */
export async function agentsOnline(deps: Deps, sites: readonly string[] = []): Promise<number> {
  const unserved = sql`select 1 from json_each(${JSON.stringify(sites)}) where value not in (select value from json_each(${agents.sites}))`;
  const row = await deps.db
    .select({ count: sql<number>`count(*)` })
    .from(agents)
    .where(and(eq(agents.online, true), gt(agents.lastHeartbeat, deps.now() - ASSIGNABLE_MS), sql`not exists (${unserved})`))
    .get();
  return row?.count ?? 0;
}

export async function onlineAgentIds(deps: Deps): Promise<string[]> {
  const rows = await deps.db
    .select({ id: agents.id })
    .from(agents)
    .where(and(eq(agents.online, true), gt(agents.lastHeartbeat, deps.now() - ASSIGNABLE_MS)))
    .orderBy(agents.id);
  return rows.map(({ id }) => id);
}

export async function listAgents(deps: Deps): Promise<AgentView[]> {
  const [rows, running] = await Promise.all([
    deps.db.select().from(agents).orderBy(agents.id),
    deps.db
      .select({ agentId: jobs.agentId, count: sql<number>`count(*)` })
      .from(jobs)
      .where(and(isNull(jobs.finishedAt), gt(jobs.visibleAt, deps.now())))
      .groupBy(jobs.agentId),
  ]);
  return rows.map((row) => {
    const age = row.lastHeartbeat === null ? Number.POSITIVE_INFINITY : deps.now() - row.lastHeartbeat;
    const status = !row.online && age > ASSIGNABLE_MS ? "offline" : age > ASSIGNABLE_MS ? "stale" : row.online ? "online" : "offline";
    return {
      agentId: row.id,
      name: row.name,
      status,
      version: row.version,
      protocol: row.protocol,
      slots: row.slots,
      running: running.find((entry) => entry.agentId === row.id)?.count ?? 0,
      capabilities: row.capabilities,
      labels: row.labels,
      sites: row.sites,
      lastHeartbeat: row.lastHeartbeat === null ? null : new Date(row.lastHeartbeat).toISOString(),
      createdAt: new Date(row.createdAt).toISOString(),
    };
  });
}
