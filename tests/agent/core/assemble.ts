// The agent's core put together as the entry file does it, with a job runner that the test gives. No stages.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { createLog, createSecretMask, type Log, type LogOptions } from "../../../agent/log.ts";
import { type CallService, createCalls } from "../../../agent/loops/calls.ts";
import { createClaimLoop } from "../../../agent/loops/claim.ts";
import { createHeartbeat } from "../../../agent/loops/heartbeat.ts";
import { createOutboxFlush } from "../../../agent/loops/outbox-flush.ts";
import { createWakeups } from "../../../agent/loops/wakeups.ts";
import { type Outbox, openOutbox } from "../../../agent/outbox.ts";
import { createWorkerClient } from "../../../agent/worker-client.ts";
import type { AgentHello } from "../../../protocol/agent.ts";
import { newId } from "../../../protocol/ids.ts";
import type { ClaimedJob, Lease, PrepareInput } from "../../../protocol/job.ts";
import type { Fact, ReportedFact } from "../../../protocol/report.ts";
import { PROTOCOL_VERSION } from "../../../protocol/version.ts";
import type { FakeWorker } from "../../helpers/fake-worker.ts";

const FAST = { baseMs: 10, capMs: 50, random: () => 1 };

export interface CoreOptions {
  worker: FakeWorker;
  run: (job: ClaimedJob, signal: AbortSignal, outbox: Outbox) => Promise<void>;
  dir: string;
  slots?: number;
  instanceId?: string;
  sockets?: boolean;
  chat?: CallService["chat"]; // what the agent's language model does
  maxUnsentBytes?: number;
}

export async function startCore({
  worker,
  run,
  dir,
  slots = 2,
  instanceId = newId("inst"),
  sockets = false,
  chat,
  maxUnsentBytes,
}: CoreOptions) {
  const lines: string[] = [];
  const log = captureLog(lines);
  const client = createWorkerClient({ baseUrl: worker.url, credential: worker.credential, version: "0.0.0", timeoutMs: 1_000 });
  const outbox = await openOutbox({ dir: path.join(dir, "outbox") });
  const fatals: string[] = [];
  const stopped = new AbortController();
  const onFatal = (message: string): void => {
    fatals.push(message);
    claims.stopAll("shutdown", message);
    stopped.abort();
  };
  const hello = (): AgentHello => ({
    protocol: PROTOCOL_VERSION,
    instanceId,
    version: "0.0.0",
    labels: {},
    capabilities: [],
    slots,
    inflight: claims.inflight(),
  });
  const lost = (lease: Lease): void => claims.stop(lease, "lease_lost", "the lease is lost");
  const cancel = (lease: Lease): void => claims.stop(lease, "cancelled", "a person cancelled the job");
  const unasked = () => Promise.reject(new Error("not asked in these tests"));
  const calls = createCalls({
    service: { understandCall: unasked, chat: chat ?? silent, embed: unasked, discover: unasked },
    send: (message) => wakeups.send(message),
    log,
  });
  const wakeups = createWakeups({
    workerUrl: worker.url,
    client,
    hello,
    log,
    backoff: FAST,
    pingIntervalMs: maxUnsentBytes === undefined ? 40 : 60_000, // a full line is to be found out by itself
    ...(maxUnsentBytes === undefined ? {} : { maxUnsentBytes }),
    onWake: () => claims.wake(),
    onCancel: (jobId) => {
      for (const lease of claims.inflight()) if (lease.jobId === jobId) cancel(lease);
    },
    onCall: calls.take,
    onGone: calls.abortAll,
    onFatal,
  });
  const heartbeat = createHeartbeat({
    client,
    hello,
    sites: [],
    log,
    backoff: FAST,
    onAlive: () => {
      flush.nudge();
      claims.wake();
    },
    onCancel: cancel,
    onLost: lost,
    onFatal,
  });
  const claims = createClaimLoop({
    client,
    instanceId,
    slots,
    timings: heartbeat.timings,
    connected: wakeups.connected,
    run: (job, signal) => run(job, signal, outbox),
    log,
    backoff: FAST,
    onFatal,
  });
  const flush = createOutboxFlush({
    outbox,
    client,
    log,
    backoff: FAST,
    onLost: lost,
    onCancel: cancel,
    onRejected: (lease, message) => claims.stop(lease, "report_rejected", message),
    onFatal,
  });
  const loops = [heartbeat.run(stopped.signal), claims.run(stopped.signal), flush.run(stopped.signal)];
  if (sockets) loops.push(wakeups.run(stopped.signal));
  return {
    outbox,
    claims,
    heartbeat,
    wakeups,
    fatals,
    lines,
    instanceId,
    async stop(): Promise<void> {
      claims.stopAll("shutdown", "the test is over");
      stopped.abort();
      await Promise.all(loops);
    },
  };
}

async function* silent(): ReturnType<CallService["chat"]> {
  yield* [];
  throw new Error("not asked in these tests");
}

export function captureLog(lines: string[], more: Pick<LogOptions, "scope" | "tail"> = {}): Log {
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString("utf8"));
      done();
    },
  });
  return createLog({ level: "debug", secrets: createSecretMask(), destination, ...more });
}

export async function tempDir(): Promise<{ dir: string; [Symbol.asyncDispose](): Promise<void> }> {
  const dir = await mkdtemp(path.join(tmpdir(), "agent-core-"));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

export function fact(value: Fact): ReportedFact {
  return { id: newId("evt"), at: new Date().toISOString(), fact: value };
}

export const started = (): ReportedFact => fact({ type: "stage.started", stage: "parse" });
export const finished = (): ReportedFact => fact({ type: "job.finished", outcome: { kind: "completed", note: "done" } });

export function prepareInput(): PrepareInput {
  return {
    kind: "intent.prepare",
    intentId: newId("int"),
    text: "Deploy eMBB slice on edge1",
    context: {},
    targetSites: [],
    answers: null,
    corrected: null,
    command: null,
    rollout: null,
    priority: 5,
    preempt: false,
    createdAt: new Date().toISOString(),
  };
}

export function newLease(): Lease {
  return { jobId: newId("job"), attempt: 1, leaseId: newId("lease") };
}

/** Resolves when the signal fires. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
