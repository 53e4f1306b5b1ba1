// /api/v1/slices/{name}/openslo: the service levels of a slice in force, for other tools that watch them.
import { createRoute, z } from "@hono/zod-openapi";
import { OpenSloDocument, toYaml } from "../../intent/openslo.ts";
import { SliceName } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import { createRouter, failures } from "../router.ts";
import { readOpenSlo } from "../services/openslo.ts";

const YAML = "application/yaml"; // RFC 9512

export function openSloRoutes() {
  const read = createRoute({
    ...{ method: "get", path: "/api/v1/slices/{name}/openslo", tags: ["slices"], middleware: requireScope("read") },
    summary: "OpenSLO v1: the service, its data sources and an SLO per site and objective",
    request: { params: z.object({ name: SliceName }) },
    responses: {
      200: {
        description: "YAML documents; a JSON array with Accept: application/json",
        content: { [YAML]: { schema: z.string() }, "application/json": { schema: z.array(OpenSloDocument) } },
      },
      ...failures,
    },
  });
  return createRouter().openapi(read, async (c) => {
    const documents = await readOpenSlo(c.get("deps"), c.req.valid("param").name);
    const wanted = c.req.header("accept") ?? "";
    if (wanted.includes("application/json")) return c.json(documents, 200);
    return c.body(toYaml(documents), 200, { "content-type": `${YAML}; charset=utf-8` });
  });
}
