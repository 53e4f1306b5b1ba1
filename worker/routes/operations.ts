// The smaller read routes and the socket ticket: me, agents, events, enrolments.
import { createRoute } from "@hono/zod-openapi";
import { AgentPage, Enrolment, EnrolmentRequest, EventPage, EventsQuery, Me, Ticket, TicketRequest } from "../../protocol/api.ts";
import { holds, requireScope } from "../auth.ts";
import { AppError } from "../errors.ts";
import { answer, createRouter, failures } from "../router.ts";
import { listAgents } from "../services/agents.ts";
import { createEnrolment } from "../services/enrolment.ts";
import { readFeed } from "../services/feed.ts";
import { issueTicket } from "../services/tickets.ts";

const read = requireScope("read");

export function operationRoutes() {
  const me = createRoute({
    ...{ method: "get", path: "/api/v1/me", tags: ["session"], middleware: read, summary: "Whose token this is" },
    responses: { 200: answer("name and scopes", Me), ...failures },
  });
  const ticket = createRoute({
    ...{ method: "post", path: "/api/v1/ticket", tags: ["session"], middleware: read, summary: "A single-use ticket for the live socket" },
    request: { body: { required: false, content: { "application/json": { schema: TicketRequest } } } },
    responses: { 200: answer("valid for a minute, once", Ticket), ...failures },
  });
  const agents = createRoute({
    ...{ method: "get", path: "/api/v1/agents", tags: ["agents"], middleware: read, summary: "Agents and their state" },
    responses: { 200: answer("all agents", AgentPage), ...failures },
  });
  const enrolment = createRoute({
    ...{ method: "post", path: "/api/v1/agents/enrolments", tags: ["agents"], middleware: requireScope("admin") },
    summary: "A one-time token with which an agent enrols",
    request: { body: { required: false, content: { "application/json": { schema: EnrolmentRequest } } } },
    responses: { 201: answer("shown once", Enrolment), ...failures },
  });
  const events = createRoute({
    ...{ method: "get", path: "/api/v1/events", tags: ["events"], middleware: read, summary: "The durable feed" },
    request: { query: EventsQuery },
    responses: { 200: answer("events after the given seq", EventPage), ...failures },
  });

  return createRouter()
    .openapi(me, (c) => c.json({ name: c.get("principal").name, scopes: c.get("principal").scopes }, 200))
    .openapi(ticket, async (c) => {
      const principal = c.get("principal");
      const role = c.req.valid("json")?.role ?? (holds(principal, "operate") ? "operator" : "viewer");
      if (role === "agent" || (role === "operator" && !holds(principal, "operate")))
        throw new AppError("FORBIDDEN", `this token may not be ${role}`);
      return c.json(await issueTicket(c.get("deps"), { subject: principal.tokenId, role }), 200);
    })
    .openapi(agents, async (c) => c.json({ agents: await listAgents(c.get("deps")) }, 200))
    .openapi(enrolment, async (c) => {
      const enrolled = await createEnrolment(c.get("deps"), c.req.valid("json")?.name ?? "agent");
      const origin = new URL(c.req.url).origin;
      return c.json({ ...enrolled, install: `WORKER_URL=${origin} npm run agent -- enroll --token ${enrolled.token}` }, 201);
    })
    .openapi(events, async (c) => c.json(await readFeed(c.get("deps"), c.req.valid("query")), 200));
}
