// An agent's socket in a test that has said hello and answers calls as the test says.
import type { CallRequest, CallResult } from "../../protocol/call.ts";
import type { Served } from "../../protocol/llm.ts";
import type { DownMessage } from "../../protocol/room.ts";
import type { TestAgent } from "../worker/harness.ts";
import { agentSocket, type TestSocket } from "./socket.ts";

export type Asked = Extract<DownMessage, { type: "call" }>;

export const CHAT: CallRequest = {
  kind: "chat",
  messages: [{ role: "user", content: "hello" }],
  options: {},
  model: null,
  only: null,
};

export const SERVED: Served = {
  provider: "ollama",
  model: "llama3.2",
  attempts: [{ provider: "ollama", outcome: "answered", message: "", durationMs: 5 }],
  usage: { promptTokens: 7, cachedTokens: 2, completionTokens: 3 },
  cost: { usd: null, source: "unknown" },
  arm: null,
};

export const CHAT_END: CallResult = { kind: "chat", finishReason: "stop", served: SERVED };

/** As a vector travels. */
export function vector(...numbers: number[]): string {
  return btoa(String.fromCharCode(...new Uint8Array(new Float32Array(numbers).buffer)));
}

export async function greeted(agent: TestAgent): Promise<TestSocket> {
  const socket = await agentSocket({ agent });
  socket.send({ type: "hello", hello: agent.hello() });
  await socket.nth("ready");
  return socket;
}

export function sendText(socket: TestSocket, callId: string, pieces: readonly string[]): void {
  for (const [index, text] of pieces.entries()) socket.send({ type: "call.chunk", callId, index, chunk: { kind: "text", text } });
}

/** Answers every call from now on, at once. */
export function answering(socket: TestSocket, answer: (asked: Asked) => void): void {
  socket.onFrame = (message) => {
    if (message.type === "call") answer(message);
  };
}
