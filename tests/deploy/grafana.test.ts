// The dashboard and the alert rules against what the three exporters really say: a renamed metric must not leave an empty panel behind.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import * as z from "zod";
import { createMetrics } from "../../agent/metrics.ts";
import { METRIC_NAMES } from "../../lab/site/samples.ts";
import { findBinary, readRules, runTool } from "../helpers/prometheus.ts";

const ROOT = join(import.meta.dirname, "../..");
const promtool = findBinary("promtool") ?? "";

const Grid = z.strictObject({
  x: z.number().int().min(0).max(23),
  y: z.number().int().min(0),
  w: z.number().int().min(1).max(24),
  h: z.number().int().min(1),
});
const Source = z.object({ type: z.literal("prometheus"), uid: z.literal("$" + "{datasource}") });
const Panel = z.discriminatedUnion("type", [
  z.object({ type: z.literal("row"), id: z.number(), title: z.string().min(1), gridPos: Grid }),
  z.object({
    type: z.enum(["stat", "timeseries", "state-timeline", "table"]),
    id: z.number(),
    title: z.string().min(1),
    gridPos: Grid,
    datasource: Source,
    targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1), datasource: Source })).min(1),
  }),
]);
const Dashboard = z.object({
  uid: z.string().max(40),
  title: z.string(),
  schemaVersion: z.number().int().min(36),
  panels: z.array(Panel),
  templating: z.object({ list: z.array(z.object({ name: z.string(), type: z.string() })) }),
});

async function dashboard() {
  return Dashboard.parse(JSON.parse(await readFile(join(ROOT, "deploy/grafana/dashboard.json"), "utf8")));
}

async function expressions(): Promise<{ where: string; expr: string }[]> {
  const { panels } = await dashboard();
  const shown = panels.flatMap((panel) => ("targets" in panel ? panel.targets.map(({ expr }) => ({ where: panel.title, expr })) : []));
  const ruled = (await Promise.all(["operations.yml", "slo.yml"].map(readRules))).flatMap((file) =>
    file.groups.flatMap((group) => group.rules.map((rule) => ({ where: rule.alert ?? rule.record ?? "", expr: rule.expr }))),
  );
  return [...shown, ...ruled].map(({ where, expr }) => ({ where, expr: filled(expr) }));
}

/** With Grafana's variables put in. */
function filled(expr: string): string {
  return expr.replaceAll("$__rate_interval", "5m").replaceAll(/\$(edge_site|slice)\b/g, ".*");
}

const WORDS = new Set(
  "by without on ignoring group_left group_right bool and or unless offset sum max min avg count vector absent rate increase delta histogram_quantile avg_over_time min_over_time label_replace".split(
    " ",
  ),
);

/** The metric names of an expression: identifiers that are neither a word of PromQL nor inside braces, brackets, quotes or a label list. */
function metricsOf(expr: string): string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, "")
    .replaceAll(/\{[^}]*\}/g, "")
    .replaceAll(/\[[^\]]*\]/g, "")
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, "")
    .replaceAll(/\boffset \w+/g, "");
  return [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*/g)].map(([name]) => name).filter((name) => !WORDS.has(name));
}

/** Every name that a scrape of the whole installation yields, with those that Prometheus itself and our rules add. */
async function exposed(): Promise<Set<string>> {
  const agent = createMetrics({
    outbox: () => ({ facts: 0, bytes: 0 }),
    runningJobs: () => 0,
    connected: () => true,
    heartbeatAgeMs: () => 1,
    integrations: () => [],
  });
  const worker = await readFile(join(ROOT, "worker/services/metrics.ts"), "utf8"); // it runs on workerd only; each family names its metric and type
  const workerFamilies = [...worker.matchAll(/\[\s*"([a-z_]+)",\s*"(counter|gauge|histogram)"/g)].map(([, name = "", type = ""]) => ({
    name,
    type,
  }));
  expect(workerFamilies.length).toBeGreaterThan(6);
  const agentText = await agent.registry.metrics();
  const agentFamilies = [...agentText.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));
  const families = [...workerFamilies, ...agentFamilies].flatMap(({ name, type }) =>
    type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  const recorded = (await readRules("slo.yml")).groups.flatMap((group) => group.rules.flatMap((rule) => rule.record ?? []));
  return new Set([...families, ...recorded, ...METRIC_NAMES, "up", "ALERTS"]);
}

test("every metric that a panel or a rule asks for is one that is exported or recorded", async () => {
  const names = await exposed();
  const asked = await expressions();
  expect(asked.length).toBeGreaterThan(30);
  for (const { where, expr } of asked) {
    const metrics = metricsOf(expr);
    expect(metrics, where).not.toEqual([]);
    expect(
      metrics.filter((name) => !names.has(name)),
      where,
    ).toEqual([]);
  }
});

test("the dashboard has a panel for each thing that is watched, none over another, each with its own id", async () => {
  const { panels, templating } = await dashboard();
  expect(new Set(panels.map((panel) => panel.id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => ({ title, cell: `${x + (i % w)},${y + Math.floor(i / w)}` })),
  );
  const seen = new Map<string, string>();
  for (const { title, cell } of cells) {
    expect(seen.get(cell), `${title} at ${cell}`).toBeUndefined();
    seen.set(cell, title);
  }
  expect(panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
  const asked = new Set((await expressions()).flatMap(({ expr }) => metricsOf(expr)));
  for (const name of [
    "intent_total",
    "intent_processing_seconds_bucket",
    "job_queue_depth",
    "agents_online",
    "edge_site_healthy",
    "ALERTS",
    ...METRIC_NAMES,
  ])
    expect(asked).toContain(name);
  expect(templating.list.map(({ name }) => name)).toEqual(["datasource", "edge_site", "slice"]);
});

test.skipIf(promtool === "")("every query of the dashboard is PromQL to Prometheus' own parser", async () => {
  const rules = (await expressions()).map(({ expr }, index) => ({ record: `panel:${index}`, expr }));
  const dir = await mkdtemp(join(tmpdir(), "dashboard-"));
  try {
    await writeFile(join(dir, "rules.yml"), stringify({ groups: [{ name: "dashboard", rules }] }));
    const { code, output } = await runTool(promtool, ["check", "rules", "--lint=none", join(dir, "rules.yml")]);
    expect(code, output).toBe(0);
  } finally {
    await rm(dir, { recursive: true });
  }
});
