// Calls at the agent: taken from the socket, run on language models that answer, stall and fail, and given up when nobody waits.
import { expect, test } from "vitest";
import { CallFailed } from "../../../agent/llm/call-failed.ts";
import { type CallService, createCalls } from "../../../agent/loops/calls.ts";
import { understand } from "../../../intent/understand.ts";
import { type CallRequest, MAX_CALL_CHARS, MAX_CALLS_PER_AGENT, type UnderstandCall } from "../../../protocol/call.ts";
import { newId } from "../../../protocol/ids.ts";
import type { Served } from "../../../protocol/llm.ts";
import type { UpMessage } from "../../../protocol/room.ts";
import { startFakeWorker } from "../../helpers/fake-worker.ts";
import { aborted, captureLog, startCore, tempDir } from "./assemble.ts";

const SERVED: Served = {
  ...{ provider: "fake", model: "m", usage: null, arm: null, cost: { usd: null, source: "unknown" } },
  attempts: [{ provider: "fake", outcome: "answered", message: "", durationMs: 1 }],
};
const CHAT: CallRequest = { kind: "chat", messages: [{ role: "user", content: "hi" }], options: {}, model: null, only: null };
const EMBED: CallRequest = { kind: "embed", input: ["a", "b"], model: null, only: null };
const INPUT: UnderstandCall = {
  ...{ intentId: newId("int"), text: "Deploy eMBB slice on edge1 with 200Mbps", context: {}, targetSites: [] },
  ...{ answers: null, sites: [{ id: "edge1", aliases: [] }], slices: [] },
};

const vector = (...numbers: number[]) => Buffer.from(new Float32Array(numbers).buffer).toString("base64");

type Chat = CallService["chat"];
type Pieces = ReturnType<Chat>;

/** Says the texts, one after the other, and then ends. */
const saying = (...texts: string[]): Chat =>
  async function* (): Pieces {
    yield* texts;
    return { finishReason: "stop", served: SERVED };
  };

/** Says something, and then nothing until it is stopped; `ended` says that it was. */
function stalling(first: string): { chat: Chat; ended: Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>();
  async function* chat(_request: unknown, signal: AbortSignal): Pieces {
    try {
      yield first;
      await aborted(signal);
      throw new CallFailed({ code: "CANCELLED", message: "stopped", attempts: [] });
    } finally {
      resolve();
    }
  }
  return { chat, ended: promise };
}

function start(service: Partial<CallService> = {}, line: { up: boolean } = { up: true }) {
  const said: UpMessage[] = [];
  const lines: string[] = [];
  const calls = createCalls({
    service: {
      understandCall: async (input) => understand({ ...input, now: new Date() }),
      chat: saying("hello"),
      embed: async () => ({ ok: true, value: { vectors: [[0.5, -1], [2]], served: SERVED } }),
      discover: async () => undefined,
      ...service,
    },
    send(message) {
      if (line.up) said.push(message);
      return line.up;
    },
    log: captureLog(lines),
  });
  function ask(request: CallRequest, timeoutMs = 10_000): string {
    const callId = newId("call");
    calls.take({ type: "call", callId, timeoutMs, request });
    return callId;
  }
  const idle = () => expect.poll(() => calls.open()).toBe(0);
  return { calls, said, lines, ask, idle };
}

const failed = (callId: string, failure: object) => ({ type: "call.failed", callId, failure: { attempts: [], ...failure } });

test("a chat is answered with text and then its end", async () => {
  const { said, ask, idle } = start();
  const callId = ask(CHAT);
  await idle();
  expect(said).toEqual([
    { type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "hello" } },
    { type: "call.end", callId, result: { kind: "chat", finishReason: "stop", served: SERVED } },
  ]);
});

test("many small pieces travel in few frames, in order and whole; a long one is cut to fit", async () => {
  const tokens = Array.from({ length: 5_000 }, (_, index) => ` word${index}`);
  const long = "界".repeat(100_000);
  const { said, ask, idle } = start({ chat: saying(...tokens, long) });
  ask(CHAT);
  await idle();
  const chunks = said.flatMap((message) => (message.type === "call.chunk" ? [message] : []));
  expect(chunks.map((message) => message.index)).toEqual(chunks.map((_, index) => index));
  const texts = chunks.map(({ chunk }) => (chunk.kind === "text" ? chunk.text : ""));
  expect(texts.join("")).toBe(tokens.join("") + long);
  expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(64 * 1024);
  expect(chunks.length).toBeLessThan(60);
});

test("an understanding, vectors and a look at the backends are answered", async () => {
  const { said, ask, idle } = start();
  const understood = ask({ kind: "understand", input: INPUT, only: null });
  await idle();
  const embedded = ask(EMBED);
  await idle();
  const looked = ask({ kind: "discover" });
  await idle();
  expect(said).toEqual([
    { type: "call.end", callId: understood, result: { kind: "understand", understanding: expect.objectContaining({ status: "success" }) } },
    { type: "call.chunk", callId: embedded, index: 0, chunk: { kind: "embedding", index: 0, vector: vector(0.5, -1) } },
    { type: "call.chunk", callId: embedded, index: 1, chunk: { kind: "embedding", index: 1, vector: vector(2) } },
    { type: "call.end", callId: embedded, result: { kind: "embed", served: SERVED } },
    { type: "call.end", callId: looked, result: { kind: "discover" } },
  ]);
});

test("a character that is cut in two, by a model or by a limit, travels whole", async () => {
  const emoji = "😀";
  const long = `x${emoji.repeat(40_000)}`;
  const { said, ask, idle } = start({ chat: saying("a".repeat(5_000) + emoji.charAt(0), emoji.charAt(1), long) });
  ask(CHAT);
  await idle();
  const texts = said.flatMap((message) => (message.type === "call.chunk" && message.chunk.kind === "text" ? [message.chunk.text] : []));
  expect([texts.join("") === `${"a".repeat(5_000)}${emoji}${long}`, texts.every((text) => text.isWellFormed())]).toEqual([true, true]);
});

test("a vector that does not fit the protocol fails its call, and is never sent", async () => {
  const unfits = [
    { code: "TOO_LARGE", unfit: Array.from({ length: 8_193 }, () => 0.1) },
    { code: "INVALID", unfit: [1e39] },
  ];
  for (const { code, unfit } of unfits) {
    const embed = async () => ({ ok: true as const, value: { vectors: [[1], unfit, [2]], served: SERVED } });
    const { said, ask, idle } = start({ embed });
    const callId = ask(EMBED);
    await idle();
    expect(said).toEqual([
      { type: "call.chunk", callId, index: 0, chunk: { kind: "embedding", index: 0, vector: vector(1) } },
      failed(callId, { code, message: expect.any(String) }),
    ]);
  }
});

test("a cancel is heard between the vectors of one answer", async () => {
  let callId = "";
  const { calls, said, ask, idle } = start({
    async embed() {
      setImmediate(() => calls.take({ type: "call.cancel", callId }));
      return { ok: true, value: { vectors: Array.from({ length: 200 }, () => [1]), served: SERVED } };
    },
  });
  callId = ask(EMBED);
  await idle();
  expect(said.length).toBeLessThan(5);
});

test("an end that does not fit the protocol is a failure of that call", async () => {
  const understandCall: CallService["understandCall"] = async (input) => {
    const own = understand({ ...input, now: new Date() });
    return { ...own, metadata: { ...own.metadata, durationMs: -1 } };
  };
  const { said, ask, idle } = start({ understandCall });
  const callId = ask({ kind: "understand", input: INPUT, only: null });
  await idle();
  expect(said).toEqual([failed(callId, { code: "INVALID", message: "the answer does not fit the protocol" })]);
});

test("a failure of the models is told as it is, after what was said before it", async () => {
  const failure = { code: "PROVIDER_FAILED" as const, message: "cut", attempts: [] };
  async function* chat(): Pieces {
    yield "half";
    throw new CallFailed(failure);
  }
  const { said, ask, idle } = start({ chat, embed: async () => ({ ok: false, error: failure }) });
  const first = ask(CHAT);
  await idle();
  const second = ask(EMBED);
  await idle();
  expect(said).toEqual([
    { type: "call.chunk", callId: first, index: 0, chunk: { kind: "text", text: "half" } },
    failed(first, failure),
    failed(second, failure),
  ]);
});

test("what nobody expects is told without its text, which goes to the log", async () => {
  const discover = () => Promise.reject(new Error("password hunter2 in the way"));
  const { said, lines, ask, idle } = start({ discover });
  const callId = ask({ kind: "discover" });
  await idle();
  expect(said).toEqual([failed(callId, { code: "PROVIDER_FAILED", message: "something went wrong at the agent; its log has the cause" })]);
  expect(lines.join("")).toContain("a call broke down");
});

test("a cancelled call stops its backend and says nothing more", async () => {
  const stall = stalling("first");
  const { calls, said, ask, idle } = start({ chat: stall.chat });
  const callId = ask(CHAT);
  await expect.poll(() => said.length).toBe(1);
  calls.take({ type: "call.cancel", callId });
  calls.take({ type: "call.cancel", callId: newId("call") }); // of what is over, or never was
  await stall.ended;
  await idle();
  expect(said).toEqual([{ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "first" } }]);
});

test("a call that takes longer than its bound stops its backend and is a TIMEOUT", async () => {
  const stall = stalling("first");
  const { said, ask, idle } = start({ chat: stall.chat });
  const callId = ask(CHAT, 30);
  await stall.ended;
  await idle();
  expect(said.at(-1)).toEqual(failed(callId, { code: "TIMEOUT", message: "no end of the answer within the bound of the call" }));
});

test("an answer that has no end is stopped at the limit", async () => {
  let stopped = false;
  async function* chat(_request: unknown, signal: AbortSignal): Pieces {
    try {
      while (!signal.aborted) yield "x".repeat(10_000);
      throw new CallFailed({ code: "CANCELLED", message: "stopped", attempts: [] });
    } finally {
      stopped = true;
    }
  }
  const { said, ask, idle } = start({ chat });
  const callId = ask(CHAT);
  await idle();
  expect(stopped).toBe(true);
  expect(said.at(-1)).toEqual(failed(callId, { code: "INVALID", message: `the answer is longer than ${MAX_CALL_CHARS} characters` }));
});

test("one call more than it takes at once is BUSY; the same call twice runs once", async () => {
  const { calls, said, ask, idle } = start({ discover: (signal) => aborted(signal) });
  const ids = Array.from({ length: MAX_CALLS_PER_AGENT }, () => ask({ kind: "discover" }));
  calls.take({ type: "call", callId: ids[0] ?? "", timeoutMs: 10_000, request: { kind: "discover" } });
  expect(calls.open()).toBe(MAX_CALLS_PER_AGENT);
  const callId = ask({ kind: "discover" });
  expect(said).toEqual([failed(callId, { code: "BUSY", message: "this agent has as many calls as it takes", retryAfterSeconds: 1 })]);
  calls.abortAll();
  await idle();
  expect(said).toHaveLength(1);
});

test("a line that takes nothing any more ends the call that wanted to speak", async () => {
  const line = { up: false };
  const stall = stalling("first");
  const { ask, idle } = start({ chat: stall.chat }, line);
  ask(CHAT);
  await stall.ended;
  await idle();
});

test("through a socket: calls come in, answers go out, and a cut socket stops the backends", async () => {
  await using temp = await tempDir();
  const worker = await startFakeWorker();
  const stall = stalling("first");
  const core = await startCore({ worker, dir: temp.dir, sockets: true, run: (_job, signal) => aborted(signal), chat: stall.chat });
  await expect.poll(() => core.wakeups.connected()).toBe(true);
  const callId = newId("call");
  worker.push({ type: "call", callId, timeoutMs: 10_000, request: CHAT });
  await expect.poll(() => worker.answers).toEqual([{ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "first" } }]);
  for (const socket of worker.sockets) socket.cut();
  await stall.ended;
  await core.stop();
  await worker.close();
});
