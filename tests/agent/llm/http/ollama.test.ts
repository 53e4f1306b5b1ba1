// What Ollama's own API is given: options, the context that a prompt needs, the schema of an answer.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FakeModelServer } from "../../../helpers/model-servers/http-fake.ts";
import { startOllama } from "../../../helpers/model-servers/ollama.ts";
import { httpProvider, outcomeOf, QUESTION, UNENDING } from "./support.ts";

let server: FakeModelServer;
beforeEach(async () => {
  server = await startOllama();
});
afterEach(() => server.close());

test("the question goes out as the API has it", async () => {
  const options = { temperature: 0.2, topP: 0.9, maxTokens: 50, stop: ["END"], seed: 7, json: { name: "x", schema: { type: "object" } } };
  await outcomeOf(httpProvider("ollama", server.url), { options, model: "llama3.2" });
  expect(server.of("chat")[0]?.body).toEqual({
    ...{ model: "llama3.2", messages: QUESTION.messages, stream: true, format: { type: "object" } },
    options: { temperature: 0.2, top_p: 0.9, num_predict: 50, stop: ["END"], seed: 7 },
  });
});

test("JSON without a schema is asked for as that", async () => {
  await outcomeOf(httpProvider("ollama", server.url), { options: { json: { name: "x" } }, model: "llama3.2" });
  expect(server.of("chat")[0]?.body).toMatchObject({ format: "json" });
});

test.each([
  ["x".repeat(3_000), undefined],
  ["x".repeat(12_000), 8_192],
  ["網".repeat(10_000), 16_384],
  ["x".repeat(399_000), 131_072],
])("a prompt is given the context that it needs (case %#)", async (system, context) => {
  const prompt = { system, user: "deploy", schema: { type: "object" }, priority: 0 };
  await httpProvider("ollama", server.url, { model: "llama3.2" }).ask?.(prompt, UNENDING);
  expect(server.of("chat")[0]?.body["options"]).toEqual(context === undefined ? { temperature: 0 } : { temperature: 0, num_ctx: context });
});

test("without a model of its own the first of the list that chats is asked, and the list is asked once", async () => {
  server.models = ["nomic-embed-text:latest", "bge-m3", "all-minilm", "llama3.2:3b"];
  const backend = httpProvider("ollama", server.url);
  expect((await outcomeOf(backend)).end?.model).toBe("llama3.2:3b");
  await outcomeOf(backend);
  expect(server.of("models").length).toBe(1);
});

test("a server with no model that chats is a refusal that says so", async () => {
  server.models = ["nomic-embed-text:latest"];
  const { failure } = await outcomeOf(httpProvider("ollama", server.url));
  expect(failure).toEqual({ kind: "refused", message: "Backend has no model for this (chat)" });
});

test("an answer that its length limit cut off is no JSON, and says why", async () => {
  server.behave({ kind: "malformed", pieces: [], line: '{"message":{"content":"{\\"action\\":"},"done":true,"done_reason":"length"}' });
  const prompt = { system: "", user: "deploy", schema: { type: "object" }, priority: 0 };
  const answer = await httpProvider("ollama", server.url, { model: "llama3.2" }).ask?.(prompt, UNENDING);
  expect(answer).toEqual({ ok: false, error: { kind: "invalid", message: "Backend: its answer was cut off by its length limit" } });
});
