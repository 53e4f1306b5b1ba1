// /api/v1/sites: edge sites, their live state, how they come, change and go, and their clusters.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { SitePage } from "../../protocol/api.ts";
import { Site } from "../../protocol/site.ts";
import {
  ClusterRequest,
  CreateSiteRequest,
  PatchSiteRequest,
  SiteAccepted,
  SiteTaskAccepted,
  SiteTaskPage,
} from "../../protocol/site-api.ts";
import { requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { answer, createRouter, failures, idempotencyOf, jsonBody } from "../router.ts";
import { amend } from "../services/idempotency.ts";
import { removeCluster, requestCluster } from "../services/site-clusters.ts";
import { createSite, deleteSite, patchSite, waitUntilChecked } from "../services/site-commands.ts";
import { listTasks } from "../services/site-tasks.ts";
import { findSite, listSites, readSite } from "../services/sites.ts";
import { preferredWait } from "../services/wait.ts";

const path = "/api/v1/sites";
const tags = ["sites"];
const read = requireScope("read");
const admin = requireScope("admin");
const params = z.object({ id: z.string().min(1).max(64) });
const checked = {
  200: answer("in force, or checked while the caller waited (Prefer: wait=N)", SiteAccepted),
  202: answer("an agent tries each address and credential; what was in force stays until they pass", SiteAccepted),
  ...failures,
};
const started = { 202: answer("an agent sees to it; the task tells how far it is", SiteTaskAccepted), ...failures };

export function siteRoutes() {
  const list = createRoute({
    ...{ method: "get", path, tags, middleware: read, summary: "Edge sites and their live state" },
    responses: { 200: answer("all sites", SitePage), ...failures },
  });
  const one = createRoute({
    ...{ method: "get", path: `${path}/{id}`, tags, middleware: read, summary: "One edge site, by any of its spellings" },
    request: { params },
    responses: { 200: answer("the site", Site), ...failures },
  });
  const tasks = createRoute({
    ...{ method: "get", path: `${path}/{id}/tasks`, tags, middleware: read, summary: "Checks and cluster work of a site, newest first" },
    request: { params },
    responses: { 200: answer("the newest tasks", SiteTaskPage), ...failures },
  });
  const create = createRoute({
    ...{ method: "post", path, tags, middleware: admin, summary: "Add a site; it is ready once its addresses and credentials work" },
    request: { body: jsonBody(CreateSiteRequest) },
    responses: checked,
  });
  const patch = createRoute({
    ...{ method: "patch", path: `${path}/{id}`, tags, middleware: admin, summary: "Change a site" },
    request: { params, body: jsonBody(PatchSiteRequest) },
    responses: checked,
  });
  const remove = createRoute({
    ...{ method: "delete", path: `${path}/{id}`, tags, middleware: admin, summary: "Remove a site on which nothing is live" },
    request: { params },
    responses: { 204: { description: "removed" }, ...failures },
  });
  const cluster = createRoute({
    ...{
      method: "post",
      path: `${path}/{id}/cluster`,
      tags,
      middleware: admin,
      summary: "Create or resize the site's cluster through O2 IMS",
    },
    request: { params, body: jsonBody(ClusterRequest) },
    responses: started,
  });
  const uncluster = createRoute({
    ...{ method: "delete", path: `${path}/{id}/cluster`, tags, middleware: admin, summary: "Remove the site's cluster through O2 IMS" },
    request: { params },
    responses: started,
  });

  return createRouter()
    .openapi(list, async (c) => c.json({ sites: await listSites(c.get("deps")) }, 200))
    .openapi(one, async (c) => c.json(await readSite(c.get("deps"), c.req.valid("param").id), 200))
    .openapi(tasks, async (c) => {
      const { id } = await findSite(c.get("deps"), c.req.valid("param").id);
      return c.json({ tasks: await listTasks(c.get("deps"), id) }, 200);
    })
    .openapi(create, async (c) => {
      const command = { ...(await who(c)), input: c.req.valid("json") };
      const first = await createSite(c.get("deps"), command);
      c.header("Location", `${path}/${first.body.site}`);
      return c.json(...(await patiently(c, first)));
    })
    .openapi(patch, async (c) => {
      const command = { ...(await who(c)), input: c.req.valid("json"), ref: c.req.valid("param").id };
      return c.json(...(await patiently(c, await patchSite(c.get("deps"), command))));
    })
    .openapi(remove, async (c) => {
      await deleteSite(c.get("deps"), c.req.valid("param").id, c.get("principal").name);
      return c.body(null, 204);
    })
    .openapi(cluster, async (c) => {
      const command = { ...(await who(c)), input: c.req.valid("json"), ref: c.req.valid("param").id };
      return c.json((await requestCluster(c.get("deps"), command)).body, 202);
    })
    .openapi(uncluster, async (c) => {
      const command = { ...(await who(c)), ref: c.req.valid("param").id };
      return c.json((await removeCluster(c.get("deps"), command)).body, 202);
    });
}

async function who(c: Context<AppEnv>) {
  return { by: c.get("principal").name, idempotency: await idempotencyOf(c) };
}

/** Waits for the check when the caller asked for it. */
async function patiently(c: Context<AppEnv>, first: { status: number; body: SiteAccepted }): Promise<[SiteAccepted, 200 | 202]> {
  const wait = preferredWait(c.req.header("prefer"));
  if (first.status === 200) return [first.body, 200];
  if (wait === null) return [first.body, 202];
  c.header("Preference-Applied", `wait=${wait}`);
  const ended = await waitUntilChecked(c.get("deps"), first.body, wait);
  if (ended === null) return [first.body, 202];
  await amend(c.get("deps"), await idempotencyOf(c), { status: 200, body: ended });
  return [ended, 200];
}
