// When to try again, and what an error of the control centre means. Pure; the loops act on it.
import type { ErrorCode } from "../protocol/errors.ts";
import type { ClientError } from "./worker-client.ts";

export interface Backoff {
  baseMs: number;
  capMs: number;
  random: () => number; // 0 ≤ x < 1
}

const MAX_EXPONENT = 30; // 2^30 times any base is over every cap; more would overflow

/** Full jitter: anything between 0 and the doubled base, so that a thousand agents do not come back in step. */
export function backoffMs(attempt: number, { baseMs, capMs, random }: Backoff): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(attempt, 0), MAX_EXPONENT));
  return Math.round(random() * ceiling);
}

/**
 * fatal: the agent stops, a person has to act. lease_lost: this job is somebody else's now.
 * retryable: the same request may be right later. contested: it may be right at the next try or never; try a few times.
 * bug: the same request will never be right.
 */
export type ErrorClass = "fatal" | "lease_lost" | "retryable" | "contested" | "bug";

interface Classified {
  class: ErrorClass;
  why: string;
}

const BY_CODE: Record<ErrorCode, Classified> = {
  UNAUTHENTICATED: { class: "fatal", why: "the credential is unknown, expired or revoked; enrol this agent again" },
  FORBIDDEN: { class: "fatal", why: "the credential may not act as an agent; enrol this agent again" },
  PROTOCOL_TOO_OLD: { class: "fatal", why: "this agent speaks a protocol that is no longer served; install a newer version" },
  INSTANCE_REPLACED: { class: "fatal", why: "a newer instance of the same agent is alive; only one may run" },
  LEASE_LOST: { class: "lease_lost", why: "the job was taken by another attempt" },
  RATE_LIMITED: { class: "retryable", why: "too many requests in this window" },
  QUEUE_FULL: { class: "retryable", why: "the queue empties with time" },
  NO_AGENT: { class: "bug", why: "never sent to an agent" },
  UPSTREAM_FAILED: { class: "bug", why: "never sent to an agent" },
  UPSTREAM_TIMEOUT: { class: "bug", why: "never sent to an agent" },
  INTERNAL: { class: "retryable", why: "a fault over there, mostly passing; everything we send can be sent twice" },
  VALIDATION: { class: "bug", why: "the body does not fit the schema and will not fit later" },
  PAYLOAD_TOO_LARGE: { class: "bug", why: "batches are cut below the limit, so one of us counts wrongly" },
  METHOD_NOT_ALLOWED: { class: "bug", why: "an agent uses only the methods of the protocol" },
  UNSUPPORTED_MEDIA_TYPE: { class: "bug", why: "we always send JSON" },
  NOT_FOUND: { class: "bug", why: "an agent names only routes and jobs it was given" },
  CONFLICT: { class: "contested", why: "the state of the job moved at the same moment, or does not allow what its owner says" },
  UNKNOWN_SITE: { class: "bug", why: "facts name only sites of the job" },
  SUPERSEDED: { class: "bug", why: "never sent to an agent" },
  DIGEST_MISMATCH: { class: "bug", why: "never sent to an agent" },
  IDEMPOTENCY_MISMATCH: { class: "bug", why: "never sent to an agent" },
};

/** The one classifier of what the client returns. An answer that is not ours (a proxy's page) says nothing about us: retry. */
export function classify(error: ClientError): Classified {
  switch (error.kind) {
    case "api":
      return BY_CODE[error.code];
    case "network":
      return { class: "retryable", why: "the control centre cannot be reached" };
    case "timeout":
      return { class: "retryable", why: "the control centre did not answer in time" };
    case "invalid":
      return { class: "retryable", why: "the answer is not the control centre's" };
  }
}

/** Resolves after `ms`, or at once when the signal fires; the caller looks at the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** Wakes whoever waits. A ring while nobody waits is kept for the next one, so no nudge is lost between two looks. */
export interface Bell {
  ring(): void;
  /** Resolves at the ring, after `ms`, or when the signal fires. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createBell(): Bell {
  const waiting = new Set<AbortController>();
  let rung = false;
  return {
    ring() {
      rung = waiting.size === 0;
      for (const waiter of waiting) waiter.abort();
    },
    async wait(ms, signal) {
      if (rung || signal.aborted) {
        rung = false;
        return;
      }
      const waiter = new AbortController();
      const onAbort = (): void => waiter.abort();
      signal.addEventListener("abort", onAbort);
      waiting.add(waiter);
      await pause(ms, waiter.signal);
      waiting.delete(waiter);
      signal.removeEventListener("abort", onAbort);
    },
  };
}
