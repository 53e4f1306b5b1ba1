// The agent's loopback server: /metrics for Prometheus, /healthz for the service manager. It takes no commands.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import { OperatorError } from "./env.ts";

const STALE_BEATS = 3; // as many missed heartbeats as the control centre tolerates

export interface Health {
  ok: boolean;
  reasons: string[];
}

/** Healthy means: the control centre has accepted a heartbeat lately. */
export function healthOf(heartbeatAgeMs: number | null, heartbeatMs: number | null): Health {
  if (heartbeatAgeMs === null || heartbeatMs === null) return { ok: false, reasons: ["no heartbeat has been accepted yet"] };
  if (heartbeatAgeMs <= STALE_BEATS * heartbeatMs) return { ok: true, reasons: [] };
  return { ok: false, reasons: [`the last accepted heartbeat is ${Math.round(heartbeatAgeMs / 1000)} s old`] };
}

export interface HttpServerOptions {
  port: number; // 0 picks a free one
  registry: Registry;
  health: () => Health;
}

export interface HttpServer {
  port: number;
  close(): Promise<void>;
}

export async function startHttpServer({ port, registry, health }: HttpServerOptions): Promise<HttpServer> {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "/").split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, { error: "only GET" });
    if (path === "/metrics") {
      const text = await registry.metrics();
      response.writeHead(200, { "content-type": registry.contentType }).end(text);
    } else if (path === "/healthz") {
      const { ok, reasons } = health();
      send(response, ok ? 200 : 503, { status: ok ? "ok" : "unhealthy", reasons });
    } else send(response, 404, { error: "only /metrics and /healthz" });
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => {
      if (!response.headersSent) send(response, 500, { error: "failed" });
      else response.destroy();
    });
  });
  server.requestTimeout = 5_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const busy = cause.code === "EADDRINUSE";
      reject(busy ? new OperatorError(`Port ${port} is taken. Set AGENT_PORT to another one, or to 0.`, { cause }) : cause);
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}
