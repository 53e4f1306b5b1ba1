// What monitors of another make ask for and report: /ws/monitoring, the figures, the pipelines, and three ways to report.
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readPipelines } from "../../party/monitor-pipelines.ts";
import { readMonitorState } from "../../party/monitor-state.ts";
import { enterRoom, refuseSocket } from "../../party/route.ts";
import { fieldIssues } from "../../protocol/errors.ts";
import {
  EdgeUpdated,
  EdgeUpdateRequest,
  MonitorMessage,
  MonitorPipelines,
  MonitorState,
  PipelineStarted,
  PipelineStartRequest,
  PipelineUpdated,
  PipelineUpdateRequest,
} from "../../protocol/monitor.ts";
import { CloseCode, type RoomRole } from "../../protocol/room.ts";
import { authenticate, holds, requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { AppError, invalidField } from "../errors.ts";
import { answer, createRouter, failures } from "../router.ts";
import { startPipeline, updateEdge, updatePipeline } from "../services/monitor.ts";
import { redeemTicket } from "../services/tickets.ts";

const tags = ["monitor"];
const read = requireScope("read");
const operate = requireScope("operate");

export function monitorRoutes() {
  const metrics = createRoute({
    ...{ method: "get", path: "/api/v1/metrics", tags, middleware: read, summary: "Figures, edges and services, as JSON" },
    responses: { 200: answer("now", MonitorState), ...failures },
  });
  const pipelines = createRoute({
    ...{ method: "get", path: "/api/v1/monitoring/pipeline", tags, middleware: read, summary: "The current and the newest pipelines" },
    responses: { 200: answer("ours, and external ones marked so", MonitorPipelines), ...failures },
  });
  const router = createRouter()
    .openapi(metrics, async (c) => c.json(await readMonitorState(c.env.DB, c.get("deps").now()), 200))
    .openapi(pipelines, async (c) => c.json(await readPipelines(c.env.DB), 200));

  describeReport(router, {
    path: "/api/v1/pipeline/start",
    summary: "A pipeline elsewhere has started",
    schema: PipelineStartRequest,
    ok: PipelineStarted,
  });
  router.post("/api/v1/pipeline/start", operate, async (c) => {
    const pipeline = await startPipeline(c.get("deps"), c.get("principal").name, await readReport(c, PipelineStartRequest));
    return c.json({ status: "started", pipeline } satisfies z.infer<typeof PipelineStarted>);
  });
  describeReport(router, {
    path: "/api/v1/pipeline/update",
    summary: "A pipeline elsewhere has moved",
    schema: PipelineUpdateRequest,
    ok: PipelineUpdated,
  });
  router.post("/api/v1/pipeline/update", operate, async (c) => {
    const report = await readReport(c, PipelineUpdateRequest);
    await updatePipeline(c.get("deps"), c.get("principal").name, report);
    return c.json({ status: "updated", stage: report.stage } satisfies z.infer<typeof PipelineUpdated>);
  });
  describeReport(router, {
    path: "/api/v1/edge/update",
    summary: "How an edge is, as seen from elsewhere",
    schema: EdgeUpdateRequest,
    ok: EdgeUpdated,
  });
  router.post("/api/v1/edge/update", operate, async (c) => {
    const edge = await updateEdge(c.get("deps"), c.get("principal").name, await readReport(c, EdgeUpdateRequest));
    return c.json({ status: "updated", edge } satisfies z.infer<typeof EdgeUpdated>);
  });

  socketRoute(router);
  return router;
}

type Router = ReturnType<typeof createRouter>;

interface Report {
  path: string;
  summary: string;
  schema: z.ZodObject;
  ok: z.ZodType;
}

/** In the document by hand: a report may come as a body or as a query, and one validator cannot take either. */
function describeReport(router: Router, { path, summary, schema, ok }: Report): void {
  const query = schema.partial().extend({ metadata: z.string().optional().describe("JSON text") });
  router.openAPIRegistry.registerPath({
    ...{ method: "post", path, tags, summary },
    description: "As a JSON body, or in the query with no body; a body beside a query is taken as the metadata.",
    request: { query, body: { required: false, content: { "application/json": { schema } } } },
    responses: { 200: answer("noted", ok), ...failures },
  });
}

async function readReport<T extends z.ZodType>(c: Context<AppEnv>, schema: T): Promise<z.infer<T>> {
  const query = c.req.query();
  const text = await c.req.text();
  const body = text === "" ? undefined : parseJson("body", text);
  const metadata = query["metadata"] === undefined ? body : parseJson("metadata", query["metadata"]);
  const input = Object.keys(query).length === 0 ? body : { ...query, ...(metadata === undefined ? {} : { metadata }) };
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  const details = fieldIssues(parsed.error);
  throw new AppError("VALIDATION", details.map(({ field, message }) => `${field}: ${message}`)[0] ?? "not valid", { details });
}

function parseJson(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalidField(field, "must be JSON");
  }
}

const Since = z.coerce.number().int().nonnegative();
const MAX_TICKET = 200;

function socketRoute(router: Router): void {
  const path = "/ws/monitoring";
  router.openAPIRegistry.registerPath({
    ...{ method: "get", path, tags, summary: "A WebSocket that tells a monitor everything, from the state on" },
    description: "With a bearer token, or with a single-use ticket where headers cannot be set. A text frame `ping` is answered `pong`.",
    request: { query: z.object({ since: Since.optional(), ticket: z.string().max(MAX_TICKET).optional() }) },
    responses: {
      101: answer("messages, one a frame: initial_state first, then one per fact in the order of seq", MonitorMessage),
      ...failures,
    },
  });
  router.get(path, async (c) => {
    const ticket = c.req.query("ticket");
    const upgrade = c.req.header("upgrade")?.toLowerCase() === "websocket";
    const who = ticket === undefined ? await byToken(c) : await byTicket(c, ticket);
    if (who === null) {
      if (upgrade) return refuseSocket(CloseCode.ticketSpent, "the ticket is unknown, used or expired");
      throw new AppError("UNAUTHENTICATED", "the ticket is unknown, used or expired");
    }
    const asked = c.req.query("since");
    const since = Since.nullable().safeParse(asked === undefined || asked === "" ? null : asked);
    if (!since.success) throw invalidField("since", "must be the seq of a message");
    if (!upgrade) throw new AppError("VALIDATION", "this address speaks WebSocket only");
    return enterRoom(c.req.raw, c.env.Room, { ...who, monitorSince: since.data ?? "now" });
  });
}

type Who = { subject: string; role: RoomRole };

async function byTicket(c: Context<AppEnv>, ticket: string): Promise<Who | null> {
  const who = ticket.length > MAX_TICKET ? null : await redeemTicket(c.get("deps"), ticket);
  if (who?.role === "agent") throw new AppError("FORBIDDEN", "agents do not watch");
  return who;
}

/** A plain client sees the status of a refused upgrade: 401 and 403 as on every other route. */
async function byToken(c: Context<AppEnv>): Promise<Who> {
  await authenticate(c, async () => undefined);
  const principal = c.get("principal");
  if (!holds(principal, "read")) throw new AppError("FORBIDDEN", 'this needs the scope "read"');
  return { subject: principal.tokenId, role: holds(principal, "operate") ? "operator" : "viewer" };
}
