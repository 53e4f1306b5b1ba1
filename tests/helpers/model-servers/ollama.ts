// Ollama's own API as a fake: /api/chat (NDJSON), /api/tags, /api/version, /api/embed.
import { type Dialect, type FakeModelServer, NOT_FOUND, startHttpFake } from "./http-fake.ts";

export const OLLAMA_VERSION = "0.12.6";
const CREATED = "2026-11-21T10:00:00.000000Z";

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const dialect: Dialect = {
  contentType: "application/x-ndjson",
  route(method, path) {
    const routes = {
      "POST /api/chat": "chat",
      "GET /api/tags": "models",
      "GET /api/version": "version",
      "POST /api/embed": "embed",
    } as const;
    return Object.entries(routes).find(([key]) => key === `${method} ${path}`)?.[1] ?? null;
  },
  piece: (text, { model }) => line({ model, created_at: CREATED, message: { role: "assistant", content: text }, done: false }),
  end: ({ model, usage }) =>
    line({
      ...{ model, created_at: CREATED, message: { role: "assistant", content: "" }, done: true, done_reason: "stop" },
      ...{ total_duration: 4_883_583_458, load_duration: 1_334_875 }, // nanoseconds
      ...(usage === null ? {} : { prompt_eval_count: usage.prompt, eval_count: usage.completion, eval_duration: 4_535_599_000 }),
    }),
  errorLine: (error) => line({ error }),
  rawLine: (text) => `${text}\n`,
  models: (names) => ({ models: names.map((name) => ({ name, model: name, size: 1, digest: "sha256:0", details: { family: "fake" } })) }),
  absent: () => NOT_FOUND,
  other: () => ({ version: OLLAMA_VERSION }),
  embed: (embeddings, { model, usage }) => ({
    ...{ model, embeddings, total_duration: 14_143_917 },
    ...(usage === null ? {} : { prompt_eval_count: usage.prompt }),
  }),
};

export function startOllama(): Promise<FakeModelServer> {
  return startHttpFake(dialect);
}
