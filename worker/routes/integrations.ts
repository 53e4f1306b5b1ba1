// The integrations of all agents: list, trial, routing. Served under /v1 as other gateways do, and under /api with the rest.
import { createRoute, z } from "@hono/zod-openapi";
import {
  IntegrationList,
  IntegrationRefresh,
  IntegrationTestRequest,
  IntegrationTestResult,
  RoutingUpdate,
} from "../../protocol/integration-api.ts";
import { ProviderId, Routing } from "../../protocol/llm.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { refreshIntegrations, tryIntegration } from "../services/integration-trial.ts";
import { listIntegrations } from "../services/integrations.ts";
import { readRouting, switchProvider, writeRouting } from "../services/routing.ts";

const PATHS = ["/v1/integrations", "/api/integrations", "/api/v1/integrations"] as const;

const tags = ["integrations"];
const read = requireScope("read");
const operate = requireScope("operate");
const admin = requireScope("admin");

export function integrationRoutes() {
  const router = createRouter();
  for (const path of PATHS) mount(router, path);
  return router;
}

function mount(router: ReturnType<typeof createRouter>, path: (typeof PATHS)[number]): void {
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "The language models of every agent, from what is known now" },
    responses: { 200: answer("in the order in which they are asked", IntegrationList), ...failures },
  });
  const test = createRoute({
    ...{ method: "post", path: `${path}/test`, tags, middleware: operate, summary: "Run one prompt on one backend" },
    request: { body: jsonBody(IntegrationTestRequest) },
    responses: { 200: answer("what it answered, or how it failed", IntegrationTestResult), ...failures },
  });
  const refresh = createRoute({
    ...{ method: "post", path: `${path}/refresh`, tags, middleware: operate, summary: "Look at all backends now" },
    responses: { 200: answer("which agents have looked", IntegrationRefresh), ...failures },
  });
  const routing = createRoute({
    ...{ method: "get", path: `${path}/routing`, tags, middleware: read, summary: "Which backends are asked, in which order" },
    responses: { 200: answer("all of it, defaults included", Routing), ...failures },
  });
  const route = createRoute({
    ...{
      method: "put",
      path: `${path}/routing`,
      tags,
      middleware: admin,
      summary: "Change the routing; what is not given stays",
    },
    request: { body: jsonBody(RoutingUpdate) },
    responses: { 200: answer("the routing as it is now", Routing), ...failures },
  });
  const switched = (name: "connect" | "disconnect", summary: string) =>
    createRoute({
      ...{ method: "post" as const, path: `${path}/{id}/${name}` as const, tags, middleware: admin, summary },
      request: { params: z.object({ id: ProviderId }) },
      responses: { 200: answer("the routing as it is now", Routing), ...failures },
    });

  router
    .openapi(list, async (c) => c.json(await listIntegrations(c.get("deps")), 200))
    .openapi(test, async (c) => c.json(await tryIntegration(c.get("deps"), c.req.valid("json"), c.req.raw.signal), 200))
    .openapi(refresh, async (c) => c.json(await refreshIntegrations(c.get("deps")), 200))
    .openapi(routing, async (c) => c.json(await readRouting(c.get("deps")), 200))
    .openapi(route, async (c) =>
      c.json(await writeRouting(c.get("deps"), { update: c.req.valid("json"), by: c.get("principal").name }), 200),
    )
    .openapi(switched("connect", "Let the routers ask this backend"), async (c) => {
      const change = { provider: c.req.valid("param").id, connected: true, by: c.get("principal").name };
      return c.json(await switchProvider(c.get("deps"), change), 200);
    })
    .openapi(switched("disconnect", "Let no router ask this backend"), async (c) => {
      const change = { provider: c.req.valid("param").id, connected: false, by: c.get("principal").name };
      return c.json(await switchProvider(c.get("deps"), change), 200);
    });
}
