// `npm run dev`: wrangler dev and Vite with hot reload, beside the same lab and agent that `npm start` runs. A development server only.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Frame, run } from "./run.ts";
import { runTool } from "./run-tool.ts";
import { toSql } from "./seed.ts";
import { fetchAgentConfig, prepareStack, READY_TIMEOUT_MS, tryIt, untilUp } from "./stack.ts";
import type { StartEnv } from "./start-env.ts";

const VITE_PORT = 5173;
const GRACE_MS = 5_000;
const WRANGLER = "node_modules/wrangler/bin/wrangler.js";
const DATABASE = "intent-control-center";

/** No telemetry, no look-ups, no SQL console, no trace store; CI keeps wrangler from asking questions. */
const WRANGLER_ENV = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  X_LOCAL_EXPLORER: "false",
  X_LOCAL_OBSERVABILITY: "false",
  CI: "1",
};

async function prepareDatabase(env: StartEnv, seedSql: string, signal: AbortSignal): Promise<void> {
  const file = join(env.dataDir, "run", "seed.sql");
  writeFileSync(file, seedSql, { mode: 0o600 });
  const tool = { cwd: env.root, env: { ...env.inherited, ...WRANGLER_ENV }, signal };
  await runTool({ ...tool, name: "applying migrations", args: [WRANGLER, "d1", "migrations", "apply", DATABASE, "--local"] });
  await runTool({ ...tool, name: "seeding", args: [WRANGLER, "d1", "execute", DATABASE, "--local", "--yes", "--file", file] });
}

async function bringUp({ env, supervisor, log }: Frame): Promise<void> {
  const stack = await prepareStack(env);
  const bound = AbortSignal.any([supervisor.signal, AbortSignal.timeout(READY_TIMEOUT_MS)]);
  const child = { cwd: env.root, graceMs: GRACE_MS };
  mkdirSync(join(env.root, "dist/web"), { recursive: true }); // wrangler wants the assets' folder to be there

  supervisor.start(stack.lab);
  await prepareDatabase(env, stack.seed.map(toSql).join("\n"), supervisor.signal);
  supervisor.start({
    ...child,
    name: "worker",
    args: [WRANGLER, "dev", "--ip", "127.0.0.1", "--port", new URL(stack.workerUrl).port, "--show-interactive-dev-session=false"],
    env: { ...env.inherited, ...WRANGLER_ENV },
  });
  supervisor.start({
    ...child,
    name: "vite",
    args: ["node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", String(VITE_PORT), "--strictPort", "--clearScreen", "false"],
    env: { ...env.inherited, API_URL: stack.workerUrl },
  });
  const viteUrl = `http://127.0.0.1:${VITE_PORT}`;
  await fetchAgentConfig(env, stack.labUrl, bound);
  await untilUp("worker", `${stack.workerUrl}/health`, bound);
  supervisor.start(stack.agent);
  await Promise.all([untilUp("vite", viteUrl, bound), untilUp("agent", `${stack.agentUrl}/healthz`, bound)]);
  log.plain(tryIt(stack, viteUrl));
}

await run(bringUp);
