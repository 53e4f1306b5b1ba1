// The measuring adapter against a real Prometheus that scrapes a lab site. Runs where Prometheus is installed.
import { spawn, spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { labSiteConfigs } from "../../../lab/configs.ts";
import { clone, push, siteFiles, tempDir, testLab, untilSynced } from "../../lab/support.ts";
import { never } from "./support.ts";

const installed = spawnSync("prometheus", ["--version"]).status === 0;

/** Its address, once it listens; it ends with the test. */
async function prometheus(target: string, metricsPath: string): Promise<string> {
  const dir = await tempDir();
  const config = {
    global: { scrape_interval: "200ms" },
    scrape_configs: [{ job_name: "lab", metrics_path: metricsPath, static_configs: [{ targets: [target] }] }],
  };
  await writeFile(path.join(dir, "prometheus.yml"), JSON.stringify(config));
  const args = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`, "--web.listen-address=127.0.0.1:0"];
  const child = spawn("prometheus", args, { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    lines.push(line);
    const port = /Listening on.*address=127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port !== undefined) {
      child.stderr.resume(); // what it says later is nobody's, and must not fill the pipe
      return `http://127.0.0.1:${port}`;
    }
  }
  throw new Error(`prometheus ended: ${lines.join("\n")}`);
}

test.skipIf(!installed)("one slice and all slices are measured through a real Prometheus", { timeout: 30_000 }, async () => {
  const lab = await testLab({ sites: 1 });
  const commit = await push(await clone(lab), siteFiles("edge1", { video: {}, meters: { latencyMs: 40 } }));
  await untilSynced(lab, commit);
  const url = await prometheus(`127.0.0.1:${lab.port}`, "/sites/edge1/metrics");
  const [config] = labSiteConfigs(lab.url, 1);
  if (config === undefined) throw new Error("one site");
  const site = createEdgePort({ sites: [], secret: async () => undefined, timeoutMs: 2_000 }).probe({ ...config, prometheus: { url } });

  const all = 'slice_latency_p95_ms{edge_site="edge1"}[30s]';
  const measured = async () => {
    const result = await site.measureSlices(`avg_over_time(${all})`, `count_over_time(${all})`, never());
    return result.ok ? [...result.value].map(([slice, { samples }]) => `${slice} ${samples >= 3}`) : [result.error.message];
  };
  await expect.poll(measured, { interval: 100, timeout: 20_000 }).toEqual(["meters true", "video true"]);
  const one = 'slice_latency_p95_ms{edge_site="edge1",slice="meters"}[30s]';
  const meters = await site.measure(`avg_over_time(${one})`, `count_over_time(${one})`, never());
  expect(meters.ok && meters.value.value).toBeCloseTo(20.8, 0);
  expect((await site.check(never())).at(-1)).toEqual({ name: "prometheus", ok: true, message: "answers queries" });
});
