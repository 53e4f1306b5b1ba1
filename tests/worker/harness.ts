// A world for one test: tokens of each scope, an agent with its credential and sites, and calls through the worker's front door.
// It seeds what an installation has before the first request; everything else goes through the routes.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import type * as z from "zod";
import { AgentHello, ClaimResponse, type HeartbeatRequest, HeartbeatResponse, type SiteObservation } from "../../protocol/agent.ts";
import { IntentAccepted, IntentRecord } from "../../protocol/api.ts";
import { ErrorBody } from "../../protocol/errors.ts";
import { newId } from "../../protocol/ids.ts";
import type { ClaimedJob, Lease } from "../../protocol/job.ts";
import { type Fact, type ReportedFact, ReportResponse } from "../../protocol/report.ts";
import { SiteConfig } from "../../protocol/site.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { createApp } from "../../worker/app.ts";
import { newSecret, sha256Hex } from "../../worker/auth.ts";
import type { Bindings } from "../../worker/env.ts";

export const ORIGIN = "http://control.test";

export interface Answer {
  status: number;
  headers: Headers;
  body: unknown; // parsed JSON, or the text when it is none
  /** The body as the schema has it; throws with the whole answer when it is something else. */
  as<T extends z.ZodType>(schema: T): z.infer<T>;
}

export interface CallOptions {
  token?: string;
  body?: unknown; // sent as JSON
  raw?: BodyInit; // sent as it is
  headers?: Record<string, string>;
}

export async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
  return readAnswer(await exports.default.fetch(request(method, path, options)));
}

export function request(method: string, path: string, { token, body, raw, headers = {} }: CallOptions = {}): Request {
  const sent = new Headers(headers);
  if (token !== undefined) sent.set("authorization", `Bearer ${token}`);
  if (body !== undefined && !sent.has("content-type")) sent.set("content-type", "application/json");
  const payload = body === undefined ? raw : JSON.stringify(body);
  return new Request(`${ORIGIN}${path}`, { method, headers: sent, ...(payload === undefined ? {} : { body: payload }) });
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const body = parseOr(text);
  return {
    status: response.status,
    headers: response.headers,
    body,
    as: (schema) => {
      const parsed = schema.safeParse(body);
      if (!parsed.success) throw new Error(`${response.status} ${text.slice(0, 2000)}: ${parsed.error.message}`);
      return parsed.data;
    },
  };
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Status, code and the named fields of a refusal: what a caller can act on. */
export function refusal(answer: Answer): { status: number; code: string; fields?: string[] } {
  const { error } = answer.as(ErrorBody);
  return { status: answer.status, code: error.code, ...(error.details ? { fields: error.details.map((issue) => issue.field) } : {}) };
}

export interface TokenSeed {
  scopes: string[];
  agentId?: string;
  expiresAt?: number;
  revokedAt?: number;
}

/** A bearer token as the store keeps it; returns the secret. */
export async function seedToken({ scopes, agentId, expiresAt, revokedAt }: TokenSeed): Promise<string> {
  const secret = newSecret("tst");
  await env.DB.prepare(
    "insert into tokens (hash, id, name, scopes, agent_id, created_at, expires_at, revoked_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
  )
    .bind(
      await sha256Hex(secret),
      newId("tok"),
      `${scopes.join("+")} token`,
      JSON.stringify(scopes),
      agentId ?? null,
      Date.now(),
      expiresAt ?? null,
      revokedAt ?? null,
    )
    .run();
  return secret;
}

export interface World {
  admin: string;
  operate: string;
  read: string;
  agent: TestAgent;
  sites: string[];
}

/** `sites` are called edge1, edge2, …; the agent has announced itself and serves all of them. */
export async function createWorld({ sites = 1, slots = 4 }: { sites?: number; slots?: number } = {}): Promise<World> {
  const ids = Array.from({ length: sites }, (_, index) => `edge${index + 1}`);
  const [admin, operate, read, agent] = await Promise.all([
    seedToken({ scopes: ["admin"] }),
    seedToken({ scopes: ["operate"] }),
    seedToken({ scopes: ["read"] }),
    createAgent({ sites: ids, slots }),
  ]);
  return { admin, operate, read, agent, sites: ids };
}

/** A site as an agent's configuration declares it. */
export function siteConfig(id: string, patch: Partial<SiteConfig> = {}): SiteConfig {
  return SiteConfig.parse({
    id,
    kube: { url: `http://127.0.0.1:8790/sites/${id}/kube` },
    o2ims: { url: `http://127.0.0.1:8790/sites/${id}/o2ims` },
    prometheus: { url: `http://127.0.0.1:8790/sites/${id}/prometheus` },
    capacity: { downlinkMbps: 10_000, uplinkMbps: 10_000, maxDevices: 1_000_000 },
    ...patch,
  });
}

/** What an agent's health loop says of a site that is well. */
export function observation(site: string, patch: Partial<SiteObservation> = {}): SiteObservation {
  const components = { sync: "healthy", o2ims: "healthy", metrics: "healthy" } as const;
  return { site, status: "healthy", message: "", commit: null, components, drift: null, ...patch };
}

export interface TestAgent {
  id: string;
  credential: string;
  instanceId: string;
  sites: string[];
  slots: number;
  hello(patch?: Partial<AgentHello>): AgentHello;
  heartbeat(body?: Partial<HeartbeatRequest>): Promise<HeartbeatResponse>;
  claim(): Promise<ClaimedJob | null>;
  /** Claims, and fails when there is nothing. */
  take(): Promise<ClaimedJob>;
  report(job: { lease: Lease }, facts: Fact[]): Promise<Answer>;
  /** Reports facts that have their ids already: what an outbox sends again. */
  resend(job: { lease: Lease }, facts: ReportedFact[]): Promise<Answer>;
  extend(job: { lease: Lease }): Promise<Answer>; // body: ExtendResponse
  /** The same agent, started again: same credential, a newer instance. Says nothing until its first heartbeat. */
  restarted(): TestAgent;
}

export interface AgentSeed {
  sites: string[];
  slots?: number;
  configs?: SiteConfig[];
}

/** Enrolled and announced, with its sites registered by its first heartbeat, as a started agent is. */
export async function createAgent({ sites, slots = 4, configs }: AgentSeed): Promise<TestAgent> {
  const id = newId("agt");
  await env.DB.prepare(
    `insert into agents (id, name, version, protocol, labels, capabilities, slots, sites, online, created_at)
     values (?, 'test agent', '', 0, '{}', '[]', 0, '[]', 0, ?)`,
  )
    .bind(id, Date.now())
    .run();
  const credential = await seedToken({ scopes: ["agent"], agentId: id });
  const agent = testAgent({ id, credential, instanceId: newId("inst"), sites, slots });
  await agent.heartbeat({ sites: configs ?? sites.map((site) => siteConfig(site)) });
  return agent;
}

type Identity = Pick<TestAgent, "id" | "credential" | "instanceId" | "sites" | "slots">;

function testAgent(identity: Identity): TestAgent {
  const { credential, instanceId, slots } = identity;
  const post = (route: string, body: unknown) => call("POST", `/agent/v1/${route}`, { token: credential, body });
  const agent: TestAgent = {
    ...identity,
    hello: (patch = {}) =>
      AgentHello.parse({
        ...{ protocol: PROTOCOL_VERSION, instanceId, version: "1.2.3", labels: { zone: "test" }, capabilities: ["embedded"], slots },
        ...{ inflight: [], ...patch },
      }),
    heartbeat: async (body = {}) => (await post("heartbeat", { hello: agent.hello(), ...body })).as(HeartbeatResponse),
    claim: async () => (await post("claim", { instanceId, slots })).as(ClaimResponse).job,
    take: async () => {
      const job = await agent.claim();
      if (job === null) throw new Error("there is no job to claim");
      return job;
    },
    report: (job, facts) => agent.resend(job, facts.map(reported)),
    resend: (job, facts) => post("report", { lease: job.lease, facts }),
    extend: (job) => post("extend", { lease: job.lease }),
    restarted: () => testAgent({ ...identity, instanceId: newId("inst", Date.now() + 1) }),
  };
  return agent;
}

/** A fact as the outbox keeps it: with an id of its own and the time it was noted. */
export function reported(fact: Fact): ReportedFact {
  return { id: newId("evt"), at: new Date().toISOString(), fact };
}

/** Reports and insists that it was taken. */
export async function tell(agent: TestAgent, job: { lease: Lease }, facts: Fact[]): Promise<{ cancelRequested: boolean }> {
  return (await agent.report(job, facts)).as(ReportResponse);
}

export const SENTENCE = "Deploy eMBB slice on edge1 with 200Mbps and 20ms latency";

/** Sends an intent and insists that it was accepted; returns its id. */
export async function submit(world: Pick<World, "operate">, body: Record<string, unknown> = {}): Promise<string> {
  const answer = await call("POST", "/api/v1/intents", { token: world.operate, body: { text: SENTENCE, ...body } });
  return answer.as(IntentAccepted).intentId;
}

export async function intentOf(world: Pick<World, "read">, intentId: string): Promise<IntentRecord> {
  return (await call("GET", `/api/v1/intents/${intentId}`, { token: world.read })).as(IntentRecord);
}

/** Ends a lease now, as the passing of time would. */
export async function expireLease(job: { lease: Lease }): Promise<void> {
  await env.DB.prepare("update jobs set visible_at = ? where id = ?")
    .bind(Date.now() - 1, job.lease.jobId)
    .run();
}

export async function rows<T = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<T[]> {
  return (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results;
}

/** Runs a request with other bindings than the configured ones, and waits for what it goes on to do after the answer. */
export async function callWith(bindings: Partial<Bindings>, sent: Request): Promise<Answer> {
  const context = createExecutionContext();
  const answer = await readAnswer(await createApp().fetch(sent, { ...env, ...bindings }, context));
  await waitOnExecutionContext(context);
  return answer;
}
