// One call of the Messages API as the stand-in CLI makes it: streamed, with announced retries, within API_TIMEOUT_MS.
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import { readEvents, readLines } from "../../../../agent/llm/http/lines.ts";

export interface Message {
  role: "user" | "assistant";
  content: string | object[];
}

export interface ApiUsage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}

export interface ApiAnswer {
  text: string;
  tool: unknown; // undefined: the tool was not called
  stopReason: string;
  usage: ApiUsage;
}

export interface ApiError {
  failed: "status" | "connection" | "timeout" | "body";
  status: number | null;
  text: string;
  retryAfterMs: number | null;
}

interface Call {
  credential: Record<string, string>;
  system: string;
  schema: unknown;
  model: string;
  partial: boolean;
  history: Message[];
  signal: AbortSignal;
  say(event: object): void;
}

const BACKOFF_MS = 500;
const LONGEST_PAUSE_MS = 60_000; // of a Retry-After that it waits for
const RETRIED = [401, 429];

const StreamPart = z.looseObject({
  type: z.string(),
  message: z.object({ usage: z.custom<ApiUsage>() }).optional(),
  delta: z.looseObject({ text: z.string().optional(), partial_json: z.string().optional(), stop_reason: z.string().nullish() }).optional(),
});

export async function callApi(call: Call): Promise<ApiAnswer | ApiError | { aborted: true }> {
  const retries = Number(process.env.CLAUDE_CODE_MAX_RETRIES ?? 10);
  for (let attempt = 1; ; attempt += 1) {
    const answer = await once(call);
    if (call.signal.aborted) return { aborted: true };
    if (!("failed" in answer) || attempt > retries || !isRetried(answer)) return answer;
    const delay = answer.retryAfterMs ?? BACKOFF_MS;
    const retry = { attempt, max_retries: retries, retry_delay_ms: delay, error_status: answer.status, error: "recorded" };
    call.say({ type: "system", subtype: "api_retry", ...retry });
    await sleep(delay, undefined, { signal: call.signal }).catch(() => {});
    if (call.signal.aborted) return { aborted: true };
  }
}

function isRetried({ failed, status, retryAfterMs }: ApiError): boolean {
  if ((retryAfterMs ?? 0) > LONGEST_PAUSE_MS) return false;
  return failed === "connection" || failed === "timeout" || (status !== null && (status >= 500 || RETRIED.includes(status)));
}

async function once({ credential, system, schema, model, partial, history, signal, say }: Call): Promise<ApiAnswer | ApiError> {
  const timeoutMs = Number(process.env.API_TIMEOUT_MS);
  const tools = schema === null ? [] : [{ name: "StructuredOutput", input_schema: schema }];
  const body = { model, max_tokens: 128_000, stream: true, system: [{ type: "text", text: system }], tools, messages: history };
  const answer: ApiAnswer = { text: "", tool: undefined, stopReason: "end_turn", usage: { ...ZERO } };
  let json = "";
  try {
    const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages?beta=true`, {
      method: "POST",
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", ...credential },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (!response.ok) return refusal(response);
    if (response.headers.get("content-type") !== "text/event-stream") return failure("body", "API Error: JSON Parse error: Expected '}'");
    for await (const { data } of readEvents(readLines(response.body ?? new ReadableStream(), "the API"), "the API")) {
      const part = StreamPart.parse(JSON.parse(data));
      if (partial) say({ type: "stream_event", event: part, parent_tool_use_id: null });
      Object.assign(answer.usage, part.message?.usage);
      answer.text += part.delta?.text ?? "";
      json += part.delta?.partial_json ?? "";
      answer.stopReason = part.delta?.stop_reason ?? answer.stopReason;
    }
  } catch (error) {
    const timeout = error instanceof DOMException && error.name === "TimeoutError";
    if (timeout) return failure("timeout", "Request timed out. If the API is slow to answer, set API_TIMEOUT_MS higher.");
    const refused = String(error instanceof Error ? error.cause : error).includes("ECONNREFUSED");
    return failure(
      "connection",
      refused ? "API Error: Connection refused (ECONNREFUSED)" : "API Error: Connection to the API was lost (ECONNRESET).",
    );
  }
  return { ...answer, tool: json === "" ? undefined : JSON.parse(json) };
}

const ZERO: ApiUsage = { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 };

function failure(failed: ApiError["failed"], text: string): ApiError {
  return { failed, status: null, text, retryAfterMs: null };
}

async function refusal(response: Response): Promise<ApiError> {
  await response.text();
  const after = response.headers.get("retry-after");
  const text = response.status === 401 ? "Failed to authenticate. API Error: 401" : `API Error: ${response.status}`;
  return { failed: "status", status: response.status, text, retryAfterMs: after === null ? null : Number(after) * 1_000 };
}
