// The real Prometheus and Alertmanager of this machine, as a test starts them: own data, loopback, ephemeral ports, gone afterwards.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { until } from "../e2e/support/until.ts";

export const RULES = join(import.meta.dirname, "../../deploy/prometheus/rules");
const READY_MS = 10_000; // it takes 0.1 s on an idle machine
const STOP_MS = 5_000;
const run = promisify(execFile);

/** The binary of that name on PATH, as Debian installs it; null when there is none. */
export function findBinary(...names: string[]): string | null {
  for (const name of names)
    for (const dir of (process.env["PATH"] ?? "").split(delimiter)) {
      const file = join(dir, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // not in this folder
      }
    }
  return null;
}

/** Exit code and everything it said; promtool tells failures on either stream. */
export async function runTool(file: string, args: string[], cwd?: string): Promise<{ code: number; output: string }> {
  try {
    const { stdout, stderr } = await run(file, args, { timeout: 20_000, ...(cwd === undefined ? {} : { cwd }) });
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const failed = error as { code?: number; stdout?: string; stderr?: string };
    return { code: failed.code ?? 1, output: `${failed.stdout ?? ""}${failed.stderr ?? ""}` };
  }
}

export interface RuleFile {
  groups: { name: string; interval?: string; rules: { record?: string; alert?: string; expr: string; for?: string; labels?: object }[] }[];
}

export async function readRules(name: string): Promise<RuleFile> {
  return parse(await readFile(join(RULES, name), "utf8"));
}

const SHORT: Record<string, string> = { "5m": "2s", "30m": "3s", "1h": "4s", "2h": "5s", "6h": "6s", "1d": "8s", "3d": "10s", "15m": "4s" };

/** The same rules on a scale of seconds: every window, `for` and interval is cut, nothing else is touched. */
export function inSeconds(rules: RuleFile): RuleFile {
  const cut = (text: string) => text.replace(/(\[|\boffset )(\d+[mhd])\b/g, (_, before, window) => before + (SHORT[window] ?? "2s"));
  return {
    groups: rules.groups.map((group) => ({
      ...group,
      interval: "1s",
      rules: group.rules.map((rule) => ({ ...rule, expr: cut(rule.expr), ...(rule.for === undefined ? {} : { for: "1s" }) })),
    })),
  };
}

export interface Monitoring {
  prometheusUrl: string;
  alertmanagerUrl: string;
  query(expr: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  /** What Alertmanager holds, as its own API tells it. */
  alerts(): Promise<{ labels: Record<string, string>; annotations: Record<string, string>; status: { state: string } }[]>;
  stop(): Promise<void>;
}

export interface MonitoringOptions {
  dir: string;
  prometheus: string;
  alertmanager: string;
  scrape: object[]; // scrape_configs
  rules: Record<string, RuleFile>;
  alertmanagerConfig: object;
}

export async function startMonitoring(options: MonitoringOptions): Promise<Monitoring> {
  const { dir } = options;
  await mkdir(dir, { recursive: true });
  const [port, alertPort] = [await freePort(), await freePort()];
  for (const [name, rules] of Object.entries(options.rules)) await writeFile(join(dir, name), stringify(rules));
  const config = {
    global: { scrape_interval: "1s", scrape_timeout: "1s", evaluation_interval: "1s" },
    rule_files: Object.keys(options.rules),
    alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertPort}`] }] }] },
    scrape_configs: options.scrape,
  };
  await writeFile(join(dir, "prometheus.yml"), stringify(config));
  await writeFile(join(dir, "alertmanager.yml"), stringify(options.alertmanagerConfig));
  const children = [
    start(options.prometheus, [
      `--config.file=${join(dir, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(dir, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]),
    start(options.alertmanager, [
      `--config.file=${join(dir, "alertmanager.yml")}`,
      `--storage.path=${join(dir, "alertmanager")}`,
      `--web.listen-address=127.0.0.1:${alertPort}`,
      "--cluster.listen-address=", // no cluster, no port for it
    ]),
  ];
  const prometheusUrl = `http://127.0.0.1:${port}`;
  const alertmanagerUrl = `http://127.0.0.1:${alertPort}`;
  const stop = async () => void (await Promise.all(children.map((child) => child.stop())));
  try {
    for (const url of [prometheusUrl, alertmanagerUrl])
      await until(`${url} to be ready`, async () => (await fetch(`${url}/-/ready`)).ok, { holds: (ok) => ok, timeoutMs: READY_MS });
  } catch (error) {
    await stop();
    throw new Error(children.map((child) => child.output()).join("\n"), { cause: error });
  }
  return {
    ...{ prometheusUrl, alertmanagerUrl, stop },
    async query(expr) {
      const answer = await fetch(`${prometheusUrl}/api/v1/query?${new URLSearchParams({ query: expr })}`);
      const body = JSON.parse(await answer.text());
      if (body.status !== "success") throw new Error(`${expr}: ${body.error}`);
      return body.data.result;
    },
    alerts: async () => JSON.parse(await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).text()),
  };
}

interface Child {
  output(): string;
  stop(): Promise<void>;
}

function start(file: string, args: string[]): Child {
  const child: ChildProcess = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000);
    });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  return {
    output: () => said,
    async stop() {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Free a moment ago: neither of the two can be told 0 and asked afterwards. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
