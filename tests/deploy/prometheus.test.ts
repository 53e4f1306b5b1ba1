// deploy/prometheus and deploy/alertmanager, judged by the tools that will read them. Without promtool and amtool (Debian: prometheus,
// prometheus-alertmanager) those tests are skipped, and say so.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OBJECTIVE_TARGET } from "../../intent/openslo.ts";
import { OBJECTIVE_METRICS } from "../../protocol/slo.ts";
import { findBinary, inSeconds, RULES, readRules, runTool } from "../helpers/prometheus.ts";

const DEPLOY = join(import.meta.dirname, "../../deploy");
const promtool = findBinary("promtool") ?? "";
const amtool = findBinary("amtool") ?? "";
if (promtool === "" || amtool === "") process.stderr.write("tests/deploy: promtool or amtool is not on PATH; what needs it is skipped\n");

const FILES = ["operations", "slo", "slice-metrics"];

test.skipIf(promtool === "").each(FILES)("the %s rules do what their cases say", async (name) => {
  const { code, output } = await runTool(promtool, ["test", "rules", `${name}.rules.yml`], import.meta.dirname);
  expect(output).toContain("SUCCESS");
  expect(code).toBe(0);
});

test.skipIf(promtool === "")("Prometheus accepts the configuration and every rule file, and finds all that it names", async () => {
  const dir = await mkdtemp(join(tmpdir(), "prometheus-"));
  try {
    await cp(join(DEPLOY, "prometheus"), dir, { recursive: true });
    const file = join(dir, "prometheus.yml");
    const token = join(dir, "token");
    await writeFile(token, "secret");
    await writeFile(file, (await readFile(file, "utf8")).replace("/etc/prometheus/control-center.token", token));
    const { code, output } = await runTool(promtool, ["check", "config", file]);
    expect(code, output).toBe(0);
    expect(output).toContain("2 rule files found");
    expect(await runTool(promtool, ["check", "rules", join(RULES, "slice-metrics.example.yml")])).toMatchObject({ code: 0 });
  } finally {
    await rm(dir, { recursive: true });
  }
});

test.skipIf(amtool === "")("Alertmanager accepts the example", async () => {
  expect(await runTool(amtool, ["check-config", join(DEPLOY, "alertmanager/alertmanager.yml")])).toMatchObject({ code: 0 });
});

test("what Alertmanager silences by name is an alert of ours", async () => {
  const rules = [await readRules("operations.yml"), await readRules("slo.yml")];
  const alerts = rules.flatMap((file) => file.groups.flatMap((group) => group.rules.flatMap((rule) => rule.alert ?? [])));
  const config = await readFile(join(DEPLOY, "alertmanager/alertmanager.yml"), "utf8");
  const patterns = [...config.matchAll(/alertname=~?"([^"]+)"/g)].map(([, pattern = ""]) => new RegExp(`^(?:${pattern})$`));
  expect(patterns.length).toBeGreaterThan(3);
  for (const pattern of patterns) expect(alerts.filter((name) => pattern.test(name))).not.toEqual([]);
});

test("every objective has its rule, and the rules spend the budget that OpenSLO is told", async () => {
  const { groups } = await readRules("slo.yml");
  const missed = groups.find((group) => group.name === "slo-samples")?.rules ?? [];
  const covered = missed.map((rule) => {
    const { objective } = rule.labels as { objective: keyof typeof OBJECTIVE_METRICS };
    expect(rule.expr).toContain(`(${OBJECTIVE_METRICS[objective]} >= 0)`);
    expect(rule.expr).toContain(`slice_objective{objective="${objective}"}`);
    return objective;
  });
  expect(covered.sort()).toEqual(Object.keys(OBJECTIVE_METRICS).sort());
  const burns = groups.flatMap((group) => group.rules).filter((rule) => rule.alert?.startsWith("SliceObjectiveBurns"));
  for (const { expr } of burns) {
    const budgets = [...expr.matchAll(/> [\d.]+ \* ([\d.]+)/g)].map(([, budget]) => Number(budget));
    expect(budgets).toHaveLength(4);
    for (const budget of budgets) expect(budget).toBeCloseTo(1 - OBJECTIVE_TARGET, 10);
  }
});

test("a site's own rules record the four names that are asked for", async () => {
  const { groups } = await readRules("slice-metrics.example.yml");
  expect(groups.flatMap((group) => group.rules.map((rule) => rule.record)).sort()).toEqual(Object.values(OBJECTIVE_METRICS).sort());
});

test("the variant for end-to-end tests differs from the rules in time only", async () => {
  const rules = await readRules("slo.yml");
  const short = inSeconds(rules);
  const names = (file: typeof rules) => file.groups.flatMap((group) => group.rules.map((rule) => rule.alert ?? rule.record));
  expect(names(short)).toEqual(names(rules));
  const expressions = short.groups.flatMap((group) => group.rules.map((rule) => rule.expr)).join("\n");
  expect(expressions).not.toMatch(/\[\d+[mhd]\]/);
  expect(expressions).toContain("avg_over_time(slice:objective_missed:bool[2s])");
});
