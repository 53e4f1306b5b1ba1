// Understanding only: one sentence, or a batch of them. No effect.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import { UnderstandBatchAnswer, UnderstandBatchRequest, UnderstandRequest } from "../../protocol/api.ts";
import { Understanding } from "../../protocol/intent.ts";
import { holds, requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { understandBatch, understandOne, whatIsKnown } from "../services/understanding.ts";

const BY =
  "By an agent's language models when one is online and the token may operate, else by the worker's own rules: `fallback` is true then. " +
  "A token that only reads is always answered by the rules, as a model's answer may cost money.";

function mayAskModels(c: Context<AppEnv>): boolean {
  return holds(c.get("principal"), "operate");
}

export function understandRoutes() {
  const common = { method: "post" as const, tags: ["understanding"], middleware: requireScope("read") };
  const one = createRoute({
    ...{ ...common, path: "/api/v1/intent" as const, summary: "What a sentence means; nothing is stored or changed" },
    description: BY,
    request: { body: jsonBody(UnderstandRequest) },
    responses: { 200: answer("understood, a question, or a refusal", Understanding), ...failures },
  });
  const batch = createRoute({
    ...{ ...common, path: "/api/v1/intent/batch" as const, summary: "What up to 100 sentences mean, in order" },
    description: BY,
    request: { body: jsonBody(UnderstandBatchRequest) },
    responses: { 200: answer("one result for each; an error where an entry is wrong", UnderstandBatchAnswer), ...failures },
  });
  return createRouter()
    .openapi(one, async (c) => {
      const deps = c.get("deps");
      const way = { known: await whatIsKnown(deps), signal: c.req.raw.signal, models: mayAskModels(c) };
      return c.json((await understandOne(deps, c.req.valid("json"), way)).understanding, 200);
    })
    .openapi(batch, async (c) => {
      const input = { entries: c.req.valid("json"), requestId: c.get("requestId"), signal: c.req.raw.signal, models: mayAskModels(c) };
      return c.json(await understandBatch(c.get("deps"), input), 200);
    });
}
