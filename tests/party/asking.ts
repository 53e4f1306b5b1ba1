// Calls to the room in a test, with readers that remember what they have seen.
import { env } from "cloudflare:workers";
import { expect, onTestFinished } from "vitest";
import type { CallOptions } from "../../party/calls.ts";
import { CallEvent, type CallRequest } from "../../protocol/call.ts";
import { newId } from "../../protocol/ids.ts";
import { ROOM_NAME } from "../../protocol/room.ts";
import { CHAT, CHAT_END } from "./answerer.ts";
import type { TestSocket } from "./socket.ts";

export const room = () => env.Room.getByName(ROOM_NAME);

/** A call, with what its reader has seen so far; `over` resolves with all of it when the stream ends. */
export async function ask(options: Partial<CallOptions> = {}, request: CallRequest = CHAT) {
  const callId = newId("call");
  const stream = await room().call(request, { callId, timeoutMs: 10_000, ...options });
  const reader = stream.getReader();
  onTestFinished(() => room().cancelCall(callId)); // the next test's room has all its places
  const events: CallEvent[] = [];
  async function readAll(): Promise<CallEvent[]> {
    const decoder = new TextDecoder();
    for (let rest = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return events;
      const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      events.push(...lines.filter((line) => line !== "").map((line) => CallEvent.parse(JSON.parse(line))));
    }
  }
  const over = readAll();
  over.catch(() => undefined); // some tests cut it
  return { callId, events, over, reader };
}

export const failure = (code: string, agentId: string | null) => ({ type: "failed", failure: expect.objectContaining({ code }), agentId });
export const said = (text: string): CallEvent => ({ type: "chunk", chunk: { kind: "text", text } });
export const end = (agentId: string): CallEvent => ({ type: "end", result: CHAT_END, agentId });

/** One more call goes to this socket and is answered there. */
export async function answersStill(socket: TestSocket, agentId?: string): Promise<void> {
  const before = socket.of("call").length;
  const { over, callId } = await ask(agentId === undefined ? {} : { agentIds: [agentId] });
  if (agentId === undefined) return;
  expect((await socket.nth("call", before + 1)).callId).toBe(callId);
  socket.send({ type: "call.end", callId, result: CHAT_END });
  expect(await over).toEqual([end(agentId)]);
}
