// Sends what the outbox holds: one report at a time per lease, in order, until it is acknowledged or worthless.
import type { Lease } from "../../protocol/job.ts";
import type { Log } from "../log.ts";
import type { Outbox } from "../outbox.ts";
import { type Backoff, backoffMs, classify, createBell } from "../retry.ts";
import type { ClientError, WorkerClient } from "../worker-client.ts";

const CONTESTED_TRIES = 5; // a race is over sooner; what is still refused then is refused for good
const BACKOFF = { baseMs: 200, capMs: 5_000 }; // a report is what a person waits for: come back soon

export interface OutboxFlushDeps {
  outbox: Outbox;
  client: Pick<WorkerClient, "report">;
  log: Log;
  onLost: (lease: Lease) => void;
  onRejected: (lease: Lease, message: string) => void;
  onCancel: (lease: Lease) => void; // may be called more than once
  onFatal: (message: string) => void;
  backoff?: Backoff;
}

export interface OutboxFlush {
  run(signal: AbortSignal): Promise<void>;
  /** The control centre has just answered: do not sit out the backoff. */
  nudge(): void;
}

export function createOutboxFlush(deps: OutboxFlushDeps): OutboxFlush {
  const { outbox, client, log } = deps;
  const backoff = deps.backoff ?? { ...BACKOFF, random: Math.random };
  const bell = createBell();
  const active = new Map<string, Promise<void>>();

  function start(lease: Lease, signal: AbortSignal): Promise<void> {
    const running = active.get(lease.leaseId);
    if (running !== undefined) return running;
    const pump = send(lease, signal).finally(() => active.delete(lease.leaseId));
    active.set(lease.leaseId, pump);
    return pump;
  }

  async function send(lease: Lease, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; !signal.aborted; ) {
      const facts = outbox.nextBatch(lease);
      if (facts.length === 0) return;
      const answer = await client.report({ lease, facts }, { signal });
      if (answer.ok) {
        if (attempt > 0) log.info({ jobId: lease.jobId }, "the control centre takes facts again");
        attempt = 0;
        if (answer.value.cancelRequested) deps.onCancel(lease);
        await outbox.acknowledge(lease, facts.length);
      } else if (!signal.aborted) {
        const goOn = await refused(lease, answer.error, attempt);
        if (!goOn) return;
        await bell.wait(backoffMs(attempt, backoff), signal);
        attempt += 1;
      }
    }
  }

  /** True when the same batch is to be sent again. */
  async function refused(lease: Lease, error: ClientError, attempt: number): Promise<boolean> {
    const { class: kind, why } = classify(error);
    const about = { jobId: lease.jobId, attempt: lease.attempt, error: error.message };
    switch (kind === "contested" && attempt >= CONTESTED_TRIES ? "bug" : kind) {
      case "contested":
      case "retryable":
        if (attempt === 0) log.warn(about, `facts wait: ${why}`);
        return true;
      case "lease_lost":
        log.warn(about, "the lease is lost; its facts are dropped");
        deps.onLost(lease); // first: whoever waits for the facts shall find the job's signal fired
        await outbox.drop(lease);
        return false;
      case "bug": {
        deps.onRejected(lease, error.message);
        const file = await outbox.reject(lease);
        log.error({ ...about, file }, `the control centre refuses these facts for good: ${why}`);
        return false;
      }
      case "fatal":
        deps.onFatal(`${why} (${error.message})`);
        return false;
    }
  }

  return {
    nudge: bell.ring,
    async run(signal) {
      outbox.onReady((lease) => {
        if (!signal.aborted) void start(lease, signal);
      });
      // What an earlier process left, one after the other: it must not crowd out the running jobs.
      for (const lease of outbox.pending()) await start(lease, signal);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.all(active.values());
    },
  };
}
