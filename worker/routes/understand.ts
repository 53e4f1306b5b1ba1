// POST /api/v1/intent: understanding only, by the rules; no effect.
import { createRoute } from "@hono/zod-openapi";
import { understand } from "../../intent/understand.ts";
import { UnderstandRequest } from "../../protocol/api.ts";
import { Understanding } from "../../protocol/intent.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { knownSites, resolveSites } from "../services/sites.ts";

export function understandRoutes() {
  const route = createRoute({
    ...{ method: "post", path: "/api/v1/intent", tags: ["understanding"], middleware: requireScope("read") },
    summary: "What a sentence means; nothing is stored or changed",
    request: { body: jsonBody(UnderstandRequest) },
    responses: { 200: answer("understood, a question, or a refusal", Understanding), ...failures },
  });
  return createRouter().openapi(route, async (c) => {
    const { text, context, target_sites } = c.req.valid("json");
    const deps = c.get("deps");
    const sites = await knownSites(deps);
    const targetSites = await resolveSites(deps, target_sites ?? [], "target_sites");
    const now = new Date(deps.now());
    return c.json(understand({ intentId: deps.newId("int", deps.now()), text, context, targetSites, answers: null, sites, now }), 200);
  });
}
