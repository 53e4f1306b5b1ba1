// /v1/models, /v1/chat/completions, /v1/embeddings: the language models of the agents behind OpenAI's API. No effect on the network.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { CALL_TIMEOUT_MS } from "../../protocol/call.ts";
import {
  type ChatCompletionRequest as ChatBody,
  ChatCompletion,
  ChatCompletionRequest,
  Embeddings,
  EmbeddingsRequest,
  OpenAiErrorBody,
  OpenAiModel,
  OpenAiModelList,
} from "../../protocol/openai.ts";
import { requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { AppError } from "../errors.ts";
import { answer, createRouter, jsonBody } from "../router.ts";
import { askAgent, callError, textOf } from "../services/call.ts";
import { openCall } from "../services/call-stream.ts";
import { type CompletionHead, chatCall, completionOf, embedCall, embeddingsOf, servedBy, vectorsOf } from "../services/openai.ts";
import { listModels, resolveModel } from "../services/openai-models.ts";
import { begun, bodyOf, chatEvents } from "../services/openai-stream.ts";

const tags = ["language models"];
const read = requireScope("read");
const operate = requireScope("operate");
const openAiFailures = { "4XX": answer("refused", OpenAiErrorBody), "5XX": answer("failed", OpenAiErrorBody) } as const;

export function openAiRoutes() {
  const models = createRoute({
    ...{ method: "get", path: "/v1/models", tags, middleware: read, summary: "What can be asked: auto, <provider>, <provider>/<model>" },
    responses: { 200: answer("of the backends that are connected and answer", OpenAiModelList), ...openAiFailures },
  });
  const model = createRoute({
    ...{ method: "get", path: "/v1/models/{id}", tags, middleware: read, summary: "One model" },
    request: { params: z.object({ id: z.string().max(300) }) },
    responses: { 200: answer("it can be asked", OpenAiModel), ...openAiFailures },
  });
  const chat = createRoute({
    ...{
      method: "post",
      path: "/v1/chat/completions",
      tags,
      middleware: operate,
      summary: "A chat, answered by an agent's language model",
    },
    description: "With `stream` as server-sent events. `x-served-by` and `served` tell who answered. Nothing on the network changes.",
    request: { body: jsonBody(ChatCompletionRequest) },
    responses: {
      200: { description: "whole, or as events", content: { "application/json": { schema: ChatCompletion }, "text/event-stream": {} } },
      ...openAiFailures,
    },
  });
  const embeddings = createRoute({
    ...{ method: "post", path: "/v1/embeddings", tags, middleware: operate, summary: "Vectors of texts" },
    request: { body: jsonBody(EmbeddingsRequest) },
    responses: { 200: answer("in the order of the input", Embeddings), ...openAiFailures },
  });

  const router = createRouter()
    .openapi(models, async (c) => c.json({ object: "list" as const, data: await listModels(c.get("deps")) }, 200))
    .openapi(chat, async (c) => {
      const request = c.req.valid("json");
      return request.stream ? streamed(c, request) : whole(c, request);
    })
    .openapi(embeddings, async (c) => {
      const [deps, body] = [c.get("deps"), c.req.valid("json")];
      const { agentIds, ...target } = await resolveModel(deps, body.model, "embeddings");
      const request = embedCall(body, target);
      const asked = await askAgent(deps, { request, timeoutMs: CALL_TIMEOUT_MS, signal: c.req.raw.signal, ...among(agentIds) });
      if (!asked.ok) throw callError(asked.error);
      const { chunks, result } = asked.value;
      if (result.kind !== "embed" || request.kind !== "embed") throw new Error("another kind of answer");
      c.header("x-served-by", headerOf(servedBy(result.served)));
      return c.json(embeddingsOf(vectorsOf(chunks, request.input.length), body.encoding_format === "base64", result.served), 200);
    });
  // Ids contain slashes, and not every client escapes them.
  router.openAPIRegistry.registerPath(model);
  router.get("/v1/models/:id{.+}", read, async (c) => {
    const id = c.req.param("id");
    const found = (await listModels(c.get("deps"))).find((entry) => entry.id === id);
    if (found !== undefined) return c.json(found, 200);
    const message = `no model is called ${JSON.stringify(id)}`;
    throw new AppError("NOT_FOUND", message, { details: [{ field: "model", message }] });
  });
  return router;
}

async function whole(c: Context<AppEnv>, body: ChatBody) {
  const deps = c.get("deps");
  const { agentIds, ...target } = await resolveModel(deps, body.model, "chat");
  const ask = { request: chatCall(body, target), timeoutMs: CALL_TIMEOUT_MS, signal: c.req.raw.signal, ...among(agentIds) };
  const asked = await askAgent(deps, ask);
  if (!asked.ok) throw callError(asked.error);
  const { chunks, result } = asked.value;
  if (result.kind !== "chat") throw new Error("another kind of answer");
  c.header("x-served-by", headerOf(servedBy(result.served)));
  return c.json(completionOf(headFor(c, body.model), { text: textOf(chunks), ...result }), 200);
}

async function streamed(c: Context<AppEnv>, body: ChatBody) {
  const deps = c.get("deps");
  const { agentIds, ...target } = await resolveModel(deps, body.model, "chat");
  const left = new AbortController();
  const leave = () => left.abort();
  c.req.raw.signal.addEventListener("abort", leave, { once: true });
  if (c.req.raw.signal.aborted) leave();
  const ask = { request: chatCall(body, target), timeoutMs: CALL_TIMEOUT_MS, signal: left.signal, ...among(agentIds) };
  const rest = openCall(deps, ask);
  const first = await begun(rest);
  const events = chatEvents({ head: headFor(c, body.model), withUsage: body.stream_options?.include_usage === true, first, rest });
  c.header("content-type", "text/event-stream; charset=utf-8");
  c.header("cache-control", "no-store");
  // Who serves is known at the end, and said there; before it only where nobody else may.
  if (target.only !== null) c.header("x-served-by", headerOf(servedBy({ provider: target.only, model: target.model })));
  return c.body(bodyOf(events, leave), 200);
}

function headFor(c: Context<AppEnv>, model: string): CompletionHead {
  return { id: `chatcmpl-${c.get("requestId")}`, created: Math.floor(c.get("deps").now() / 1000), model };
}

function among(agentIds: string[] | undefined): { agentIds?: string[] } {
  return agentIds === undefined ? {} : { agentIds };
}

/** Names of models are free text; a header is not. */
function headerOf(name: string): string {
  return name.replaceAll(/[^\x21-\x7e]/g, "_");
}
