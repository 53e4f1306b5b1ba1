// Any endpoint that speaks OpenAI's API: /models, /chat/completions, /embeddings under its base address. Which paths a chat may take is
// given by the caller, so that LlamaFarm is this adapter with paths of its own.
import type { Result } from "../../../protocol/result.ts";
import type { Probe, Provider, ProviderFailure } from "../port.ts";
import { type AnswerStream, collectJson, costOf, listable, messagesOf, pickModel, priceOf } from "./answer.ts";
import { type Backend, createBackend } from "./backend.ts";
import { MAX_EMBEDDING_BYTES } from "./bounds.ts";
import type { Call } from "./call.ts";
import {
  completionBody,
  Embeddings,
  ModelList,
  nextQuirks,
  PLAIN_QUIRKS,
  type Question,
  readCompletion,
  usageOf,
  vectorsOf,
} from "./chat-completions.ts";
import { type HttpProviderConfig, shownAddress } from "./config.ts";
import { failed, HttpRefusal, WebPage } from "./failure.ts";
import type { HttpAnswer } from "./transport.ts";

/** Where a chat goes and with which model; null leaves the model to the server. */
export interface Target {
  path: string;
  model: string | null;
}

export interface Dialect {
  backend: Backend;
  embedPath: string;
  list(call: Call): Promise<string[]>;
  /** The places to try, best first; the next one only when there is nothing at the one before. */
  targets(call: Call, wanted: string | null): AsyncGenerator<Target, void, undefined>;
  /** The one that answered. */
  found(target: Target): void;
}

const ABSENT = new Set([404, 405]);

/** Nothing is at that address: it says so, or a web page is. */
export function isAbsent(error: unknown): boolean {
  return error instanceof WebPage || (error instanceof HttpRefusal && ABSENT.has(error.status));
}

export function createOpenAiCompatible(config: HttpProviderConfig): Provider {
  const url = new URL(config.url);
  if (url.pathname === "/") url.pathname = "/v1";
  const backend = createBackend({ name: config.name ?? config.id, url, secret: config.secret, bounds: config.bounds });
  let known: string[] = []; // models, as it listed them last

  async function list(call: Call): Promise<string[]> {
    try {
      const { data } = await backend.json(call, { path: "models" }, { schema: ModelList });
      known = listable(data.map((model) => model.id));
    } catch (error) {
      // Some have no list; one that was configured with a model is there all the same.
      if (config.model === undefined || !(error instanceof HttpRefusal) || !ABSENT.has(error.status)) throw error;
      known = [config.model];
    }
    return known;
  }

  async function* targets(call: Call, wanted: string | null) {
    const model = wanted ?? config.model ?? pickModel(known, "chat") ?? pickModel(await list(call), "chat");
    if (model === undefined) throw failed("refused", `${backend.name} has no model for this (chat)`);
    yield { path: "chat/completions", model };
  }

  return createSpeaker(config, { backend, embedPath: "embeddings", list, targets, found: () => undefined });
}

export function createSpeaker(config: HttpProviderConfig, { backend, embedPath, list, targets, found }: Dialect): Provider {
  const { id, kind, prices, configured } = config;
  const { name } = backend;
  let quirks = PLAIN_QUIRKS;

  async function open(call: Call, question: Question, { path, model }: Target): Promise<HttpAnswer> {
    const asked = question.messages.map((message) => message.content);
    for (let tried = quirks; ; ) {
      try {
        const answer = await backend.open(call, { path, body: completionBody(question, model, tried), asked });
        quirks = tried; // only now: a refusal for another reason teaches nothing
        return answer;
      } catch (error) {
        const next = nextQuirks(tried, question, error);
        if (next === null) throw error;
        tried = next;
      }
    }
  }

  async function* stream(call: Call, question: Question, wanted: string | null): AnswerStream {
    call.check();
    const asked = question.messages.map((message) => message.content);
    let absent: unknown = failed("refused", `${name} has no address for a chat`);
    for await (const target of targets(call, wanted)) {
      try {
        const answer = await open(call, question, target);
        const end = yield* readCompletion(answer, { name, model: target.model, asked, prices });
        found(target);
        return end;
      } catch (error) {
        if (!isAbsent(error)) throw error;
        absent = error;
      }
    }
    throw absent;
  }

  async function probe(signal: AbortSignal): Promise<Result<Probe, ProviderFailure>> {
    return backend.run(signal, async (call) => ({ models: await list(call), version: null }));
  }

  return {
    ...{ id, kind, name, configured, address: shownAddress(config.url), capabilities: ["understand", "chat", "embeddings"], probe },
    async *chat({ messages, options, model }, signal) {
      const call = backend.begin(signal);
      try {
        return yield* stream(call, { messages, options }, model);
      } finally {
        call.end();
      }
    },
    ask: (prompt, signal) =>
      backend.run(signal, (call) => {
        const question = { messages: messagesOf(prompt), options: { temperature: 0, json: { name: "answer", schema: prompt.schema } } };
        return collectJson(stream(call, question, null), name);
      }),
    embed: (input, wanted, signal) =>
      backend.run(signal, async (call) => {
        const model = wanted ?? config.embedModel ?? pickModel(await list(call), "embed");
        if (model === undefined) throw failed("refused", `${name} has no model for this (embed)`);
        const request = { path: embedPath, body: { model, input, encoding_format: "float" }, asked: input };
        const answer = await backend.json(call, request, { schema: Embeddings, maxBytes: MAX_EMBEDDING_BYTES });
        const vectors = vectorsOf(answer.data, input.length);
        if (vectors === null) throw failed("invalid", `${name} answered other vectors than one for each input`);
        const usage = usageOf(answer.usage ?? null);
        // Servers leave out the completion's tokens of an embedding: there are none.
        const full = usage === null ? null : { ...usage, completionTokens: usage.completionTokens ?? 0 };
        const served = answer.model ?? model;
        return { vectors, model: served, usage: full, cost: costOf(answer.usage?.cost ?? null, full, priceOf(prices, served)) };
      }),
    close: async () => backend.close(),
  };
}
