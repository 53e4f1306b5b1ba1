// The same load on an empty installation and on one with a long past: 50 sites, four agents; lists, throughput, time to the end, memory.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { MUCH, seedStatements } from "../../helpers/seed.ts";
import { awaitEnds, call, createIntent, type Target } from "../client.ts";
import { type Figure, ms, percentile } from "../stats.ts";

const CONCURRENCY = 8;
const LIST_CALLS = 40;
const BUSY_MS = 30_000; // the worker has the file too
const LOAD_TIMEOUT_MS = 600_000;

const LISTS = [
  ...["/api/v1/intents?limit=20", "/api/v1/intents?limit=20&site=edge7", "/api/v1/intents?limit=20&status=failed"],
  ...["/api/v1/intents?limit=20&q=number%207", "/api/v1/deployments?limit=20", "/api/v1/deployments?limit=20&site=edge7"],
  ...["/api/v1/sites", "/api/v1/slices", "/metrics"],
];

export interface Load {
  perSecond: number;
  p95Ms: number;
}

/** Intents over all sites, every fourth for two of them; from POST to the end of each. */
export async function load(target: Target, count: number): Promise<Load & { figure: string }> {
  const sent = new Map<string, number>();
  const start = performance.now();
  const ends = await awaitEnds(
    target,
    async () => {
      let next = 0;
      const send = async () => {
        while (next < count) {
          const index = next;
          next += 1;
          const at = Date.now();
          const second = index % 4 === 0 ? ` and edge${((index + 1) % MUCH.sites) + 1}` : "";
          const text = `Deploy eMBB slice on edge${(index % MUCH.sites) + 1}${second} with 5 Mbps down and 2 Mbps up`;
          sent.set(await createIntent(target, { text }), at);
        }
      };
      await Promise.all(Array.from({ length: CONCURRENCY }, send));
      return [...sent.keys()];
    },
    LOAD_TIMEOUT_MS,
  );
  const seconds = (performance.now() - start) / 1000;
  const times = ends.map((event) => Date.parse(event.at) - (sent.get(event.intentId ?? "") ?? Number.NaN));
  const completed = ends.filter((event) => event.type === "intent.completed").length;
  const figure = `${completed} of ${count} completed; ${(count / seconds).toFixed(1)}/s; to the end ${ms(times)}`;
  return { perSecond: count / seconds, p95Ms: percentile(times, 0.95), figure };
}

export async function lists(target: Target, when: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const address of LISTS) {
    const times: number[] = [];
    for (let round = 0; round < LIST_CALLS; round += 1) {
      const start = performance.now();
      const response = await call(target, address);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`GET ${address} answered ${response.status}`);
      times.push(performance.now() - start);
    }
    figures.push({ what: `GET ${address}, ${when}`, figure: ms(times), target: "flat" });
  }
  return figures;
}

/** Straight into the file of the running worker's D1: SQLite serves several processes. */
export function seed(dataDir: string): void {
  const root = path.join(dataDir, "worker");
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(path.join(root, name), { timeout: BUSY_MS });
    try {
      if (database.prepare("select 1 from sqlite_master where name = 'job_sites'").get() === undefined) continue;
      database.exec(["begin immediate", ...seedStatements(MUCH), "commit"].join(";\n"));
      return;
    } finally {
      database.close();
    }
  }
  throw new Error(`no D1 store below ${root}`);
}

const Report = z.object({
  testResults: z.array(
    z.object({
      assertionResults: z.array(
        z.object({ meta: z.object({ rowsPerClaim: z.object({ most: z.number(), mean: z.number(), idle: z.number() }).optional() }) }),
      ),
    }),
  ),
});

/** Rows that D1 says a claim reads: from the worker's own test, as no client sees them. */
export function rowsPerClaim(): Figure {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), "bench-claims-")), "report.json");
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", "worker", "tests/worker/claim-cost.test.ts"];
  execFileSync(process.execPath, [...args, "--reporter=json", `--outputFile=${file}`], { stdio: "ignore" });
  const report = Report.parse(JSON.parse(readFileSync(file, "utf8")));
  const rows = report.testResults.flatMap((file) => file.assertionResults.flatMap(({ meta }) => meta.rowsPerClaim ?? []))[0];
  if (rows === undefined) throw new Error("the test said nothing of rows");
  const figure = `max ${rows.most}, mean ${rows.mean.toFixed(1)}; ${rows.idle} when there is nothing`;
  return { what: `rows read per claim, 1,000 waiting, ${MUCH.intents} intents stored`, figure, target: "≤ 10" };
}
