// Keeps one job's lease alive while it runs, and stops the job when the lease cannot be kept.
import type { Lease } from "../protocol/job.ts";
import type { Log } from "./log.ts";
import { backoffMs, classify, pause } from "./retry.ts";
import type { WorkerClient } from "./worker-client.ts";

export type StopReason = "cancelled" | "lease_lost" | "report_rejected" | "shutdown";

/** The reason of a job's AbortSignal. */
export class JobStopped extends Error {
  override name = "JobStopped";
  readonly reason: StopReason;
  constructor(reason: StopReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Why a job's signal fired; null while it has not. */
export function stopReason(signal: AbortSignal): StopReason | null {
  if (!signal.aborted) return null;
  return signal.reason instanceof JobStopped ? signal.reason.reason : "shutdown";
}

// The work must be dead, grace included, before the server may give the job away.
const FENCE_SHARE = 0.1;
const FENCE_MAX_MS = 2_000;
const RETRY = { baseMs: 250, capMs: 2_000, random: Math.random };

export interface KeepLease {
  lease: Lease;
  leaseMs: number;
  claimedAt: number; // performance.now() before the claim was sent: the server's lease cannot have begun earlier
  extendMs: () => number;
  client: Pick<WorkerClient, "extend">;
  log: Log;
  onCancel: () => void; // may be called more than once
  onLost: (message: string) => void;
}

/** Runs until the signal fires or the lease is lost. Fences on this machine's own clock: silence of the server counts as loss. */
export async function keepLease(keep: KeepLease, signal: AbortSignal): Promise<void> {
  const { lease, client, log } = keep;
  const given = new AbortController();
  const giveUp = (): void => given.abort();
  signal.addEventListener("abort", giveUp);
  if (signal.aborted) giveUp();
  let fence: NodeJS.Timeout | undefined;
  const lost = (message: string): void => {
    if (given.signal.aborted) return;
    given.abort();
    keep.onLost(message);
  };
  // Monotonic time: a clock that is set back must not lengthen a lease.
  const fenceFrom = (start: number, leaseMs: number): void => {
    clearTimeout(fence);
    const end = start + leaseMs - Math.min(FENCE_MAX_MS, leaseMs * FENCE_SHARE);
    fence = setTimeout(() => lost("the lease ran out before it could be extended"), Math.max(0, end - performance.now()));
  };
  fenceFrom(keep.claimedAt, keep.leaseMs);
  let waitMs = keep.extendMs();
  for (let failures = 0; ; ) {
    await pause(waitMs, given.signal);
    if (given.signal.aborted) break;
    const start = performance.now();
    const answer = await client.extend({ lease }, { signal: given.signal, timeoutMs: Math.max(keep.extendMs(), 1_000) });
    if (given.signal.aborted) break;
    if (answer.ok) {
      failures = 0;
      waitMs = keep.extendMs();
      fenceFrom(start, answer.value.leaseMs);
      if (answer.value.cancelRequested) keep.onCancel();
      continue;
    }
    const { class: kind, why } = classify(answer.error);
    if (kind === "lease_lost" || kind === "fatal") {
      lost(why); // fatal: this agent has no say any more; the heartbeat stops it, the work stops here
      break;
    }
    if (failures === 0) log.warn({ jobId: lease.jobId, error: answer.error.message }, "the lease cannot be extended at the moment");
    waitMs = backoffMs(failures, RETRY);
    failures += 1;
  }
  clearTimeout(fence);
  signal.removeEventListener("abort", giveUp);
}
