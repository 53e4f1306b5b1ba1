// A monitor of another make on the running stack: what it is told of a run, over cuts of its connection and a kill of the worker.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DurableEvent } from "../../protocol/event.ts";
import { MonitorPipelines, MonitorState } from "../../protocol/monitor.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { startCutter } from "./support/cutter.ts";
import { type MonitorClient, openMonitor } from "./support/monitor-client.ts";
import { until } from "./support/until.ts";

const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: 2, env: { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" } });
});
afterAll(() => stack?.stop());

/** What a monitor has a message for: stages, edges, alerts, and what others report. */
function isTold({ type, stage }: DurableEvent): boolean {
  return stage !== null || ["site.updated", "edge.failed", "alert.triggered", "alert.resolved", "integration.updated"].includes(type);
}

async function expectWhole(monitor: MonitorClient): Promise<void> {
  const first = monitor.messages[0]?.seq ?? 0;
  const expected = (await stack.allEvents()).filter((event) => event.seq > first && isTold(event)).map((event) => event.seq);
  await until("the monitor at the head", () => monitor.seqs().at(-1), { holds: (seq) => seq === expected.at(-1) });
  expect(monitor.seqs()).toEqual(expected);
}

const stagesOf = (monitor: MonitorClient, intentId: string) =>
  monitor.messages.flatMap((message) =>
    (message.type === "stage_update" || message.type === "pipeline_started") && message.data.intent_id === intentId
      ? [message.data.current_stage]
      : [],
  );

test("the first look at the figures tells how long the worker serves already", async () => {
  const { metrics } = MonitorState.parse((await stack.api("GET", "/api/v1/metrics")).body);
  expect(metrics.uptime_ms).toBeGreaterThan(0); // its agent has asked it before
});

test("a run is told from the first word to the last, once and in order, while its connection is cut and the worker is killed", async () => {
  const cutter = await startCutter(new URL(stack.url).port);
  const [steady, cut] = [openMonitor(stack.url, stack.token), openMonitor(cutter.url, stack.token)];
  await until("the first states", () => [steady.messages.length, cut.messages.length], { holds: (seen) => !seen.includes(0) });
  expect([steady.messages[0]?.type, cut.messages[0]?.type]).toEqual(["initial_state", "initial_state"]);
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "intent_parsed");
  cutter.cut();
  const pid = stack.pid("worker");
  stack.kill("worker");
  await until("another worker process", () => stack.pid("worker"), { holds: (now) => now !== pid });
  cutter.cut();
  expect((await stack.settled(intentId)).status).toBe("completed");
  for (const monitor of [steady, cut]) {
    await expectWhole(monitor);
    expect(monitor.connections()).toBeGreaterThan(1);
    expect([...new Set(stagesOf(monitor, intentId))]).toEqual([
      ...["input_received", "llm_processing", "intent_parsed", "krm_generating", "krm_generated", "gitops_pushing", "gitops_pushed"],
      ...["edge_deploying", "edge_deployed", "slo_validating", "completed"],
    ]);
    const total = () => monitor.messages.findLast((message) => message.type === "metrics_update")?.data.metrics.successful_intents;
    await until("the figures after the run", total, { holds: (count) => count === 1 });
    monitor.close();
  }
  await cutter.close();
});

test("a pipeline and an edge that others report by query are told and listed as theirs, beside our own", async () => {
  const monitor = openMonitor(stack.url, stack.token);
  await until("the first state", () => monitor.messages.length, { holds: (count) => count > 0 });
  const report = (path: string, fields: Record<string, string>) => stack.api("POST", `/api/v1/${path}?${new URLSearchParams(fields)}`);
  expect((await report("pipeline/start", { intent_id: "ci-1", intent_text: "from a pipeline" })).status).toBe(200);
  expect((await report("pipeline/update", { stage: "gitops_pushed", metadata: '{"commit":"abc"}' })).body).toEqual({
    ...{ status: "updated", stage: "gitops_pushed" },
  });
  expect((await report("pipeline/update", { stage: "nonsense" })).status).toBe(400);
  expect((await report("edge/update", { edge: "edge02", status: "on fire" })).body).toEqual({ status: "updated", edge: "edge2" });
  await expectWhole(monitor);
  expect(stagesOf(monitor, "ci-1")).toEqual(["input_received", "gitops_pushed"]);
  const { current_pipeline, pipelines } = MonitorPipelines.parse((await stack.api("GET", "/api/v1/monitoring/pipeline")).body);
  expect(current_pipeline).toMatchObject({ intent_id: "ci-1", status: "running", external: true });
  expect(pipelines.map((pipeline) => [pipeline.status, pipeline.external])).toEqual([
    ["running", true],
    ["completed", false],
  ]);
  const { metrics, edge_status } = MonitorState.parse((await stack.api("GET", "/api/v1/metrics")).body);
  expect(metrics).toMatchObject({ total_intents: 1, successful_intents: 1, success_rate: 100, active_slices: 1, queue_size: 0 });
  expect(edge_status["edge1"]).toEqual({
    status: "healthy",
    deployments: 1,
    commit: await stack.repository.tip(),
    last_sync: expect.any(String),
  });
  expect(edge_status["edge2"]).toMatchObject({ status: "healthy", deployments: 1, external: { status: "on fire" } });
  monitor.close();
});
