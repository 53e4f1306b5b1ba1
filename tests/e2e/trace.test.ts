// One OpenTelemetry trace per intent across worker and agent, at a real collector's door; and a collector that never answers, which nobody may feel.
import { expect, test } from "vitest";
import { type Collector, type ReceivedSpan, startCollector } from "../helpers/otlp.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
const TEXT = "Deploy eMBB slice on edge1 with 100Mbps and 20ms latency";

async function withCollector<T>(options: { hang?: boolean }, body: (stack: Stack, collector: Collector) => Promise<T>): Promise<T> {
  const collector = await startCollector(options);
  try {
    const stack = await startStack({ sites: 1, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    try {
      return await body(stack, collector);
    } finally {
      await stack.stop();
    }
  } finally {
    await collector.close();
  }
}

/** As a tree of names, children in the order of their beginning. */
function tree(spans: readonly ReceivedSpan[], parent: string): unknown[] {
  return spans
    .filter((span) => span.parentSpanId === parent && !span.name.includes("/agent/v1/"))
    .sort((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1))
    .map((span) => {
      const below = tree(spans, span.spanId);
      const name = `${span.service === "intent-agent" ? "agent" : "worker"}: ${span.name}`;
      return below.length === 0 ? name : [name, ...below];
    });
}

test.concurrent("one trace holds the worker's and the agent's spans of an intent, each below what caused it", async () => {
  await withCollector({}, async (stack, { spans, raw }) => {
    const accepted = await stack.api("POST", "/api/v1/intents", { text: TEXT }, { traceparent: `00-${TRACE}-${CALLER}-01` });
    const { intentId }: { intentId: string } = JSON.parse(JSON.stringify(accepted.body));
    expect((await stack.settled(intentId)).status).toBe("completed");
    const whole = ["intent", "job intent.prepare", "job intent.apply"];
    await until("the spans of worker and agent", () => spans.map((span) => span.name), {
      holds: (names) => whole.every((name) => names.includes(name)) && names.filter((name) => name === "POST /agent/v1/report").length > 1,
    });

    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([TRACE]));
    const prepare = ["agent: job intent.prepare", "agent: stage parse", "agent: stage plan", "agent: stage render"];
    const apply = ["agent: job intent.apply", "agent: stage push", "agent: stage sync", "agent: stage verify"];
    expect(tree(spans, CALLER)).toEqual([["worker: POST /api/v1/intents", ["worker: intent", prepare, apply]]]);

    const jobs = new Set(spans.filter((span) => span.name.startsWith("job ")).map((span) => span.spanId));
    const reports = spans.filter((span) => span.name === "POST /agent/v1/report");
    for (const report of reports) expect(jobs).toContain(report.parentSpanId);
    const life = spans.find((span) => span.name === "intent");
    expect(life?.attributes).toMatchObject({ "intent.id": intentId, "intent.status": "completed", "intent.sites": ["edge1"] });
    expect(life?.spanId).toBe((await stack.intent(intentId)).traceparent?.split("-")[2]);
    for (const { startTimeUnixNano, endTimeUnixNano } of spans) expect(startTimeUnixNano <= endTimeUnixNano).toBe(true);
    for (const secret of [TEXT, stack.token]) expect(raw.join("\n")).not.toContain(secret);
  });
});

test.concurrent("a collector that takes everything and never answers slows no job down and fails none", async () => {
  await withCollector({ hang: true }, async (stack, { requests }) => {
    const ids = await Promise.all([1, 2, 3].map(() => stack.deploy(TEXT)));
    const started = performance.now();
    for (const id of ids) expect((await stack.settled(id)).status).toBe("completed");
    expect(performance.now() - started).toBeLessThan(15_000);
    await until("an attempt at the collector", requests, { holds: (count) => count > 1 });
    await stack.stop(); // an orderly end, not waiting for the collector
  });
});
