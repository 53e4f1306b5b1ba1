// What differs between servers that call themselves OpenAI-compatible: refused parts of a request, ways to tell usage, addresses.
import { afterEach, beforeEach, expect, test } from "vitest";
import { answers, answersJson, status } from "../../../helpers/model-servers/behaviour.ts";
import { type OpenAiFake, startOpenAi } from "../../../helpers/model-servers/openai.ts";
import { httpProvider, outcomeOf, QUESTION, UNENDING } from "./support.ts";

let server: OpenAiFake;
beforeEach(async () => {
  server = await startOpenAi();
});
afterEach(() => server.close());

const SCHEMA = { type: "object", properties: { action: { type: "string" } } };
const PROMPT = { system: "You read intents.", user: "deploy on edge1", schema: SCHEMA, priority: 0 };
const IN_WORDS = `You read intents.\n\nAnswer with one JSON value and nothing else of this JSON Schema:\n${JSON.stringify(SCHEMA)}`;
const provider = (model: string | undefined = "fake-model") => httpProvider("openai-compatible", server.url, { model });

const formats = () => server.of("chat").map(({ body }) => body["response_format"] ?? null);

test("the question goes out as the API has it", async () => {
  const options = { temperature: 0.2, topP: 0.9, maxTokens: 50, stop: ["END"], seed: 7 };
  await outcomeOf(provider(), { options, model: "other" });
  expect(server.of("chat")[0]?.body).toEqual({
    ...{ model: "other", messages: QUESTION.messages, stream: true, stream_options: { include_usage: true } },
    ...{ temperature: 0.2, top_p: 0.9, max_tokens: 50, stop: ["END"], seed: 7 },
  });
});

test("usage is read wherever it is told", async () => {
  server.usage = { prompt: 100, completion: 5, cached: 64 };
  const usage = { promptTokens: 100, cachedTokens: 64, completionTokens: 5 };
  server.usageMode = "last-chunk";
  expect((await outcomeOf(provider())).end?.usage).toEqual(usage);
  server.usageMode = "with-choice";
  expect((await outcomeOf(provider())).end?.usage).toEqual(usage);
});

test("usage that is told before the last chunk is kept", async () => {
  const usage = { prompt_tokens: 4, completion_tokens: 1 };
  const chunks = [
    { model: "m", choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: null }], usage },
    { model: "m", choices: [{ index: 0, delta: {}, finish_reason: "stop" }], usage: null },
  ];
  const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
  server.behave(status(200, { "content-type": "text/event-stream" }, body));
  expect((await outcomeOf(provider())).end?.usage).toEqual({ promptTokens: 4, cachedTokens: null, completionTokens: 1 });
});

test("a cost that the server tells wins over the table", async () => {
  server.usage = { prompt: 100, completion: 5, costUsd: 0.0021 };
  const priced = httpProvider("openai-compatible", server.url, {
    model: "m",
    prices: { m: { promptPerMillionUsd: 1, completionPerMillionUsd: 1 } },
  });
  expect((await outcomeOf(priced)).end?.cost).toEqual({ usd: 0.0021, source: "provider" });
});

test("tokens from a cache have a price of their own", async () => {
  server.usage = { prompt: 100, completion: 10, cached: 60 };
  const prices = { "*": { promptPerMillionUsd: 10, completionPerMillionUsd: 20, cachedPerMillionUsd: 1 } };
  const priced = httpProvider("openai-compatible", server.url, { model: "m", prices });
  expect((await outcomeOf(priced)).end?.cost).toEqual({ usd: (40 * 10 + 60 * 1 + 10 * 20) / 1_000_000, source: "table" });
});

test("a server that refuses schemas is asked for JSON, and from then on at once", async () => {
  server.behave(answersJson({ action: "deploy" }));
  server.refused.add("json_schema");
  const backend = provider();
  expect(await backend.ask?.(PROMPT, UNENDING)).toMatchObject({ ok: true, value: { value: { action: "deploy" } } });
  await backend.ask?.(PROMPT, UNENDING);
  const schema = { type: "json_schema", json_schema: { name: "answer", schema: SCHEMA } };
  expect(formats()).toEqual([schema, { type: "json_object" }, { type: "json_object" }]);
  expect(server.of("chat")[1]?.body["messages"]).toEqual([
    { role: "system", content: IN_WORDS },
    { role: "user", content: "deploy on edge1" },
  ]);
});

test("a server that refuses both is told the schema in words", async () => {
  server.behave(answers('Here it is:\n```json\n{"action":"deploy"}\n```\n'));
  server.refused.add("json_schema").add("json_object");
  const backend = provider();
  expect(await backend.ask?.(PROMPT, UNENDING)).toMatchObject({ ok: true, value: { value: { action: "deploy" } } });
  expect(formats().map((format) => (format === null ? null : Reflect.get(Object(format), "type")))).toEqual([
    "json_schema",
    "json_object",
    null,
  ]);
});

test("a request that is refused for another reason teaches nothing", async () => {
  const tooLong = JSON.stringify({ error: { message: "maximum context length exceeded", type: "invalid_request_error" } });
  const backend = provider();
  server.behave(status(400, {}, tooLong));
  const failure = { kind: "refused", message: "Backend answered 400: maximum context length exceeded" };
  expect(await backend.ask?.(PROMPT, UNENDING)).toEqual({ ok: false, error: failure });
  server.behave(answersJson({ action: "deploy" }));
  await backend.ask?.(PROMPT, UNENDING);
  expect(formats().at(-1)).toMatchObject({ type: "json_schema" });
});

test.each([
  ["stream_options", {}, (body: Record<string, unknown>) => body["stream_options"] === undefined],
  [
    "max_tokens",
    { maxTokens: 9 },
    (body: Record<string, unknown>) => body["max_completion_tokens"] === 9 && body["max_tokens"] === undefined,
  ],
  ["temperature", { temperature: 0 }, (body: Record<string, unknown>) => body["temperature"] === undefined],
] as const)("a server that does not take %s is asked without it, and from then on at once", async (part, options, without) => {
  server.refused.add(part);
  const backend = provider();
  for (let calls = 0; calls < 2; calls += 1) expect((await outcomeOf(backend, { options })).failure).toBeNull();
  expect(server.of("chat").map(({ body }) => without(body))).toEqual([false, true, true]);
});

test.each([
  [{ message: "slow down", type: "rate_limit_error" }, "rate_limited"],
  [{ message: "no such key", type: "authentication_error" }, "unauthenticated"],
  [{ message: "too long", type: "invalid_request_error", code: "context_length_exceeded" }, "refused"],
  [{ message: "upstream is down", code: 502 }, "overloaded"],
  [{ message: "wait", code: "429" }, "rate_limited"],
  [{ message: "?", type: "" }, "overloaded"],
])("an error inside the stream is what it says it is: %j is %s", async (error, kind) => {
  server.behave({ kind: "error-line", pieces: ["Hel"], error });
  const { failure, yielded } = await outcomeOf(provider());
  expect({ failure, yielded }).toEqual({
    failure: { kind, message: `Backend failed while it answered: ${error.message}` },
    yielded: ["Hel"],
  });
});

test("an answer that is not streamed although that was asked is read all the same", async () => {
  const message = { role: "assistant", content: "all at once" };
  const usage = { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 };
  const whole = { object: "chat.completion", model: "m", choices: [{ index: 0, message, finish_reason: "length" }], usage };
  server.behave(status(200, {}, JSON.stringify(whole, null, 2)));
  expect(await outcomeOf(provider())).toEqual({
    yielded: ["all at once"],
    end: {
      ...{ finishReason: "length", model: "m", usage: { promptTokens: 4, cachedTokens: null, completionTokens: 3 } },
      cost: { usd: null, source: "unknown" },
    },
    failure: null,
  });
});

test("without a model of its own the first of the list that chats is asked, and the list is asked once", async () => {
  server.models = ["text-embedding-3-small", "talker"];
  const backend = httpProvider("openai-compatible", server.url);
  expect((await outcomeOf(backend)).end?.model).toBe("talker");
  await outcomeOf(backend);
  expect(server.of("models").length).toBe(1);
});

test("a server without a list of models is there when its model is configured", async () => {
  server.behave(status(404), "models");
  expect(await provider("mine").probe(UNENDING)).toEqual({ ok: true, value: { models: ["mine"], version: null } });
  expect(await httpProvider("openai-compatible", server.url).probe(UNENDING)).toMatchObject({ ok: false, error: { kind: "refused" } });
});

test("an address with a path is the base, one without gets /v1, and none is shown with its query", async () => {
  const based = httpProvider("openai-compatible", `${server.url}/v1/`, { model: "m" });
  expect((await outcomeOf(based)).failure).toBeNull();
  expect((await outcomeOf(provider())).failure).toBeNull();
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/chat/completions", "/v1/chat/completions"]);
  expect(httpProvider("openai-compatible", "https://user:word@models.example/v1/?key=1#x").address).toBe("https://models.example/v1");
});
