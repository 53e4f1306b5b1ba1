// Ollama's own API: /api/chat as NDJSON, /api/embed, /api/tags, /api/version. Not its OpenAI door, which cannot be given a context size.
//
// A line {"error": …} may come after a status of 200 (its docs/api/errors). Only a line with `done: true` is an end. Counts of tokens are
// absent when it does not know them, as for a prompt it had cached.
import * as z from "zod";
import type { ChatMessage, ChatOptions } from "../../../protocol/call.ts";
import type { TokenUsage } from "../../../protocol/llm.ts";
import type { ChatRequest, Provider, StructuredPrompt } from "../port.ts";
import {
  type AnswerStream,
  collectJson,
  costOf,
  countChars,
  finishReasonOf,
  listable,
  messagesOf,
  parseJson,
  pickModel,
  pieces,
  priceOf,
} from "./answer.ts";
import { createBackend } from "./backend.ts";
import { MAX_EMBEDDING_BYTES } from "./bounds.ts";
import type { Call } from "./call.ts";
import { type HttpProviderConfig, shownAddress } from "./config.ts";
import { failed, kindOfCode, quotable, saidIn } from "./failure.ts";
import { readLines } from "./lines.ts";

const tokens = z.number().int().nonnegative().nullish().catch(null);

const Tags = z.object({ models: z.array(z.object({ name: z.string() })).nullish() });
const Version = z.object({ version: z.string().max(80) });
const Line = z.object({
  model: z.string().optional(),
  message: z.object({ content: z.string().default("") }).optional(),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  prompt_eval_count: tokens,
  eval_count: tokens,
  error: z.unknown().optional(),
});
const Embedded = z.object({ model: z.string().optional(), embeddings: z.array(z.array(z.number())), prompt_eval_count: tokens });

// A prompt that is longer than the context is cut without a word, and the default is 4,096. Few steps: each change loads the model anew.
const CONTEXT_STEPS = [8_192, 16_384, 32_768, 65_536, 131_072];
const DEFAULT_CONTEXT = 4_096;
const BYTES_PER_TOKEN = 3; // UTF-8: less than an English token has, about one Chinese character
const ANSWER_TOKENS = 1_024; // left for the answer when its length is not said

function contextFor(messages: ChatMessage[], options: ChatOptions): number | undefined {
  const bytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content), 0);
  const needed = bytes / BYTES_PER_TOKEN + (options.maxTokens ?? ANSWER_TOKENS);
  return needed <= DEFAULT_CONTEXT ? undefined : (CONTEXT_STEPS.find((step) => step >= needed) ?? CONTEXT_STEPS.at(-1));
}

function optionsOf(messages: ChatMessage[], options: ChatOptions): Record<string, unknown> {
  const all = {
    temperature: options.temperature,
    top_p: options.topP,
    num_predict: options.maxTokens,
    stop: options.stop,
    seed: options.seed,
    num_ctx: contextFor(messages, options),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function usageOf(prompt: number | null | undefined, completion: number | null | undefined): TokenUsage | null {
  const [promptTokens, completionTokens] = [prompt ?? null, completion ?? null];
  return promptTokens === null && completionTokens === null ? null : { promptTokens, cachedTokens: null, completionTokens };
}

export function createOllama(config: HttpProviderConfig): Provider {
  const { id, url, secret, bounds, prices, configured } = config;
  const name = config.name ?? id;
  const backend = createBackend({ name, url: new URL(url), secret, bounds });
  let known: string[] = []; // models, as it listed them last

  async function list(call: Call): Promise<string[]> {
    const { models } = await backend.json(call, { path: "api/tags" }, { schema: Tags });
    known = listable((models ?? []).map((model) => model.name));
    return known;
  }

  async function modelFor(call: Call, use: "chat" | "embed"): Promise<string> {
    const model = pickModel(known, use) ?? pickModel(await list(call), use);
    if (model === undefined) throw failed("refused", `${name} has no model for this (${use})`);
    return model;
  }

  interface Asked {
    messages: ChatMessage[];
    options: ChatOptions;
    model: string | null;
    format: unknown;
  }

  async function* stream(call: Call, { messages, options, model: wanted, format }: Asked): AnswerStream {
    call.check();
    const model = wanted ?? config.model ?? (await modelFor(call, "chat"));
    const asked = messages.map((message) => message.content);
    const body = { model, messages, stream: true, options: optionsOf(messages, options), ...(format === undefined ? {} : { format }) };
    const answer = await backend.open(call, { path: "api/chat", body, asked });
    const count = countChars(name);
    for await (const text of readLines(answer.chunks(), name)) {
      if (text.trim() === "") continue;
      const json = parseJson(text);
      const line = Line.safeParse(json);
      if (!line.success) throw failed("invalid", `${name} sent a line that is not of its API`);
      const { message, done, error } = line.data;
      if (error !== undefined && error !== null) {
        const said = saidIn(json);
        throw failed(kindOfCode(...said.codes), `${name} failed while it answered${quotable(said.text, asked)}`);
      }
      count(message?.content ?? "");
      yield* pieces(message?.content ?? "");
      if (!done) continue;
      const usage = usageOf(line.data.prompt_eval_count, line.data.eval_count);
      const served = line.data.model ?? model;
      return {
        finishReason: finishReasonOf(line.data.done_reason ?? "stop"),
        model: served,
        usage,
        cost: costOf(null, usage, priceOf(prices, served)),
      };
    }
    throw failed("cut", `${name} ended its answer without an end`);
  }

  return {
    ...{ id, kind: "ollama", name, configured, address: shownAddress(url), capabilities: ["understand", "chat", "embeddings"] },
    probe: (signal) =>
      backend.run(signal, async (call) => {
        const [models, { version }] = await Promise.all([list(call), backend.json(call, { path: "api/version" }, { schema: Version })]);
        return { models, version };
      }),
    async *chat({ messages, options, model }: ChatRequest, signal) {
      const call = backend.begin(signal);
      try {
        const format = options.json === undefined ? undefined : (options.json.schema ?? "json");
        return yield* stream(call, { messages, options, model, format });
      } finally {
        call.end();
      }
    },
    ask: (prompt: StructuredPrompt, signal) =>
      backend.run(signal, (call) => {
        const asked = { messages: messagesOf(prompt), options: { temperature: 0 }, model: null, format: prompt.schema };
        return collectJson(stream(call, asked), name);
      }),
    embed: (input, wanted, signal) =>
      backend.run(signal, async (call) => {
        const model = wanted ?? config.embedModel ?? (await modelFor(call, "embed"));
        const request = { path: "api/embed", body: { model, input }, asked: input };
        const answer = await backend.json(call, request, { schema: Embedded, maxBytes: MAX_EMBEDDING_BYTES });
        if (answer.embeddings.length !== input.length) throw failed("invalid", `${name} answered another number of vectors than of inputs`);
        const promptTokens = answer.prompt_eval_count ?? null;
        const usage = promptTokens === null ? null : { promptTokens, cachedTokens: null, completionTokens: 0 };
        const served = answer.model ?? model;
        return { vectors: answer.embeddings, model: served, usage, cost: costOf(null, usage, priceOf(prices, served)) };
      }),
    close: async () => backend.close(),
  };
}
