// npm run bench [-- case …]: figures of this machine, printed and never asserted. Everything on loopback, bounded in count and time.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { startOllama } from "../helpers/model-servers/ollama.ts";
import { startStack } from "../helpers/stack.ts";
import { claudeStart } from "./cases/claude.ts";
import { fanOut } from "./cases/fan-out.ts";
import { ingest } from "./cases/ingest.ts";
import { rssMb, underLoad } from "./cases/memory.ts";
import { doorAgainstDirect, routerOverhead } from "./cases/models.ts";
import { wholePath } from "./cases/path.ts";
import { queued } from "./cases/queue.ts";
import { reducer } from "./cases/reducer.ts";
import { rules } from "./cases/rules.ts";
import { lists, load, rowsPerClaim, seed } from "./cases/scale.ts";
import { firstLoad, stream } from "./cases/web.ts";
import { call } from "./client.ts";
import type { Figure } from "./stats.ts";

type Stack = Awaited<ReturnType<typeof startStack>>;

const EMBEDDED = { KPT_BIN: "/nonexistent/kpt" };
const SCALE_LOAD = 80; // intents; a minute or two on two cores

function note(...more: Figure[]): void {
  for (const { what, figure, target } of more) process.stdout.write(`${what.padEnd(62)} ${figure.padEnd(58)} target: ${target}\n`);
}

async function withStack(env: Record<string, string>, work: (stack: Stack) => Promise<void>): Promise<void> {
  const stack = await startStack({ env, kpt: env.KPT_BIN === undefined });
  try {
    await work(stack);
  } finally {
    await stack.stop();
  }
}

function hasKpt(): boolean {
  try {
    execFileSync("kpt", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** One more agent of the same sites, enrolled as any other. */
async function furtherAgent(stack: Stack, name: string): Promise<ChildProcess> {
  const { token } = (await (await call(stack, "/api/v1/agents/enrolments", {})).json()) as { token: string };
  const dir = mkdtempSync(path.join(os.tmpdir(), "bench-agent-"));
  const env = {
    ...process.env,
    ...EMBEDDED,
    WORKER_URL: stack.url,
    AGENT_DATA_DIR: dir,
    AGENT_CONFIG: path.join(stack.dataDir, "agent/agent.yaml"),
    AGENT_PORT: "0",
    LOG_LEVEL: "error",
  };
  execFileSync(process.execPath, ["agent/index.ts", "enroll", "--token", token, "--name", name], { env, stdio: "ignore" });
  return spawn(process.execPath, ["agent/index.ts", "run"], { env, stdio: "ignore" });
}

/** The same load before and after ten thousand intents. */
async function scale(stack: Stack): Promise<void> {
  const more = await Promise.all(["second", "third", "fourth"].map((name) => furtherAgent(stack, name)));
  try {
    await load(stack, 10); // warms up
    note(...(await lists(stack, "empty")));
    const empty = await load(stack, SCALE_LOAD);
    note({ what: `${SCALE_LOAD} intents, 50 sites, 4 agents, empty`, figure: empty.figure, target: "-" });
    seed(stack.dataDir);
    note(...(await lists(stack, "10,000 intents, 1,000 slices")));
    const full = await load(stack, SCALE_LOAD);
    note({ what: `${SCALE_LOAD} intents, 50 sites, 4 agents, full`, figure: full.figure, target: "-" });
    const ratio = `throughput × ${(full.perSecond / empty.perSecond).toFixed(2)}, p95 × ${(full.p95Ms / empty.p95Ms).toFixed(2)}`;
    note({ what: "full against empty", figure: ratio, target: "near 1" });
    const agents = [stack.pid("agent"), ...more.flatMap(({ pid }) => pid ?? [])].map((pid) => rssMb(pid).toFixed(0));
    note({
      what: "memory: worker; agents",
      figure: `${rssMb(stack.pid("worker")).toFixed(0)} MB; ${agents.join(", ")} MB`,
      target: "≤ 800; ≤ 150",
    });
  } finally {
    for (const agent of more) agent.kill("SIGTERM");
  }
}

/** A stack whose agent has found a model server, and the time until it says so. */
async function withModel(work: (stack: Stack, model: Awaited<ReturnType<typeof startOllama>>) => Promise<void>): Promise<void> {
  const model = await startOllama();
  try {
    await withStack({ ...EMBEDDED, OLLAMA_HOST: model.url, LLM_DISCOVERY: "on", CLAUDE_BIN: "/nonexistent/claude" }, async (stack) => {
      await expectModel(stack, "ollama/fake-model");
      await work(stack, model);
    });
  } finally {
    await model.close();
  }
}

async function expectModel(stack: Stack, id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await (await call(stack, "/v1/models")).text()).includes(id)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the agent has not told of ${id}`);
}

const CASES: Record<string, () => Promise<void>> = {
  rules: async () => note(...rules()),
  reducer: async () => note(...reducer()),
  router: async () => note(...(await routerOverhead(300))),
  claude: async () => note(...(await claudeStart({ cold: 8, warm: 40 }))),
  chat: () => withModel(async (stack, model) => note(...(await doorAgainstDirect(stack, model, 5)))),
  path: () =>
    withStack(EMBEDDED, async (stack) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000)); // idle
      note({ what: "agent idle", figure: `${rssMb(stack.pid("agent")).toFixed(0)} MB`, target: "< 150 MB" });
      note(await wholePath(stack, { runner: "embedded", runs: 20, targetMs: 1500 }));
      note({ what: "agent after 21 intents", figure: `${rssMb(stack.pid("agent")).toFixed(0)} MB`, target: "-" });
    }),
  kpt: () => withStack({}, async (stack) => note(await wholePath(stack, { runner: "kpt", runs: 10, targetMs: 2500 }))),
  sockets: () =>
    withStack(EMBEDDED, async (stack) => {
      note(await fanOut(stack, { sockets: 1, events: 40, targetMs: 15 }));
      note(await fanOut(stack, { sockets: 200, events: 20, targetMs: 40 }));
    }),
  memory: () => withStack(EMBEDDED, async (stack) => note(...(await underLoad(stack, { pid: stack.pid("worker"), requests: 20_000 })))),
  ingest: () =>
    withStack(EMBEDDED, async (stack) => {
      process.kill(stack.pid("agent"), "SIGSTOP"); // the figure is the worker's
      note(await ingest(stack, { count: 900, concurrency: 16 }));
      process.kill(stack.pid("agent"), "SIGCONT");
    }),
  queue: () =>
    withStack(EMBEDDED, async (stack) => {
      const second = await furtherAgent(stack, "second");
      note(await queued(stack, { count: 500 }));
      second.kill("SIGTERM");
    }),
  web: () =>
    withStack(EMBEDDED, async (stack) => {
      note(...(await firstLoad(stack)));
      note(...(await stream(stack)));
    }),
  scale: async () => {
    note(rowsPerClaim());
    await withStack({ ...EMBEDDED, LAB_SITES: "50" }, scale);
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => CASES[name] === undefined);
if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(", ")}; there are ${Object.keys(CASES).join(", ")}`);
for (const [name, work] of Object.entries(CASES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name === "kpt" && !hasKpt()) process.stdout.write("kpt is not on PATH: its case is left out\n");
  else await work();
}
