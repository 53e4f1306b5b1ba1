// /health (open) and /metrics (Prometheus text, needs a token).
import { createRoute, z } from "@hono/zod-openapi";
import { Health } from "../../protocol/api.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures } from "../router.ts";
import { readHealth } from "../services/health.ts";
import { renderMetrics } from "../services/metrics.ts";

export function healthRoutes() {
  const health = createRoute({
    ...{ method: "get", path: "/health", tags: ["operations"], security: [], summary: "Health per component" },
    responses: { 200: answer("ok or degraded", Health), 503: answer("the database does not answer", Health), ...failures },
  });
  const metrics = createRoute({
    ...{
      method: "get",
      path: "/metrics",
      tags: ["operations"],
      middleware: requireScope("read"),
      summary: "Prometheus metrics",
    },
    responses: { 200: { description: "text format 0.0.4", content: { "text/plain": { schema: z.string() } } }, ...failures },
  });
  return createRouter()
    .openapi(health, async (c) => {
      const body = await readHealth(c.get("deps"));
      return body.status === "down" ? c.json(body, 503) : c.json(body, 200);
    })
    .openapi(metrics, async (c) => c.text(await renderMetrics(c.get("deps")), 200, { "content-type": "text/plain; version=0.0.4" }));
}
