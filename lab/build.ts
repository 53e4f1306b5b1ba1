// Builds what `npm start` serves: the web into dist/web, the worker's bundle and options into dist/worker. Unchanged inputs, no work.
// Vite and wrangler are tools here, run as processes like git is; lab/ imports neither.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hashInputs } from "./build-hash.ts";
import { runTool } from "./run-tool.ts";
import { readStartEnv, type StartEnv } from "./start-env.ts";

const INPUTS = [
  "web",
  "worker",
  "party",
  "drizzle",
  "protocol",
  "intent",
  "lab/build.ts",
  "wrangler.toml",
  "vite.config.ts",
  "package-lock.json",
  "tsconfig.base.json",
];
const OUTPUTS = ["web/index.html", "worker/index.js", "worker/options.json"];

/** No colour codes in what is kept; neither telemetry nor look-ups: a build must do without the network. */
const TOOL_ENV = { FORCE_COLOR: "0", WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", WRANGLER_HIDE_BANNER: "true" };

/** Prints wrangler.toml as miniflare's worker options; paths of this machine are taken out by `writeOptions`. */
const PRINT_OPTIONS = `
import { unstable_getMiniflareWorkerOptions as read } from "wrangler";
process.stdout.write(JSON.stringify(read("wrangler.toml").workerOptions));`;

/** Answers whether there was anything to build. Throws with the tool's own output when one fails. */
export async function build(env: StartEnv, signal: AbortSignal): Promise<boolean> {
  const dist = join(env.root, "dist");
  const hashFile = join(dist, ".build-hash");
  const hash = hashInputs(env.root, INPUTS);
  if (OUTPUTS.every((file) => existsSync(join(dist, file))) && readHash(hashFile) === hash) return false;

  // Built beside and moved in, so that two builds at once, or a server on the old one, never see half a build.
  const next = join(dist, `.next-${process.pid}`);
  mkdirSync(join(dist, "web"), { recursive: true }); // wrangler wants the assets' folder to be there
  mkdirSync(join(next, "worker"), { recursive: true });
  // One failure stops the other tool: nobody waits for half a build.
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const steps = [buildWeb(env, join(next, "web"), either), buildWorker(env, join(next, "worker"), either)];
  try {
    await Promise.all(steps);
    for (const part of ["web", "worker"]) {
      rmSync(join(dist, part), { recursive: true, force: true });
      renameSync(join(next, part), join(dist, part));
    }
    writeFileSync(hashFile, `${hash}\n`);
  } finally {
    failed.abort();
    await Promise.allSettled(steps);
    rmSync(next, { recursive: true, force: true });
  }
  return true;
}

function buildWeb(env: StartEnv, outDir: string, signal: AbortSignal): Promise<string> {
  const args = ["node_modules/vite/bin/vite.js", "build", "--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"];
  return runTool({ name: "vite build", args, cwd: env.root, env: { ...env.inherited, ...TOOL_ENV }, signal });
}

async function buildWorker(env: StartEnv, outDir: string, signal: AbortSignal): Promise<void> {
  const tool = { cwd: env.root, env: { ...env.inherited, ...TOOL_ENV }, signal };
  const bundle = ["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", "--outdir", outDir];
  const [, options] = await Promise.all([
    runTool({ ...tool, name: "wrangler deploy --dry-run", args: bundle }),
    runTool({ ...tool, name: "reading wrangler.toml", args: ["--input-type=module", "--eval", PRINT_OPTIONS] }),
  ]);
  writeFileSync(join(outDir, "options.json"), options);
}

function readHash(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}

async function main(): Promise<void> {
  const started = performance.now();
  try {
    const built = await build(readStartEnv(), new AbortController().signal);
    process.stdout.write(built ? `built in ${Math.round(performance.now() - started)} ms\n` : "build is up to date\n");
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
