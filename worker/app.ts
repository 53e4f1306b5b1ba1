// createApp(): what happens to every request, and the table of routes. Authentication comes before validation.
import type { Context, Next } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { noteServing } from "../party/monitor-state.ts";
import { authenticate } from "./auth.ts";
import { createDeps } from "./deps.ts";
import { renderDocs } from "./docs-page.ts";
import type { AppEnv } from "./env.ts";
import { AppError, errorResponse, knownError } from "./errors.ts";
import { methodTable } from "./methods.ts";
import { openAiResponse, speaksOpenAi } from "./openai-errors.ts";
import { createRouter } from "./router.ts";
import { agentRoutes } from "./routes/agent.ts";
import { alertRoutes } from "./routes/alerts.ts";
import { auditRoutes } from "./routes/audit.ts";
import { correctionRoutes } from "./routes/corrections.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { executeRoutes } from "./routes/execute.ts";
import { healthRoutes } from "./routes/health.ts";
import { historyRoutes } from "./routes/history.ts";
import { integrationRoutes } from "./routes/integrations.ts";
import { intentRoutes } from "./routes/intents.ts";
import { monitorRoutes } from "./routes/monitor.ts";
import { openAiRoutes } from "./routes/openai.ts";
import { openSloRoutes } from "./routes/openslo.ts";
import { operationRoutes } from "./routes/operations.ts";
import { policyRoutes } from "./routes/policy.ts";
import { roomRoutes } from "./routes/room.ts";
import { siteRoutes } from "./routes/sites.ts";
import { sliceRoutes } from "./routes/slices.ts";
import { understandRoutes } from "./routes/understand.ts";
import { recordRequest } from "./services/trace.ts";

const BODY_BYTES = 64 * 1024;
const LARGER_BODIES: readonly [path: string, bytes: number][] = [
  ["/agent/", 1024 * 1024], // a report carries rendered packages
  ["/api/v1/intent/batch", 4 * 1024 * 1024], // 100 texts of 4,000 characters, each of them written as an escape
  ["/v1/", 512 * 1024], // conversations
];
const OPEN_AGENT_PATH = "/agent/v1/enroll"; // its token is in the body

const limitOf = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new AppError("PAYLOAD_TOO_LARGE", `a body may have at most ${maxSize} bytes here`);
    },
  });
const limitBody = limitOf(BODY_BYTES);
const larger = LARGER_BODIES.map(([path, bytes]) => ({ path, limit: limitOf(bytes) }));

export function createApp() {
  const app = createRouter();
  app.onError((error, c) => {
    const known = knownError(error, c);
    return speaksOpenAi(c.req.path) ? openAiResponse(c, known) : errorResponse(c, known);
  });
  app.use(requestId({ headerName: "X-Request-Id", limitLength: 64 }));
  app.use(async (c, next) => {
    noteServing(Date.now());
    c.set("deps", createDeps(c.env, c.executionCtx, c.req.header("traceparent") ?? null));
    await next();
  });
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'self'"], frameAncestors: ["'none'"] } }));
  app.use("/api/*", authenticate);
  app.use("/v1/*", authenticate);
  app.use("/metrics", authenticate);
  app.use("/agent/*", (c, next) => (c.req.path === OPEN_AGENT_PATH ? next() : authenticate(c, next)));
  app.use((c, next) => (larger.find(({ path }) => c.req.path.startsWith(path))?.limit ?? limitBody)(c, next));
  app.use(jsonOnly);
  app.use(traced);

  app.route("/", intentRoutes());
  app.route("/", deploymentRoutes());
  app.route("/", sliceRoutes());
  app.route("/", operationRoutes());
  app.route("/", siteRoutes());
  app.route("/", alertRoutes());
  app.route("/", historyRoutes());
  app.route("/", policyRoutes());
  app.route("/", auditRoutes());
  app.route("/", openSloRoutes());
  app.route("/", understandRoutes());
  app.route("/", openAiRoutes());
  app.route("/", executeRoutes());
  app.route("/", integrationRoutes());
  app.route("/", correctionRoutes());
  app.route("/", agentRoutes());
  app.route("/", healthRoutes());
  app.route("/", roomRoutes());
  app.route("/", monitorRoutes());

  const about = {
    openapi: "3.1.0",
    info: { title: "Intent-to-O2 Control Center", version: "1", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    security: [{ bearer: [] }],
  };
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  app.doc31("/openapi.json", about);
  app.get("/docs", (c) => c.html(renderDocs(app.getOpenAPI31Document(about))));
  const methodsOf = methodTable(app.routes); // last: all routes are there
  app.notFound((c) => {
    const methods = methodsOf(c.req.path);
    if (methods.length === 0) throw new AppError("NOT_FOUND", "no such route");
    c.header("Allow", methods.join(", "));
    throw new AppError("METHOD_NOT_ALLOWED", `this path is served by ${methods.join(", ")}`);
  });
  return app;
}

/** With a collector, every command becomes a span. Whose trace it belongs to, the path or the answer says. */
async function traced(c: Context<AppEnv>, next: Next): Promise<void> {
  const deps = c.get("deps");
  const { method, path } = c.req;
  const start = deps.now();
  await next();
  if (deps.tracer === null || method !== "POST") return;
  const answer = path.startsWith("/api/") && c.res.ok ? await c.res.clone().text() : "";
  const served = { method, path, answer, status: c.res.status, start, end: deps.now() };
  deps.defer(recordRequest(deps, deps.tracer, served));
}

/** A body that is not JSON would silently count as none; a content-type without a body, as many clients send it, is dropped. */
async function jsonOnly(c: Context<AppEnv>, next: Next): Promise<void> {
  const type = c.req.header("content-type");
  const hasBody = c.req.method !== "GET" && c.req.header("content-length") !== "0" && c.req.raw.body !== null;
  if (hasBody && type?.split(";")[0]?.trim().toLowerCase() !== "application/json")
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "content-type: must be application/json");
  if (!hasBody && type !== undefined) {
    const headers = new Headers(c.req.raw.headers);
    headers.delete("content-type");
    c.req.raw = new Request(c.req.raw, { headers });
  }
  await next();
}
