// The Chat Completions dialect: how a question is written and how a stream of chunks is read. Used for every server that speaks it.
//
// An answer is complete when a choice has told its finish_reason. `data: [DONE]` alone is no proof: LlamaFarm sends it after a failure too.
// Usage comes where the server likes: in a last chunk without choices (OpenAI), with the last choice, on every chunk (vLLM), or never.
import * as z from "zod";
import type { ChatMessage, ChatOptions } from "../../../protocol/call.ts";
import { ProviderFailed } from "../port.ts";
import {
  type AnswerStream,
  costOf,
  countChars,
  finishReasonOf,
  type Prices,
  parseJson,
  pieces,
  priceOf,
  withSchemaInWords,
} from "./answer.ts";
import { failed, HttpRefusal, kindOfCode, quotable, saidIn } from "./failure.ts";
import { readEvents, readLines } from "./lines.ts";
import type { HttpAnswer } from "./transport.ts";

const tokens = z.number().int().nonnegative().nullish().catch(null);

const Usage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z.object({ cached_tokens: tokens }).nullish().catch(null),
  cost: z.number().nonnegative().nullish().catch(null), // US dollars, as OpenRouter tells them
});
export type Usage = z.infer<typeof Usage>;

const Said = z.object({ content: z.string().nullish() }).nullish();
const Choice = z.object({ index: z.number().default(0), delta: Said, message: Said, finish_reason: z.string().nullish() });

/** A chunk of a stream, or the whole completion of a server that does not stream: `message` instead of `delta`. */
const Chunk = z.object({
  model: z.string().nullish(),
  choices: z.array(Choice).nullish(),
  usage: Usage.nullish().catch(null),
  error: z.unknown().optional(),
});
type Chunk = z.infer<typeof Chunk>;

/** What a server turned out not to take. Learned once, kept for as long as the backend lives. */
export interface Quirks {
  json: "schema" | "object" | "words"; // how it is held to JSON
  streamUsage: boolean; // stream_options.include_usage
  maxTokens: "max_tokens" | "max_completion_tokens";
  temperature: boolean; // reasoning models take none
}

export const PLAIN_QUIRKS: Quirks = { json: "schema", streamUsage: true, maxTokens: "max_tokens", temperature: true };

export interface Question {
  messages: ChatMessage[];
  options: ChatOptions;
}

/** What to try next after a refusal; null when the refusal is not about how it was asked. */
export function nextQuirks(quirks: Quirks, question: Question, refusal: unknown): Quirks | null {
  if (!(refusal instanceof HttpRefusal) || (refusal.status !== 400 && refusal.status !== 422)) return null;
  if (quirks.streamUsage && refusal.mentions(/stream_options|include_usage/)) return { ...quirks, streamUsage: false };
  if (quirks.maxTokens === "max_tokens" && refusal.mentions(/max_completion_tokens/))
    return { ...quirks, maxTokens: "max_completion_tokens" };
  if (quirks.temperature && question.options.temperature !== undefined && refusal.mentions(/temperature/))
    return { ...quirks, temperature: false };
  if (question.options.json === undefined) return null;
  // Not only when it says so: servers word this in many ways, and two more tries cost no tokens.
  if (quirks.json === "schema") return { ...quirks, json: "object" };
  return quirks.json === "object" ? { ...quirks, json: "words" } : null;
}

export function completionBody(question: Question, model: string | null, quirks: Quirks): Record<string, unknown> {
  const { messages, options } = question;
  const { json } = options;
  const all = {
    model: model ?? undefined,
    messages: json === undefined || quirks.json === "schema" ? messages : withSchemaInWords(messages, json.schema),
    stream: true,
    stream_options: quirks.streamUsage ? { include_usage: true } : undefined,
    response_format: responseFormat(json, quirks),
    temperature: quirks.temperature ? options.temperature : undefined,
    top_p: options.topP,
    [quirks.maxTokens]: options.maxTokens,
    stop: options.stop,
    seed: options.seed,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

// Without `strict`: it refuses schemas with optional properties, and what comes back is validated again anyway.
function responseFormat(json: ChatOptions["json"], quirks: Quirks): unknown {
  if (json === undefined || quirks.json === "words") return undefined;
  if (json.schema === undefined || quirks.json === "object") return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: json.name, schema: json.schema } };
}

export interface Reading {
  name: string;
  model: string | null; // as it was asked for
  asked: readonly string[]; // texts that must not come back in a message
  prices: Prices | undefined;
}

export async function* readCompletion(answer: HttpAnswer, { name, model, asked, prices }: Reading): AnswerStream {
  const whole = /^application\/json\b/i.test(answer.headers["content-type"] ?? "");
  const lines = readLines(answer.chunks(), name);
  const count = countChars(name);
  let served = model ?? "unknown";
  let finish: string | null = null;
  let usage: Usage | null = null;
  try {
    for await (const { event, data } of whole ? asOneEvent(lines) : readEvents(lines, name)) {
      if (data.trim() === "[DONE]") break;
      const chunk = chunkOf(data, event, name, asked);
      served = chunk.model ?? served;
      usage = chunk.usage ?? usage;
      const choice = chunk.choices?.find(({ index }) => index === 0);
      const text = choice?.delta?.content ?? choice?.message?.content ?? "";
      count(text);
      yield* pieces(text);
      finish = choice?.finish_reason ?? finish;
    }
  } catch (error) {
    // All of the text was there before the connection went; only the counts are lost.
    if (finish === null || !isCut(error)) throw error;
  }
  if (finish === null) throw failed("cut", `${name} ended its answer without an end`);
  const counted = usageOf(usage);
  const cost = costOf(usage?.cost ?? null, counted, priceOf(prices, served));
  return { finishReason: finishReasonOf(finish), model: served, usage: counted, cost };
}

async function* asOneEvent(lines: AsyncIterable<string>): AsyncGenerator<{ event: string; data: string }> {
  let data = "";
  for await (const line of lines) data += `${line}\n`;
  yield { event: "message", data };
}

function chunkOf(data: string, event: string, name: string, asked: readonly string[]): Chunk {
  const json = parseJson(data);
  const chunk = Chunk.safeParse(json);
  if (!chunk.success) throw failed("invalid", `${name} sent a chunk that is not of its API`);
  const { error, choices, usage } = chunk.data;
  if (event === "error" || (error !== undefined && error !== null)) {
    const said = saidIn(json);
    throw failed(kindOfCode(...said.codes), `${name} failed while it answered${quotable(said.text, asked)}`);
  }
  if (choices === undefined && usage === undefined) throw failed("invalid", `${name} sent a chunk that is not of its API`);
  return chunk.data;
}

function isCut(error: unknown): boolean {
  return error instanceof ProviderFailed && error.failure.kind === "cut";
}

export function usageOf(usage: Usage | null) {
  if (usage === null) return null;
  const promptTokens = usage.prompt_tokens ?? null;
  const completionTokens = usage.completion_tokens ?? null;
  if (promptTokens === null && completionTokens === null) return null;
  return { promptTokens, cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? null, completionTokens };
}

const Vector = z.object({ index: z.number().int().nonnegative().optional(), embedding: z.array(z.number()) });
export const Embeddings = z.object({ model: z.string().nullish(), data: z.array(Vector), usage: Usage.nullish().catch(null) });

/** In the order of the input; null when they are not one each. */
export function vectorsOf(data: z.infer<typeof Embeddings>["data"], inputs: number): number[][] | null {
  if (data.length !== inputs) return null;
  const vectors: number[][] = [];
  for (const [at, { index, embedding }] of data.entries()) vectors[index ?? at] = embedding;
  return vectors.length === inputs && Object.keys(vectors).length === inputs ? vectors : null;
}

/** OpenAI: {data: [{id}]}. */
export const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });
