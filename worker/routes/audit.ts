// /api/v1/audit: who did what, for administrators.
import { createRoute } from "@hono/zod-openapi";
import { AuditPage, AuditQuery } from "../../protocol/audit.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures } from "../router.ts";
import { listAudit } from "../services/audit.ts";

export function auditRoutes() {
  const list = createRoute({
    ...{ method: "get", path: "/api/v1/audit", tags: ["operations"], middleware: requireScope("admin") },
    summary: "Commands that took effect, newest first",
    request: { query: AuditQuery },
    responses: { 200: answer("a page", AuditPage), ...failures },
  });
  return createRouter().openapi(list, async (c) => c.json(await listAudit(c.get("deps"), c.req.valid("query")), 200));
}
