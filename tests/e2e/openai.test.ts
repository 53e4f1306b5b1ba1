// OpenAI's own client against the whole system: worker, room, agent, and a model server that answers, stalls and refuses.
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { status } from "../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../helpers/model-servers/http-fake.ts";
import { startOllama } from "../helpers/model-servers/ollama.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const MODEL = "ollama/fake-model";
const HELLO = { model: MODEL, messages: [{ role: "user" as const, content: "hello" }] };

let ollama: FakeModelServer;
let stack: Stack;
let client: OpenAI;

beforeAll(async () => {
  ollama = await startOllama();
  stack = await startStack({ sites: 1, env: { OLLAMA_HOST: ollama.url, CLAUDE_BIN: "/nowhere/claude" } });
  client = new OpenAI({ baseURL: `${stack.url}/v1`, apiKey: stack.token, maxRetries: 0, timeout: 20_000 });
  await until("the agent to tell of its models", models, { holds: (ids) => ids.includes(MODEL) });
});

afterAll(async () => {
  await stack?.stop();
  await ollama?.close();
});

async function models(): Promise<string[]> {
  return (await client.models.list()).data.map((model) => model.id);
}

/** The error of OpenAI's client; anything else fails the test. */
async function errorOf(work: Promise<unknown>): Promise<InstanceType<typeof OpenAI.APIError>> {
  const error = await work.then(
    () => new Error("it did not fail"),
    (cause: unknown) => cause,
  );
  if (error instanceof OpenAI.APIError) return error;
  throw error;
}

/** The newest chat that has reached the model server. */
async function chatAt(count: number) {
  await expect.poll(() => ollama.of("chat").length, { timeout: 10_000 }).toBe(count);
  const received = ollama.of("chat").at(-1);
  if (received === undefined) throw new Error("unreachable: the poll has seen it");
  return received;
}

test("models are auto, the backend, and each of its models", async () => {
  expect(await models()).toEqual(expect.arrayContaining(["auto", "ollama", MODEL, "ollama/fake-embed"]));
  expect((await client.models.retrieve(MODEL)).id).toBe(MODEL);
});

test("a chat is answered with usage and with who served it", async () => {
  const { data, response } = await client.chat.completions.create(HELLO).withResponse();
  expect([data.model, data.choices, data.usage]).toEqual([
    MODEL,
    [{ index: 0, message: { role: "assistant", content: "Hello, world", refusal: null }, logprobs: null, finish_reason: "stop" }],
    expect.objectContaining({ prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }),
  ]);
  expect(response.headers.get("x-served-by")).toBe(MODEL);
  expect(data).toMatchObject({ served: { provider: "ollama", attempts: [{ provider: "ollama", outcome: "answered" }] } });
});

test("a stream has the text in pieces, the reason of its end and the usage", async () => {
  const stream = await client.chat.completions.create({ ...HELLO, model: "auto", stream: true, stream_options: { include_usage: true } });
  const [texts, reasons, usages]: [string[], string[], number[]] = [[], [], []];
  for await (const chunk of stream) {
    const [choice] = chunk.choices;
    if (choice?.delta.content) texts.push(choice.delta.content);
    if (choice?.finish_reason) reasons.push(choice.finish_reason);
    if (chunk.usage) usages.push(chunk.usage.total_tokens);
  }
  expect([texts.join(""), reasons, usages]).toEqual(["Hello, world", ["stop"], [15]]);
});

test("a client that aborts stops the backend: in the middle of the answer, and before its first word", async () => {
  const before = ollama.of("chat").length;
  ollama.behaveOnce([{ kind: "hang-after", pieces: ["one"] }, { kind: "hang" }]);
  const stream = await client.chat.completions.create({ ...HELLO, stream: true });
  for await (const chunk of stream) if (chunk.choices[0]?.delta.content === "one") break; // leaving the loop aborts
  expect(await (await chatAt(before + 1)).ended).toBe("client");

  const silent = await client.chat.completions.create({ ...HELLO, stream: true }); // begins while the model still thinks
  const received = await chatAt(before + 2);
  silent.controller.abort();
  expect(await received.ended).toBe("client");
});

test("embeddings are the same as numbers and as the base64 that the client asks for by default", async () => {
  const input = ["a", "four"];
  const vectors = async (more: object) => (await client.embeddings.create({ model: "ollama/fake-embed", input, ...more })).data;
  const floats = await vectors({ encoding_format: "float" });
  expect(floats.map(({ index, embedding }) => [index, embedding.length])).toEqual([
    [0, 4],
    [1, 4],
  ]);
  const decoded = await vectors({});
  expect(decoded.map(({ embedding }) => embedding.map((value) => Math.fround(value)))).toEqual(
    floats.map(({ embedding }) => embedding.map((value) => Math.fround(value))),
  );
});

test("failures are errors of the client's own classes", async () => {
  const chat = (patch: object, by = client) => errorOf(by.chat.completions.create({ ...HELLO, ...patch }));
  expect(await chat({ model: "gpt-9" })).toMatchObject({ status: 404, code: "model_not_found", param: "model" });
  expect(await chat({ n: 2 })).toMatchObject({ status: 400, param: "n", type: "invalid_request_error" });
  expect(await chat({}, client.withOptions({ apiKey: "wrong-token" }))).toMatchObject({ status: 401, code: "invalid_api_key" });
  ollama.behaveOnce([status(500), status(500), status(500)]);
  expect(await chat({})).toMatchObject({ status: 502, type: "server_error", code: "provider_failed" });
});

test("an agent that dies in the middle is an error in the stream; without one it is 503, until it is back", async () => {
  ollama.behaveOnce([{ kind: "hang-after", pieces: ["half"] }]);
  const stream = await client.chat.completions.create({ ...HELLO, stream: true });
  const texts: string[] = [];
  const cut = await errorOf(
    (async () => {
      for await (const chunk of stream) {
        const text = chunk.choices[0]?.delta.content ?? "";
        if (text !== "") texts.push(text);
        if (text === "half") stack.kill("agent");
      }
    })(),
  );
  const gone = await errorOf(client.chat.completions.create({ ...HELLO, model: "auto" }));
  expect([texts, cut.code, gone.status, gone.code]).toEqual([["half"], "lost", 503, "no_agent"]);
  const back = () => client.chat.completions.create(HELLO).then((answer) => answer.choices[0]?.message.content, String);
  await expect.poll(back, { timeout: 20_000, interval: 200 }).toBe("Hello, world");
});
