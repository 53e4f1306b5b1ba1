// /api/v1/policy: the operations policy of the installation.
import { createRoute } from "@hono/zod-openapi";
import { OperationsPolicy } from "../../protocol/policy.ts";
import { requireScope } from "../auth.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { readPolicy, writePolicy } from "../services/policy.ts";

const path = "/api/v1/policy";
const tags = ["policy"];

export function policyRoutes() {
  const get = createRoute({
    ...{
      method: "get",
      path,
      tags,
      middleware: requireScope("read"),
      summary: "What needs a person, how slices are watched, what is done",
    },
    responses: { 200: answer("the whole policy, defaults included", OperationsPolicy), ...failures },
  });
  const put = createRoute({
    ...{ method: "put", path, tags, middleware: requireScope("admin"), summary: "Replace the policy; what is not given is the default" },
    request: { body: jsonBody(OperationsPolicy) },
    responses: { 200: answer("the policy as it is now", OperationsPolicy), ...failures },
  });

  return createRouter()
    .openapi(get, async (c) => c.json(await readPolicy(c.get("deps")), 200))
    .openapi(put, async (c) => {
      const policy = await writePolicy(c.get("deps"), { policy: c.req.valid("json"), by: c.get("principal").name });
      return c.json(policy, 200);
    });
}
