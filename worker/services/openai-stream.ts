// A chat as server-sent events of OpenAI's shape: role first, then text, then the reason of the end, then [DONE]. A failure on the
// way is an error event in place of the end: nobody may take half an answer for a whole one.
import type { ChatCompletionChunk } from "../../protocol/openai.ts";
import { openAiError } from "../openai-errors.ts";
import { callError } from "./call.ts";
import type { Heard } from "./call-stream.ts";
import { type CompletionHead, servedBy, usageOf } from "./openai.ts";

const PATIENCE = 12; // times of "waiting", some 6 s, until the answer begins with status 200: most backends that fail have done so by then

/** The first thing that decides the status: a failure that comes soon has a status of its own. Throws it. */
export async function begun(heard: AsyncGenerator<Heard, void>): Promise<Heard> {
  for (let waited = 1; ; waited += 1) {
    const next = await heard.next();
    if (next.done) throw new Error("a call has ended without an end");
    if (next.value.type === "failed") {
      await heard.return();
      throw callError(next.value.failure);
    }
    if (next.value.type !== "waiting" || waited >= PATIENCE) return next.value;
  }
}

interface StreamedChat {
  head: CompletionHead;
  withUsage: boolean;
  first: Heard;
  rest: AsyncGenerator<Heard, void>;
}

export async function* chatEvents({ head, withUsage, first, rest }: StreamedChat): AsyncGenerator<string, void> {
  const chunk = (patch: Partial<ChatCompletionChunk>) =>
    event({ ...head, object: "chat.completion.chunk", choices: [], ...(withUsage ? { usage: null } : {}), ...patch });
  const choice = (delta: ChatCompletionChunk["choices"][number]["delta"], finish: "stop" | "length" | "content_filter" | null = null) => [
    { index: 0, delta, logprobs: null, finish_reason: finish },
  ];
  yield chunk({ choices: choice({ role: "assistant", content: "" }) });
  for await (const heard of resumed(first, rest)) {
    if (heard.type === "waiting") yield ": waiting\n\n";
    if (heard.type === "failed") return yield event({ error: openAiError(callError(heard.failure)) });
    if (heard.type === "chunk" && heard.chunk.kind === "text") yield chunk({ choices: choice({ content: heard.chunk.text }) });
    if (heard.type !== "end" || heard.result.kind !== "chat") continue;
    const { finishReason, served } = heard.result;
    const model = servedBy(served);
    yield chunk({ model, choices: choice({}, finishReason), served });
    if (withUsage) yield chunk({ model, usage: usageOf(served) ?? null });
    return yield "data: [DONE]\n\n";
  }
}

/** Ends the rest with itself, wherever its reader stops. */
async function* resumed(first: Heard, rest: AsyncGenerator<Heard, void>): AsyncGenerator<Heard, void> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return();
  }
}

function event(body: ChatCompletionChunk | { error: unknown }): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}

/** One event a time, as the client takes them; `left` is called when it goes away. */
export function bodyOf(events: AsyncGenerator<string, void>, left: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await events.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
    async cancel() {
      left(); // ends a wait for the next event
      await events.return(); // and where nobody waits, because the client did not read
    },
  });
}
