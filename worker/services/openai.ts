// Between OpenAI's bodies and the calls of this system: requests into calls, answers into completions. Pure.
import { type CallChunk, type CallRequest, type ChatOptions, MAX_CALL_CHARS, MAX_TOKENS } from "../../protocol/call.ts";
import type { Served } from "../../protocol/llm.ts";
import type { ChatCompletion, ChatCompletionRequest, Embeddings, EmbeddingsRequest, OpenAiUsage } from "../../protocol/openai.ts";
import { AppError, invalidField } from "../errors.ts";
import type { Target } from "./openai-models.ts";

const LEAST_TOP_P = 1e-6; // 0 is the likeliest word alone, and not every backend takes a 0

export function chatCall(request: ChatCompletionRequest, { only, model }: Target): CallRequest {
  const messages = request.messages.map(({ role, content }) => ({
    role: role === "developer" ? ("system" as const) : role,
    content: typeof content === "string" ? content : content.map((part) => part.text).join("\n"),
  }));
  if (messages.reduce((sum, { content }) => sum + content.length, 0) > MAX_CALL_CHARS)
    throw invalidField("messages", `must have at most ${MAX_CALL_CHARS} characters together`);
  return { kind: "chat", messages, options: optionsOf(request), model, only };
}

function optionsOf(request: ChatCompletionRequest): ChatOptions {
  const { temperature, top_p, stop, seed, response_format: format } = request;
  const maxTokens = request.max_completion_tokens ?? request.max_tokens;
  return {
    ...(temperature == null ? {} : { temperature }),
    ...(top_p == null ? {} : { topP: Math.max(top_p, LEAST_TOP_P) }),
    ...(maxTokens == null ? {} : { maxTokens: Math.min(maxTokens, MAX_TOKENS) }),
    ...(stop == null ? {} : { stop: typeof stop === "string" ? [stop] : stop }),
    ...(seed == null ? {} : { seed }),
    ...(format?.type === "json_object" ? { json: { name: "answer" } } : {}),
    ...(format?.type === "json_schema" ? { json: { name: format.json_schema.name, ...schemaOf(format.json_schema) } } : {}),
  };
}

function schemaOf({ schema }: { schema?: Record<string, unknown> | undefined }): { schema?: Record<string, unknown> } {
  return schema === undefined ? {} : { schema };
}

export function embedCall({ input }: EmbeddingsRequest, { only, model }: Target): CallRequest {
  const inputs = typeof input === "string" ? [input] : input;
  if (inputs.reduce((sum, text) => sum + text.length, 0) > MAX_CALL_CHARS)
    throw invalidField("input", `must have at most ${MAX_CALL_CHARS} characters together`);
  return { kind: "embed", input: inputs, model, only };
}

/** `provider/model`, as an id of this door: asking for it asks the same backend again. */
export function servedBy({ provider, model }: Pick<Served, "provider" | "model">): string {
  return model === null ? provider : `${provider}/${model}`;
}

/** Undefined when the backend does not tell: unknown is not 0. */
export function usageOf({ usage }: Served): OpenAiUsage | undefined {
  if (usage === null || usage.promptTokens === null || usage.completionTokens === null) return undefined;
  const { promptTokens, completionTokens, cachedTokens } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens === null ? {} : { prompt_tokens_details: { cached_tokens: cachedTokens } }),
  };
}

export interface CompletionHead {
  id: string;
  created: number; // seconds
  model: string;
}

interface ChatAnswer {
  text: string;
  finishReason: "stop" | "length" | "content_filter";
  served: Served;
}

export function completionOf({ id, created }: CompletionHead, { text, finishReason, served }: ChatAnswer): ChatCompletion {
  const usage = usageOf(served);
  const message = { role: "assistant" as const, content: text, refusal: null };
  return {
    ...{ id, object: "chat.completion", created, model: servedBy(served) },
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason }],
    ...(usage === undefined ? {} : { usage }),
    served,
  };
}

/** Vectors in the order of the input, each once, as they travel. Throws UPSTREAM_FAILED when some are missing. */
export function vectorsOf(chunks: readonly CallChunk[], wanted: number): string[] {
  const found = new Map(chunks.flatMap((chunk) => (chunk.kind === "embedding" ? [[chunk.index, chunk.vector] as const] : [])));
  return Array.from({ length: wanted }, (_, index) => {
    const vector = found.get(index);
    if (vector === undefined) throw new AppError("UPSTREAM_FAILED", "the backend has answered with fewer vectors than texts");
    return vector;
  });
}

export function embeddingsOf(vectors: readonly string[], base64: boolean, served: Served): Embeddings {
  const tokens = served.usage?.promptTokens ?? null;
  return {
    object: "list",
    data: vectors.map((vector, index) => ({ object: "embedding", index, embedding: base64 ? vector : decodeVector(vector) })),
    model: servedBy(served),
    ...(tokens === null ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
    served,
  };
}

/** 32-bit floats, little-endian. */
export function decodeVector(base64: string): number[] {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
