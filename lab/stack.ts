// The parts of the system as children of the supervisor: how each is started, and how one sees that it is up.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { settlePort } from "./ports.ts";
import { readOrMakeAdminToken, readOrMakeAgentCredential } from "./secrets.ts";
import { adminSeed, agentSeed, type Statement } from "./seed.ts";
import type { StartEnv } from "./start-env.ts";
import type { ChildSpec } from "./supervisor-child.ts";

const WORKER_GRACE_MS = 5_000;
const LAB_GRACE_MS = 5_000;
const AGENT_GRACE_MS = 10_000; // it drains first
const AGENT_DRAIN_MS = 7_000; // leaves time to give its leases back within the grace
/** Far above the seconds it takes. */
export const READY_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const REQUEST_TIMEOUT_MS = 2_000;

/**
 * What grows in workerd is not JavaScript but what hangs on it (a request's native half), and V8 sees no reason to collect that.
 * A full collection per 8 MB of new objects keeps the process flat at 370 MB instead of 850 MB, for a tenth of the throughput.
 */
const WORKERD_V8_FLAGS = "--max-old-space-size=192 --min-semi-space-size=8 --max-semi-space-size=8 --gc-global";

/** The host does nothing once workerd runs; loading miniflare would otherwise leave it at 300 MB. */
const HOST_V8_FLAGS = ["--optimize-for-size", "--max-semi-space-size=1"];

/** A young generation of 2 MB instead of 16: the agent makes little garbage and waits most of the time. */
const SMALL_YOUNG_HEAP = "--max-semi-space-size=2";

/** Keeps what Node has compiled, type stripping included: a restart is faster, and 30 MB smaller. */
const COMPILE_CACHE = "node_modules/.cache/node-compile";

/** The simulated sites answer within milliseconds: waiting as long as for real ones would only hide a fault that was switched on. */
const LAB_BOUNDS = { SYNC_TIMEOUT_MS: "15000", VERIFY_TIMEOUT_MS: "5000" };

export interface Stack {
  workerUrl: string;
  labUrl: string;
  agentUrl: string;
  adminToken: string;
  seed: Statement[];
  lab: ChildSpec;
  worker: ChildSpec;
  agent: ChildSpec;
}

/** Settles ports and secrets; starts nothing. */
export async function prepareStack(env: StartEnv): Promise<Stack> {
  const port = await settlePort("PORT", env.port);
  const labPort = await settlePort("LAB_PORT", env.lab.port);
  const agentPort = await settlePort("AGENT_PORT", env.agentPort);
  const adminToken = env.adminToken ?? readOrMakeAdminToken(env.dataDir);
  const agent = readOrMakeAgentCredential(env.dataDir);
  const now = Date.now();
  const seed = [...adminSeed(adminToken, now), ...agentSeed(agent, now)];
  const workerUrl = `http://127.0.0.1:${port}`;
  const shared = { NODE_COMPILE_CACHE: join(env.root, COMPILE_CACHE), ...env.inherited, DATA_DIR: env.dataDir };
  return {
    workerUrl,
    labUrl: `http://127.0.0.1:${labPort}`,
    agentUrl: `http://127.0.0.1:${agentPort}`,
    adminToken,
    seed,
    lab: {
      name: "lab",
      args: ["lab/index.ts"],
      cwd: env.root,
      env: { ...shared, LAB_PORT: String(labPort), LAB_SITES: String(env.lab.sites) },
      graceMs: LAB_GRACE_MS,
    },
    worker: {
      name: "worker",
      args: [...HOST_V8_FLAGS, "lab/worker-host.ts"],
      cwd: env.root,
      env: { ...shared, PORT: String(port), MINIFLARE_WORKERD_V8_FLAGS: WORKERD_V8_FLAGS },
      graceMs: WORKER_GRACE_MS,
      message: { type: "seed", statements: seed },
    },
    agent: {
      name: "agent",
      args: [SMALL_YOUNG_HEAP, "agent/index.ts", "run"],
      cwd: env.root,
      env: {
        ...LAB_BOUNDS,
        DRAIN_TIMEOUT_MS: String(AGENT_DRAIN_MS),
        ...shared,
        WORKER_URL: workerUrl,
        AGENT_PORT: String(agentPort),
        AGENT_DATA_DIR: join(env.dataDir, "agent"),
        AGENT_CREDENTIAL_FILE: agent.file,
        AGENT_CONFIG: agentConfigFile(env),
      },
      graceMs: AGENT_GRACE_MS,
    },
  };
}

function agentConfigFile(env: StartEnv): string {
  return join(env.dataDir, "agent", "agent.yaml");
}

/** The lab knows its sites and its repository: it writes the agent's configuration. */
export async function fetchAgentConfig(env: StartEnv, labUrl: string, signal: AbortSignal): Promise<void> {
  await untilUp("lab", `${labUrl}/sites`, signal);
  const response = await fetch(`${labUrl}/agent.yaml`, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) });
  if (!response.ok) throw new Error(`the lab answered ${response.status} for /agent.yaml`);
  const file = agentConfigFile(env);
  mkdirSync(join(env.dataDir, "agent"), { recursive: true });
  writeFileSync(`${file}.next`, await response.text());
  renameSync(`${file}.next`, file);
}

/** Returns when the address answers with success. `signal` bounds the wait; its end is an error that names the part. */
export async function untilUp(part: string, url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    if (await answers(url, signal)) return;
    await sleep(POLL_MS);
  }
  throw new Error(`${part} is not up: no good answer from ${url}`);
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // refused, reset, timed out: not up yet
  }
}

/** The closing lines of a start: where it is, how to sign in, what to type first. */
export function tryIt(stack: Stack, webUrl: string): string {
  return `
  Control Center  ${webUrl}
  Sign in         ${webUrl}/#token=${stack.adminToken}
  Repository      git clone ${stack.labUrl}/git/sites.git
  First intent    curl -H "Authorization: Bearer ${stack.adminToken}" -H 'content-type: application/json' \\
                    -d '{"text":"Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency"}' ${stack.workerUrl}/api/v1/intents

  Ctrl-C stops everything

`;
}
