// Language models: who they are, how they fail, what they cost, and in which order they are asked. The rules are one of them.
import * as z from "zod";
import { AgentId, DnsLabel, Timestamp } from "./ids.ts";

/** What a backend speaks. `rules` is the grammar in intent/: no model, no network, always there. */
export const ProviderKind = z.enum(["rules", "claude-cli", "ollama", "llamafarm", "openai-compatible", "unix-socket", "headless"]);
export type ProviderKind = z.infer<typeof ProviderKind>;

/** The name of a backend at its agent: `claude`, `ollama`, `llamafarm`, `rules`, or what its configuration says. */
export const ProviderId = DnsLabel;

export const LAST_RESORT = "rules"; // never fails, so nothing comes after it

export const Capability = z.enum(["understand", "chat", "embeddings"]);
export type Capability = z.infer<typeof Capability>;

/** Why a backend did not answer. Which of them are worth another try is decided in the agent's classifier. */
export const ProviderFailureKind = z.enum([
  "unreachable", // no connection, no such socket, no such binary
  "timeout", // no first token, or no end, within its bound
  "rate_limited",
  "overloaded", // 5xx, or the backend says so
  "unauthenticated", // not logged in, or a credential that is refused
  "refused", // the request itself is not taken: 4xx, an unknown model
  "cut", // the stream ended before the answer did
  "invalid", // an answer that is not what it should be
  "busy", // our own queue before it is full
  "breaker_open", // it failed too often lately and was not asked
  "offline", // it was not there when it was last looked at, and was not asked
  "cancelled", // nobody waits for it any more
]);
export type ProviderFailureKind = z.infer<typeof ProviderFailureKind>;

const count = z.number().int().nonnegative();

/** As the backend tells it; null is not known, and is never counted as 0. */
export const TokenUsage = z.object({
  promptTokens: count.nullable(),
  cachedTokens: count.nullable(),
  completionTokens: count.nullable(),
});
export type TokenUsage = z.infer<typeof TokenUsage>;

/** US dollars. `provider`: it said so; `table`: from the configured price per token; `unknown`: usd is null. */
export const Cost = z.object({ usd: z.number().nonnegative().nullable(), source: z.enum(["provider", "table", "unknown"]) });
export type Cost = z.infer<typeof Cost>;

/** One backend that was asked, or passed over, before the answer. */
export const ProviderAttempt = z.object({
  provider: ProviderId,
  outcome: z.union([z.literal("answered"), ProviderFailureKind]),
  message: z.string().max(300),
  durationMs: z.number().nonnegative(),
});
export type ProviderAttempt = z.infer<typeof ProviderAttempt>;

export const MAX_ATTEMPTS = 20; // of one question, retries included

/** Part of every answer: who gave it, after which failures, and what it took. */
export const Served = z.object({
  provider: ProviderId,
  model: z.string().max(200).nullable(),
  attempts: z.array(ProviderAttempt).max(MAX_ATTEMPTS), // in order; the last one answered
  usage: TokenUsage.nullable(),
  cost: Cost,
  arm: ProviderId.nullable(), // of the A/B share that was drawn; null: none is set
});
export type Served = z.infer<typeof Served>;

export const IntegrationStatus = z.enum(["healthy", "degraded", "offline", "error"]);
export type IntegrationStatus = z.infer<typeof IntegrationStatus>;

export const BreakerState = z.enum(["closed", "open", "half-open"]);
export type BreakerState = z.infer<typeof BreakerState>;

const MAX_MODELS = 200;
export const RECENT_LATENCIES = 30; // of real calls, oldest first: the line that is drawn

/** What was asked of a backend since its agent began, and how it went. */
export const ProviderStats = z.object({
  calls: count,
  failures: count,
  p50Ms: z.number().nonnegative().nullable(),
  p95Ms: z.number().nonnegative().nullable(),
  recentMs: z.array(z.number().nonnegative()).max(RECENT_LATENCIES),
  promptTokens: count,
  completionTokens: count,
  unknownUsage: count, // calls whose tokens are not known
  costUsd: z.number().nonnegative(), // of the calls whose cost is known
  unknownCost: count,
});
export type ProviderStats = z.infer<typeof ProviderStats>;

/** One backend as its agent sees it. No credential is in it, and none in its address. */
export const Integration = z.object({
  id: ProviderId,
  name: z.string().max(80),
  type: ProviderKind,
  address: z.string().max(300), // URL, socket path or binary
  configured: z.boolean(), // false: found at a well-known address
  status: IntegrationStatus,
  connected: z.boolean(), // whether the router asks it
  capabilities: z.array(Capability).max(3),
  models: z.array(z.string().max(200)).max(MAX_MODELS),
  version: z.string().max(80).nullable(),
  latencyMs: z.number().nonnegative().nullable(), // of the last probe
  lastChecked: Timestamp.nullable(),
  error: z.string().max(300).nullable(),
  breaker: z.object({ state: BreakerState, failures: count, retryAt: Timestamp.nullable() }),
  stats: ProviderStats,
  arm: z.object({ percent: z.number(), drawn: count, answered: count, p50Ms: z.number().nullable() }).nullable(), // its A/B share so far
});
export type Integration = z.infer<typeof Integration>;

export const MAX_INTEGRATIONS = 30; // of one agent

/** Which backends are asked, in which order. The rules come last whether or not they are named. */
export const Routing = z
  .strictObject({
    order: z.array(ProviderId).max(MAX_INTEGRATIONS).default(["claude", "llamafarm", "ollama", LAST_RESORT]),
    disconnected: z.array(ProviderId).max(MAX_INTEGRATIONS).default([]),
    /** A/B: so many percent of the understandings ask this one first. What is left goes the usual order. */
    shares: z
      .array(z.strictObject({ provider: ProviderId, percent: z.number().min(0).max(100) }))
      .max(10)
      .default([]),
  })
  .refine(({ order }) => new Set(order).size === order.length, { path: ["order"], message: "each provider once" })
  .refine(({ order }) => !order.includes(LAST_RESORT) || order.at(-1) === LAST_RESORT, {
    path: ["order"],
    message: "the rules come last: they always answer, so nobody after them would be asked",
  })
  .refine(({ disconnected }) => !disconnected.includes(LAST_RESORT), {
    path: ["disconnected"],
    message: "the rules cannot be switched off: they answer when nobody else does",
  })
  .refine(({ shares }) => new Set(shares.map((share) => share.provider)).size === shares.length, {
    path: ["shares"],
    message: "each provider once",
  })
  .refine(({ shares }) => shares.reduce((sum, share) => sum + share.percent, 0) <= 100, {
    path: ["shares"],
    message: "must not exceed 100 percent together",
  })
  .meta({ id: "Routing" });
export type Routing = z.infer<typeof Routing>;

/** An integration in the public list: as the field's other dashboards name things. */
export const IntegrationView = Integration.omit({ latencyMs: true, lastChecked: true, error: true })
  .extend({
    agent_id: AgentId,
    agent: z.string(),
    model_count: count,
    latency_ms: z.number().nonnegative().nullable(),
    last_checked: Timestamp.nullable(),
    error: z.string().optional(),
  })
  .meta({ id: "Integration" });
export type IntegrationView = z.infer<typeof IntegrationView>;
