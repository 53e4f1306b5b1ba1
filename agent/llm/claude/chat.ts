// A chat as the CLI can take it: one system prompt, one text. The CLI knows no temperature, seed, length or stop words: they have no effect.
import type { ChatMessage, FinishReason } from "../../../protocol/call.ts";
import type { ChatRequest } from "../port.ts";
import type { CliResult } from "./events.ts";
import type { Profile } from "./launch.ts";

const DEFAULT_SYSTEM = "You are a helpful assistant. Answer the user.";
const JSON_ONLY = "Answer with one JSON value and nothing else: no prose around it, no code fence.";
const TRANSCRIPT = "This is the conversation so far, one JSON object per line. Answer its last message; give the text of the answer only.";

export function chatProfile({ messages, options, model }: ChatRequest, defaultModel: string | null): Profile {
  const given = messages.filter((message) => message.role === "system").map((message) => message.content);
  const schema = options.json?.schema ?? null;
  const asked = options.json !== undefined && schema === null ? [JSON_ONLY] : [];
  const system = [...(given.join("").trim() === "" ? [DEFAULT_SYSTEM] : given), ...asked].join("\n\n");
  return { system, schema, model: model ?? defaultModel, stream: schema === null };
}

/** A single message goes as it is. Turns are JSON lines: nothing that is said in one of them can look like another. */
export function chatText(messages: readonly ChatMessage[]): string {
  const turns = messages.filter((message) => message.role !== "system");
  const [only] = turns;
  if (only !== undefined && turns.length === 1 && only.role === "user") return only.content;
  return [TRANSCRIPT, ...turns.map(({ role, content }) => JSON.stringify({ role, content }))].join("\n");
}

export function finishReasonOf({ stop_reason }: CliResult): FinishReason {
  if (stop_reason === "max_tokens") return "length";
  return stop_reason === "refusal" ? "content_filter" : "stop";
}
