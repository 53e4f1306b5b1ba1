// /api/v1/slices: what is live, and what can be done to it. Every command is an intent and answers as one.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { ChangeSliceRequest, DeploySliceRequest, IntentAccepted, ScaleSliceRequest, SlicePage, SliceView } from "../../protocol/api.ts";
import { SliceName } from "../../protocol/ids.ts";
import { requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { answer, createRouter, failures, idempotencyOf, jsonBody } from "../router.ts";
import { resolveSites } from "../services/sites.ts";
import { changeSlice, deploySlice, scaleSlice } from "../services/slice-commands.ts";
import { listSlices, readSlice } from "../services/slice-views.ts";

const path = "/api/v1/slices";
const params = z.object({ name: SliceName });
const tags = ["slices"];
const read = requireScope("read");
const operate = requireScope("operate");
const accepted = { 202: answer("an intent that carries it out", IntentAccepted), ...failures };

export function sliceRoutes() {
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "Live slices: where, with what, and who is changing them" },
    request: { query: z.strictObject({ site: z.string().min(1).max(64).optional() }) },
    responses: { 200: answer("all of them", SlicePage), ...failures },
  });
  const one = createRoute({
    ...{ method: "get", path: `${path}/{name}`, tags, middleware: read, summary: "A live slice" },
    request: { params },
    responses: { 200: answer("the slice", SliceView), ...failures },
  });
  const deploy = createRoute({
    ...{ method: "post", path, tags, middleware: operate, summary: "Deploy a slice, in data instead of words" },
    request: { body: jsonBody(DeploySliceRequest) },
    responses: accepted,
  });
  const scale = createRoute({
    ...{ method: "post", path: `${path}/{name}/scale`, tags, middleware: operate, summary: "Give a live slice more or less" },
    request: { params, body: jsonBody(ScaleSliceRequest) },
    responses: accepted,
  });

  return createRouter()
    .openapi(list, async (c) => {
      const { site } = c.req.valid("query");
      const [id] = site === undefined ? [] : await resolveSites(c.get("deps"), [site], "site");
      return c.json({ slices: await listSlices(c.get("deps"), id) }, 200);
    })
    .openapi(one, async (c) => c.json(await readSlice(c.get("deps"), c.req.valid("param").name), 200))
    .openapi(deploy, async (c) => c.json((await deploySlice(c.get("deps"), await caller(c), c.req.valid("json"))).body, 202))
    .openapi(scale, async (c) => {
      const input = { slice: c.req.valid("param").name, ...c.req.valid("json") };
      return c.json((await scaleSlice(c.get("deps"), await caller(c), input)).body, 202);
    })
    .openapi(change("terminate", "Remove a live slice, from all or some of its sites"), async (c) => {
      const input = { slice: c.req.valid("param").name, action: "terminate" as const, ...bodyOf(c.req.valid("json")) };
      return c.json((await changeSlice(c.get("deps"), await caller(c), input)).body, 202);
    })
    .openapi(change("rollback", "Take back the latest deployment of a slice"), async (c) => {
      const input = { slice: c.req.valid("param").name, action: "rollback" as const, ...bodyOf(c.req.valid("json")) };
      return c.json((await changeSlice(c.get("deps"), await caller(c), input)).body, 202);
    })
    .openapi(change("rerender", "Put a live slice's files back as they belong"), async (c) => {
      const input = { slice: c.req.valid("param").name, action: "rerender" as const, ...bodyOf(c.req.valid("json")) };
      return c.json((await changeSlice(c.get("deps"), await caller(c), input)).body, 202);
    });
}

function change<A extends string>(action: A, summary: string) {
  return createRoute({
    ...{ method: "post", path: `${path}/{name}/${action}` as `/api/v1/slices/{name}/${A}`, tags, middleware: operate, summary },
    request: { params, body: { required: false, content: { "application/json": { schema: ChangeSliceRequest } } } },
    responses: accepted,
  });
}

/** No body means all sites, as usual. */
function bodyOf(body: ChangeSliceRequest | undefined): ChangeSliceRequest {
  return ChangeSliceRequest.parse(body ?? {});
}

async function caller(c: Context<AppEnv>) {
  return { name: c.get("principal").name, idempotency: await idempotencyOf(c) };
}
