// One trace per intent, seen from the worker: what it keeps, what it hands on, what it exports. The far end, the collector, is a stub.
import { afterEach, expect, test, vi } from "vitest";
import { IntentAccepted } from "../../protocol/api.ts";
import { parseTraceparent } from "../../protocol/trace.ts";
import { callWith, createWorld, intentOf, request, SENTENCE, submit } from "./harness.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const CALLER = "b7ad6b7169203331";
let collectors = 0; // each test has its own: an isolate remembers one that has failed

afterEach(() => vi.unstubAllGlobals());

interface Sent {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  status: { code: number };
  links: { spanId: string }[];
  attributes: { key: string; value: unknown }[];
}

/** Answers every export as told, and keeps the spans. */
function collector(answer: () => Response | Promise<Response> = () => new Response("{}")) {
  const spans: Sent[] = [];
  const requests: string[] = [];
  collectors += 1;
  const endpoint = `http://collector-${collectors}.test`;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    requests.push(url);
    if (url !== `${endpoint}/v1/traces`) throw new Error(`nobody is at ${url}`);
    const body: { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] } = JSON.parse(String(init.body));
    spans.push(...body.resourceSpans.flatMap((resource) => resource.scopeSpans.flatMap((scope) => scope.spans)));
    return answer();
  });
  return { spans, requests, bindings: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } };
}

const post = (token: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  request("POST", path, { token, body, headers });

test("an intent continues its caller's trace, or starts one when there is none or none that is valid", async () => {
  const world = await createWorld();
  const traceOf = async (headers: Record<string, string>) => {
    const answer = await callWith({}, post(world.operate, "/api/v1/intents", { text: SENTENCE }, headers));
    const { traceparent } = await intentOf(world, answer.as(IntentAccepted).intentId);
    return parseTraceparent(traceparent);
  };
  expect(await traceOf({ traceparent: `00-${TRACE}-${CALLER}-01` })).toMatchObject({ traceId: TRACE, sampled: true });
  expect(await traceOf({ traceparent: `00-${TRACE}-${CALLER}-00` })).toMatchObject({ traceId: TRACE, sampled: false });
  for (const bad of ["", "nonsense", `00-${"0".repeat(32)}-${CALLER}-01`, `ff-${TRACE}-${CALLER}-01`, `00-${TRACE}-${CALLER}-01-more`]) {
    const own = await traceOf(bad === "" ? {} : { traceparent: bad });
    expect(own).toMatchObject({ sampled: true });
    expect(own?.traceId).not.toBe(TRACE);
  }
});

test("a claimed job carries the intent's life as its parent", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  const job = await world.agent.take();
  expect(job.traceparent).toBe((await intentOf(world, intentId)).traceparent);
});

test("the accepting request, the life and later commands are one trace below the caller", async () => {
  const world = await createWorld();
  const { spans, bindings } = collector();
  const caller = { traceparent: `00-${TRACE}-${CALLER}-01` };
  const answer = await callWith(bindings, post(world.operate, "/api/v1/intents", { text: SENTENCE }, caller));
  const { intentId } = answer.as(IntentAccepted);
  const other = { traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` };
  await callWith(bindings, post(world.operate, `/api/v1/intents/${intentId}/cancel`, undefined, other));
  await callWith(bindings, post(world.operate, `/api/v1/intents/${intentId}/cancel`, undefined)); // changes nothing, and ends nothing twice

  const life = parseTraceparent((await intentOf(world, intentId)).traceparent);
  const accepted = spans.find((span) => span.name === "POST /api/v1/intents");
  expect(accepted).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 2, status: { code: 0 } });
  const lives = spans.filter((span) => span.name === "intent");
  expect(lives).toMatchObject([{ traceId: TRACE, spanId: life?.spanId, parentSpanId: accepted?.spanId, kind: 1 }]);
  expect(lives[0]?.attributes).toContainEqual({ key: "intent.status", value: { stringValue: "cancelled" } });
  const cancels = spans.filter((span) => span.name === "POST /api/v1/intents/{id}/cancel");
  expect(cancels).toMatchObject([
    { traceId: TRACE, parentSpanId: life?.spanId, links: [{ spanId: "2".repeat(16) }] },
    { traceId: TRACE, parentSpanId: life?.spanId, links: [] },
  ]);
  expect(spans).toHaveLength(4);
  expect(JSON.stringify(spans)).not.toContain("Deploy eMBB");
});

test("what an agent says of a job is below the job's span", async () => {
  const world = await createWorld();
  await submit(world);
  const job = await world.agent.take();
  const { spans, bindings } = collector();
  const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };
  await callWith(bindings, post(world.agent.credential, "/agent/v1/extend", { lease: job.lease }, headers));
  await callWith(bindings, post(world.agent.credential, "/agent/v1/extend", { lease: job.lease }));
  expect(spans).toMatchObject([{ name: "POST /agent/v1/extend", traceId: TRACE, parentSpanId: CALLER, kind: 2 }]);
});

test("without a collector, or for what is not sampled, nothing is sent", async () => {
  const world = await createWorld();
  const { requests, bindings } = collector();
  await callWith({}, post(world.operate, "/api/v1/intents", { text: SENTENCE }));
  await callWith(bindings, post(world.operate, "/api/v1/intents", { text: SENTENCE }, { traceparent: `00-${TRACE}-${CALLER}-00` }));
  await callWith(bindings, request("GET", "/api/v1/intents", { token: world.read }));
  expect(requests).toEqual([]);
});

test("a collector that refuses is left alone for a while, and the answers are as ever", async () => {
  const world = await createWorld();
  const { requests, bindings } = collector(() => new Response("no", { status: 503 }));
  for (let i = 0; i < 3; i += 1) {
    const answer = await callWith(bindings, post(world.operate, "/api/v1/intents", { text: SENTENCE }));
    expect(answer.status).toBe(202);
  }
  expect(requests).toHaveLength(1);
});
