import { expect, test } from "vitest";
import { type Health, healthOf, startHttpServer } from "../../../agent/http-server.ts";
import { createMetrics } from "../../../agent/metrics.ts";

async function setUp(port = 0) {
  let health: Health = { ok: true, reasons: [] };
  const metrics = createMetrics({
    outbox: () => ({ facts: 3, bytes: 900 }),
    runningJobs: () => 2,
    connected: () => true,
    heartbeatAgeMs: () => 1_500,
    integrations: () => [],
  });
  const server = await startHttpServer({ port, registry: metrics.registry, health: () => health });
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { metrics, server, get, setHealth: (value: Health) => (health = value) };
}

test("health tells whether the control centre has accepted a heartbeat lately", () => {
  expect(healthOf(null, null)).toEqual({ ok: false, reasons: ["no heartbeat has been accepted yet"] });
  expect(healthOf(14_000, 5_000)).toEqual({ ok: true, reasons: [] });
  expect(healthOf(16_000, 5_000)).toEqual({ ok: false, reasons: ["the last accepted heartbeat is 16 s old"] });
});

test("/healthz is 200 or 503 with its reasons", async () => {
  const { server, get, setHealth } = await setUp();
  const well = await get("/healthz");
  expect([well.status, await well.json()]).toEqual([200, { status: "ok", reasons: [] }]);
  setHealth({ ok: false, reasons: ["no heartbeat"] });
  const ill = await get("/healthz");
  expect([ill.status, await ill.json()]).toEqual([503, { status: "unhealthy", reasons: ["no heartbeat"] }]);
  await server.close();
});

test("/metrics shows the agent's numbers in Prometheus' text form", async () => {
  const { metrics, server, get } = await setUp();
  metrics.jobEnded("intent.apply", "completed");
  metrics.stageEnded("render", "ok", 0.2);
  const response = await get("/metrics");
  const text = await response.text();
  expect(response.headers.get("content-type")).toContain("text/plain");
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      'agent_jobs_total{kind="intent.apply",outcome="completed"} 1',
      'agent_stage_duration_seconds_bucket{le="0.25",stage="render",outcome="ok"} 1',
      "agent_outbox_facts 3",
      "agent_outbox_bytes 900",
      "agent_jobs_running 2",
      "agent_socket_connected 1",
      "agent_heartbeat_age_seconds 1.5",
    ]),
  );
  expect(text).toContain("nodejs_eventloop_lag_seconds");
  await server.close();
});

test("it takes no commands and serves nothing else", async () => {
  const { server, get } = await setUp();
  const statuses = [await get("/"), await get("/metrics", { method: "POST" })].map(({ status }) => status);
  expect(statuses).toEqual([404, 405]);
  await server.close();
});

test("a taken port is named with the way out", async () => {
  const { server } = await setUp();
  await expect(setUp(server.port)).rejects.toThrow(`Port ${server.port} is taken. Set AGENT_PORT`);
  await server.close();
});
