// POST /v1/execute: a capability instead of a model. No effect on the network.
import { createRoute } from "@hono/zod-openapi";
import { ExecuteAnswer, ExecuteRequest } from "../../protocol/execute.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { execute } from "../services/execute.ts";

export function executeRoutes() {
  const route = createRoute({
    ...{ method: "post", path: "/v1/execute", tags: ["language models"], middleware: requireScope("operate") },
    summary: "Run a capability where it is, and say where that was",
    description:
      "`{intent}`: words about the network are understood, any others are a chat. `{capability}`: understand, chat or embeddings. " +
      "Nothing on the network changes: a change is asked for with POST /api/v1/intents.",
    request: { body: jsonBody(ExecuteRequest) },
    responses: { 200: answer("the result, and who gave it", ExecuteAnswer), ...failures },
  });
  return createRouter().openapi(route, async (c) => c.json(await execute(c.get("deps"), c.req.valid("json"), c.req.raw.signal), 200));
}
