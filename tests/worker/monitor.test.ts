// What monitors of another make ask over HTTP: the figures, the edges and the pipelines. The socket is in tests/party.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { readMonitorState } from "../../party/monitor-state.ts";
import { MonitorPipelines, MonitorState } from "../../protocol/monitor.ts";
import { call, createWorld, rows, submit, type World } from "./harness.ts";
import { deployed } from "./story.ts";

const metricsOf = async ({ read }: World) => (await call("GET", "/api/v1/metrics", { token: read })).as(MonitorState);
const pipelinesOf = async ({ read }: World) => (await call("GET", "/api/v1/monitoring/pipeline", { token: read })).as(MonitorPipelines);

test("before the first intent all figures are zero, and every edge and service is named", async () => {
  const world = await createWorld({ sites: 2 });
  const edge = { status: "unknown", last_sync: null, commit: null, deployments: 0 };
  expect(await metricsOf(world)).toEqual({
    metrics: {
      ...{ total_intents: 0, successful_intents: 0, failed_intents: 0, avg_processing_time: 0, success_rate: 0, active_slices: 0 },
      ...{ queue_size: 0, current_stage: "idle", last_update: expect.any(String), uptime_ms: expect.any(Number) },
    },
    edge_status: { edge1: edge, edge2: edge },
    services: { worker: "healthy", d1: "healthy", agents: "healthy", edge1: "unknown", edge2: "unknown" },
  });
  expect(await pipelinesOf(world)).toEqual({ current_pipeline: null, pipelines: [] });
});

test("the figures follow what became of the intents", async () => {
  const world = await createWorld({ sites: 2 });
  const done = await deployed(world);
  for (let i = 0; i < 3; i += 1) {
    const id = await submit(world);
    if (i > 0) await call("POST", `/api/v1/intents/${id}/cancel`, { token: world.operate });
  }
  await rows("update intents set created_at = updated_at - 1500 where id = ?", done.intentId);
  const { metrics, edge_status, services } = await metricsOf(world);
  expect(metrics).toEqual({
    ...{ total_intents: 4, successful_intents: 1, failed_intents: 2, avg_processing_time: 1500, success_rate: 100 / 3, active_slices: 1 },
    ...{ queue_size: 1, current_stage: "input_received", last_update: expect.any(String), uptime_ms: expect.any(Number) },
  });
  expect(metrics.uptime_ms).toBeGreaterThanOrEqual(0);
  expect(edge_status["edge1"]).toEqual({
    ...{ status: "healthy", deployments: 1 },
    ...{ commit: expect.stringMatching(/^[0-9a-f]{40}$/), last_sync: expect.stringMatching(/Z$/) },
  });
  expect([edge_status["edge2"]?.deployments, services["edge1"], services["edge2"]]).toEqual([0, "healthy", "unknown"]);
});

test("a site that is in trouble and an agent that is silent are told as services", async () => {
  const world = await createWorld({ sites: 3 });
  await rows("update sites set status = case id when 'edge1' then 'degraded' when 'edge2' then 'unreachable' else 'healthy' end");
  await rows("update agents set last_heartbeat = 0");
  expect((await metricsOf(world)).services).toEqual({
    ...{ edge1: "unhealthy", edge2: "offline", edge3: "healthy" },
    ...{ worker: "healthy", d1: "healthy", agents: "offline" },
  });
});

test("the current pipeline is the newest that runs; without one, one that waits for a person; else the one that moved last", async () => {
  const world = await createWorld();
  const done = await deployed(world);
  expect((await pipelinesOf(world)).current_pipeline).toMatchObject({ intent_id: done.intentId, status: "completed" });
  const waiting = await submit(world);
  await rows("update intents set status = 'awaiting_approval' where id = ?", waiting);
  expect((await pipelinesOf(world)).current_pipeline).toMatchObject({ intent_id: waiting, status: "waiting", duration_ms: null });
  const running = await submit(world);
  await submit(world);
  await rows("update intents set status = 'failed', updated_at = updated_at + 1 where id > ?", running);
  const { current_pipeline, pipelines } = await pipelinesOf(world);
  expect(current_pipeline).toMatchObject({ intent_id: running, status: "running" });
  expect(pipelines.map((pipeline) => pipeline.status)).toEqual(["failed", "running", "waiting", "completed"]);
});

test("a pipeline shows every stage of its run in order, each with its time and what was said", async () => {
  const world = await createWorld();
  const { intentId } = await deployed(world);
  const { pipelines } = await pipelinesOf(world);
  const [pipeline] = pipelines;
  expect(pipeline).toMatchObject({ intent_id: intentId, status: "completed", current_stage: "completed", external: false });
  expect(pipeline?.duration_ms).toBeGreaterThanOrEqual(0);
  expect([...new Set(pipeline?.stages.map((entry) => entry.stage))]).toEqual([
    ...["input_received", "llm_processing", "intent_parsed", "krm_generating", "krm_generated", "gitops_pushing", "gitops_pushed"],
    ...["edge_deploying", "edge_deployed", "slo_validating", "completed"],
  ]);
  const pushed = pipeline?.stages.find((entry) => entry.stage === "gitops_pushed");
  expect(pushed).toMatchObject({ site: null, timestamp: expect.stringMatching(/Z$/), metadata: { branch: "main", sites: ["edge1"] } });
  expect(pipeline?.stages.find((entry) => entry.stage === "edge_deployed")).toMatchObject({ site: "edge1" });
});

test("of many pipelines the newest 20 are shown", async () => {
  const world = await createWorld();
  const ids: string[] = [];
  for (let i = 0; i < 23; i += 1) ids.push(await submit(world));
  const { pipelines } = await pipelinesOf(world);
  expect(pipelines.map((pipeline) => pipeline.intent_id)).toEqual(ids.toReversed().slice(0, 20));
});

/** The rows that D1 has read for a piece of work: what it bills, and what grows when an index is missing. */
async function rowsRead(work: (db: D1Database) => Promise<unknown>): Promise<number> {
  let read = 0;
  const DB = new Proxy(env.DB, {
    get: (target, property) => {
      if (property === "batch")
        return async (statements: D1PreparedStatement[]) => {
          const results = await target.batch(statements);
          for (const result of results) read += result.meta.rows_read;
          return results;
        };
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  await work(DB);
  return read;
}

test("with 10,000 intents and 100,000 events the figures read the intents once, in their index, and no events", async () => {
  const world = await createWorld({ sites: 4 });
  await submit(world);
  const few = await rowsRead((db) => readMonitorState(db, Date.now()));
  const columns = (await rows<{ name: string }>("select name from pragma_table_info('intents')")).map((column) => column.name);
  const values = columns.map((name) =>
    name === "id" ? "printf('int_%026d', n)" : name === "status" ? "iif(n % 4, 'completed', 'failed')" : name,
  );
  const numbers = (upTo: number) => `with recursive k(n) as (select 1 union all select n + 1 from k where n < ${upTo})`;
  const one = "(select * from intents limit 1)";
  await rows(`insert into intents (${columns.join()}) ${numbers(10_000)} select ${values.join()} from k, ${one}`);
  await rows(
    `insert into events (id, type, intent_id, at, data) ${numbers(100_000)} select 'evt_' || n, 'intent.parsing', 'int_' || n, 0, '{}' from k`,
  );
  const many = await rowsRead((db) => readMonitorState(db, Date.now()));
  const { metrics } = await metricsOf(world);
  expect([metrics.total_intents, metrics.successful_intents, metrics.failed_intents]).toEqual([10_001, 7_500, 2_500]);
  expect(many - few).toBeLessThanOrEqual(10_000 + 200); // and the newest 20, and 100 for the mean
});
