// POST /v1/execute: a capability is taken to whoever has it, and the answer tells where it ran.
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { ExecuteAnswer } from "../../protocol/execute.ts";
import { answering, CHAT_END, greeted, SERVED, sendText, vector } from "../party/answerer.ts";
import { backend, rules } from "./backends.ts";
import { call, createWorld, refusal, rows, SENTENCE, type World } from "./harness.ts";

const post = (world: World, body: object) => call("POST", "/v1/execute", { token: world.operate, body });
const latency_ms = expect.any(Number);

/** A world whose agent answers every kind of call. */
async function ready(): Promise<World> {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama"), rules()] });
  const socket = await greeted(world.agent);
  answering(socket, ({ callId, request }) => {
    if (request.kind === "chat") {
      sendText(socket, callId, [`you said: ${request.messages.at(-1)?.content}`]);
      socket.send({ type: "call.end", callId, result: CHAT_END });
    } else if (request.kind === "embed") {
      for (const index of request.input.keys())
        socket.send({ type: "call.chunk", callId, index, chunk: { kind: "embedding", index, vector: vector(index) } });
      socket.send({ type: "call.end", callId, result: { kind: "embed", served: SERVED } });
    } else if (request.kind === "understand") {
      const own = understand({ ...request.input, now: new Date() });
      const understanding = { ...own, metadata: { ...own.metadata, provider: "ollama", served: SERVED } };
      socket.send({ type: "call.end", callId, result: { kind: "understand", understanding } });
    }
  });
  return world;
}

const ranOn = (world: World) => ({
  ran_on: { agent_id: world.agent.id, provider: "ollama", model: "llama3.2" },
  attempts: SERVED.attempts,
  latency_ms,
});

test("words about the network are understood, and nothing is done about them", async () => {
  const world = await ready();
  const answer = (await post(world, { intent: SENTENCE })).as(ExecuteAnswer);
  expect(answer).toEqual({ capability: "understand", result: expect.objectContaining({ status: "success" }), ...ranOn(world) });
  expect([await rows("select id from intents"), await rows("select id from jobs"), await rows("select seq from audit")]).toEqual([
    [],
    [],
    [],
  ]);
});

test("any other words are a chat", async () => {
  const world = await ready();
  const answer = (await post(world, { intent: "write a poem about the sea" })).as(ExecuteAnswer);
  const result = { text: "you said: write a poem about the sea", finish_reason: "stop" };
  expect(answer).toEqual({ capability: "chat", result, ...ranOn(world) });
});

test("a capability is asked for by its name, with a prompt, messages or a list of texts", async () => {
  const world = await ready();
  const messages = [{ role: "user", content: "hi" }];
  const said = { capability: "chat", result: { text: "you said: hi", finish_reason: "stop" }, ...ranOn(world) };
  expect((await post(world, { capability: "chat", prompt: "hi", model: "ollama" })).body).toEqual(said);
  expect((await post(world, { capability: "chat", messages })).body).toEqual(said);
  expect((await post(world, { capability: "embeddings", input: ["a", "b"] })).body).toEqual({
    ...{ capability: "embeddings", result: { embeddings: [[0], [1]] } },
    ...ranOn(world),
  });
  expect((await post(world, { capability: "understand", input: "hello there" })).body).toMatchObject({
    ...{ capability: "understand", result: { status: "rejected" } },
  });
});

test("without an agent the worker itself understands, and nobody chats", async () => {
  const world = await createWorld();
  expect((await post(world, { intent: SENTENCE })).body).toMatchObject({
    capability: "understand",
    result: { status: "success", metadata: { fallback: true } },
    ran_on: { agent_id: null, provider: "rules", model: null },
    attempts: [],
  });
  expect(refusal(await post(world, { intent: "write a poem about the sea" }))).toEqual({ status: 503, code: "NO_AGENT" });
});

const WRONG: [string, object, string][] = [
  ["neither an intent nor a capability", {}, "intent"],
  ["both", { intent: "a", capability: "chat" }, "intent"],
  ["a capability of no name", { capability: "paint", input: "a" }, "capability"],
  ["nothing to say", { capability: "chat" }, "input"],
  ["two things to say", { capability: "chat", input: "a", prompt: "b" }, "prompt"],
  ["a list where one text is wanted", { capability: "chat", input: ["a", "b"] }, "input"],
  ["control characters", { capability: "understand", prompt: "a\u0000b" }, "prompt"],
  ["an intent, and words beside it", { intent: SENTENCE, prompt: "b" }, "prompt"],
  ["an intent, and a conversation beside it", { intent: SENTENCE, messages: [{ role: "user", content: "b" }] }, "messages"],
  ["a prompt, and a conversation beside it", { capability: "chat", prompt: "a", messages: [{ role: "user", content: "b" }] }, "messages"],
  ["sites for a chat", { intent: "tell me a joke about cats", target_sites: ["edge1"] }, "target_sites"],
  ["a context for vectors", { capability: "embeddings", input: "a", context: {} }, "context"],
  ["a conversation to be understood", { capability: "understand", messages: [{ role: "user", content: "b" }] }, "messages"],
  ["a model for what the router decides", { intent: SENTENCE, model: "ollama" }, "model"],
  ["an unknown field", { intent: "a", colour: "red" }, "colour"],
];

test.each(WRONG)("%s: 400 in the error body of this system", async (_name, body, field) => {
  const world = await createWorld();
  expect(refusal(await post(world, body))).toEqual({ status: 400, code: "VALIDATION", fields: [field] });
});

test("an unknown model is a 404 that names it", async () => {
  const world = await ready();
  const answer = await post(world, { capability: "chat", prompt: "hi", model: "gpt-9" });
  expect(refusal(answer)).toEqual({ status: 404, code: "NOT_FOUND", fields: ["model"] });
});
