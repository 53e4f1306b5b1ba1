// What operators and their tools look at: health, metrics, the OpenAPI document and its page, the headless service, retention.
import { createExecutionContext, createScheduledController, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { Health } from "../../protocol/api.ts";
import { Understanding } from "../../protocol/intent.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import worker from "../../worker/index.ts";
import { backend, rules } from "./backends.ts";
import { call, callWith, createWorld, request, rows, submit } from "./harness.ts";
import { OpenApi, routes } from "./routes.ts";
import { deployed } from "./story.ts";

test("health is open, tells every component, and names nothing secret", async () => {
  const empty = (await call("GET", "/health")).as(Health.strict());
  expect(empty).toEqual({
    status: "degraded",
    protocol: PROTOCOL_VERSION,
    components: {
      worker: { status: "ok", message: "" },
      d1: { status: "ok", message: "" },
      room: { status: "ok", message: "0 viewers, 0 agents connected" },
      agents: { status: "degraded", message: "no agent online; work waits" },
      sites: { status: "degraded", message: "no site registered" },
      llm: { status: "ok", message: "the rules answer" },
    },
  });
  await createWorld({ sites: 2 });
  const well = (await call("GET", "/health")).as(Health);
  expect([well.status, well.components.agents.message, well.components.sites.message]).toEqual(["ok", "1 online", "2 registered"]);
  await rows("update sites set status = 'unreachable', message = 'secret url' where id = 'edge2'");
  const ill = (await call("GET", "/health")).as(Health);
  expect([ill.status, ill.components.sites]).toEqual(["degraded", { status: "degraded", message: "degraded: edge2" }]);
});

test("health answers 503 when the database does not answer, and says no more than that", async () => {
  const DB = new Proxy(env.DB, {
    get: () => () => {
      throw new Error("D1_ERROR: secret detail");
    },
  });
  const answer = await callWith({ DB }, request("GET", "/health"));
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ status: "down", components: { d1: { status: "down", message: "fails" }, worker: { status: "ok" } } });
});

test("health tells which language models answer, misses those that are configured, and asks nobody", async () => {
  const world = await createWorld();
  const llm = async () => (await call("GET", "/health")).as(Health).components.llm;
  await world.agent.heartbeat({ integrations: [rules(), backend("ollama", { configured: false, status: "offline" })] });
  expect(await llm()).toEqual({ status: "ok", message: "the rules answer" });
  await world.agent.heartbeat({ integrations: [rules(), backend("ollama"), backend("claude", { status: "error", error: "secret" })] });
  expect(await llm()).toEqual({ status: "degraded", message: "ollama and the rules answer; claude error" });
  await world.agent.heartbeat({ integrations: [rules(), backend("claude", { status: "error", connected: false })] });
  expect(await llm()).toEqual({ status: "ok", message: "the rules answer" });
});

/** The routes of the contract that this worker has to have by now. */
const CONTRACT = [
  ...["POST /api/v1/intent", "POST /api/v1/intents", "GET /api/v1/intents", "GET /api/v1/intents/{id}"],
  ...["GET /api/v1/intents/{id}/status", "GET /api/v1/intents/{id}/events", "POST /api/v1/intents/{id}/answer"],
  ...["POST /api/v1/intents/{id}/approve", "POST /api/v1/intents/{id}/reject", "POST /api/v1/intents/{id}/decide"],
  ...["POST /api/v1/intents/{id}/cancel", "GET /api/v1/deployments", "POST /api/v1/deployments", "GET /api/v1/deployments/{id}"],
  ...["GET /api/v1/deployments/{id}/diff", "POST /api/v1/deployments/{id}/rollback", "POST /api/v1/ticket", "GET /api/v1/sites"],
  ...["GET /api/v1/events", "GET /api/v1/agents", "POST /api/v1/agents/enrolments", "GET /metrics", "GET /health"],
  ...["POST /agent/v1/enroll", "POST /agent/v1/claim", "POST /agent/v1/heartbeat", "POST /agent/v1/extend", "POST /agent/v1/report"],
  ...["POST /agent/v1/ticket", "GET /parties/room/main", "GET /ws/monitoring", "GET /api/v1/metrics", "GET /api/v1/monitoring/pipeline"],
  ...["POST /api/v1/intent/batch", "GET /v1/models", "POST /v1/chat/completions", "POST /v1/embeddings", "POST /v1/execute"],
  ...["POST /api/v1/pipeline/start", "POST /api/v1/pipeline/update", "POST /api/v1/edge/update"],
];

test("every route of the contract is in the OpenAPI document", async () => {
  const present = (await routes()).map((route) => `${route.method} ${route.template}`);
  expect(CONTRACT.filter((route) => !present.includes(route))).toEqual([]);
});

test("the document is OpenAPI 3.1, open to read, and every reference in it leads somewhere", async () => {
  const answer = await call("GET", "/openapi.json");
  const document = answer.as(OpenApi);
  expect(document.openapi).toBe("3.1.0");
  expect(document.components.securitySchemes).toEqual({ bearer: { type: "http", scheme: "bearer" } });
  const references = [...JSON.stringify(answer.body).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(references.length).toBeGreaterThan(50);
  const missing = references.filter((reference) => !(reference.replace("#/components/schemas/", "") in document.components.schemas));
  expect([...new Set(missing)]).toEqual([]);
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations))
      expect(Object.keys(operation.responses).length, `${method} ${path}`).toBeGreaterThan(1);
});

test("the page of the document shows every route, without a script and without a foreign address", async () => {
  const answer = await call("GET", "/docs");
  const page = z.string().parse(answer.body);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  for (const { method, template } of await routes()) expect(page).toContain(`${method} ${template}`);
  expect(page).not.toMatch(/<script|https?:\/\/(?!.*openapis)/i);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
});

test("the headless service understands a sentence by the rules of the worker, says so, and stores nothing", async () => {
  const world = await createWorld({ sites: 2 });
  const answer = await call("POST", "/api/v1/intent", {
    token: world.read,
    body: { text: "Deploy eMBB slice on edge1 with 200Mbps and 20ms latency", target_sites: ["Edge 2"] },
  });
  const { status, intent, warnings, metadata } = answer.as(Understanding);
  expect([answer.status, status, intent.targetSites, warnings.length]).toEqual([200, "success", ["edge2"], 1]);
  expect([metadata.provider, metadata.fallback]).toEqual(["rules", true]);
  expect(intent.requirements).toEqual({ downlinkMbps: 200, latencyMs: 20 });
  expect(await rows("select * from intents")).toEqual([]);
});

test("retention takes old events from the front only, finished jobs, keys and tickets, and leaves what is in use", async () => {
  const world = await createWorld();
  const day = 24 * 3_600_000;
  const { intentId } = await deployed(world);
  await submit(world);
  const all = await rows<{ seq: number }>("select seq from events order by seq");
  const old = all.slice(0, 3).map((row) => row.seq);
  await rows("update events set at = ? where seq <= ?", Date.now() - 91 * day, old.at(-1));
  await rows("update events set at = 0 where seq = ?", all[5]?.seq); // a clock that was wrong
  await rows("update jobs set finished_at = ? where kind = 'intent.prepare' and finished_at is not null", Date.now() - 31 * day);
  await rows(
    "insert into idempotency values ('p', 'old', 'f', 200, '{}', ?), ('p', 'new', 'f', 200, '{}', ?)",
    Date.now() - 3 * day,
    Date.now(),
  );
  await rows("insert into tickets values ('old', 'viewer', 's', ?), ('new', 'viewer', 's', ?)", Date.now() - 1, Date.now() + 60_000);
  const context = createExecutionContext();
  await worker.scheduled(createScheduledController(), env, context);
  await waitOnExecutionContext(context);
  expect(await rows("select seq from events order by seq")).toEqual(all.slice(3));
  expect(await rows("select kind, state from jobs order by kind")).toEqual([
    { kind: "intent.apply", state: "succeeded" },
    { kind: "intent.prepare", state: "queued" },
  ]);
  expect([await rows("select key from idempotency"), await rows("select hash from tickets")]).toEqual([
    [{ key: "new" }],
    [{ hash: "new" }],
  ]);
  expect((await call("GET", `/api/v1/intents/${intentId}`, { token: world.read })).status).toBe(200);
});
