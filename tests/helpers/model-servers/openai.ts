// OpenAI's API as a fake: /v1/models, /v1/chat/completions (SSE), /v1/embeddings. It can refuse single parts of a request, as servers do.
import { type Dialect, type FakeModelServer, NOT_FOUND, type Received, type Stream, startHttpFake } from "./http-fake.ts";

/** A part of a request that is answered with 400, and the words of it. */
export type Refused = "json_schema" | "json_object" | "stream_options" | "max_tokens" | "temperature";

const WORDS: Record<Refused, string> = {
  json_schema: "'response_format.type' : value is not one of the allowed values",
  json_object: "response_format is not supported by this model",
  stream_options: "Unrecognized request argument supplied: stream_options",
  max_tokens: "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
  temperature: "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
};

function uses({ body }: Received, part: Refused): boolean {
  const format = body["response_format"];
  const type = typeof format === "object" && format !== null && "type" in format ? format.type : null;
  return part === "json_schema" || part === "json_object" ? type === part : body[part] !== undefined;
}

const event = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

function chunk({ model }: Stream, rest: object): object {
  return { id: "chatcmpl-fake", object: "chat.completion.chunk", created: 1_795_255_200, model, ...rest };
}

function usageOf({ usage }: Stream): object {
  if (usage === null) return {};
  const { prompt, completion, cached, costUsd } = usage;
  const details = cached === undefined ? {} : { prompt_tokens_details: { cached_tokens: cached } };
  const cost = costUsd === undefined ? {} : { cost: costUsd };
  return { usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion, ...details, ...cost } };
}

export function openAiDialect(refused: Set<Refused>): Dialect {
  return {
    contentType: "text/event-stream; charset=utf-8",
    route(method, path) {
      const routes = { "POST /v1/chat/completions": "chat", "GET /v1/models": "models", "POST /v1/embeddings": "embed" } as const;
      return Object.entries(routes).find(([key]) => key === `${method} ${path}`)?.[1] ?? null;
    },
    refusal(received) {
      const part = [...refused].find((one) => uses(received, one));
      if (part === undefined) return null;
      return {
        status: 400,
        body: JSON.stringify({ error: { message: WORDS[part], type: "invalid_request_error", param: part, code: null } }),
      };
    },
    piece: (text, stream) =>
      event(chunk(stream, { choices: [{ index: 0, delta: { role: "assistant", content: text }, finish_reason: null }], usage: null })),
    end: (stream) => {
      const last = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
      if (stream.usageMode === "with-choice") return `${event(chunk(stream, { ...last, ...usageOf(stream) }))}data: [DONE]\n\n`;
      const trailer = stream.usage === null ? "" : event(chunk(stream, { choices: [], ...usageOf(stream) }));
      return `: keep-alive\n\n${event(chunk(stream, last))}${trailer}data: [DONE]\n\n`;
    },
    errorLine: (error) => `${event({ error })}data: [DONE]\n\n`,
    rawLine: (text) => `data: ${text}\n\n`,
    models: (names) => ({ object: "list", data: names.map((id) => ({ id, object: "model", created: 0, owned_by: "fake" })) }),
    absent: () => NOT_FOUND,
    other: () => ({}),
    embed: (vectors, stream) => ({
      ...{ object: "list", model: stream.model },
      // Not in their order: the index tells it.
      data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })).reverse(),
      ...(stream.usage === null ? {} : { usage: { prompt_tokens: stream.usage.prompt, total_tokens: stream.usage.prompt } }),
    }),
  };
}

export interface OpenAiFake extends FakeModelServer {
  refused: Set<Refused>;
}

export async function startOpenAi(): Promise<OpenAiFake> {
  const refused = new Set<Refused>();
  return Object.assign(await startHttpFake(openAiDialect(refused)), { refused });
}
