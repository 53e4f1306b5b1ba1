// A call as the worker reads it, against rooms that hang, break and lie: it ends exactly once, in time, and tells the room when it leaves.
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import type { RoomClient } from "../../party/route.ts";
import type { CallEvent } from "../../protocol/call.ts";
import { createDeps, type Deps } from "../../worker/deps.ts";
import { askAgent } from "../../worker/services/call.ts";
import { type Heard, openCall } from "../../worker/services/call-stream.ts";
import { CHAT, CHAT_END, vector } from "../party/answerer.ts";

const END: CallEvent = { type: "end", result: CHAT_END, agentId: "agt_1" };
const TEXT: CallEvent = { type: "chunk", chunk: { kind: "text", text: "界" } };

interface FakeRoom {
  deps: Deps;
  cancelled: string[];
  asked: string[];
}

/** A room whose streams are what the test says. */
function roomOf(stream: () => Promise<ReadableStream<Uint8Array>>): FakeRoom {
  const fake = { cancelled: [] as string[], asked: [] as string[] };
  const real = createDeps(env, { waitUntil: () => undefined });
  const room: RoomClient = {
    ...real.room,
    call: (_request, { callId }) => {
      fake.asked.push(callId);
      return stream();
    },
    cancelCall: async (callId) => void fake.cancelled.push(callId),
  };
  return { ...fake, deps: { ...real, room } };
}

/** Bytes as they come, and then the end, or no end at all. */
function bytes(parts: readonly Uint8Array[], ends = true): () => Promise<ReadableStream<Uint8Array>> {
  return async () =>
    new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
        if (ends) controller.close();
      },
    });
}

const lines = (...events: (CallEvent | string)[]) =>
  new TextEncoder().encode(events.map((event) => `${typeof event === "string" ? event : JSON.stringify(event)}\n`).join(""));

async function all(heard: AsyncGenerator<Heard>): Promise<Heard[]> {
  const list: Heard[] = [];
  for await (const one of heard) list.push(one);
  return list;
}

const failed = (code: string) => ({ type: "failed", failure: expect.objectContaining({ code }), agentId: null });
const ask = { request: CHAT, timeoutMs: 1_000 };

test("events come as they were sent, wherever the bytes are cut, with waiting for the empty lines", async () => {
  const whole = lines(TEXT, "", TEXT, END);
  const cut = Array.from(whole, (byte) => new Uint8Array([byte]));
  const { deps, cancelled } = roomOf(bytes(cut));
  expect(await all(openCall(deps, ask))).toEqual([TEXT, { type: "waiting" }, TEXT, END]);
  expect(cancelled).toEqual([]);
});

test("what comes after the end is not read", async () => {
  const { deps } = roomOf(bytes([lines(END, TEXT, END)]));
  expect(await all(openCall(deps, ask))).toEqual([END]);
});

test("a stream that stops without an end is LOST", async () => {
  const { deps } = roomOf(bytes([lines(TEXT)]));
  expect(await all(openCall(deps, ask))).toEqual([TEXT, failed("LOST")]);
});

test("a room that cannot be asked is LOST, and the cause goes to the log only", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { deps } = roomOf(() => Promise.reject(new Error("internal secret")));
  const heard = await all(openCall(deps, ask));
  const logged = log.mock.calls.flat().join();
  log.mockRestore();
  expect([heard, logged.includes("internal secret")]).toEqual([[failed("LOST")], true]);
  expect(JSON.stringify(heard)).not.toContain("secret");
});

test("what is no event, or an answer to another question, is INVALID", async () => {
  const other: CallEvent = { type: "chunk", chunk: { kind: "embedding", index: 0, vector: vector(1) } };
  const discovered: CallEvent = { type: "end", result: { kind: "discover" }, agentId: "agt_1" };
  for (const line of ['{"type":"chunk"}', JSON.stringify(other), JSON.stringify(discovered)]) {
    const { deps, asked, cancelled } = roomOf(bytes([lines(line)], false));
    expect(await all(openCall(deps, ask))).toEqual([failed("INVALID")]);
    expect(cancelled).toEqual(asked);
  }
});

test("a room that says nothing is a TIMEOUT", async () => {
  vi.useFakeTimers();
  const never = roomOf(() => new Promise(() => undefined));
  const silent = roomOf(bytes([lines("")], false));
  const both = Promise.all([askAgent(never.deps, ask), askAgent(silent.deps, ask)]);
  await vi.advanceTimersByTimeAsync(ask.timeoutMs + 2_000);
  vi.useRealTimers();
  const timeout = { ok: false, error: expect.objectContaining({ code: "TIMEOUT" }) };
  expect(await both).toEqual([timeout, timeout]);
  expect([never.cancelled, silent.cancelled]).toEqual([never.asked, silent.asked]);
});

test("who stops reading, or whose signal fires, tells the room", async () => {
  const left = roomOf(bytes([lines(TEXT)], false));
  for await (const heard of openCall(left.deps, ask)) if (heard.type === "chunk") break;
  expect(left.cancelled).toEqual(left.asked);

  const aborted = roomOf(bytes([lines(TEXT)], false));
  const controller = new AbortController();
  const heard = openCall(aborted.deps, { ...ask, signal: controller.signal });
  expect((await heard.next()).value).toEqual(TEXT);
  const next = heard.next();
  controller.abort();
  expect((await next).value).toEqual(failed("CANCELLED"));
  expect((await heard.next()).done).toBe(true);
  expect(aborted.cancelled).toEqual(aborted.asked);
});
