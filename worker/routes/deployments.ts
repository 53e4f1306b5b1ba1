// /api/v1/deployments: list, read, diff, roll back.
import { createRoute, z } from "@hono/zod-openapi";
import {
  DeploymentDiff,
  DeploymentPage,
  DeployRequest,
  IntentAccepted,
  ListDeploymentsQuery,
  RollbackAccepted,
  RollbackRequest,
} from "../../protocol/api.ts";
import { Deployment } from "../../protocol/deployment.ts";
import { DeploymentId } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, idempotencyOf, jsonBody } from "../router.ts";
import { listDeployments, readDeployment, readDiff, requestRollback } from "../services/deployments.ts";
import { deployIntent } from "../services/intent-commands.ts";

const path = "/api/v1/deployments";
const params = z.object({ id: DeploymentId });
const tags = ["deployments"];
const read = requireScope("read");

export function deploymentRoutes() {
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "Deployments, newest first" },
    request: { query: ListDeploymentsQuery },
    responses: { 200: answer("a page", DeploymentPage), ...failures },
  });
  const one = createRoute({
    ...{ method: "get", path: `${path}/{id}`, tags, middleware: read, summary: "A deployment with its sites and evidence" },
    request: { params },
    responses: { 200: answer("the deployment", Deployment), ...failures },
  });
  const diff = createRoute({
    ...{ method: "get", path: `${path}/{id}/diff`, tags, middleware: read, summary: "What the deployment changed" },
    request: { params },
    responses: { 200: answer("unified diffs per file", DeploymentDiff), ...failures },
  });
  const deploy = createRoute({
    ...{ method: "post", path, tags, middleware: requireScope("operate"), summary: "Deploy what a dry run has shown" },
    request: { body: jsonBody(DeployRequest) },
    responses: { 202: answer("queued", IntentAccepted), ...failures },
  });
  const rollback = createRoute({
    ...{ method: "post", path: `${path}/{id}/rollback`, tags, middleware: requireScope("operate") },
    summary: "Take the latest deployment of a slice back, whole or at one site",
    request: { params, body: { required: false, content: { "application/json": { schema: RollbackRequest } } } },
    responses: { 202: answer("queued", RollbackAccepted), ...failures },
  });

  return createRouter()
    .openapi(list, async (c) => c.json(await listDeployments(c.get("deps"), c.req.valid("query")), 200))
    .openapi(one, async (c) => c.json(await readDeployment(c.get("deps"), c.req.valid("param").id), 200))
    .openapi(diff, async (c) => c.json(await readDiff(c.get("deps"), c.req.valid("param").id), 200))
    .openapi(deploy, async (c) => {
      const about = { by: c.get("principal").name, idempotency: await idempotencyOf(c) };
      return c.json(await deployIntent(c.get("deps"), { ...c.req.valid("json"), ...about }), 202);
    })
    .openapi(rollback, async (c) => {
      const { body } = await requestRollback(c.get("deps"), {
        deploymentId: c.req.valid("param").id,
        site: c.req.valid("json")?.site,
        by: c.get("principal").name,
        idempotency: await idempotencyOf(c),
      });
      return c.json(body, 202);
    });
}
