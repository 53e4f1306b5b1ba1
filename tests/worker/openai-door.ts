// A world with a connected agent behind the OpenAI-compatible door, and what that agent says.
import type { CallFailure } from "../../protocol/call.ts";
import { OpenAiErrorBody } from "../../protocol/openai.ts";
import { answering, CHAT_END, greeted, sendText } from "../party/answerer.ts";
import type { TestSocket } from "../party/socket.ts";
import { backend, rules } from "./backends.ts";
import { type Answer, call, createWorld, type World } from "./harness.ts";

export const HELLO = { model: "auto", messages: [{ role: "user", content: "hello" }] };
export const SERVED_ID = "ollama/llama3.2";

/** A world whose agent has a backend and is connected. */
export async function ready(): Promise<World & { socket: TestSocket }> {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("ollama"), rules()] });
  return { ...world, socket: await greeted(world.agent) };
}

export const chat = (world: World, body: object) => call("POST", "/v1/chat/completions", { token: world.operate, body });

/** Says the pieces to every chat from now on, and ends it. */
export function saying(socket: TestSocket, ...pieces: string[]): void {
  answering(socket, ({ callId }) => {
    sendText(socket, callId, pieces);
    socket.send({ type: "call.end", callId, result: CHAT_END });
  });
}

export function failing(socket: TestSocket, failure: Partial<CallFailure>): void {
  const told = { code: "PROVIDER_FAILED" as const, message: "all failed", attempts: [], ...failure };
  answering(socket, ({ callId }) => socket.send({ type: "call.failed", callId, failure: told }));
}

export function errorOf(answer: Answer) {
  return { status: answer.status, ...answer.as(OpenAiErrorBody).error };
}
