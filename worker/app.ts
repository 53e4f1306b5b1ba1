// createApp(): what happens to every request, and the table of routes. Authentication comes before validation.
import type { Context, Next } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { authenticate } from "./auth.ts";
import { createDeps } from "./deps.ts";
import { renderDocs } from "./docs-page.ts";
import type { AppEnv } from "./env.ts";
import { AppError, onError } from "./errors.ts";
import { createRouter } from "./router.ts";
import { agentRoutes } from "./routes/agent.ts";
import { deploymentRoutes } from "./routes/deployments.ts";
import { healthRoutes } from "./routes/health.ts";
import { intentRoutes } from "./routes/intents.ts";
import { operationRoutes } from "./routes/operations.ts";
import { roomRoutes } from "./routes/room.ts";
import { understandRoutes } from "./routes/understand.ts";

const BODY_BYTES = 64 * 1024;
const AGENT_BODY_BYTES = 1024 * 1024; // a report carries rendered packages
const OPEN_AGENT_PATH = "/agent/v1/enroll"; // its token is in the body

const tooLarge = (limit: number) =>
  bodyLimit({
    maxSize: limit,
    onError: () => {
      throw new AppError("PAYLOAD_TOO_LARGE", `a body may have at most ${limit} bytes here`);
    },
  });
const limitBody = tooLarge(BODY_BYTES);
const limitAgentBody = tooLarge(AGENT_BODY_BYTES);

export function createApp() {
  const app = createRouter();
  app.onError(onError);
  app.notFound(() => {
    throw new AppError("NOT_FOUND", "no such route");
  });
  app.use(requestId({ headerName: "X-Request-Id", limitLength: 64 }));
  app.use(async (c, next) => {
    c.set("deps", createDeps(c.env, c.executionCtx));
    await next();
  });
  app.use(secureHeaders({ contentSecurityPolicy: { defaultSrc: ["'none'"], styleSrc: ["'self'"], frameAncestors: ["'none'"] } }));
  app.use("/api/*", authenticate);
  app.use("/metrics", authenticate);
  app.use("/agent/*", (c, next) => (c.req.path === OPEN_AGENT_PATH ? next() : authenticate(c, next)));
  app.use((c, next) => (c.req.path.startsWith("/agent/") ? limitAgentBody(c, next) : limitBody(c, next)));
  app.use(jsonOnly);

  app.route("/", intentRoutes());
  app.route("/", deploymentRoutes());
  app.route("/", operationRoutes());
  app.route("/", understandRoutes());
  app.route("/", agentRoutes());
  app.route("/", healthRoutes());
  app.route("/", roomRoutes());

  const about = {
    openapi: "3.1.0",
    info: { title: "Intent-to-O2 Control Center", version: "1", license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    security: [{ bearer: [] }],
  };
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  app.doc31("/openapi.json", about);
  app.get("/docs", (c) => c.html(renderDocs(app.getOpenAPI31Document(about))));
  return app;
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
