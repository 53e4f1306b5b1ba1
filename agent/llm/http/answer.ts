// What every dialect makes of an answer: pieces of text, a JSON value, a cost, a choice of model. No network.
import type { ChatMessage, FinishReason } from "../../../protocol/call.ts";
import type { Cost, TokenUsage } from "../../../protocol/llm.ts";
import type { ChatEnd, StructuredAnswer, StructuredPrompt } from "../port.ts";
import { MAX_ANSWER_CHARS, MAX_PIECE_CHARS } from "./bounds.ts";
import { failed } from "./failure.ts";

export type AnswerStream = AsyncGenerator<string, ChatEnd, undefined>;

/** A text in pieces that can be passed on; no pair of surrogates is split. */
export function* pieces(text: string): Generator<string, void, undefined> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + MAX_PIECE_CHARS, text.length);
    if (end < text.length && /[\uD800-\uDBFF]/.test(text.charAt(end - 1))) end -= 1;
    yield text.slice(at, end);
    at = end;
  }
}

/** Counts what is yielded; a backend that never stops is a failure. */
export function countChars(name: string): (text: string) => void {
  let size = 0;
  return (text) => {
    size += text.length;
    if (size > MAX_ANSWER_CHARS) throw failed("invalid", `${name} answered more than ${MAX_ANSWER_CHARS} characters`);
  };
}

/** Reads a stream to its end and takes its text for one JSON value. */
export async function collectJson(stream: AnswerStream, name: string): Promise<StructuredAnswer> {
  let text = "";
  for (;;) {
    const next = await stream.next();
    if (next.done === true) {
      const { finishReason, ...end } = next.value;
      const value = jsonIn(text);
      if (value !== undefined) return { value, ...end };
      throw failed(
        "invalid",
        finishReason === "length" ? `${name}: its answer was cut off by its length limit` : `${name} answered no JSON`,
      );
    }
    text += next.value;
  }
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const FENCE = "```";

/** What stands between the first line that opens a fence and the last fence. By position, not by pattern: a backend's text may be anything. */
function insideFence(text: string): string {
  const opens = text.indexOf(FENCE);
  const begins = opens === -1 ? -1 : text.indexOf("\n", opens);
  const ends = text.lastIndexOf(FENCE);
  return begins === -1 || ends <= begins ? "" : text.slice(begins, ends);
}

/** The JSON value in a text that may have a fence, a preface or thoughts around it; undefined when there is none. */
export function jsonIn(text: string): unknown {
  const bare = text.replace(/^\s*<think>[\s\S]*?<\/think>/, "").trim();
  const whole = parseJson(bare);
  if (whole !== undefined) return whole;
  const fenced = parseJson(insideFence(bare));
  if (fenced !== undefined) return fenced;
  const [from, to] = [bare.indexOf("{"), bare.lastIndexOf("}")];
  return from === -1 || to < from ? undefined : parseJson(bare.slice(from, to + 1));
}

export function messagesOf(prompt: StructuredPrompt): ChatMessage[] {
  return [
    { role: "system", content: prompt.system },
    { role: "user", content: prompt.user },
  ];
}

/** For a server that cannot be held to a schema: it is told instead, in the one system message that every chat template takes. */
export function withSchemaInWords(messages: readonly ChatMessage[], schema: Record<string, unknown> | undefined): ChatMessage[] {
  const shape = schema === undefined ? "" : ` of this JSON Schema:\n${JSON.stringify(schema)}`;
  const rule = `Answer with one JSON value and nothing else${shape}`;
  const [first, ...rest] = messages;
  if (first?.role !== "system") return [{ role: "system", content: rule }, ...messages];
  return [{ role: "system", content: `${first.content}\n\n${rule}` }, ...rest];
}

export function finishReasonOf(told: string): FinishReason {
  return told === "length" || told === "content_filter" ? told : "stop";
}

export interface TokenPrice {
  promptPerMillionUsd: number;
  completionPerMillionUsd: number;
  cachedPerMillionUsd?: number | undefined; // of the prompt's tokens that were cached; absent: as the others
}

export type Prices = Record<string, TokenPrice>; // by model; "*": any other

const TOKENS_PER_PRICE = 1_000_000;
export const UNKNOWN_COST: Cost = { usd: null, source: "unknown" };

/** What the backend says wins over the table; what neither tells is unknown, which is not 0. */
export function costOf(told: number | null, usage: TokenUsage | null, price: TokenPrice | undefined): Cost {
  if (told !== null) return { usd: told, source: "provider" };
  if (price === undefined || usage === null || usage.promptTokens === null || usage.completionTokens === null) return UNKNOWN_COST;
  const cached = Math.min(usage.cachedTokens ?? 0, usage.promptTokens);
  const cachedPrice = price.cachedPerMillionUsd ?? price.promptPerMillionUsd;
  const micro =
    (usage.promptTokens - cached) * price.promptPerMillionUsd +
    cached * cachedPrice +
    usage.completionTokens * price.completionPerMillionUsd;
  return { usd: micro / TOKENS_PER_PRICE, source: "table" };
}

export function priceOf(prices: Prices | undefined, model: string): TokenPrice | undefined {
  return prices !== undefined && Object.hasOwn(prices, model) ? prices[model] : prices?.["*"];
}

const EMBEDDING_MODEL = /embed|minilm|\bbge\b|^(bge|gte|e5)-/i; // as the libraries of models name them

/** The first of a list that serves: an embedding model does not chat, and the other way round. */
export function pickModel(models: readonly string[], use: "chat" | "embed"): string | undefined {
  return models.find((model) => EMBEDDING_MODEL.test(model) === (use === "embed"));
}

const MAX_MODELS = 200; // as protocol/llm.ts takes them
const MAX_MODEL_NAME = 200;

/** A backend's list as it can be told: no empty or endless name, none twice, no endless list. */
export function listable(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => name !== "" && name.length <= MAX_MODEL_NAME).slice(0, MAX_MODELS);
}
