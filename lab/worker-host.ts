// The process that runs the worker: workerd through miniflare, as production-like as a laptop gets. It is no dev server.
// Over IPC it takes `{type: "seed", statements}` and says `{type: "ready"}`, or `{type: "fatal"}` when a restart cannot help.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";
import { applyMigrations, runStatements } from "./migrations.ts";
import type { Statement } from "./seed.ts";
import { readStartEnv, type StartEnv } from "./start-env.ts";
import { WORKER_NAME, type WriteLine, workerOptions } from "./worker-options.ts";

const SEED_WAIT_MS = 10_000; // the parent sends it right after the start
const DISPOSE_MS = 3_000; // workerd is killed, not asked; more than this means it hangs in the kernel
const DATABASE_BINDING = "DB";

/** Started by hand there is no parent, and nothing to seed. */
function receiveSeed(): Promise<Statement[]> {
  if (process.send === undefined) return Promise.resolve([]);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the supervisor sent no seed")), SEED_WAIT_MS);
    process.on("message", (message: { type?: unknown; statements?: Statement[] }) => {
      if (message.type !== "seed" || !Array.isArray(message.statements)) return;
      clearTimeout(timer);
      resolve(message.statements);
    });
  });
}

async function serve(env: StartEnv, miniflare: Miniflare, seed: Promise<Statement[]>): Promise<URL> {
  const url = await miniflare.ready;
  const database = await miniflare.getD1Database(DATABASE_BINDING, WORKER_NAME);
  const applied = await applyMigrations(database, join(env.root, "drizzle/migrations"));
  if (applied.length > 0) say("info", `migrations applied: ${applied.join(", ")}`);
  await runStatements(database, await seed);
  return url;
}

/** A collector on this machine may be named by the environment, as for any other program. */
function bindingsOf({ inherited }: StartEnv): Record<string, string> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = inherited;
  return endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
}

/** Atomic: who reads the file sees the old address or the new one. */
function announce(dataDir: string, url: URL): void {
  const runDir = join(dataDir, "run");
  mkdirSync(runDir, { recursive: true });
  const temporary = join(runDir, `.worker.json.${process.pid}`);
  writeFileSync(temporary, `${JSON.stringify({ port: Number(url.port), url: url.origin })}\n`);
  renameSync(temporary, join(runDir, "worker.json"));
}

const writeLine: WriteLine = (entry) => {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
};

function say(level: string, msg: string): void {
  writeLine({ level, time: Date.now(), msg });
}

function exitAfter(miniflare: Miniflare, code: number): void {
  setTimeout(() => process.exit(code), DISPOSE_MS).unref();
  void miniflare.dispose().finally(() => process.exit(code));
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE";
}

async function main(): Promise<void> {
  const env = readStartEnv();
  const seed = receiveSeed();
  const miniflare = new Miniflare(workerOptions({ ...env, bindings: bindingsOf(env) }, writeLine));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Miniflare's own handler exits on the spot with 143; being asked to stop is no failure.
    process.removeAllListeners(signal);
    process.once(signal, () => exitAfter(miniflare, 0));
  }
  process.once("disconnect", () => exitAfter(miniflare, 0)); // the supervisor is gone: nobody would stop us
  try {
    const url = await serve(env, miniflare, seed);
    announce(env.dataDir, url);
    say("info", `listening on ${url.origin}`);
    process.send?.({ type: "ready", port: Number(url.port) });
  } catch (error) {
    const message = isPortInUse(error)
      ? `port ${env.port} is in use: stop what listens there, or set PORT to another port (0 picks a free one)`
      : `the worker does not start: ${error instanceof Error ? error.message : String(error)}`;
    say("error", message);
    process.send?.({ type: "fatal" });
    exitAfter(miniflare, 1);
  }
}

await main();
