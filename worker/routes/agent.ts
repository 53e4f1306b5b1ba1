// /agent/v1: what an agent says and asks. The only door through which facts come in.
import { createRoute } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  ClaimRequest,
  ClaimResponse,
  EnrolRequest,
  EnrolResponse,
  ExtendRequest,
  ExtendResponse,
  HeartbeatRequest,
  HeartbeatResponse,
  MeasurementsRequest,
  MeasurementsResponse,
  TaskReportRequest,
  TaskReportResponse,
  WatchlistRequest,
  WatchlistResponse,
} from "../../protocol/agent.ts";
import { Ticket } from "../../protocol/api.ts";
import { CorrectionsResponse } from "../../protocol/correction.ts";
import { ReportRequest, ReportResponse } from "../../protocol/report.ts";
import { TIMINGS } from "../../protocol/timings.ts";
import { requireScope } from "../auth.ts";
import type { AppEnv } from "../env.ts";
import { AppError } from "../errors.ts";
import { answer, createRouter, failures, jsonBody } from "../router.ts";
import { heartbeat } from "../services/agents.ts";
import { takeMeasurements } from "../services/assurance.ts";
import { claimFor } from "../services/claims.ts";
import { examplesOf } from "../services/correction-store.ts";
import { enrolAgent } from "../services/enrolment.ts";
import { extendLease } from "../services/jobs.ts";
import { applyReport } from "../services/reports.ts";
import { reportTasks } from "../services/site-task-reports.ts";
import { issueTicket } from "../services/tickets.ts";
import { watchlist } from "../services/watchlist.ts";

const tags = ["agent protocol"];
const agent = requireScope("agent");

export function agentRoutes() {
  const enroll = createRoute({
    ...{ method: "post", path: "/agent/v1/enroll", tags, security: [], summary: "Exchange a one-time token for the agent's credential" },
    request: { body: jsonBody(EnrolRequest) },
    responses: { 201: answer("shown once", EnrolResponse), ...failures },
  });
  const beat = createRoute({
    ...{ method: "post", path: "/agent/v1/heartbeat", tags, middleware: agent, summary: "I am here, this is what I do" },
    request: { body: jsonBody(HeartbeatRequest) },
    responses: { 200: answer("timings, and what to stop", HeartbeatResponse), ...failures },
  });
  const claim = createRoute({
    ...{ method: "post", path: "/agent/v1/claim", tags, middleware: agent, summary: "Give me the best eligible job" },
    request: { body: jsonBody(ClaimRequest) },
    responses: { 200: answer("a job under a lease, or null", ClaimResponse), ...failures },
  });
  const extend = createRoute({
    ...{ method: "post", path: "/agent/v1/extend", tags, middleware: agent, summary: "I still work on it" },
    request: { body: jsonBody(ExtendRequest) },
    responses: { 200: answer("the lease goes on", ExtendResponse), ...failures },
  });
  const report = createRoute({
    ...{ method: "post", path: "/agent/v1/report", tags, middleware: agent, summary: "Facts of a running job, each stored once" },
    request: { body: jsonBody(ReportRequest) },
    responses: { 200: answer("stored", ReportResponse), ...failures },
  });
  const ticket = createRoute({
    ...{ method: "post", path: "/agent/v1/ticket", tags, middleware: agent, summary: "A single-use ticket for the agent's socket" },
    responses: { 200: answer("valid for a minute, once", Ticket), ...failures },
  });

  const tasks = createRoute({
    ...{ method: "post", path: "/agent/v1/tasks", tags, middleware: agent, summary: "How far the work about sites is" },
    request: { body: jsonBody(TaskReportRequest) },
    responses: { 200: answer("noted; which of them are over", TaskReportResponse), ...failures },
  });

  const watch = createRoute({
    ...{ method: "post", path: "/agent/v1/watchlist", tags, middleware: agent, summary: "Which live slices am I to watch" },
    request: { body: jsonBody(WatchlistRequest) },
    responses: { 200: answer("sites that are this agent's to watch, and what is live there", WatchlistResponse), ...failures },
  });
  const measurements = createRoute({
    ...{ method: "post", path: "/agent/v1/measurements", tags, middleware: agent, summary: "What I measured; a round counts once" },
    request: { body: jsonBody(MeasurementsRequest) },
    responses: { 200: answer("counted", MeasurementsResponse), ...failures },
  });

  const corrections = createRoute({
    ...{ method: "post", path: "/agent/v1/corrections", tags, middleware: agent, summary: "What did people correct, for the prompt" },
    responses: { 200: answer("the newest, one for each sentence", CorrectionsResponse), ...failures },
  });

  return createRouter()
    .openapi(corrections, async (c) => c.json(await examplesOf(c.get("deps")), 200))
    .openapi(watch, async (c) => c.json(await watchlist(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(measurements, async (c) => c.json(await takeMeasurements(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(enroll, async (c) => c.json(await enrolAgent(c.get("deps"), c.req.valid("json")), 201))
    .openapi(beat, async (c) => c.json(await heartbeat(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(claim, async (c) => c.json(await claimFor(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(extend, async (c) => {
      const { cancelRequested } = await extendLease(c.get("deps"), agentId(c), c.req.valid("json").lease);
      return c.json({ leaseMs: TIMINGS.leaseMs, cancelRequested }, 200);
    })
    .openapi(report, async (c) => c.json(await applyReport(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(tasks, async (c) => c.json(await reportTasks(c.get("deps"), agentId(c), c.req.valid("json")), 200))
    .openapi(ticket, async (c) => c.json(await issueTicket(c.get("deps"), { subject: agentId(c), role: "agent" }), 200));
}

function agentId(c: Context<AppEnv>): string {
  const { agentId: id } = c.get("principal");
  if (id === null) throw new AppError("FORBIDDEN", "this credential belongs to no agent");
  return id;
}
