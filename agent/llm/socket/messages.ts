// The wire of the unix-socket agent: one JSON message a line, six types, answers carry the id of their request. Shapes only, no socket.
//
// The seed names the types; the fields are those of the public LLM agent with the same six types (its LLMAgentIPCServer): envelope
// {id, type, timestamp, payload}; a request is answered by one RESPONSE, or by STREAM_CHUNKs of which the last is final, or by an ERROR.
// There is no message that stops a request: closing the connection does. Fields that one agent sends and another does not are optional.
import * as z from "zod";

export const MESSAGE_TYPE = { request: 0, response: 1, streamChunk: 2, error: 3, healthCheck: 4, healthResponse: 5 } as const;

const tokens = z.number().int().nonnegative().nullish().catch(null);
const text = z.string().nullish().catch(null);
const envelope = { id: z.string(), timestamp: z.number().nullish() }; // milliseconds since 1970

const Counted = z.object({ model: text, input_tokens: tokens, output_tokens: tokens, finish_reason: text });
export type Counted = z.infer<typeof Counted>;

const Response = z.object({
  ...envelope,
  type: z.literal(MESSAGE_TYPE.response),
  payload: Counted.extend({ content: z.string(), error: text }), // error: "" when there is none
});
const StreamChunk = z.object({
  ...envelope,
  type: z.literal(MESSAGE_TYPE.streamChunk),
  payload: Counted.extend({ delta: z.string(), is_final: z.boolean().default(false) }), // accumulated_content is not looked at
});
const ErrorMessage = z.object({ ...envelope, type: z.literal(MESSAGE_TYPE.error), payload: z.object({ error: z.string() }) });
const HealthResponse = z.object({
  ...envelope,
  type: z.literal(MESSAGE_TYPE.healthResponse),
  payload: z.object({ status: z.string(), provider: text, version: text, models: z.array(z.string()).nullish().catch(null) }),
});

export const Incoming = z.discriminatedUnion("type", [Response, StreamChunk, ErrorMessage, HealthResponse]);
export type Incoming = z.infer<typeof Incoming>;

export interface RequestPayload {
  prompt: string;
  stream: boolean;
  metadata: Record<string, unknown>; // model, sampling and JSON schema, for an agent that honours them
}

interface Envelope {
  id: string;
  timestamp: number;
}

export function requestLine({ id, timestamp }: Envelope, payload: RequestPayload): string {
  return `${JSON.stringify({ type: MESSAGE_TYPE.request, id, timestamp, payload: { request_id: id, ...payload } })}\n`;
}

export function healthLine({ id, timestamp }: Envelope): string {
  return `${JSON.stringify({ type: MESSAGE_TYPE.healthCheck, id, timestamp, payload: {} })}\n`;
}
