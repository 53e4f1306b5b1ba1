// The OpenAI-compatible door: bodies as OpenAI's clients write and read them. Unknown fields of a request are ignored, as that
// API grows; what would change the answer and cannot be done is refused by name.
import * as z from "zod";
import { MAX_CALL_CHARS, MAX_EMBEDDED } from "./call.ts";
import { Served } from "./llm.ts";

const MAX_MESSAGES = 500;
const MAX_PARTS = 200; // of one message
const MAX_STOPS = 8;

const text = z.string().max(MAX_CALL_CHARS, `must be at most ${MAX_CALL_CHARS} characters`);
const TextPart = z.object({ type: z.literal("text", "only text parts are understood here"), text });
const Content = z.union([text, z.array(TextPart).min(1).max(MAX_PARTS)], { error: "must be a text or a list of text parts" });

/** `developer` is what newer clients call `system`. */
const Message = z.object({
  role: z.enum(["system", "developer", "user", "assistant"], "tools and functions are not served here"),
  content: Content,
});

const only = (allowed: readonly unknown[], why: string) =>
  z
    .unknown()
    .refine((value) => value == null || allowed.includes(value), why)
    .optional();
const nothing = (what: string) =>
  z
    .unknown()
    .refine((value) => value == null || (Array.isArray(value) && value.length === 0), `${what} are not served here`)
    .optional();

export const ChatCompletionRequest = z
  .object({
    model: z.string().min(1).max(300),
    messages: z.array(Message).min(1).max(MAX_MESSAGES),
    stream: z.boolean().nullish(),
    stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    top_p: z.number().min(0).max(1).nullish(),
    max_tokens: z.number().int().positive().nullish(), // more than can be said is as much as can be said
    max_completion_tokens: z.number().int().positive().nullish(),
    stop: z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).max(MAX_STOPS)]).nullish(),
    seed: z.number().int().nullish(),
    response_format: z
      .discriminatedUnion("type", [
        z.object({ type: z.literal("text") }),
        z.object({ type: z.literal("json_object") }),
        z.object({
          type: z.literal("json_schema"),
          json_schema: z.object({ name: z.string().min(1).max(64), schema: z.record(z.string(), z.unknown()).optional() }),
        }),
      ])
      .nullish(),
    n: only([1], "only one answer is given"),
    logprobs: only([false], "are not known here"),
    top_logprobs: only([0], "are not known here"),
    frequency_penalty: only([0], "penalties are not served here"),
    presence_penalty: only([0], "penalties are not served here"),
    logit_bias: z
      .unknown()
      .refine((value) => value == null || (typeof value === "object" && Object.keys(value).length === 0), "is not served here")
      .optional(),
    tools: nothing("tools"),
    functions: nothing("functions"),
    tool_choice: only(["none", "auto"], "tools are not served here"),
    function_call: only(["none", "auto"], "functions are not served here"),
    audio: only([], "only text is served here"),
    modalities: z.array(z.literal("text", "only text is served here")).nullish(),
  })
  .meta({ id: "ChatCompletionRequest" });
export type ChatCompletionRequest = z.infer<typeof ChatCompletionRequest>;

const TOKENS = "lists of token ids are not read here: a model's ids are its own; send texts";
const isTokens = (input: unknown) => Array.isArray(input) && input.some((entry) => typeof entry === "number" || Array.isArray(entry));

export const EmbeddingsRequest = z
  .object({
    model: z.string().min(1).max(300),
    input: z.union([text.min(1), z.array(text.min(1)).min(1).max(MAX_EMBEDDED)], {
      error: ({ input }) => (isTokens(input) ? TOKENS : `must be a text or a list of 1 to ${MAX_EMBEDDED} texts`),
    }),
    encoding_format: z.enum(["float", "base64"]).nullish(),
    dimensions: only([], "the model's own number of dimensions is given"),
  })
  .meta({ id: "EmbeddingsRequest" });
export type EmbeddingsRequest = z.infer<typeof EmbeddingsRequest>;

const unix = z.number().int(); // seconds

export const OpenAiModel = z
  .object({ id: z.string(), object: z.literal("model"), created: unix, owned_by: z.string() })
  .meta({ id: "OpenAiModel" });
export type OpenAiModel = z.infer<typeof OpenAiModel>;
export const OpenAiModelList = z.object({ object: z.literal("list"), data: z.array(OpenAiModel) }).meta({ id: "OpenAiModelList" });

const count = z.number().int().nonnegative();
export const OpenAiUsage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.object({ cached_tokens: count }).optional(),
});
export type OpenAiUsage = z.infer<typeof OpenAiUsage>;

const finishReason = z.enum(["stop", "length", "content_filter"]);

/** `served` is an addition of ours: who answered, after which failures, at what cost. `usage` is absent when it is not known. */
export const ChatCompletion = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion"),
    created: unix,
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.number().int(),
        message: z.object({ role: z.literal("assistant"), content: z.string(), refusal: z.null() }),
        logprobs: z.null(),
        finish_reason: finishReason,
      }),
    ),
    usage: OpenAiUsage.optional(),
    served: Served,
  })
  .meta({ id: "ChatCompletion" });
export type ChatCompletion = z.infer<typeof ChatCompletion>;

/** One event of the stream. `served` is in the one with the finish_reason. */
export const ChatCompletionChunk = z
  .object({
    id: z.string(),
    object: z.literal("chat.completion.chunk"),
    created: unix,
    model: z.string(),
    choices: z.array(
      z.object({
        index: z.number().int(),
        delta: z.object({ role: z.literal("assistant").optional(), content: z.string().optional() }),
        logprobs: z.null(),
        finish_reason: finishReason.nullable(),
      }),
    ),
    usage: OpenAiUsage.nullable().optional(), // only with stream_options.include_usage; null in all but the last
    served: Served.optional(),
  })
  .meta({ id: "ChatCompletionChunk" });
export type ChatCompletionChunk = z.infer<typeof ChatCompletionChunk>;

export const Embeddings = z
  .object({
    object: z.literal("list"),
    data: z.array(
      z.object({ object: z.literal("embedding"), index: z.number().int(), embedding: z.union([z.array(z.number()), z.string()]) }),
    ),
    model: z.string(),
    usage: z.object({ prompt_tokens: count, total_tokens: count }).optional(),
    served: Served,
  })
  .meta({ id: "Embeddings" });
export type Embeddings = z.infer<typeof Embeddings>;

export const OpenAiError = z.object({ message: z.string(), type: z.string(), param: z.string().nullable(), code: z.string().nullable() });
export type OpenAiError = z.infer<typeof OpenAiError>;
export const OpenAiErrorBody = z.object({ error: OpenAiError }).meta({ id: "OpenAiError" });
