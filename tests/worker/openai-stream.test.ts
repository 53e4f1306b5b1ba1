// Chats as server-sent events: what comes in which order, and how a stream ends when something fails on the way.
import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { OpenAiErrorBody } from "../../protocol/openai.ts";
import type { Heard } from "../../worker/services/call-stream.ts";
import { begun } from "../../worker/services/openai-stream.ts";
import { type Asked, answering, CHAT_END, greeted, SERVED, sendText } from "../party/answerer.ts";
import type { TestSocket } from "../party/socket.ts";
import { backend } from "./backends.ts";
import { createWorld, readAnswer, request } from "./harness.ts";

async function stream(patch: object, answer: (socket: TestSocket, asked: Asked) => void): Promise<Response> {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama")] });
  const socket = await greeted(world.agent);
  answering(socket, (asked) => answer(socket, asked));
  const body = { model: "auto", messages: [{ role: "user", content: "hello" }], stream: true, ...patch };
  return exports.default.fetch(request("POST", "/v1/chat/completions", { token: world.operate, body }));
}

/** The data of the events, parsed; comments are left out. */
function events(text: string): unknown[] {
  const blocks = text.split("\n\n").filter((block) => block !== "" && !block.startsWith(":"));
  return blocks.map((block) => (block === "data: [DONE]" ? "[DONE]" : JSON.parse(block.replace(/^data: /, ""))));
}

const HELLO_WORLD = (socket: TestSocket, { callId }: Asked) => {
  sendText(socket, callId, ["Hello", " 世界"]);
  socket.send({ type: "call.end", callId, result: CHAT_END });
};

function chunk(id: string, delta: object, more: object = {}): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: null }];
  return { id, object: "chat.completion.chunk", created: expect.any(Number), model: "auto", choices, ...more };
}

function last(id: string, more: object = {}): object {
  const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: "stop" }];
  return { ...chunk(id, {}), model: "ollama/llama3.2", choices, served: SERVED, ...more };
}

test("role first, then the text, then the reason of the end with who served, then [DONE]", async () => {
  const response = await stream({}, HELLO_WORLD);
  const id = `chatcmpl-${response.headers.get("x-request-id")}`;
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  expect(events(await response.text())).toEqual([
    chunk(id, { role: "assistant", content: "" }),
    chunk(id, { content: "Hello" }),
    chunk(id, { content: " 世界" }),
    last(id),
    "[DONE]",
  ]);
});

test("with include_usage every event has the field, and the last one has the figures and no choice", async () => {
  const response = await stream({ stream_options: { include_usage: true } }, HELLO_WORLD);
  const id = `chatcmpl-${response.headers.get("x-request-id")}`;
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10, prompt_tokens_details: { cached_tokens: 2 } };
  expect(events(await response.text())).toEqual([
    chunk(id, { role: "assistant", content: "" }, { usage: null }),
    chunk(id, { content: "Hello" }, { usage: null }),
    chunk(id, { content: " 世界" }, { usage: null }),
    last(id, { usage: null }),
    { ...chunk(id, {}), model: "ollama/llama3.2", choices: [], usage },
    "[DONE]",
  ]);
});

test("usage that is not known stays null", async () => {
  const response = await stream({ stream_options: { include_usage: true } }, (socket, { callId }) =>
    socket.send({ type: "call.end", callId, result: { kind: "chat", finishReason: "stop", served: { ...SERVED, usage: null } } }),
  );
  expect(events(await response.text()).slice(-2)).toEqual([expect.objectContaining({ choices: [], usage: null }), "[DONE]"]);
});

test("a stream for one backend says so in its header", async () => {
  const response = await stream({ model: "ollama/llama3.2" }, HELLO_WORLD);
  expect(response.headers.get("x-served-by")).toBe("ollama/llama3.2");
  await response.text();
});

test("an agent that goes away in the middle is an error event at the end, and there is no [DONE]", async () => {
  const response = await stream({}, (socket, { callId }) => {
    sendText(socket, callId, ["half"]);
    socket.close();
  });
  expect(response.status).toBe(200);
  expect(events(await response.text()).slice(1)).toEqual([
    expect.objectContaining({ choices: [expect.objectContaining({ delta: { content: "half" } })] }),
    {
      error: {
        ...{ message: "the agent went away before the end of its answer", type: "server_error", param: null, code: "lost" },
      },
    },
  ]);
});

test("a model that thinks long is waited for with comments; what fails then is an error event", async () => {
  const begun = Promise.withResolvers<void>();
  const failure = { code: "PROVIDER_FAILED" as const, message: "cut", attempts: [] };
  const response = await stream({}, (socket, { callId }) => {
    void begun.promise.then(() => socket.send({ type: "call.failed", callId, failure }));
  });
  begun.resolve(); // the answer has begun, although no word was said
  const text = await response.text();
  expect([response.status, text.includes(": waiting\n\n")]).toEqual([200, true]);
  expect(events(text).slice(1)).toEqual([{ error: { message: "cut", type: "server_error", param: null, code: "provider_failed" } }]);
});

async function* heardOf(waits: number, last: Heard): AsyncGenerator<Heard, void> {
  for (let said = 0; said < waits; said += 1) yield { type: "waiting" };
  yield last;
}

test("a failure within some six seconds has its own status; after that the answer has begun", async () => {
  const failure: Heard = { type: "failed", failure: { code: "LOST", message: "gone", attempts: [] }, agentId: null };
  await expect(begun(heardOf(11, failure))).rejects.toThrow("gone");
  expect(await begun(heardOf(12, failure))).toEqual({ type: "waiting" });
});

test("what fails before the answer has begun has its own status", async () => {
  const answer = await readAnswer(await stream({}, (socket) => socket.close()));
  expect([answer.status, answer.as(OpenAiErrorBody).error.code]).toEqual([502, "lost"]);
});
