// Chats through the OpenAI-compatible door: bodies, errors in its own shape, and the work that stops when the client leaves.
import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { CallFailure } from "../../protocol/call.ts";
import { ChatCompletion } from "../../protocol/openai.ts";
import { answering, SERVED, sendText } from "../party/answerer.ts";
import { call, callWith, createWorld, request } from "./harness.ts";
import { chat, errorOf, failing, HELLO, ready, SERVED_ID, saying } from "./openai-door.ts";

test("a chat is one completion that says who served it, with known usage", async () => {
  const world = await ready();
  saying(world.socket, "Hel", "lo");
  const answer = await chat(world, {
    ...{ model: "ollama/llama3.2", temperature: 0.5, top_p: 0.9, max_completion_tokens: 50, stop: "END", seed: 7 },
    messages: [
      { role: "developer", content: "be brief" },
      {
        role: "user",
        content: [
          { type: "text", text: "one" },
          { type: "text", text: "two" },
        ],
      },
      { role: "assistant", content: "ok" },
    ],
    response_format: { type: "json_schema", json_schema: { name: "answer", strict: true, schema: { type: "object" } } },
    ...{
      user: "someone",
      metadata: { any: "thing" },
      store: false,
      n: 1,
      logprobs: false,
      tools: [],
      frequency_penalty: 0,
      logit_bias: {},
    },
  });
  expect((await world.socket.nth("call")).request).toEqual({
    kind: "chat",
    messages: [
      { role: "system", content: "be brief" },
      { role: "user", content: "one\ntwo" },
      { role: "assistant", content: "ok" },
    ],
    options: {
      ...{ temperature: 0.5, topP: 0.9, maxTokens: 50, stop: ["END"], seed: 7 },
      json: { name: "answer", schema: { type: "object" } },
    },
    model: "llama3.2",
    only: "ollama",
  });
  expect(answer.headers.get("x-served-by")).toBe(SERVED_ID);
  expect(answer.as(ChatCompletion)).toEqual({
    id: `chatcmpl-${answer.headers.get("x-request-id")}`,
    object: "chat.completion",
    created: expect.any(Number),
    model: SERVED_ID,
    choices: [{ index: 0, message: { role: "assistant", content: "Hello", refusal: null }, logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, prompt_tokens_details: { cached_tokens: 2 } },
    served: SERVED,
  });
});

test("more tokens than can be said are as many as can be, and a top_p of 0 is next to 0", async () => {
  const world = await ready();
  saying(world.socket, "hi");
  expect((await chat(world, { ...HELLO, max_tokens: 200_000, top_p: 0, presence_penalty: 0, top_logprobs: null })).status).toBe(200);
  expect((await world.socket.nth("call")).request).toMatchObject({ options: { maxTokens: 128_000, topP: 1e-6 } });
});

test("usage that the backend does not tell is left out, never 0", async () => {
  const world = await ready();
  const served = { ...SERVED, usage: { promptTokens: 7, cachedTokens: null, completionTokens: null } };
  answering(world.socket, ({ callId }) =>
    world.socket.send({ type: "call.end", callId, result: { kind: "chat", finishReason: "length", served } }),
  );
  const completion = (await chat(world, HELLO)).as(ChatCompletion);
  expect([completion.usage, completion.choices[0]?.finish_reason, completion.choices[0]?.message.content]).toEqual([
    undefined,
    "length",
    "",
  ]);
});

const REFUSED: [string, object, string][] = [
  ["no messages", { messages: [] }, "messages"],
  ["an image", { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] }] }, "messages.0.content"],
  ["the answer of a tool", { messages: [{ role: "tool", content: "1", tool_call_id: "x" }] }, "messages.0.role"],
  ["tools", { tools: [{ type: "function", function: { name: "f" } }] }, "tools"],
  ["functions", { functions: [{ name: "f" }] }, "functions"],
  ["two answers", { n: 2 }, "n"],
  ["logprobs", { logprobs: true }, "logprobs"],
  ["the likeliest others", { top_logprobs: 3 }, "top_logprobs"],
  ["a penalty on what was said often", { frequency_penalty: 2 }, "frequency_penalty"],
  ["a penalty on what was said", { presence_penalty: -1 }, "presence_penalty"],
  ["a bias", { logit_bias: { "50256": -100 } }, "logit_bias"],
  ["sound", { modalities: ["text", "audio"] }, "modalities.1"],
  ["a temperature of no scale", { temperature: 3 }, "temperature"],
  ["no model", { model: undefined }, "model"],
];

test.each(REFUSED)("%s: 400 in OpenAI's shape, naming the field", async (_name, patch, param) => {
  const world = await ready();
  const answer = await chat(world, { ...HELLO, ...patch });
  expect(errorOf(answer)).toEqual({ status: 400, type: "invalid_request_error", param, code: null, message: expect.any(String) });
  expect(answer.headers.get("x-request-id")).toMatch(/\S/);
  expect(world.socket.of("call")).toEqual([]);
});

test("every other failure on the way in has OpenAI's shape too", async () => {
  const world = await ready();
  const post = (options: object) => call("POST", "/v1/chat/completions", { token: world.operate, ...options });
  const json = { "content-type": "application/json" };
  expect(errorOf(await call("POST", "/v1/chat/completions", { body: HELLO }))).toMatchObject({ status: 401, code: "invalid_api_key" });
  expect(errorOf(await post({ token: world.read, body: HELLO }))).toMatchObject({ status: 403, code: "insufficient_scope" });
  expect(errorOf(await post({ raw: "{", headers: json }))).toMatchObject({ status: 400, param: "body" });
  expect(errorOf(await post({ raw: "hi" }))).toMatchObject({ status: 415, code: "unsupported_media_type" });
  const big = JSON.stringify({ ...HELLO, user: "x".repeat(512 * 1024) });
  expect(errorOf(await post({ raw: big, headers: json }))).toMatchObject({ status: 413, code: "payload_too_large" });
  expect(errorOf(await call("GET", "/v1/chat/completions", { token: world.operate }))).toMatchObject({ status: 405 });
  expect(errorOf(await call("POST", "/v1/responses", { token: world.operate, body: {} }))).toMatchObject({
    ...{ status: 404, code: "unknown_url" },
  });
  const RATE_LIMIT = { limit: async () => ({ success: false }) };
  const limited = await callWith({ RATE_LIMIT }, request("POST", "/v1/chat/completions", { token: world.operate, body: HELLO }));
  expect(errorOf(limited)).toMatchObject({ status: 429, type: "rate_limit_error", code: "rate_limit_exceeded" });
  expect(limited.headers.get("retry-after")).toBe("10");
});

const attempt = (outcome: CallFailure["attempts"][number]["outcome"]) => ({ provider: "ollama", outcome, message: "", durationMs: 1 });
const FAILURES: [Partial<CallFailure>, object, string | null][] = [
  [{ code: "NO_PROVIDER" }, { status: 503, type: "server_error", code: "no_provider" }, null],
  [{ code: "BUSY", retryAfterSeconds: 1 }, { status: 429, type: "rate_limit_error", code: "busy" }, "1"],
  [{ code: "TIMEOUT" }, { status: 504, type: "server_error", code: "timeout" }, null],
  [{ code: "UNKNOWN_MODEL" }, { status: 404, param: "model", code: "model_not_found" }, null],
  [
    { attempts: [attempt("rate_limited")], retryAfterSeconds: 7.2 },
    { status: 429, type: "rate_limit_error", code: "provider_failed" },
    "8",
  ],
  [{ attempts: [attempt("timeout"), attempt("breaker_open")] }, { status: 504, code: "provider_failed" }, null],
  [{ attempts: [attempt("refused")] }, { status: 400, type: "invalid_request_error", code: "provider_failed" }, null],
  [{ attempts: [attempt("rate_limited"), attempt("cut")] }, { status: 502, type: "server_error", code: "provider_failed" }, null],
];

test.each(FAILURES)("a call that fails with %j", async (failure, expected, retryAfter) => {
  const world = await ready();
  failing(world.socket, failure);
  for (const stream of [false, true]) {
    const answer = await chat(world, { ...HELLO, stream });
    expect(errorOf(answer)).toMatchObject(expected);
    expect(answer.headers.get("retry-after")).toBe(retryAfter);
  }
});

test("no agent: 503 no_agent, whatever model is asked for", async () => {
  const world = await createWorld();
  expect(errorOf(await chat(world, HELLO))).toMatchObject({ status: 503, type: "server_error", code: "no_agent" });
  await world.agent.heartbeat({ stopping: true });
  expect(errorOf(await chat(world, { ...HELLO, model: "gpt-9" }))).toMatchObject({ status: 503, code: "no_agent" });
});

test("a client that goes away stops the agent, also before the first word", async () => {
  const world = await ready();
  const left = new AbortController();
  const sent = new Request(request("POST", "/v1/chat/completions", { token: world.operate, body: HELLO }), { signal: left.signal });
  const answer = callWith({}, sent);
  const { callId } = await world.socket.nth("call");
  left.abort();
  expect(await world.socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
  await answer;
  const streamed = exports.default.fetch(
    request("POST", "/v1/chat/completions", { token: world.operate, body: { ...HELLO, stream: true } }),
  );
  const second = await world.socket.nth("call", 2);
  sendText(world.socket, second.callId, ["one"]);
  await (await streamed).body?.cancel();
  expect(await world.socket.nth("call.cancel", 2)).toEqual({ type: "call.cancel", callId: second.callId });
});

test("a client that does not read, and then goes away, stops the agent", async () => {
  const world = await ready();
  const body = { ...HELLO, stream: true };
  const response = exports.default.fetch(request("POST", "/v1/chat/completions", { token: world.operate, body }));
  const { callId } = await world.socket.nth("call");
  sendText(
    world.socket,
    callId,
    Array.from({ length: 50 }, () => "x".repeat(7_000)),
  );
  await (await response).body?.cancel();
  expect(await world.socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
});
