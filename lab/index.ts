// The lab as a process: environment, start, one line of log, stop on SIGTERM, SIGINT or the parent's end.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { type LabEnv, readLabEnv } from "./env.ts";
import { startLab } from "./lab.ts";

function log(level: "info" | "error", msg: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ level, time: new Date().toISOString(), name: "lab", msg, ...fields })}\n`);
}

/** Whoever waits for the file sees it whole or not at all; one of an earlier run is gone before the lab listens. */
async function announce(env: LabEnv, lab: { port: number; repositoryUrl: string } | null): Promise<void> {
  const file = path.join(env.dataDir, "run", "lab.json");
  if (lab === null) return rm(file, { force: true });
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ port: lab.port, repositoryUrl: lab.repositoryUrl })}\n`);
  await rename(`${file}.${process.pid}`, file);
}

async function main(): Promise<void> {
  const env = readLabEnv();
  await announce(env, null);
  const onError = (error: unknown) => log("error", "a request failed", { error: error instanceof Error ? error.stack : String(error) });
  const lab = await startLab({ ...env, onError });
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    log("info", "stopping", { why });
    void lab.close().finally(() => process.exit(0));
  };
  process.on("SIGTERM", () => stop("SIGTERM"));
  process.on("SIGINT", () => stop("SIGINT"));
  if (process.connected) process.on("disconnect", () => stop("the parent ended"));
  await announce(env, lab);
  log("info", "listening", { url: lab.url, repositoryUrl: lab.repositoryUrl, sites: env.sites, simulation: true });
}

main().catch((error: unknown) => {
  log("error", "the lab cannot start", { error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
