// What the room keeps of answers that nobody reads: bounded, for one call and for all of them.
import { expect, test } from "vitest";
import { type Answerer, createCalls } from "../../party/calls.ts";
import { CallEvent } from "../../protocol/call.ts";
import { newId } from "../../protocol/ids.ts";
import type { DownMessage } from "../../protocol/room.ts";
import { vector } from "./answerer.ts";

const MB = 1024 * 1024;
const VECTOR = vector(...Array.from({ length: 8_000 }, (_, index) => -0.123456789 - index)); // some 43 kB
const LINE_BYTES = JSON.stringify({ type: "chunk", chunk: { kind: "embedding", index: 0, vector: VECTOR } }).length;

/** Opens calls whose streams nobody reads; `fill` sends vectors until the agent is told to stop, and answers how many went in. */
function unread() {
  const calls = createCalls();
  const said: DownMessage[] = [];
  const asked: Answerer = { socketId: "socket", agentId: "agt_1", send: (message) => said.push(message) };
  function fill(upTo = Number.POSITIVE_INFINITY): { stream: ReadableStream<Uint8Array>; taken: number } {
    const callId = newId("call");
    const request = { kind: "embed", input: ["a"], model: null, only: null } as const;
    const stream = calls.open({ ...request, input: ["a"] }, { callId, timeoutMs: 60_000 }, [asked]);
    const stopped = () => said.some((message) => message.type === "call.cancel" && message.callId === callId);
    let taken = 0;
    for (; taken < upTo; taken += 1) {
      calls.take("socket", { type: "call.chunk", callId, index: taken, chunk: { kind: "embedding", index: taken, vector: VECTOR } });
      if (stopped()) break;
    }
    return { stream, taken };
  }
  return { calls, fill };
}

async function lastOf(stream: ReadableStream<Uint8Array>): Promise<CallEvent> {
  const text = await new Response(stream).text();
  return CallEvent.parse(JSON.parse(text.trim().split("\n").at(-1) ?? ""));
}

const failed = (code: string) => ({ type: "failed", failure: expect.objectContaining({ code }), agentId: "agt_1" });

test("one answer may have 16 MB; the agent is stopped, and the reader is told", async () => {
  const { stream, taken } = unread().fill();
  expect(taken * LINE_BYTES).toBeGreaterThan(15 * MB);
  expect(taken * LINE_BYTES).toBeLessThanOrEqual(16 * MB);
  expect(await lastOf(stream)).toEqual(failed("TOO_LARGE"));
});

test("answers that wait for their readers may have 32 MB together", async () => {
  const { calls, fill } = unread();
  const some = Math.floor((14 * MB) / LINE_BYTES);
  const [first, second] = [fill(some), fill(some)];
  const third = fill();
  expect([first.taken, second.taken, third.taken < some]).toEqual([some, some, true]);
  expect(await lastOf(third.stream)).toEqual(failed("BUSY")); // the same again may well fit
  await first.stream.cancel(); // room again
  const fourth = fill(some);
  expect(fourth.taken).toBe(some);
  calls.lost("socket");
  await Promise.all([second.stream.cancel(), fourth.stream.cancel()]);
});
