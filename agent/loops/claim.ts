// Claims jobs while there are free slots and runs them. What a job does is the run callback's business.
import type { Timings } from "../../protocol/agent.ts";
import type { ClaimedJob, Lease } from "../../protocol/job.ts";
import { JobStopped, keepLease, type StopReason } from "../lease-keeper.ts";
import type { Log } from "../log.ts";
import { type Backoff, backoffMs, classify, createBell, pause } from "../retry.ts";
import type { WorkerClient } from "../worker-client.ts";

const BACKOFF = { baseMs: 250, capMs: 5_000 };
const DEFAULT_EXTEND_MS = 5_000; // only until the first heartbeat, which comes before the first claim
const NO_TIMINGS_POLL_MS = 50; // a look at our own memory until the first heartbeat is accepted, no request
const POLL_JITTER = 0.2; // agents that were started together must not ask together

export interface ClaimDeps {
  client: Pick<WorkerClient, "claim" | "extend">;
  instanceId: string;
  slots: number;
  timings: () => Timings | null; // no claim before there are some
  connected: () => boolean; // the socket is up: poll slower
  /** Resolves when the job has ended, however it ended. The signal's reason is a JobStopped; it may have fired already. */
  run: (job: ClaimedJob, signal: AbortSignal) => Promise<void>;
  log: Log;
  onFatal: (message: string) => void;
  backoff?: Backoff;
}

export interface ClaimLoop {
  run(signal: AbortSignal): Promise<void>;
  /** Look now: a push came, the timings came, the server is back. */
  wake(): void;
  /** No more claims; resolves when the last running job has ended. */
  drain(): Promise<void>;
  /** Stops the job that runs under exactly this lease. */
  stop(lease: Lease, reason: StopReason, message: string): void;
  stopAll(reason: StopReason, message: string): void;
  /** The running jobs. */
  inflight(): Lease[];
}

export function createClaimLoop(deps: ClaimDeps): ClaimLoop {
  const { client, log } = deps;
  const backoff = deps.backoff ?? { ...BACKOFF, random: Math.random };
  const bell = createBell();
  const running = new Map<string, { lease: Lease; controller: AbortController }>();
  const idle: (() => void)[] = [];
  let draining = false;
  let claiming = false;

  function settleDrain(): void {
    if (draining && !claiming && running.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  function stop(lease: Lease, reason: StopReason, message: string): void {
    const job = running.get(lease.leaseId);
    if (job === undefined || job.controller.signal.aborted) return;
    log.warn({ jobId: lease.jobId, attempt: lease.attempt, reason }, message);
    job.controller.abort(new JobStopped(reason, message));
  }

  async function runJob(job: ClaimedJob, claimedAt: number): Promise<void> {
    const { lease } = job;
    const controller = new AbortController();
    running.set(lease.leaseId, { lease, controller });
    const ended = new AbortController(); // of the keeping: it goes on while a cancelled job cleans up and reports
    const kept = keepLease(
      {
        lease,
        leaseMs: job.leaseMs,
        claimedAt,
        extendMs: () => deps.timings()?.extendMs ?? DEFAULT_EXTEND_MS,
        client,
        log,
        onCancel: () => stop(lease, "cancelled", "a person cancelled the job"),
        onLost: (message) => stop(lease, "lease_lost", message),
      },
      ended.signal,
    );
    if (job.cancelRequested) stop(lease, "cancelled", "a person cancelled the job");
    try {
      await deps.run(job, controller.signal);
    } catch (cause) {
      log.error({ err: cause, jobId: lease.jobId }, "the job runner failed");
    } finally {
      ended.abort();
      await kept;
      running.delete(lease.leaseId);
      bell.ring();
      settleDrain();
    }
  }

  /** One claim. "again" when a job came, "idle" when there is none, or the wait after a failure; null ends the loop. */
  async function claimOne(signal: AbortSignal, failures: number): Promise<"again" | "idle" | "failed" | null> {
    const claimedAt = performance.now();
    claiming = true;
    const answer = await client.claim({ instanceId: deps.instanceId, slots: deps.slots }, { signal });
    claiming = false;
    if (answer.ok) {
      if (answer.value.job === null) return "idle";
      // Also while draining: the job is ours already, and giving it back would cost it a whole lease.
      void runJob(answer.value.job, claimedAt);
      return "again";
    }
    if (signal.aborted) return null;
    const { class: kind, why } = classify(answer.error);
    if (kind === "fatal") {
      deps.onFatal(`${why} (${answer.error.message})`);
      return null;
    }
    if (kind === "bug") log.error({ error: answer.error.message }, `the claim is refused: ${why}`);
    else if (failures === 0) log.warn({ error: answer.error.message }, `no claim: ${why}`);
    return "failed";
  }

  function pollMs(): number {
    const timings = deps.timings();
    if (timings === null) return NO_TIMINGS_POLL_MS;
    const base = deps.connected() ? timings.idlePollMs : timings.pollMs;
    return base * (1 - POLL_JITTER * backoff.random());
  }

  return {
    wake: bell.ring,
    stop,
    stopAll(reason, message) {
      for (const { lease } of running.values()) stop(lease, reason, message);
    },
    inflight: () => [...running.values()].map((job) => job.lease),
    drain() {
      draining = true;
      const done = new Promise<void>((resolve) => idle.push(resolve));
      bell.ring();
      settleDrain();
      return done;
    },
    async run(signal) {
      let failures = 0;
      while (!signal.aborted && !draining) {
        const free = deps.timings() !== null && running.size < deps.slots;
        const outcome = free ? await claimOne(signal, failures) : "idle";
        settleDrain();
        if (outcome === null) return;
        if (outcome === "again") failures = 0;
        else if (outcome === "idle") {
          failures = 0;
          await bell.wait(pollMs(), signal);
        } else {
          await pause(backoffMs(failures, backoff), signal);
          failures += 1;
        }
      }
    },
  };
}
