// Calls: a question that the worker puts to an agent through the room and whose answer comes back in pieces, at once.
// Nothing durable: a call that is lost is an error for the one who asked, and is asked again by them.
import * as z from "zod";
import { SiteId } from "./ids.ts";
import { ClarificationAnswers, IntentContext, MAX_TEXT_LENGTH, Understanding } from "./intent.ts";
import { MAX_ATTEMPTS, ProviderAttempt, ProviderId, Served } from "./llm.ts";

export const MAX_CALLS_PER_AGENT = 32; // at once; one more is refused as BUSY
export const KEPT_CALLS = 8; // of those, for short questions alone: chats and vectors take minutes, and whoever asks for many must not stop the rest
export const CALL_TIMEOUT_MS = 120_000; // to the end of the answer
export const UNDERSTAND_TIMEOUT_MS = 20_000; // then the worker answers by its own rules
export const MAX_CALL_CHARS = 400_000; // of a request or of all text of an answer
const MAX_CHUNK_CHARS = 64 * 1024;
const MAX_DIMENSIONS = 8_192; // with these, the vectors of as many inputs as may be asked for fit into the answer of one call
const FLOAT_BYTES = 4;
export const MAX_EMBEDDED = 256; // inputs of one request
export const MAX_TOKENS = 128_000; // of one answer
export const MAX_KNOWN_SITES = 1_000; // that an understanding is told of
export const MAX_KNOWN_SLICES = 5_000;

export const ChatRole = z.enum(["system", "user", "assistant"]);
export const ChatMessage = z.strictObject({ role: ChatRole, content: z.string().max(MAX_CALL_CHARS) });
export type ChatMessage = z.infer<typeof ChatMessage>;

/** How a chat is answered. `json`: the answer must be JSON, of this schema when there is one. */
export const ChatOptions = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().gt(0).max(1).optional(),
  maxTokens: z.number().int().positive().max(MAX_TOKENS).optional(),
  stop: z.array(z.string().min(1).max(200)).max(8).optional(),
  seed: z.number().int().optional(),
  json: z.strictObject({ name: z.string().max(64), schema: z.record(z.string(), z.unknown()).optional() }).optional(),
});
export type ChatOptions = z.infer<typeof ChatOptions>;

/** What the understanding of a sentence needs to know of the world. */
export const UnderstandCall = z.object({
  intentId: z.string(),
  text: z.string().max(MAX_TEXT_LENGTH),
  context: IntentContext,
  targetSites: z.array(SiteId).max(100),
  answers: ClarificationAnswers.nullable(),
  sites: z.array(z.object({ id: SiteId, aliases: z.array(z.string()) })).max(MAX_KNOWN_SITES),
  slices: z.array(z.string()).max(MAX_KNOWN_SLICES), // names of the live ones
});
export type UnderstandCall = z.infer<typeof UnderstandCall>;

export const CallRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("understand"), input: UnderstandCall, only: ProviderId.nullable() }),
  z.object({
    kind: z.literal("chat"),
    messages: z.array(ChatMessage).min(1).max(500),
    options: ChatOptions,
    model: z.string().max(200).nullable(), // null: the provider's own choice
    only: ProviderId.nullable(), // this backend and no other; null: the router's order
  }),
  z.object({
    kind: z.literal("embed"),
    input: z.array(z.string().max(MAX_CALL_CHARS)).min(1).max(MAX_EMBEDDED),
    model: z.string().max(200).nullable(),
    only: ProviderId.nullable(),
  }),
  z.object({ kind: z.literal("discover") }), // look at all backends now
]);
export type CallRequest = z.infer<typeof CallRequest>;

function bytesOf(base64: string): number {
  return (base64.length / 4) * 3 - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);
}

/** Base64 of 32-bit floats, little-endian: a quarter of what they take as JSON, and what OpenAI's clients ask for. */
const Vector = z
  .base64()
  .max(Math.ceil((MAX_DIMENSIONS * FLOAT_BYTES) / 3) * 4)
  .refine((text) => bytesOf(text) % FLOAT_BYTES === 0, "must be whole floats");

/** A piece of an answer, in order. The first of them decides: after it no other backend takes over. */
export const CallChunk = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), text: z.string().max(MAX_CHUNK_CHARS) }),
  z.object({ kind: z.literal("embedding"), index: z.number().int().nonnegative(), vector: Vector }),
]);
export type CallChunk = z.infer<typeof CallChunk>;

export const FinishReason = z.enum(["stop", "length", "content_filter"]);
export type FinishReason = z.infer<typeof FinishReason>;

/** The end of an answer. Text and vectors came before it. */
export const CallResult = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("understand"), understanding: Understanding }),
  z.object({ kind: z.literal("chat"), finishReason: FinishReason, served: Served }),
  z.object({ kind: z.literal("embed"), served: Served }),
  z.object({ kind: z.literal("discover") }),
]);
export type CallResult = z.infer<typeof CallResult>;

export const CallFailureCode = z.enum([
  "NO_AGENT", // nobody is online who could be asked (said by the room)
  "BUSY", // too many calls at once (said by the room or the agent)
  "TIMEOUT", // the bound of the call is over
  "LOST", // the agent went away before the end
  "UNKNOWN_MODEL", // no connected backend has it
  "NO_PROVIDER", // no connected backend can do this
  "PROVIDER_FAILED", // all that were asked failed; attempts tell how
  "INVALID", // the request or the answer is not of this protocol
  "TOO_LARGE", // the answer is longer than what can be carried: the same question again would fail again
  "CANCELLED",
]);
export type CallFailureCode = z.infer<typeof CallFailureCode>;

export const CallFailure = z.object({
  code: CallFailureCode,
  message: z.string().max(500),
  retryAfterSeconds: z.number().nonnegative().optional(),
  attempts: z.array(ProviderAttempt).max(MAX_ATTEMPTS),
});
export type CallFailure = z.infer<typeof CallFailure>;

/** One line of the stream that the room hands to the worker: pieces, then exactly one end or failure. */
export const CallEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("chunk"), chunk: CallChunk }),
  z.object({ type: z.literal("end"), result: CallResult, agentId: z.string() }),
  z.object({ type: z.literal("failed"), failure: CallFailure, agentId: z.string().nullable() }),
]);
export type CallEvent = z.infer<typeof CallEvent>;
