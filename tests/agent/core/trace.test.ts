import { afterEach, expect, test } from "vitest";
import { createTracing, withTrace } from "../../../agent/trace.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import { newId } from "../../../protocol/ids.ts";
import type { ClaimedJob } from "../../../protocol/job.ts";
import { type Collector, startCollector } from "../../helpers/otlp.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const LIFE = "b7ad6b7169203331";
const SHA = "a".repeat(40);

const open: Collector[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function collector(options: { hang?: boolean } = {}): Promise<Collector> {
  const started = await startCollector(options);
  open.push(started);
  return started;
}

function rollbackJob(traceparent: string | null): ClaimedJob {
  const [intentId, deploymentId] = [newId("int"), newId("dep")];
  return {
    lease: { jobId: newId("job"), attempt: 2, leaseId: newId("lease") },
    leaseMs: 30_000,
    priority: 5,
    checkpoint: {},
    context: null,
    cancelRequested: false,
    traceparent,
    input: {
      ...{ kind: "deployment.rollback", intentId, deploymentId, slice: "video-1", sites: ["edge1"], askedBy: null, diff: null },
      ...{ commits: [{ commit: SHA, sites: ["edge1"] }], completes: true, reason: "the operator's private words" },
    },
  };
}

const settings = (endpoint: string | undefined) => ({ endpoint, agentId: "agt_1", version: "1.2.3" });

test("a job is a span below the intent's, its stages are below it, and the job's calls carry the job's", async () => {
  const { url, spans, raw } = await collector();
  const tracing = await createTracing(settings(url));
  const job = rollbackJob(`00-${TRACE}-${LIFE}-01`);
  const trace = tracing.job(job);
  trace.begin("rollback");
  trace.begin("rollback"); // an attempt within the job came to nothing
  trace.done({ stage: "rollback", output: { revertCommit: SHA, sites: ["edge1"], unconfirmed: [], reason: "private too" } });
  trace.begin("sync");
  trace.end({ kind: "failed", failure: { stage: "sync", reason: "sync_timeout", message: "private", retryable: true, site: "edge1" } });
  const header = tracing.traceparent(job.lease);
  trace.release();
  expect(tracing.traceparent(job.lease)).toBeUndefined();
  await tracing.close();

  const found = spans.map(({ name, status, attributes }) => ({
    name,
    status: status.code,
    outcome: attributes["stage.outcome"] ?? attributes["job.outcome"],
  }));
  expect(found).toEqual([
    { name: "stage rollback", status: 2, outcome: "failed" },
    { name: "stage rollback", status: 0, outcome: "ok" },
    { name: "stage sync", status: 2, outcome: "failed" },
    { name: "job deployment.rollback", status: 2, outcome: "failed" },
  ]);
  const whole = spans.at(-1);
  expect(whole).toMatchObject({ traceId: TRACE, parentSpanId: LIFE, service: "intent-agent" });
  expect(whole?.attributes).toEqual({
    ...{ "intent.id": job.input.intentId, "job.id": job.lease.jobId, "job.kind": "deployment.rollback", "job.attempt": 2 },
    ...{ "intent.sites": ["edge1"], "intent.slice": "video-1", "job.outcome": "failed" },
    ...(job.input.kind === "deployment.rollback" ? { "deployment.id": job.input.deploymentId } : {}),
    ...{ "failure.stage": "sync", "failure.reason": "sync_timeout", "failure.site": "edge1" },
  });
  expect(spans[1]?.attributes).toMatchObject({ "git.commit": SHA, "intent.sites": ["edge1"] });
  for (const stage of spans.slice(0, 3)) expect(stage).toMatchObject({ traceId: TRACE, parentSpanId: whole?.spanId });
  expect(header).toBe(`00-${TRACE}-${whole?.spanId}-01`);
  expect(raw.join()).not.toContain("private");
});

test("without a collector, the intent's header is passed on as it came and nothing is sent", async () => {
  const tracing = await createTracing(settings(undefined));
  const [job, untraced] = [rollbackJob(`00-${TRACE}-${LIFE}-01`), rollbackJob(null)];
  const trace = tracing.job(job);
  trace.begin("rollback");
  expect(tracing.traceparent(job.lease)).toBe(`00-${TRACE}-${LIFE}-01`);
  tracing.job(untraced);
  expect(tracing.traceparent(untraced.lease)).toBeUndefined();
});

test("what the caller does not sample is not sampled here", async () => {
  const { url, requests } = await collector();
  const tracing = await createTracing(settings(url));
  const job = rollbackJob(`00-${TRACE}-${LIFE}-00`);
  const trace = tracing.job(job);
  trace.begin("rollback");
  trace.end({ kind: "rolled_back", failure: null });
  expect(tracing.traceparent(job.lease)).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`));
  await tracing.close();
  expect(requests()).toBe(0);
});

test("a collector that hangs or is gone holds up neither a job nor the end of the agent", async () => {
  const { url, requests } = await collector({ hang: true });
  for (const endpoint of [url, "http://127.0.0.1:1"]) {
    const tracing = await createTracing(settings(endpoint));
    const start = performance.now();
    for (let i = 0; i < 2_000; i += 1) {
      const trace = tracing.job(rollbackJob(`00-${TRACE}-${LIFE}-01`));
      trace.begin("rollback");
      trace.end({ kind: "rolled_back", failure: null });
      trace.release();
    }
    expect(performance.now() - start).toBeLessThan(1_000);
    const closing = performance.now();
    await tracing.close();
    expect(performance.now() - closing).toBeLessThan(1_500);
  }
  expect(requests()).toBeGreaterThan(0);
});

test("only the calls about a job carry its header", async () => {
  const seen: (string | undefined)[] = [];
  const lease = { jobId: newId("job"), attempt: 1, leaseId: newId("lease") };
  const plain = createWorkerClient({ baseUrl: "http://127.0.0.1:1", version: "0" });
  const spy: typeof plain.extend = (body, options) => {
    seen.push(options?.traceparent);
    return plain.extend(body, options);
  };
  const client = withTrace({ ...plain, extend: spy }, { traceparent: (one) => (one.leaseId === lease.leaseId ? "header" : undefined) });
  await client.extend({ lease });
  await client.extend({ lease: { ...lease, leaseId: newId("lease") } });
  expect(seen).toEqual(["header", undefined]);
});
