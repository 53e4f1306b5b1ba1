// What the CLI prints in stream-json mode, reduced to what we use. Events that are not named here are nobody's business of ours.
import * as z from "zod";

const count = z.number().int().nonnegative();

const Usage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_creation_input_tokens: count.catch(0),
  cache_read_input_tokens: count.catch(0),
});

/** `unknown`: the CLI has no price for this model, and its figure is a guess. */
const ModelUsage = z.object({ costUSD: z.number().nonnegative(), costBasis: z.string().optional() });

const CliResult = z.object({
  type: z.literal("result"),
  is_error: z.boolean(), // this and never `subtype`: an API error has subtype "success"
  subtype: z.string().catch(""),
  session_id: z.string(),
  num_turns: count.catch(0),
  result: z.string().catch(""),
  stop_reason: z.string().nullable().catch(null),
  api_error_status: z.number().nullable().catch(null),
  structured_output: z.unknown().optional(),
  usage: Usage.nullable().catch(null), // of this turn
  total_cost_usd: z.number().nonnegative().nullable().catch(null), // of the whole conversation
  model_usage_since_last_result: z.record(z.string(), ModelUsage).nullable().catch(null),
  local_command: z.string().nullable().catch(null), // the text was taken as a command of the CLI
});
export type CliResult = z.infer<typeof CliResult>;

const Init = z.object({ type: z.literal("system"), subtype: z.literal("init"), model: z.string() });

const Retry = z.object({
  type: z.literal("system"),
  subtype: z.literal("api_retry"),
  error_status: z.number().nullable(),
  retry_delay_ms: z.number().nonnegative(),
});
export type Retry = z.infer<typeof Retry>;

const StreamEvent = z.object({
  type: z.literal("stream_event"),
  parent_tool_use_id: z.string().nullable().catch(null),
  event: z.object({ type: z.string(), delta: z.object({ type: z.string(), text: z.string().optional() }).optional().catch(undefined) }),
});
export type StreamEvent = z.infer<typeof StreamEvent>;

const Control = z.object({
  type: z.literal("control_response"),
  response: z.object({
    request_id: z.string(),
    response: z
      .object({ models: z.array(z.object({ value: z.string() })).catch([]) })
      .optional()
      .catch(undefined),
  }),
});

const Event = z.union([CliResult, Init, Retry, StreamEvent, Control]);
export type CliEvent = z.infer<typeof Event>;

const AnyEvent = z.object({ type: z.string() });

/** null: an event that means nothing to us. Undefined: not a line of the CLI at all. */
export function parseEvent(line: string): CliEvent | null | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const event = Event.safeParse(json);
  if (event.success) return event.data;
  const other = AnyEvent.safeParse(json);
  // A result that does not fit must not be passed over: somebody waits for it.
  return other.success && other.data.type !== "result" ? null : undefined;
}
