// Entry of the agent: `agent run`, `agent enroll` and `agent doctor`. The only file that names the concrete adapters behind the ports.
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import type { AgentHello } from "../protocol/agent.ts";
import { newId } from "../protocol/ids.ts";
import type { SecretRef } from "../protocol/site.ts";
import { PROTOCOL_VERSION } from "../protocol/version.ts";
import { type AgentConfig, loadAgentConfig } from "./config.ts";
import { readCredential } from "./credential.ts";
import { doctor } from "./doctor/command.ts";
import { createEdgePort } from "./edge/edge.ts";
import { resolveSecret } from "./edge/secret.ts";
import { enroll } from "./enroll.ts";
import { type AgentEnv, OperatorError, parseAgentEnv } from "./env.ts";
import { createGitPort } from "./gitops/port.ts";
import { healthOf, startHttpServer } from "./http-server.ts";
import { runJob } from "./job-runner.ts";
import { digestOf } from "./krm/digest.ts";
import { kustomizationFor } from "./krm/kustomization.ts";
import { selectKrm } from "./krm/select.ts";
import { buildLlm } from "./llm/build.ts";
import { createLearner } from "./llm/learner.ts";
import type { LlmObserver, LlmService } from "./llm/service.ts";
import type { Log } from "./log.ts";
import { createLogging } from "./logging.ts";
import { createAssurance } from "./loops/assurance.ts";
import { createCalls } from "./loops/calls.ts";
import { createClaimLoop } from "./loops/claim.ts";
import { createDriftLoop } from "./loops/drift.ts";
import { createHeartbeat } from "./loops/heartbeat.ts";
import { createOutboxFlush } from "./loops/outbox-flush.ts";
import { createSiteTasks } from "./loops/site-tasks.ts";
import { createSiteWatch } from "./loops/site-watch.ts";
import { createWakeups } from "./loops/wakeups.ts";
import { createMetrics } from "./metrics.ts";
import { openOutbox } from "./outbox.ts";
import { createSecretScope } from "./secret-scope.ts";
import { createServedSites } from "./served-sites.ts";
import { createShutdown, listenToSignals } from "./shutdown.ts";
import type { StageDeps } from "./stages/deps.ts";
import { createTracing, withTrace } from "./trace.ts";
import { createWatchlist } from "./watchlist.ts";
import { createWorkerClient } from "./worker-client.ts";

const EDGE_CALL_TIMEOUT_MS = 2_500; // one question to a site; a stage asks again until its own bound
const OUTBOX_HEAD_START_MS = 2_000; // what an earlier process left is sent before new work is claimed
const AUTHOR = { name: "Intent Control Center", email: "agent@intent-control-center.invalid" };

const { version } = z.object({ version: z.string() }).parse(createRequire(import.meta.url)("../package.json"));

async function run(env: AgentEnv, source: NodeJS.ProcessEnv): Promise<void> {
  const { log, secrets, scope, tail } = createLogging({ level: env.LOG_LEVEL, offer: (message) => wakeups.offer(message) });
  const config = await loadAgentConfig(env.AGENT_CONFIG);
  const { agentId, credential } = await readCredential(env.AGENT_CREDENTIAL_FILE);
  secrets.register(credential);
  const secret = async (ref: SecretRef) => {
    const value = await resolveSecret(ref, source);
    if (value !== undefined) secrets.register(value);
    return value;
  };
  const now = () => new Date();
  const observer: LlmObserver = { asked: (asked) => metrics.llm.asked(asked), lookup: (hit) => metrics.llm.lookup(hit) };
  const llm = await buildLlm({ env, config: config.llm, source, secret, log, now, observer });
  const stageDeps = await createStageDeps({ env, config, log, llm, now, secret, searchPath: source.PATH ?? "" });
  const outbox = await openOutbox({ dir: path.join(env.AGENT_DATA_DIR, "outbox") });
  const tracing = await createTracing({ endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, agentId, version });
  const client = withTrace(createWorkerClient({ baseUrl: env.WORKER_URL, credential, version }), tracing);
  const instanceId = newId("inst");
  const hello = (): AgentHello => ({
    protocol: PROTOCOL_VERSION,
    instanceId,
    version,
    labels: env.AGENT_LABELS,
    capabilities: [`krm:${stageDeps.krm.runner}`, ...llm.available().map((id) => `llm:${id}`)],
    slots: env.AGENT_SLOTS,
    inflight: claims.inflight(),
  });

  const onFatal = (message: string) => shutdown.fatal(message);
  const { edge, git } = stageDeps;
  const nudge = () => heartbeat.nudge();
  const watch = createSiteWatch({ edge, sites: config.sites.map((site) => site.id), onFirst: nudge });
  const served = createServedSites({ edge, declared: config.sites, onChange: watch.follow });
  const siteTasks = createSiteTasks({ client, instanceId, edge, log, onEnded: nudge });
  const watchlist = createWatchlist({ client, instanceId, log });
  const assurance = createAssurance({ client, watchlist, instanceId, edge, log });
  const drift = createDriftLoop({ watchlist, git, edge, log, onChange: nudge, everyMs: env.DRIFT_INTERVAL_MS });
  const heartbeat = createHeartbeat({
    ...{ client, hello, log, onFatal, sites: config.sites },
    integrations: llm.integrations,
    observations: () => watch.latest().map((seen) => ({ ...seen, drift: drift.of(seen.site) })),
    onAlive: ({ sites, tasks, routing, corrections }) => {
      flush.nudge();
      llm.use(routing);
      learner.told(corrections);
      served.given(sites);
      siteTasks.take(tasks);
    },
    onCancel: (lease) => claims.stop(lease, "cancelled", "a person cancelled the job"),
    onLost: (lease) => claims.stop(lease, "lease_lost", "another attempt has this job"),
  });
  const learn: LlmService["learn"] = (corrections) => {
    llm.learn(corrections);
    void llm.warm(config.sites); // what is asked has changed
  };
  const learner = createLearner({ client, learn, log });
  llm.onChange(nudge);
  const calls = createCalls({ service: llm, log, send: (message) => wakeups.send(message) });
  const wakeups = createWakeups({
    ...{ client, hello, log, onFatal, workerUrl: env.WORKER_URL },
    onWake: () => {
      claims.wake();
      nudge();
    },
    onCall: calls.take,
    onGone: calls.abortAll,
    onCancel: (jobId) => {
      for (const lease of claims.inflight()) if (lease.jobId === jobId) claims.stop(lease, "cancelled", "a person cancelled the job");
    },
  });
  const flush = createOutboxFlush({
    ...{ outbox, client, log, onFatal },
    onLost: (lease) => claims.stop(lease, "lease_lost", "another attempt has this job"),
    onRejected: (lease, message) => claims.stop(lease, "report_rejected", message),
    onCancel: (lease) => claims.stop(lease, "cancelled", "a person cancelled the job"),
  });
  const heartbeatAgeMs = () => {
    const at = heartbeat.lastAcceptedAt();
    return at === null ? null : performance.now() - at;
  };
  const metrics = createMetrics({
    ...{ heartbeatAgeMs, outbox: outbox.depth, connected: wakeups.connected, integrations: llm.integrations },
    runningJobs: () => claims.inflight().length,
  });
  const claims = createClaimLoop({
    ...{ client, instanceId, log, onFatal, slots: env.AGENT_SLOTS, timings: heartbeat.timings, connected: wakeups.connected },
    run: async (job, signal) => {
      await runJob({ ...stageDeps, outbox, metrics, tracing, log, scope }, job, signal);
    },
  });
  const health = () => healthOf(heartbeatAgeMs(), heartbeat.timings()?.heartbeatMs ?? null);
  const server = await startHttpServer({ port: env.AGENT_PORT, registry: metrics.registry, health });

  const loops = new AbortController();
  const shutdown = createShutdown({
    drain: async () => {
      await claims.drain();
      await outbox.drained();
    },
    cancel: (why) => claims.stopAll("shutdown", why),
    goodbye: async () => {
      tail.flush();
      loops.abort();
      calls.abortAll();
      await Promise.allSettled([beating, server.close(), tracing.close(), llm.close()]);
    },
    exit: (code) => process.exit(code),
    drainTimeoutMs: env.DRAIN_TIMEOUT_MS,
    log,
  });
  listenToSignals(process, shutdown);
  const watching = Promise.all([watch, siteTasks, drift, assurance, llm].map((loop) => loop.run(loops.signal)));
  void llm.discover(loops.signal).then(() => llm.warm(config.sites));
  const flushing = flush.run(loops.signal);
  await Promise.race([outbox.drained(), sleep(OUTBOX_HEAD_START_MS)]);
  const beating = heartbeat.run(loops.signal);
  log.info(
    { agentId, instanceId, port: server.port, runner: stageDeps.krm.runner, sites: config.sites.map((site) => site.id) },
    "agent started",
  );
  await Promise.all([watching, flushing, beating, wakeups.run(loops.signal), claims.run(loops.signal)]);
}

interface Parts {
  env: AgentEnv;
  config: AgentConfig;
  log: Log;
  llm: LlmService;
  now: () => Date;
  secret(ref: SecretRef): Promise<string | undefined>;
  searchPath: string;
}

async function createStageDeps({ env, config, log, llm, now, secret, searchPath }: Parts): Promise<StageDeps> {
  const { repository, sites } = config;
  const { username, passwordRef } = repository;
  const scope = createSecretScope({ sites, secretsDir: path.resolve(env.AGENT_DATA_DIR, "secrets") });
  const siteSecret = async (ref: SecretRef, url: string) => {
    const permitted = await scope.permitted(ref, url);
    if (permitted !== null) return secret(permitted);
    log.warn({ ref, url }, "a site names a secret that the agent's file does not have for it and that is not open to added sites");
    return null;
  };
  return {
    llm,
    krm: await selectKrm({ kptBin: env.KPT_BIN, searchPath, timeoutMs: env.RENDER_TIMEOUT_MS, log }),
    git: createGitPort({
      url: repository.url,
      branch: repository.branch,
      dir: path.resolve(env.AGENT_DATA_DIR, "repository"),
      author: repository.author ?? AUTHOR,
      timeoutMs: env.GIT_TIMEOUT_MS,
      path: searchPath,
      kustomization: kustomizationFor,
      log,
      ...(passwordRef === undefined
        ? {}
        : {
            credential: async () => {
              const password = await secret(passwordRef);
              return password === undefined ? undefined : { username: username ?? "git", password };
            },
          }),
    }),
    edge: createEdgePort({ sites, secret: siteSecret, declares: scope.declares, timeoutMs: EDGE_CALL_TIMEOUT_MS }),
    digest: digestOf,
    now,
    syncTimeoutMs: env.SYNC_TIMEOUT_MS,
    verifyTimeoutMs: env.VERIFY_TIMEOUT_MS,
  };
}

const USAGE = `Usage:
  agent run                            work for the control centre at WORKER_URL
  agent enroll --token TOKEN [--name NAME]   exchange a one-time token for this agent's credential
  agent doctor [--json]                look at everything the agent needs; ends with 1 when something fails`;

async function main(args: string[], source: NodeJS.ProcessEnv): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { token: { type: "string" }, name: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [command] = positionals;
  if (command === "doctor" && positionals.length === 1 && values.help !== true) {
    const code = await doctor(source, { version, json: values.json === true });
    return process.exit(code); // without waiting for idle connections
  }
  if (values.help === true || positionals.length !== 1 || (command !== "run" && command !== "enroll")) throw new OperatorError(USAGE);
  const env = parseAgentEnv(source);
  if (command === "run") return run(env, source);
  if (values.token === undefined) throw new OperatorError("enroll needs --token; an admin makes one under POST /api/v1/agents/enrolments");
  const client = createWorkerClient({ baseUrl: env.WORKER_URL, version });
  const agentId = await enroll(client, { token: values.token, name: values.name ?? env.AGENT_NAME, file: env.AGENT_CREDENTIAL_FILE });
  process.stdout.write(`enrolled as ${agentId}; the credential is in ${env.AGENT_CREDENTIAL_FILE}\n`);
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  const text = error instanceof OperatorError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
});
