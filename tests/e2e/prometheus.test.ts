// The real Prometheus and Alertmanager (Debian's packages) in the place of a site's stand-in: they scrape the lab, our rules fire, and our own
// watch of the slice asks the same Prometheus and takes the slice back. Skipped, with a word, where they are not installed.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { findBinary, freePort, inSeconds, type Monitoring, readRules, startMonitoring } from "../helpers/prometheus.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const prometheus = findBinary("prometheus") ?? "";
const alertmanager = findBinary("prometheus-alertmanager", "alertmanager") ?? "";
const present = prometheus !== "" && alertmanager !== "";
if (!present) process.stderr.write("tests/e2e/prometheus: Prometheus or Alertmanager is not on PATH; skipped\n");

const ALERT_MS = 25_000; // a scrape, three evaluations, a group's wait: some 5 s on an idle machine
const ROOT = join(import.meta.dirname, "../..");

let stack: Stack;
let monitoring: Monitoring;

beforeAll(async () => {
  if (!present) return;
  const agentPort = await freePort();
  // The gate wants three samples in its window, and a scrape brings one a second.
  stack = await startStack({ sites: 2, env: { AGENT_PORT: String(agentPort), VERIFY_TIMEOUT_MS: "20000" } });
  const tokenFile = join(stack.dataDir, "control-center.token");
  await writeFile(tokenFile, stack.token, { mode: 0o600 });
  monitoring = await startMonitoring({
    dir: join(stack.dataDir, "monitoring"),
    ...{ prometheus, alertmanager },
    scrape: await scrapeConfigs({ tokenFile, agentPort }),
    rules: { "slo.yml": inSeconds(await readRules("slo.yml")), "operations.yml": inSeconds(await readRules("operations.yml")) },
    alertmanagerConfig: { route: { receiver: "nobody", group_wait: "1s", group_interval: "1s" }, receivers: [{ name: "nobody" }] },
  });
  await measureWith(monitoring.prometheusUrl);
});
afterAll(async () => {
  await monitoring?.stop();
  await stack?.stop();
});

/** Those of deploy/prometheus/prometheus.yml, with this stack's addresses and two sites. */
async function scrapeConfigs({ tokenFile, agentPort }: { tokenFile: string; agentPort: number }): Promise<object[]> {
  const text = await readFile(join(ROOT, "deploy/prometheus/prometheus.yml"), "utf8");
  const host = (url: string) => new URL(url).host;
  const own = text
    .replaceAll("127.0.0.1:8787", host(stack.url))
    .replaceAll("127.0.0.1:8790", host(stack.labUrl))
    .replaceAll("127.0.0.1:8791", `127.0.0.1:${agentPort}`)
    .replaceAll("/etc/prometheus/control-center.token", tokenFile);
  const { scrape_configs: jobs }: { scrape_configs: { job_name: string; static_configs: object[] }[] } = parse(own);
  return jobs.map((job) => ({ ...job, static_configs: job.static_configs.slice(0, 2) }));
}

/** The agent's file names the real one; the agent is started again, as after any change of its file. */
async function measureWith(url: string): Promise<void> {
  const file = join(stack.dataDir, "agent/agent.yaml");
  const config: { sites: { prometheus: { url: string } }[] } = parse(await readFile(file, "utf8"));
  for (const site of config.sites) site.prometheus.url = url;
  await writeFile(file, stringify(config));
  const before = stack.output().match(/"agent started"|agent started/g)?.length ?? 0;
  stack.kill("agent", "SIGTERM");
  await until("the agent to be back", () => stack.output().match(/"agent started"|agent started/g)?.length ?? 0, {
    holds: (seen) => seen > before,
  });
}

const text = (site: string) => `Deploy eMBB slice on ${site} with 100Mbps and 20ms latency`;

async function firing(alertname: string) {
  return (await monitoring.alerts()).filter((alert) => alert.labels["alertname"] === alertname);
}

test.skipIf(!present)(
  "Prometheus scrapes worker, agent and sites as configured, and every panel of the dashboard has its data",
  async () => {
    const up = await until("everything to be scraped", () => monitoring.query("up == 1"), { holds: (list) => list.length === 4 });
    expect(up.map(({ metric }) => `${metric["job"]} ${metric["edge_site"] ?? ""}`.trim()).sort()).toEqual([
      "agent",
      "control-center",
      "edge-site edge1",
      "edge-site edge2",
    ]);
    const intent = await stack.settled(await stack.deploy(text("edge2")));
    expect(intent.status).toBe("completed"); // by what the real Prometheus says
    expect(intent.deployment?.evidence.map(({ verdict }) => verdict)).toEqual(["pass", "pass", "pass"]);

    const dashboard: { panels: { title: string; targets?: { expr: string }[] }[] } = JSON.parse(
      await readFile(join(ROOT, "deploy/grafana/dashboard.json"), "utf8"),
    );
    const filled = (expr: string) => expr.replaceAll("$__rate_interval", "1m").replaceAll(/\$(edge_site|slice)\b/g, ".*");
    for (const { title, targets = [] } of dashboard.panels.filter((panel) => panel.title !== "Alerts"))
      for (const { expr } of targets) {
        if (/uplink/i.test(expr) && expr.includes("slice_objective")) continue; // nobody promised an uplink
        await until(`data of "${title}": ${expr}`, () => monitoring.query(filled(expr)), { holds: (series) => series.length > 0 });
      }
  },
);

test.skipIf(!present)(
  "a slice that begins to miss its objective fires in Prometheus, arrives at Alertmanager, and is taken back by our own watch",
  async () => {
    const before = await stack.repository.tree("main");
    await watch(["notify"]);
    const deployed = await stack.settled(await stack.deploy(text("edge1")));
    expect(deployed.status).toBe("completed");
    const slice = deployed.plan?.slice ?? "";
    const labels = { edge_site: "edge1", slice, objective: "latencyP95" };

    await stack.fault("edge1", { slo: { latencyMs: 80 } });
    const [burning] = await until("the alert at Alertmanager", () => firing("SliceObjectiveBurnsFast"), {
      holds: (alerts) => alerts.length > 0,
      timeoutMs: ALERT_MS,
    });
    expect(burning?.labels).toEqual({ alertname: "SliceObjectiveBurnsFast", severity: "critical", ...labels });
    expect(burning?.annotations["summary"]).toBe(`${slice} misses latencyP95 at edge1`);

    const raised = await until("our own alert", () => ourAlerts(), { holds: (alerts) => alerts.length > 0, timeoutMs: ALERT_MS });
    expect(raised).toMatchObject([{ kind: "slo_burn", site: "edge1", slice, objective: "latencyP95", threshold: 20 }]);
    expect((await stack.deployment(deployed.deploymentId ?? "")).status).toBe("live"); // so far it was only to be told

    await watch(["notify", "rollback"]);
    await until("the slice to be taken back", () => stack.deployment(deployed.deploymentId ?? ""), {
      holds: (deployment) => deployment.status === "reverted",
      timeoutMs: ALERT_MS,
    });
    expect(await stack.repository.tree("main")).toBe(before);
    const events = (await stack.allEvents()).map((event) => event.type);
    expect(events).toContain("alert.triggered");
    await until("our alert to be resolved", () => ourAlerts(), { holds: (alerts) => alerts.length === 0, timeoutMs: ALERT_MS });
    await until("the slice's objectives to be gone from Prometheus", () => monitoring.query(`slice_objective{slice="${slice}"}`), {
      holds: (series) => series.length === 0,
    });
    await until("Prometheus to have nothing to say of it", () => monitoring.query(`ALERTS{slice="${slice}", alertstate="firing"}`), {
      holds: (series) => series.length === 0,
      timeoutMs: ALERT_MS,
    });
    await stack.clearFaults();
  },
);

test.skipIf(!present)("a Prometheus that is gone is an outage of the measuring, and changes nothing", async () => {
  await watch(["notify", "rollback"]);
  const live = await stack.settled(await stack.deploy(text("edge2")));
  expect(live.status).toBe("completed");
  await monitoring.stop();
  const raised = await until("the alert of the outage", () => ourAlerts("measurement_outage"), {
    holds: (alerts) => alerts.length > 0,
    timeoutMs: ALERT_MS,
  });
  expect(raised).toMatchObject([{ kind: "measurement_outage", site: "edge2" }]);
  expect((await stack.deployment(live.deploymentId ?? "")).status).toBe("live");
  expect(await ourAlerts()).toEqual([]);
});

/** Rounds of a second, and what is done about an alert. */
async function watch(rungs: string[]): Promise<void> {
  const assurance = { intervalSeconds: 1, window: 2, triggerAfter: 2, resolveAfter: 2, outageAfter: 3 };
  const policy = { assurance, remediation: { rungs, stepSeconds: 0 } };
  expect(await stack.api("PUT", "/api/v1/policy", policy)).toMatchObject({ status: 200 });
}

async function ourAlerts(kind = "slo_burn"): Promise<{ kind: string; slice: string | null }[]> {
  const { status, body } = await stack.api("GET", "/api/v1/alerts?status=firing");
  if (status !== 200) throw new Error(`GET /api/v1/alerts answered ${status}`);
  const { alerts }: { alerts: { kind: string; slice: string | null }[] } = JSON.parse(JSON.stringify(body));
  return alerts.filter((alert) => alert.kind === kind);
}
