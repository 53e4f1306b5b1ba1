// Agents: enrolment, heartbeats, who is online. Assignable (fresh heartbeat) and dead (lease over) are two thresholds.
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import { agents, jobs, tokens } from "../../drizzle/schema.ts";
import type { AgentView, EnrolRequest, HeartbeatRequest, HeartbeatResponse } from "../../protocol/agent.ts";
import { ASSIGNABLE_MS, TIMINGS } from "../../protocol/timings.ts";
import { MIN_PROTOCOL_VERSION } from "../../protocol/version.ts";
import { newSecret, sha256Hex } from "../auth.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import { reviewWaiting } from "./job-order.ts";
import { busyNow, endOtherInstances, reviewInflight } from "./jobs.ts";
import { observeSites, registerSites } from "./sites.ts";
import { createUnit, GuardFailed } from "./unit.ts";

export type AgentRow = typeof agents.$inferSelect;

const ENROLMENT_TTL_MS = 15 * 60_000; // long enough to paste one line into a shell on VM-1

/** A one-time token. It is shown once; D1 has its hash. */
export async function createEnrolment(deps: Deps, name: string): Promise<{ token: string; expiresAt: string }> {
  const token = newSecret("enr");
  const expiresAt = deps.now() + ENROLMENT_TTL_MS;
  await deps.db.insert(tokens).values({
    hash: await sha256Hex(token),
    id: deps.newId("tok", deps.now()),
    name,
    scopes: ["enrol"],
    createdAt: deps.now(),
    expiresAt,
  });
  return { token, expiresAt: new Date(expiresAt).toISOString() };
}

/** Exchanges the one-time token for the agent's own credential. The token is gone whether or not the answer arrives. */
export async function enrolAgent(deps: Deps, input: EnrolRequest): Promise<{ agentId: string; credential: string }> {
  const hash = await sha256Hex(input.token);
  const [spent] = await deps.db
    .delete(tokens)
    .where(and(eq(tokens.hash, hash), gt(tokens.expiresAt, deps.now()), sql`${tokens.scopes} = '["enrol"]'`))
    .returning();
  if (spent === undefined) throw new AppError("UNAUTHENTICATED", "the enrolment token is unknown, used or expired");
  const agentId = deps.newId("agt", deps.now());
  const credential = newSecret("agc");
  const unit = createUnit(deps);
  unit.add(
    deps.db.insert(agents).values({
      id: agentId,
      name: input.name,
      version: "",
      protocol: 0,
      labels: {},
      capabilities: [],
      slots: 0,
      sites: [],
      online: false,
      createdAt: deps.now(),
    }),
  );
  unit.add(
    deps.db.insert(tokens).values({
      hash: await sha256Hex(credential),
      id: deps.newId("tok", deps.now()),
      name: `agent ${input.name}`,
      scopes: ["agent"],
      agentId,
      createdAt: deps.now(),
    }),
  );
  await unit.commit();
  return { agentId, credential };
}

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
  if (input.sites !== undefined) registerSites(unit, deps, input.sites);
  const { protocol, instanceId, version, labels, capabilities, slots } = hello;
  const sites = input.sites === undefined ? {} : { sites: input.sites.map((site) => site.id) };
  await observeSites(unit, deps, { observations: input.observations ?? [], served: sites.sites ?? agent.sites });
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
        ...sites,
        online,
        lastHeartbeat: deps.now(),
        busy: busyNow(agentId),
      })
      .where(eq(agents.id, agentId)),
  );
  const wasOnline = agent.online && (agent.lastHeartbeat ?? 0) > deps.now() - ASSIGNABLE_MS;
  if (online !== wasOnline || input.sites !== undefined) reviewWaiting(unit, deps);
  if (online && !agent.online) unit.event({ type: "agent.online", data: { agentId, name: agent.name } });
  if (!online && agent.online) unit.event({ type: "agent.offline", data: { agentId, name: agent.name, reason: "stopped" } });
  await unit.commit().catch((error: unknown) => {
    throw error instanceof GuardFailed ? instanceReplaced(error) : error; // the newer one came while this was being served
  });
  deps.defer(noteSilentAgents(deps)); // after the commit: this one is not silent
  return {
    agentId,
    serverTime: new Date(deps.now()).toISOString(),
    timings: TIMINGS,
    ...(await reviewInflight(deps, agentId, hello.inflight)),
  };
}

/** The agent, if this is its newest instance. Instance ids sort by the time of boot. */
export async function currentAgent(deps: Deps, agentId: string, instanceId: string): Promise<AgentRow> {
  const agent = await deps.db.select().from(agents).where(eq(agents.id, agentId)).get();
  if (agent === undefined) throw new AppError("UNAUTHENTICATED", "this agent is not enrolled");
  if (agent.instanceId !== null && agent.instanceId > instanceId) throw instanceReplaced();
  return agent;
}

function instanceReplaced(cause?: unknown): AppError {
  return new AppError("INSTANCE_REPLACED", "a newer instance of this agent has started; this one must stop", { cause });
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
