// The public API as the page uses it: one typed call per route, every answer parsed, every failure an ApiError with a next step in its words.
import type * as z from "zod";
import type { ListAlertsQuery } from "../protocol/alert.ts";
import * as wire from "../protocol/api.ts";
import type { CorrectedFields } from "../protocol/correction.ts";
import { Deployment } from "../protocol/deployment.ts";
import { ErrorBody, type ErrorCode, type FieldIssue } from "../protocol/errors.ts";
import type { SiteSeriesQuery, SliceSeriesQuery } from "../protocol/history.ts";
import type { IntegrationTestRequest, RoutingUpdate } from "../protocol/integration-api.ts";
import type { ClarificationAnswers } from "../protocol/intent.ts";
import { Routing } from "../protocol/llm.ts";

export type DecideAction = z.infer<typeof wire.DecideRequest>["action"];
/** What the form sends; the server fills in the rest with its defaults. */
export type NewIntent = Pick<wire.CreateIntentRequest, "text"> & Partial<wire.CreateIntentRequest>;
/** A scale, a termination or a rollback of a slice, as its route takes it. */
export type SliceChange = Partial<wire.ChangeSliceRequest>;
export type SliceScale = Pick<wire.ScaleSliceRequest, "requirements"> & Partial<wire.ScaleSliceRequest>;
export type IntentFilter = Partial<wire.ListIntentsQuery>;
export type DeploymentFilter = Partial<wire.ListDeploymentsQuery>;
export type AlertFilter = Partial<ListAlertsQuery>;
export type SliceSeriesFilter = Pick<SliceSeriesQuery, "metric"> & Partial<SliceSeriesQuery>;
export type SiteSeriesFilter = Pick<SiteSeriesQuery, "metric"> & Partial<SiteSeriesQuery>;

const TIMEOUT_MS = 15_000; // the slowest honest answer is a list under load; beyond this the server is as good as away
const TRIAL_TIMEOUT_MS = 65_000; // a language model may think for a minute; the server says so then

/** NETWORK: no answer. BAD_REPLY: an answer this page does not understand, most likely because it is older than the server. */
export type ApiErrorCode = ErrorCode | "NETWORK" | "BAD_REPLY";

interface ApiFailure {
  code: ApiErrorCode;
  message: string;
  status: number; // 0 without an answer
  requestId?: string;
  details?: readonly FieldIssue[];
  retryAfterSeconds?: number;
}

export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: ApiFailure;
  constructor(failure: ApiFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** Whether the credential, and not the moment, is what is wrong. */
export function isUnauthenticated(error: unknown): boolean {
  return error instanceof ApiError && error.failure.code === "UNAUTHENTICATED";
}

/** How long the server asked to be left alone, in ms. */
export function askedWaitMs(error: unknown): number {
  return error instanceof ApiError ? (error.failure.retryAfterSeconds ?? 0) * 1000 : 0;
}

export interface ApiDeps {
  fetch: typeof fetch;
  token: string;
  onUnauthenticated(): void; // the token is unknown, expired or revoked
}

/** Schemas that the first page does not parse with: each comes with the first answer of its kind. */
const later = {
  alert: () => import("../protocol/alert.ts"),
  correction: () => import("../protocol/correction.ts"),
  history: () => import("../protocol/history.ts"),
  integration: () => import("../protocol/integration-api.ts"),
  monitor: () => import("../protocol/monitor.ts"),
  policy: () => import("../protocol/policy.ts"),
  siteApi: () => import("../protocol/site-api.ts"),
};

interface Call<T> {
  path: string;
  reply: z.ZodType<T> | (() => Promise<z.ZodType<T>>);
  body?: unknown; // its presence makes the call a POST
  method?: "POST" | "PUT"; // POST when absent
  timeoutMs?: number;
  idempotencyKey?: string;
}

export type Api = ReturnType<typeof createApi>;

export function createApi({ onUnauthenticated, ...rest }: ApiDeps) {
  let told = false; // requests that were under way together are refused together
  const deps: ApiDeps = {
    ...rest,
    onUnauthenticated() {
      if (!told) onUnauthenticated();
      told = true;
    },
  };
  const call = <T>(request: Call<T>) => send(deps, request);
  const intent = (id: string) => `/api/v1/intents/${encodeURIComponent(id)}`;
  const slice = (name: string) => `/api/v1/slices/${encodeURIComponent(name)}`;
  const integrations = "/api/v1/integrations";
  const deployment = (id: string) => `/api/v1/deployments/${encodeURIComponent(id)}`;
  return {
    me: () => call({ path: "/api/v1/me", reply: wire.Me }),
    ticket: () => call({ path: "/api/v1/ticket", reply: wire.Ticket, body: {} }),
    health: () => call({ path: "/health", reply: wire.Health }),
    events: (after: number, limit: number) => call({ path: `/api/v1/events?after=${after}&limit=${limit}`, reply: wire.EventPage }),
    intents: (filter: IntentFilter) => call({ path: `/api/v1/intents${query(filter)}`, reply: wire.IntentPage }),
    intent: (id: string) => call({ path: intent(id), reply: wire.IntentRecord }),
    intentEvents: (id: string, after: number) => call({ path: `${intent(id)}/events?after=${after}`, reply: wire.EventPage }),
    deployments: (filter: DeploymentFilter) => call({ path: `/api/v1/deployments${query(filter)}`, reply: wire.DeploymentPage }),
    deployment: (id: string) => call({ path: deployment(id), reply: Deployment }),
    deploymentDiff: (id: string) => call({ path: `${deployment(id)}/diff`, reply: wire.DeploymentDiff }),
    slices: () => call({ path: "/api/v1/slices", reply: wire.SlicePage }),
    scale: (name: string, body: SliceScale, idempotencyKey: string) =>
      call({ path: `${slice(name)}/scale`, reply: wire.IntentAccepted, body, idempotencyKey }),
    terminate: (name: string, body: SliceChange, idempotencyKey: string) =>
      call({ path: `${slice(name)}/terminate`, reply: wire.IntentAccepted, body, idempotencyKey }),
    rollbackSlice: (name: string, body: SliceChange, idempotencyKey: string) =>
      call({ path: `${slice(name)}/rollback`, reply: wire.IntentAccepted, body, idempotencyKey }),
    sliceSeries: (name: string, filter: SliceSeriesFilter) =>
      call({ path: `${slice(name)}/series${query(filter)}`, reply: async () => (await later.history()).SeriesPage }),
    siteSeries: (id: string, filter: SiteSeriesFilter) =>
      call({
        path: `/api/v1/sites/${encodeURIComponent(id)}/series${query(filter)}`,
        reply: async () => (await later.history()).SeriesPage,
      }),
    siteTasks: (id: string) =>
      call({ path: `/api/v1/sites/${encodeURIComponent(id)}/tasks`, reply: async () => (await later.siteApi()).SiteTaskPage }),
    metrics: () => call({ path: "/api/v1/metrics", reply: async () => (await later.monitor()).MonitorState }),
    policy: () => call({ path: "/api/v1/policy", reply: async () => (await later.policy()).OperationsPolicy }),
    alerts: (filter: AlertFilter) => call({ path: `/api/v1/alerts${query(filter)}`, reply: async () => (await later.alert()).AlertPage }),
    alert: (id: string) => call({ path: `/api/v1/alerts/${encodeURIComponent(id)}`, reply: async () => (await later.alert()).Alert }),
    acknowledge: (id: string, comment: string) =>
      call({ path: `/api/v1/alerts/${encodeURIComponent(id)}/ack`, reply: async () => (await later.alert()).Alert, body: { comment } }),
    sites: () => call({ path: "/api/v1/sites", reply: wire.SitePage }),
    agents: () => call({ path: "/api/v1/agents", reply: wire.AgentPage }),
    createIntent: (body: NewIntent, idempotencyKey: string) =>
      call({ path: "/api/v1/intents", reply: wire.IntentAccepted, body, idempotencyKey }),
    answer: (id: string, body: ClarificationAnswers) => call({ path: `${intent(id)}/answer`, reply: wire.IntentAccepted, body }),
    approve: (id: string, body: wire.ApproveRequest) => call({ path: `${intent(id)}/approve`, reply: wire.IntentAccepted, body }),
    reject: (id: string, reason: string) => call({ path: `${intent(id)}/reject`, reply: wire.IntentAccepted, body: { reason } }),
    decide: (id: string, action: DecideAction) => call({ path: `${intent(id)}/decide`, reply: wire.IntentAccepted, body: { action } }),
    correct: (id: string, body: CorrectedFields, idempotencyKey: string) =>
      call({ path: `${intent(id)}/corrections`, reply: async () => (await later.correction()).CorrectionAccepted, body, idempotencyKey }),
    integrations: () => call({ path: integrations, reply: async () => (await later.integration()).IntegrationList }),
    testIntegration: (body: IntegrationTestRequest) =>
      call({
        path: `${integrations}/test`,
        reply: async () => (await later.integration()).IntegrationTestResult,
        body,
        timeoutMs: TRIAL_TIMEOUT_MS,
      }),
    lookAtIntegrations: () =>
      call({ path: `${integrations}/refresh`, reply: async () => (await later.integration()).IntegrationRefresh, body: {} }),
    switchIntegration: (id: string, connected: boolean) =>
      call({ path: `${integrations}/${encodeURIComponent(id)}/${connected ? "connect" : "disconnect"}`, reply: Routing, body: {} }),
    routing: () => call({ path: `${integrations}/routing`, reply: Routing }),
    saveRouting: (body: RoutingUpdate) => call({ path: `${integrations}/routing`, reply: Routing, body, method: "PUT" }),
    /** What a dry run has shown is carried out. */
    deployIntent: (intentId: string, idempotencyKey: string) =>
      call({ path: "/api/v1/deployments", reply: wire.IntentAccepted, body: { intentId }, idempotencyKey }),
    cancel: (id: string) => call({ path: `${intent(id)}/cancel`, reply: wire.IntentAccepted, body: {} }),
    rollback: (id: string, site: string | null, idempotencyKey: string) =>
      call({ path: `${deployment(id)}/rollback`, reply: wire.RollbackAccepted, body: site === null ? {} : { site }, idempotencyKey }),
  };
}

/** `?a=1&b=2` of what is given; empty when nothing is. */
function query(values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

async function send<T>(deps: ApiDeps, request: Call<T>): Promise<T> {
  const response = await reach(deps, request);
  const text = await response.text().catch((cause: unknown) => Promise.reject(unreachable(cause)));
  const body = parseJson(text);
  if (!response.ok) {
    const error = refusal(response, body);
    if (error.failure.code === "UNAUTHENTICATED") deps.onUnauthenticated();
    throw error;
  }
  const schema = typeof request.reply === "function" ? await request.reply() : request.reply;
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const message = "The server's answer was not understood. Reload the page: it may be older than the server.";
  throw new ApiError({ code: "BAD_REPLY", message, status: response.status }, { cause: parsed.error });
}

async function reach<T>(
  deps: ApiDeps,
  { path, body, method = "POST", timeoutMs = TIMEOUT_MS, idempotencyKey }: Call<T>,
): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${deps.token}`, accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (idempotencyKey !== undefined) headers["idempotency-key"] = idempotencyKey;
  const init: RequestInit = { headers, signal: AbortSignal.timeout(timeoutMs), cache: "no-store" };
  if (body !== undefined) Object.assign(init, { method, body: JSON.stringify(body) });
  try {
    return await deps.fetch(path, init);
  } catch (cause) {
    throw unreachable(cause);
  }
}

function unreachable(cause: unknown): ApiError {
  const message = "The Control Center did not answer. Check your connection; nothing was lost, try again.";
  return new ApiError({ code: "NETWORK", message, status: 0 }, { cause });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(response: Response, body: unknown): ApiError {
  const parsed = ErrorBody.safeParse(body);
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const common = { status: response.status, ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}) };
  if (!parsed.success) {
    const code = response.status === 401 ? "UNAUTHENTICATED" : "BAD_REPLY";
    return new ApiError({ code, message: `The server answered ${response.status} without an explanation.`, ...common });
  }
  const { code, message, requestId, details } = parsed.data.error;
  return new ApiError({ code, message, requestId, ...common, ...(details === undefined ? {} : { details }) });
}
