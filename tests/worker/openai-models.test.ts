// The ids of the OpenAI-compatible door, what they mean, and vectors.
import { expect, test } from "vitest";
import { Embeddings, OpenAiModelList } from "../../protocol/openai.ts";
import { answering, SERVED, vector } from "../party/answerer.ts";
import type { TestSocket } from "../party/socket.ts";
import { backend, rules } from "./backends.ts";
import { call, createAgent, rows, type World } from "./harness.ts";
import { chat, errorOf, HELLO, ready, SERVED_ID, saying } from "./openai-door.ts";

test("models are auto, the backends that answer, and what each of them has", async () => {
  const world = await ready();
  const more = [backend("idle", { status: "offline" }), backend("off", { models: ["m"] }), backend("gpu", { models: ["meta/llama:70b"] })];
  await world.agent.heartbeat({ integrations: [backend("ollama"), rules(), ...more] });
  expect((await call("POST", "/v1/integrations/off/disconnect", { token: world.admin })).status).toBe(200);
  const { data } = (await call("GET", "/v1/models", { token: world.read })).as(OpenAiModelList);
  expect(data.map(({ id, owned_by }) => [id, owned_by])).toEqual([
    ["auto", "router"],
    ["ollama", "ollama"],
    [SERVED_ID, "ollama"],
    ["ollama/nomic-embed-text", "ollama"],
    ["gpu", "gpu"],
    ["gpu/meta/llama:70b", "gpu"],
  ]);
  const one = { id: "gpu/meta/llama:70b", object: "model", created: 0, owned_by: "gpu" };
  expect((await call("GET", "/v1/models/gpu/meta/llama:70b", { token: world.read })).body).toEqual(one);
  expect((await call("GET", "/v1/models/gpu%2Fmeta%2Fllama%3A70b", { token: world.read })).body).toEqual(one);
  expect(errorOf(await call("GET", "/v1/models/gpt-9", { token: world.read }))).toMatchObject({
    ...{ status: 404, param: "model", code: "model_not_found", type: "invalid_request_error" },
  });
});

test("auto, a backend, a backend's model and a bare model name are told apart", async () => {
  const world = await ready();
  saying(world.socket, "hi");
  const asked = async (model: string) => {
    expect((await chat(world, { ...HELLO, model })).status).toBe(200);
    const { request: sent } = (await world.socket.nth("call", world.socket.of("call").length)) ?? {};
    return sent?.kind === "chat" ? [sent.only, sent.model] : null;
  };
  expect(await asked("auto")).toEqual([null, null]);
  expect(await asked("ollama")).toEqual(["ollama", null]);
  expect(await asked("ollama/qwen3:8b")).toEqual(["ollama", "qwen3:8b"]); // not in its list: the backend decides
  expect(await asked("llama3.2")).toEqual([null, "llama3.2"]);
  const unknown = { status: 404, type: "invalid_request_error", param: "model", code: "model_not_found" };
  for (const model of ["rules", "gpt-9", "gpt-9/mini", "ollama/"])
    expect(errorOf(await chat(world, { ...HELLO, model }))).toMatchObject(unknown);
});

async function embed(world: World & { socket: TestSocket }, body: object) {
  answering(world.socket, ({ callId }) => {
    for (const [index, numbers] of [[2], [0.5, -1]].entries())
      world.socket.send({ type: "call.chunk", callId, index, chunk: { kind: "embedding", index: 1 - index, vector: vector(...numbers) } });
    world.socket.send({ type: "call.end", callId, result: { kind: "embed", served: SERVED } });
  });
  return call("POST", "/v1/embeddings", { token: world.operate, body: { model: "ollama", input: ["a", "b"], ...body } });
}

test("embeddings come in the order of the input, as numbers or as base64 of 32-bit floats", async () => {
  const world = await ready();
  const floats = await embed(world, { encoding_format: "float" });
  expect(floats.as(Embeddings)).toEqual({
    object: "list",
    data: [
      { object: "embedding", index: 0, embedding: [0.5, -1] },
      { object: "embedding", index: 1, embedding: [2] },
    ],
    model: SERVED_ID,
    usage: { prompt_tokens: 7, total_tokens: 7 },
    served: SERVED,
  });
  const { data } = (await embed(world, { encoding_format: "base64" })).as(Embeddings);
  const bytes = Uint8Array.from(atob(String(data[0]?.embedding)), (char) => char.charCodeAt(0));
  expect([...new Float32Array(bytes.buffer)]).toEqual([0.5, -1]);
});

test("embeddings that are fewer than the texts are a failure; tokens and dimensions are refused", async () => {
  const world = await ready();
  expect(errorOf(await embed(world, { input: ["a", "b", "c"] }))).toMatchObject({ status: 502, code: "upstream_failed" });
  const tokens = { status: 400, param: "input", message: expect.stringContaining("token ids") };
  for (const input of [[[1, 2, 3]], [1, 2, 3]]) expect(errorOf(await embed(world, { input }))).toMatchObject(tokens);
  expect(errorOf(await embed(world, { dimensions: 8 }))).toMatchObject({ status: 400, param: "dimensions" });
});

test("as many and as long vectors as may be asked for come through", async () => {
  const world = await ready();
  const long = Array.from({ length: 8_192 }, (_, index) => 0.123456789 + index);
  answering(world.socket, ({ callId, request }) => {
    if (request.kind !== "embed") throw new Error("another question");
    const chunk = { kind: "embedding" as const, vector: vector(...long) };
    for (const index of request.input.keys()) world.socket.send({ type: "call.chunk", callId, index, chunk: { ...chunk, index } });
    world.socket.send({ type: "call.end", callId, result: { kind: "embed", served: SERVED } });
  });
  const body = { model: "ollama", input: Array.from({ length: 256 }, () => "x"), encoding_format: "base64" };
  const { data } = (await call("POST", "/v1/embeddings", { token: world.operate, body })).as(Embeddings);
  expect([data.length, data[0]?.embedding === vector(...long), data[255]?.embedding === vector(...long)]).toEqual([256, true, true]);
});

test("an answer that is too long to be carried is a 413, which no client tries again", async () => {
  const world = await ready();
  const failure = { code: "TOO_LARGE" as const, message: "ask for less at once", attempts: [] };
  answering(world.socket, ({ callId }) => world.socket.send({ type: "call.failed", callId, failure }));
  const answer = await call("POST", "/v1/embeddings", { token: world.operate, body: { model: "ollama", input: "x" } });
  expect(errorOf(answer)).toEqual({
    ...{ status: 413, type: "invalid_request_error", param: null, code: "too_large", message: "ask for less at once" },
  });
});

test("what only agents had that are gone is not found while another is online", async () => {
  const world = await ready();
  const gone = await createAgent({ sites: [] });
  await gone.heartbeat({ integrations: [backend("oldbox", { models: ["qwen3"] })] });
  await rows("update agents set last_heartbeat = 1, online = 0 where id = ?", gone.id);
  const unknown = { status: 404, type: "invalid_request_error", param: "model", code: "model_not_found" };
  for (const model of ["qwen3", "oldbox", "oldbox/qwen3"]) expect(errorOf(await chat(world, { ...HELLO, model }))).toMatchObject(unknown);
});
