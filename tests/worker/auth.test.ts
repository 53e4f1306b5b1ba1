// Who may call what: authentication comes first, then the scope, then the request itself.
import { expect, test } from "vitest";
import { Me } from "../../protocol/api.ts";
import { OpenAiErrorBody } from "../../protocol/openai.ts";
import type { Bindings } from "../../worker/env.ts";
import { type Answer, call, callWith, createWorld, refusal, request, seedToken } from "./harness.ts";
import { routes } from "./routes.ts";

const UNAUTHENTICATED = { status: 401, code: "UNAUTHENTICATED" };
/** The same two refusals in the other dialect. */
const OPENAI_CODES: Record<string, string> = { invalid_api_key: "UNAUTHENTICATED", insufficient_scope: "FORBIDDEN" };

function denial(path: string, answer: Answer) {
  if (!/^\/v1\/(models|chat|embeddings)/.test(path)) return refusal(answer);
  const { code } = answer.as(OpenAiErrorBody).error;
  return { status: answer.status, code: OPENAI_CODES[code ?? ""] };
}

const BIG = "x".repeat(70_000); // over the body limit of the public routes

test("only health, the documents, the socket's address and enrolment are open", async () => {
  const open = (await routes()).filter((route) => route.open).map((route) => `${route.method} ${route.template}`);
  expect(open.sort()).toEqual(["GET /health", "GET /parties/room/main", "POST /agent/v1/enroll"]);
});

test("every other route answers 401 before it looks at the body, its size, its type or the id", async () => {
  const answers = [];
  for (const { method, template, path } of (await routes()).filter((route) => !route.open)) {
    const path400 = path.replace(/(int|dep)_[0-9a-z]+/, "not-an-id");
    const payload = method === "GET" ? {} : { raw: BIG, headers: { "content-type": "text/plain" } };
    for (const token of [undefined, "wrong-token"]) {
      const answer = await call(method, path400, { ...payload, ...(token === undefined ? {} : { token }) });
      answers.push([`${method} ${template}`, denial(path, answer), answer.headers.get("www-authenticate")]);
    }
  }
  expect(answers.length).toBeGreaterThan(40);
  expect(answers).toEqual(answers.map(([route]) => [route, UNAUTHENTICATED, "Bearer"]));
});

test("a path that does not exist under /api tells nothing without a token", async () => {
  expect(refusal(await call("GET", "/api/v1/nothing"))).toEqual(UNAUTHENTICATED);
});

test("a token that is expired or revoked is no token; one that expires later is", async () => {
  const hour = 3_600_000;
  const expired = await seedToken({ scopes: ["admin"], expiresAt: Date.now() - 1 });
  const revoked = await seedToken({ scopes: ["admin"], revokedAt: Date.now() - hour });
  const alive = await seedToken({ scopes: ["read"], expiresAt: Date.now() + hour });
  expect(refusal(await call("GET", "/api/v1/me", { token: expired }))).toEqual(UNAUTHENTICATED);
  expect(refusal(await call("GET", "/api/v1/me", { token: revoked }))).toEqual(UNAUTHENTICATED);
  expect((await call("GET", "/api/v1/me", { token: alive })).as(Me)).toEqual({ name: "read token", scopes: ["read"] });
});

test("what is not exactly one bearer token is refused", async () => {
  const { read } = await createWorld();
  for (const authorization of [read, `Basic ${read}`, "Bearer", "Bearer ", `Bearer ${read} ${read}`, `Bearer ${"y".repeat(501)}`])
    expect(refusal(await call("GET", "/api/v1/me", { headers: { authorization } })), authorization).toEqual(UNAUTHENTICATED);
  expect((await call("GET", "/api/v1/me", { headers: { authorization: `bearer ${read}` } })).status).toBe(200);
});

/** The same under each of their three addresses. */
const INTEGRATIONS_NEED = {
  "GET ": "read",
  "POST /test": "operate",
  "POST /refresh": "operate",
  "GET /routing": "read",
  "PUT /routing": "admin",
  "POST /{id}/connect": "admin",
  "POST /{id}/disconnect": "admin",
} as const;

/** The least scope per route; the table must name every route of the document that is not open. */
const NEEDS: Record<string, "read" | "operate" | "admin" | "agent"> = {
  "POST /api/v1/intents": "operate",
  "GET /api/v1/intents": "read",
  "GET /api/v1/intents/{id}": "read",
  "GET /api/v1/intents/{id}/status": "read",
  "GET /api/v1/intents/{id}/events": "read",
  "POST /api/v1/intents/{id}/answer": "operate",
  "POST /api/v1/intents/{id}/approve": "operate",
  "POST /api/v1/intents/{id}/reject": "operate",
  "POST /api/v1/intents/{id}/decide": "operate",
  "POST /api/v1/intents/{id}/cancel": "operate",
  "POST /api/v1/intents/{id}/corrections": "operate",
  "GET /api/v1/corrections": "read",
  "DELETE /api/v1/corrections/{id}": "admin",
  ...Object.fromEntries(
    ["/v1/integrations", "/api/integrations", "/api/v1/integrations"].flatMap((path) =>
      Object.entries(INTEGRATIONS_NEED).map(([route, scope]) => [route.replace(" ", ` ${path}`), scope]),
    ),
  ),
  "GET /api/v1/deployments": "read",
  "POST /api/v1/deployments": "operate",
  "GET /api/v1/deployments/{id}": "read",
  "GET /api/v1/deployments/{id}/diff": "read",
  "POST /api/v1/deployments/{id}/rollback": "operate",
  "GET /api/v1/me": "read",
  "POST /api/v1/ticket": "read",
  "GET /api/v1/sites": "read",
  "GET /api/v1/sites/{id}": "read",
  "GET /api/v1/sites/{id}/tasks": "read",
  "POST /api/v1/sites": "admin",
  "PATCH /api/v1/sites/{id}": "admin",
  "DELETE /api/v1/sites/{id}": "admin",
  "POST /api/v1/sites/{id}/cluster": "admin",
  "DELETE /api/v1/sites/{id}/cluster": "admin",
  "GET /api/v1/sites/{id}/series": "read",
  "GET /api/v1/slices": "read",
  "GET /api/v1/slices/{name}": "read",
  "GET /api/v1/slices/{name}/openslo": "read",
  "GET /api/v1/slices/{name}/series": "read",
  "POST /api/v1/slices": "operate",
  "POST /api/v1/slices/{name}/scale": "operate",
  "POST /api/v1/slices/{name}/terminate": "operate",
  "POST /api/v1/slices/{name}/rollback": "operate",
  "POST /api/v1/slices/{name}/rerender": "operate",
  "GET /api/v1/alerts": "read",
  "GET /api/v1/alerts/alertmanager": "read",
  "GET /api/v1/alerts/{id}": "read",
  "POST /api/v1/alerts/{id}/ack": "operate",
  "GET /api/v1/policy": "read",
  "PUT /api/v1/policy": "admin",
  "GET /api/v1/audit": "admin",
  "GET /api/v1/agents": "read",
  "POST /api/v1/agents/enrolments": "admin",
  "GET /api/v1/events": "read",
  "POST /api/v1/intent": "read",
  "POST /api/v1/intent/batch": "read",
  "GET /v1/models": "read",
  "GET /v1/models/{id}": "read",
  "POST /v1/chat/completions": "operate",
  "POST /v1/embeddings": "operate",
  "POST /v1/execute": "operate",
  "GET /metrics": "read",
  "GET /api/v1/metrics": "read",
  "GET /api/v1/monitoring/pipeline": "read",
  "GET /ws/monitoring": "read",
  "POST /api/v1/pipeline/start": "operate",
  "POST /api/v1/pipeline/update": "operate",
  "POST /api/v1/edge/update": "operate",
  "POST /agent/v1/heartbeat": "agent",
  "POST /agent/v1/claim": "agent",
  "POST /agent/v1/extend": "agent",
  "POST /agent/v1/report": "agent",
  "POST /agent/v1/ticket": "agent",
  "POST /agent/v1/tasks": "agent",
  "POST /agent/v1/corrections": "agent",
  "POST /agent/v1/watchlist": "agent",
  "POST /agent/v1/measurements": "agent",
};
const HOLDERS = {
  read: ["read", "operate", "admin"],
  operate: ["operate", "admin"],
  admin: ["admin"],
  agent: ["agent"],
} as const;

test("each scope opens exactly its routes: an admin is no agent and an agent is no user", async () => {
  const world = await createWorld();
  const tokens = { read: world.read, operate: world.operate, admin: world.admin, agent: world.agent.credential };
  const all = (await routes()).filter((route) => !route.open);
  expect(all.map((route) => `${route.method} ${route.template}`).sort()).toEqual(Object.keys(NEEDS).sort());
  for (const { method, template, path } of all) {
    const allowed: string[] = [];
    for (const [scope, token] of Object.entries(tokens)) {
      // A body that no schema takes: whoever gets that far is refused for it, and nothing is changed.
      const answer = await call(method, path, { token, ...(method === "GET" ? {} : { body: { unknown: 1 } }) });
      if (answer.status !== 403) allowed.push(scope);
      else expect(denial(path, answer)).toEqual({ status: 403, code: "FORBIDDEN" });
    }
    const needs = NEEDS[`${method} ${template}`] ?? "read";
    expect([template, allowed.sort()]).toEqual([template, [...HOLDERS[needs]].sort()]);
  }
});

test("an enrolment token opens no route by itself", async () => {
  const token = await seedToken({ scopes: ["enrol"] });
  expect(refusal(await call("GET", "/api/v1/me", { token }))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect(refusal(await call("POST", "/agent/v1/claim", { token, body: {} }))).toEqual({ status: 403, code: "FORBIDDEN" });
});

test("a credential with the agent scope that belongs to no agent is refused", async () => {
  const token = await seedToken({ scopes: ["agent"] });
  expect(refusal(await call("POST", "/agent/v1/ticket", { token }))).toEqual({ status: 403, code: "FORBIDDEN" });
});

test("over the rate a token gets 429 with Retry-After, and other tokens go on", async () => {
  const { read, operate } = await createWorld();
  const left = new Map<string, number>();
  const RATE_LIMIT: Bindings["RATE_LIMIT"] = {
    limit: async ({ key }) => {
      left.set(key, (left.get(key) ?? 3) - 1);
      return { success: (left.get(key) ?? 0) >= 0 };
    },
  };
  const me = (token: string) => callWith({ RATE_LIMIT }, request("GET", "/api/v1/me", { token }));
  for (let i = 0; i < 3; i += 1) expect((await me(read)).status).toBe(200);
  const over = await me(read);
  expect(refusal(over)).toEqual({ status: 429, code: "RATE_LIMITED" });
  expect(over.headers.get("retry-after")).toBe("10");
  expect((await me(operate)).status).toBe(200);
  expect(left.size).toBe(2); // keyed by token
});
