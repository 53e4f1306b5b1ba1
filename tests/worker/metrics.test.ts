// /metrics: names and labels that dashboards and rules rely on, values from the store, and a cost that does not grow with history.
import { expect, test } from "vitest";
import * as z from "zod";
import { newId } from "../../protocol/ids.ts";
import { MUCH, seedStatements } from "../helpers/seed.ts";
import { counted } from "./counted.ts";
import { call, callWith, createWorld, request, rows, submit, type World } from "./harness.ts";
import { deployed } from "./story.ts";

/** name{labels} → value of the text format; every family must have its HELP and TYPE. */
async function scrape(token: string): Promise<{ types: Record<string, string>; samples: Map<string, number>; contentType: string | null }> {
  const answer = await call("GET", "/metrics", { token });
  const lines = z.string().parse(answer.body).trim().split("\n");
  const types: Record<string, string> = {};
  const samples = new Map<string, number>();
  for (const line of lines) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types[name] = type;
    if (line.startsWith("#")) continue;
    const [, key, value] = /^([a-z_]+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
    if (key === undefined || samples.has(key)) throw new Error(`not a sample, or twice: ${line}`);
    samples.set(key, Number(value));
  }
  return { types, samples, contentType: answer.headers.get("content-type") };
}

test("metrics have the agreed names and labels, and their values come from the store", async () => {
  const world = await createWorld({ sites: 2 });
  await deployed(world);
  await submit(world);
  await rows("update jobs set visible_at = visible_at - 5000 where state = 'queued'");
  const { types, samples, contentType } = await scrape(world.read);
  expect(contentType).toMatch(/^text\/plain; version=0.0.4/);
  expect(types).toEqual({
    intent_total: "counter",
    intent_processing_seconds: "histogram",
    active_deployments: "gauge",
    job_queue_depth: "gauge",
    job_queue_oldest_age_seconds: "gauge",
    jobs_running: "gauge",
    agents_online: "gauge",
    edge_site_healthy: "gauge",
    slice_objective: "gauge",
    intents_open: "gauge",
    site_status: "gauge",
    site_capacity_declared: "gauge",
    site_capacity_used: "gauge",
    jobs_open: "gauge",
    alerts_firing: "gauge",
  });
  const value = (key: string) => samples.get(key);
  expect(value('intent_total{service_type="eMBB",status="completed"}')).toBe(1);
  expect([value('intents_open{status="received"}'), value('intents_open{status="running"}')]).toEqual([1, 0]);
  expect(value('site_status{edge_site="edge2",status="unknown"}')).toBe(1);
  expect(value('site_capacity_declared{edge_site="edge1",resource="downlink_mbps"}')).toBe(10_000);
  expect(value('site_capacity_used{edge_site="edge1",resource="downlink_mbps"}')).toBe(200);
  expect(value('site_capacity_used{edge_site="edge2",resource="downlink_mbps"}')).toBe(0);
  expect(value('jobs_open{state="waiting"}')).toBe(1);
  expect(value('active_deployments{edge_site="edge1"}')).toBe(1);
  expect(value('active_deployments{edge_site="edge2"}')).toBe(0);
  expect([value("job_queue_depth"), value("jobs_running"), value("agents_online")]).toEqual([1, 0, 1]);
  expect(value("job_queue_oldest_age_seconds")).toBeGreaterThanOrEqual(5);
  expect(value('intent_processing_seconds_count{stage="completed"}')).toBe(1);
  expect(value('intent_processing_seconds_bucket{stage="completed",le="+Inf"}')).toBe(1);
  expect(value('intent_processing_seconds_count{stage="input_received"}')).toBe(2);
});

test("the buckets of a histogram never fall", async () => {
  const world = await createWorld();
  await deployed(world);
  const { samples } = await scrape(world.read);
  const buckets = [...samples].filter(([key]) => key.includes('_bucket{stage="completed"')).map(([, value]) => value);
  expect(buckets).toHaveLength(13);
  expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
});

test("an intent that is taken back counts at both of its ends, and a counter never falls", async () => {
  const world = await createWorld();
  const { intentId } = await deployed(world);
  const one = (await scrape(world.read)).samples;
  await rows("delete from events");
  await rows("delete from intents where id = ?", intentId);
  const two = (await scrape(world.read)).samples;
  for (const [key, value] of one) if (/^intent_(total|processing)/.test(key)) expect(two.get(key), key).toBe(value);
});

test("alerts that fire are counted by kind and severity; resolved ones are not", async () => {
  const world = await createWorld();
  const alert = (kind: string, severity: string, status: string) =>
    rows(
      `insert into alerts (id, kind, severity, status, subject, message, started_at, updated_at, remediation)
       values (?, ?, ?, ?, ?, '', 0, 0, '[]')`,
      ...[newId("alr"), kind, severity, status, newId("evt")],
    );
  await alert("slo_burn", "critical", "firing");
  await alert("slo_burn", "critical", "firing");
  await alert("drift", "warning", "firing");
  await alert("drift", "warning", "resolved");
  const { samples } = await scrape(world.read);
  expect([...samples].filter(([key]) => key.startsWith("alerts_firing"))).toEqual([
    ['alerts_firing{kind="drift",severity="warning"}', 1],
    ['alerts_firing{kind="slo_burn",severity="critical"}', 2],
  ]);
});

/** What a scrape costs: rows that all its reads went through. */
async function scrapeCost(world: World): Promise<number> {
  const { db, read } = counted();
  expect((await callWith({ DB: db }, request("GET", "/metrics", { token: world.read }))).status).toBe(200);
  return read();
}

test("a scrape reads hardly more after 10,000 intents and 100,000 events than before", async () => {
  const world = await createWorld({ sites: 2 });
  await deployed(world);
  const before = await scrapeCost(world);
  for (const statement of seedStatements({ ...MUCH, slices: 2, sites: 2 })) await rows(statement);
  const after = await scrapeCost(world);
  expect(before).toBeGreaterThan(10);
  expect(after).toBeLessThanOrEqual(before + 10); // two more slices are in force
}, 60_000);
