// /api/v1/alerts: list, read, acknowledge, and the form that Alertmanager takes.
import { createRoute, z } from "@hono/zod-openapi";
import { AcknowledgeRequest, Alert, AlertmanagerAlert, AlertPage, ListAlertsQuery } from "../../protocol/alert.ts";
import { AlertId } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, idempotencyOf } from "../router.ts";
import { acknowledgeAlert, exportAlerts, findAlert, listAlerts, toAlert } from "../services/alerts.ts";

const path = "/api/v1/alerts";
const params = z.object({ id: AlertId });
const tags = ["alerts"];
const read = requireScope("read");

export function alertRoutes() {
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "Alerts, newest first" },
    request: { query: ListAlertsQuery },
    responses: { 200: answer("a page", AlertPage), ...failures },
  });
  // Before the route with an id: "alertmanager" is none.
  const alertmanager = createRoute({
    ...{ method: "get", path: `${path}/alertmanager`, tags, middleware: read },
    summary: "What fires, as the body of Alertmanager's POST /api/v2/alerts",
    responses: { 200: answer("an array", z.array(AlertmanagerAlert)), ...failures },
  });
  const one = createRoute({
    ...{ method: "get", path: `${path}/{id}`, tags, middleware: read, summary: "An alert with what was done about it" },
    request: { params },
    responses: { 200: answer("the alert", Alert), ...failures },
  });
  const acknowledge = createRoute({
    ...{ method: "post", path: `${path}/{id}/ack`, tags, middleware: requireScope("operate") },
    summary: "Somebody has seen it; the first who says so counts",
    request: { params, body: { required: false, content: { "application/json": { schema: AcknowledgeRequest } } } },
    responses: { 200: answer("the alert", Alert), ...failures },
  });

  return createRouter()
    .openapi(list, async (c) => c.json(await listAlerts(c.get("deps"), c.req.valid("query")), 200))
    .openapi(alertmanager, async (c) => c.json(await exportAlerts(c.get("deps"), new URL(c.req.url).origin), 200))
    .openapi(one, async (c) => c.json(toAlert(await findAlert(c.get("deps"), c.req.valid("param").id)), 200))
    .openapi(acknowledge, async (c) => {
      const comment = c.req.valid("json")?.comment ?? "";
      const about = { by: c.get("principal").name, idempotency: await idempotencyOf(c) };
      return c.json(await acknowledgeAlert(c.get("deps"), { alertId: c.req.valid("param").id, comment, ...about }), 200);
    });
}
