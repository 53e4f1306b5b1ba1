// Integrations: what agents tell of their language models, how it is stored and shown, and a trial of one of them.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { ErrorBody } from "../../protocol/errors.ts";
import { IntegrationList, IntegrationRefresh, IntegrationTestResult } from "../../protocol/integration-api.ts";
import { createDeps } from "../../worker/deps.ts";
import { prune } from "../../worker/services/prune.ts";
import { greeted, SERVED, sendText } from "../party/answerer.ts";
import { backend, listed, rules, toldOfBackends } from "./backends.ts";
import { call, createAgent, createWorld, refusal, rows, type World } from "./harness.ts";

const stored = () => rows("select agent_id, id, report, updated_at from integrations order by agent_id, id");
const summary = async (world: World) => (await listed(world)).map(({ id, status, connected }) => [id, status, connected]);

test("the list has every backend of every agent in the order in which they are asked, under each of its addresses", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [rules(), backend("vllm"), backend("ollama", { error: "slow" }), backend("claude")] });
  const answers = await Promise.all(
    ["/v1/integrations", "/api/integrations", "/api/v1/integrations"].map((path) => call("GET", path, { token: world.read })),
  );
  const [first, ...others] = answers.map((answer) => answer.as(IntegrationList).integrations);
  expect(first?.map(({ id }) => id)).toEqual(["claude", "ollama", "vllm", "rules"]);
  expect(others).toEqual([first, first]);
  const { latencyMs, lastChecked, error: _error, ...rest } = backend("ollama");
  expect(first?.[1]).toEqual({
    ...rest,
    agent_id: world.agent.id,
    agent: "test agent",
    model_count: 2,
    latency_ms: latencyMs,
    last_checked: lastChecked,
    error: "slow",
  });
});

test("a heartbeat without integrations leaves them, one with an empty list takes them all away", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama"), rules()] });
  await world.agent.heartbeat();
  expect(await summary(world)).toEqual([
    ["ollama", "healthy", true],
    ["rules", "healthy", true],
  ]);
  await world.agent.heartbeat({ integrations: [] });
  expect(await summary(world)).toEqual([]);
});

test("the feed hears of a backend that is found, changes its health, leaves the router or goes; of latency never", async () => {
  const world = await createWorld();
  const other = await createAgent({ sites: [] });
  const say = (...integrations: ReturnType<typeof backend>[]) => world.agent.heartbeat({ integrations });
  await say(backend("ollama"));
  await say(backend("ollama", { latencyMs: 90, lastChecked: "2026-11-21T10:01:00.000Z" }));
  await say(backend("ollama", { version: "0.9.1", breaker: { state: "open", failures: 5, retryAt: "2026-11-21T10:02:00.000Z" } }));
  await say(backend("ollama", { status: "offline", error: "refused" }));
  await say(backend("ollama", { status: "healthy", connected: false }));
  await other.heartbeat({ integrations: [backend("ollama")] });
  await say();
  const about = { kind: "backend", provider: "ollama", status: "healthy", message: "" };
  const first = { ...about, agentId: world.agent.id };
  expect(await toldOfBackends()).toEqual([
    { ...first, change: "found" },
    { ...first, change: "status", status: "offline", message: "refused" },
    { ...first, change: "status" },
    { ...first, change: "disconnected" },
    { ...about, agentId: other.id, change: "found" },
    { ...first, change: "gone", status: null },
  ]);
});

test("figures and errors in words are stored now and then, anything else at once", async () => {
  const world = await createWorld();
  const say = (patch: Parameters<typeof backend>[1]) => world.agent.heartbeat({ integrations: [backend("ollama", patch)] });
  await say({});
  const before = await stored();
  await say({});
  await say({ latencyMs: 80, lastChecked: "2026-11-21T10:00:30.000Z" });
  const figures = { latencyMs: 82, error: "slow", stats: { ...backend("ollama").stats, calls: 9 } };
  await say(figures);
  expect(await stored()).toEqual(before);
  await env.DB.prepare("update integrations set updated_at = updated_at - 60000").run();
  await say(figures);
  expect((await listed(world))[0]).toMatchObject({ latency_ms: 82, error: "slow", stats: { calls: 9 } });
  await say({ latencyMs: 82, models: ["qwen3"] });
  expect((await listed(world))[0]).toMatchObject({ latency_ms: 82, models: ["qwen3"], model_count: 1 });
  await say({ models: ["qwen3"], arm: { percent: 20, drawn: 0, answered: 0, p50Ms: null } });
  expect((await listed(world))[0]?.arm).toEqual({ percent: 20, drawn: 0, answered: 0, p50Ms: null });
});

test("a backend that fails every second question does not flood the feed: degraded or not is taken when the other has held", async () => {
  const world = await createWorld();
  const say = (status: "healthy" | "degraded" | "offline") => world.agent.heartbeat({ integrations: [backend("ollama", { status })] });
  const flap = async () => {
    for (const status of ["degraded", "healthy", "degraded", "healthy", "degraded"] as const) await say(status);
  };
  const told = async () => (await toldOfBackends()).map(({ change, status }) => `${change} ${status}`);
  await say("healthy");
  await flap();
  expect(await told()).toEqual(["found healthy"]);
  await env.DB.prepare("update integrations set updated_at = updated_at - 30000").run();
  await flap();
  expect(await told()).toEqual(["found healthy", "status degraded"]);
  expect(await summary(world)).toEqual([["ollama", "degraded", true]]);
  await say("offline");
  await say("degraded");
  expect(await told()).toEqual(["found healthy", "status degraded", "status offline", "status degraded"]);
});

test("the backends of an agent that is gone are offline while they are read, whatever it said last", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  await env.DB.prepare("update agents set last_heartbeat = last_heartbeat - 9001").run();
  expect(await listed(world)).toEqual([expect.objectContaining({ id: "ollama", status: "offline", error: "its agent is offline" })]);
  await world.agent.heartbeat();
  expect(await summary(world)).toEqual([["ollama", "healthy", true]]);
  await world.agent.heartbeat({ stopping: true });
  expect(await summary(world)).toEqual([["ollama", "offline", true]]);
});

test("two hundred models of thirty backends fit into a heartbeat", async () => {
  const world = await createWorld();
  const models = Array.from({ length: 200 }, (_, index) => `model-${index}`);
  const integrations = Array.from({ length: 30 }, (_, index) => backend(`b${index}`, { models, address: "x".repeat(300) }));
  await world.agent.heartbeat({ integrations });
  expect((await listed(world)).map(({ model_count }) => model_count)).toEqual(Array.from({ length: 30 }, () => 200));
});

const trial = (world: World, body: Record<string, unknown>, path = "/v1/integrations/test") =>
  call("POST", path, { token: world.operate, body });

test("a trial runs the prompt on that backend alone and tells answer, model and usage", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  const socket = await greeted(world.agent);
  const answer = trial(world, { integration_id: "ollama", prompt: "hello?", model: "llama3.2" });
  const { callId, request } = await socket.nth("call");
  expect(request).toEqual({
    kind: "chat",
    messages: [{ role: "user", content: "hello?" }],
    options: { maxTokens: 1000 },
    model: "llama3.2",
    only: "ollama",
  });
  sendText(socket, callId, ["Good ", "morning"]);
  socket.send({ type: "call.end", callId, result: { kind: "chat", finishReason: "stop", served: SERVED } });
  const result = (await answer).as(IntegrationTestResult);
  expect([(await answer).status, result]).toEqual([
    200,
    {
      success: true,
      response: "Good morning",
      latency_ms: expect.any(Number),
      model_used: "llama3.2",
      usage: SERVED.usage,
      agent_id: world.agent.id,
    },
  ]);
});

test("a backend that fails is the answer of its trial, with the reason", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  const socket = await greeted(world.agent);
  const fail = async (message: string, attempts: typeof SERVED.attempts) => {
    const asked = socket.of("call").length;
    const answer = trial(world, { integration_id: "ollama", prompt: "hello?" }, "/api/integrations/test");
    const { callId } = await socket.nth("call", asked + 1);
    socket.send({ type: "call.failed", callId, failure: { code: "PROVIDER_FAILED", message, attempts } });
    return (await answer).body;
  };
  const failed = { success: false, latency_ms: expect.any(Number), agent_id: world.agent.id };
  expect(
    await fail("all failed", [{ provider: "ollama", outcome: "timeout", message: "no token within 60 s", durationMs: 60_000 }]),
  ).toEqual({
    ...failed,
    error: "timeout: no token within 60 s",
  });
  expect(await fail("nobody can", [])).toEqual({ ...failed, error: "nobody can" });
});

test("the rules answer a trial with what they understand, and need no socket for it", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [rules()] });
  const answer = await trial(world, { integration_id: "rules", prompt: "Deploy eMBB slice on edge1 with 200Mbps" });
  const { response, ...rest } = answer.as(IntegrationTestResult);
  expect(rest).toEqual({ success: true, latency_ms: expect.any(Number), model_used: "rules", agent_id: world.agent.id });
  expect(JSON.parse(response ?? "")).toEqual({
    ...{ status: "success", action: "deploy", intentType: "eMBB", targetSites: ["edge1"], requirements: { downlinkMbps: 200 } },
    ...{ questions: [], warnings: [] },
  });
});

test("a backend that only understands sentences is tried with the prompt as a sentence, and the rules in its place are no success", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("o2", { type: "headless", capabilities: ["understand"] })] });
  const socket = await greeted(world.agent);
  const prompt = "Deploy eMBB slice on edge1 with 200Mbps";
  const answerBy = async (provider: string, attempts: typeof SERVED.attempts) => {
    const asked = socket.of("call").length;
    const answer = trial(world, { integration_id: "o2", prompt });
    const { callId, request } = await socket.nth("call", asked + 1);
    if (request.kind !== "understand") throw new Error("another question");
    expect([request.only, request.input.text]).toEqual(["o2", prompt]);
    const own = understand({ ...request.input, now: new Date() });
    const understanding = { ...own, metadata: { ...own.metadata, provider, served: { ...SERVED, provider, attempts } } };
    socket.send({ type: "call.end", callId, result: { kind: "understand", understanding } });
    return (await answer).as(IntegrationTestResult);
  };
  const attempt = { provider: "o2", message: "", durationMs: 5 };
  const { response, ...rest } = await answerBy("o2", [{ ...attempt, outcome: "answered" }]);
  const told = { latency_ms: expect.any(Number), agent_id: world.agent.id };
  expect(rest).toEqual({ success: true, model_used: "llama3.2", usage: SERVED.usage, ...told });
  expect(JSON.parse(response ?? "")).toMatchObject({ action: "deploy", targetSites: ["edge1"], requirements: { downlinkMbps: 200 } });
  const failed = [
    { ...attempt, outcome: "unreachable" as const, message: "it answered 500" },
    { ...attempt, provider: "rules", outcome: "answered" as const },
  ];
  expect(await answerBy("rules", failed)).toEqual({ success: false, error: "unreachable: it answered 500", ...told });
  expect(await answerBy("rules", [])).toEqual({ success: false, error: "o2 was not asked", ...told });
});

test("a backend that does neither is refused by name", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("embedder", { capabilities: ["embeddings"] })] });
  const answer = await trial(world, { integration_id: "embedder", prompt: "hello?" });
  expect(refusal(answer)).toEqual({ status: 400, code: "VALIDATION", fields: ["integration_id"] });
  expect(answer.as(ErrorBody).error.message).toBe("integration_id: embedder answers no prompts");
});

test("a trial of what nobody has is not found; without an agent that is online and connected it cannot be made", async () => {
  const world = await createWorld();
  const other = await createAgent({ sites: [] });
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  const refused = async (body: Record<string, unknown>) => refusal(await trial(world, body));
  expect(await refused({ integration_id: "vllm", prompt: "x" })).toEqual({ status: 404, code: "NOT_FOUND" });
  expect(await refused({ integration_id: "ollama", prompt: "x", agent_id: other.id })).toEqual({ status: 404, code: "NOT_FOUND" });
  expect(await refused({ integration_id: "ollama", prompt: "" })).toEqual({ status: 400, code: "VALIDATION", fields: ["prompt"] });
  expect(await refused({ integration_id: "../x", prompt: "x" })).toEqual({ status: 400, code: "VALIDATION", fields: ["integration_id"] });
  expect(await refused({ integration_id: "ollama", prompt: "x" })).toEqual({ status: 503, code: "NO_AGENT" });
  await world.agent.heartbeat({ stopping: true });
  expect(await refused({ integration_id: "ollama", prompt: "x" })).toEqual({ status: 503, code: "NO_AGENT" });
});

test("a look at all backends asks every agent that is online, and says which of them could not be asked", async () => {
  const world = await createWorld();
  const silent = await createAgent({ sites: [] });
  const look = () => call("POST", "/v1/integrations/refresh", { token: world.operate });
  const socket = await greeted(world.agent);
  const answer = look();
  const { callId, request } = await socket.nth("call");
  expect(request).toEqual({ kind: "discover" });
  socket.send({ type: "call.end", callId, result: { kind: "discover" } });
  expect(new Map((await answer).as(IntegrationRefresh).agents.map((one) => [one.agent_id, one]))).toEqual(
    new Map([
      [world.agent.id, { agent_id: world.agent.id, refreshed: true }],
      [silent.id, { agent_id: silent.id, refreshed: false, error: expect.stringContaining("no agent is connected") }],
    ]),
  );
  await Promise.all([world.agent, silent].map((agent) => agent.heartbeat({ stopping: true })));
  expect(refusal(await look())).toEqual({ status: 503, code: "NO_AGENT" });
});

test("backends of an agent that has been silent for a week are forgotten", async () => {
  const world = await createWorld();
  const other = await createAgent({ sites: [] });
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  await other.heartbeat({ integrations: [backend("claude")] });
  await env.DB.prepare("update agents set last_heartbeat = ? where id = ?")
    .bind(Date.now() - 8 * 24 * 3600_000, other.id)
    .run();
  await prune(createDeps(env, { waitUntil: () => undefined }));
  expect((await listed(world)).map(({ id }) => id)).toEqual(["ollama"]);
});
