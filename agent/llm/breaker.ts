// A circuit breaker of one backend: after too many failures it is left alone for a while, then exactly one question tries it. Its state and
// times are told to people, and a backend may say itself how long to stay away; no library gives both.
import type { BreakerState, ProviderFailureKind } from "../../protocol/llm.ts";
import type { ProviderFailure } from "./port.ts";

export interface BreakerBounds {
  threshold: number; // failures in a row
  openMs: number; // the first time; doubled by every probe that fails
  maxOpenMs: number;
  maxToldMs: number; // of what a backend asks for itself
}

export const DEFAULT_BREAKER: BreakerBounds = {
  threshold: 3, // one may be an accident, two a bad moment
  openMs: 15_000, // half of the time between two looks at all backends
  maxOpenMs: 300_000, // who comes back is asked within five minutes
  maxToldMs: 3_600_000, // an hour; a longer Retry-After is asked about again
};

/** Says nothing about the backend's health: the question was wrong, our own queue is full, or nobody waits. */
const NOT_ITS_FAULT = new Set<ProviderFailureKind>(["refused", "busy", "cancelled", "breaker_open", "offline"]);
/** The next question would meet the same, or wait as long for nothing. */
const AT_ONCE = new Set<ProviderFailureKind>(["unauthenticated", "timeout"]);

/** Leave to ask once. Exactly one of its ends is called. */
export interface Permit {
  succeeded(): void;
  failed(failure: ProviderFailure): void;
}

export interface Breaker {
  /** Null: not now. `early`: a person asks for this very backend; then only the time that it named itself is kept. */
  acquire(early?: boolean): Permit | null;
  view(): { state: BreakerState; failures: number; retryAtMs: number | null };
}

export function createBreaker(now: () => number, bounds: BreakerBounds = DEFAULT_BREAKER): Breaker {
  let failures = 0; // in a row
  let opened: { untilMs: number; forMs: number; told: boolean } | null = null;
  let probing: Permit | null = null;

  function open(failure: ProviderFailure): void {
    const told = failure.retryAfterMs;
    const forMs = opened === null ? bounds.openMs : Math.min(opened.forMs * 2, bounds.maxOpenMs);
    const waitMs = told === undefined ? forMs : Math.min(Math.max(told, 0), bounds.maxToldMs);
    opened = { untilMs: now() + waitMs, forMs, told: told !== undefined };
  }

  function permit(isProbe: boolean): Permit {
    const settle = (): boolean => {
      const mine = !isProbe || probing === given;
      if (isProbe && mine) probing = null;
      return mine;
    };
    const given: Permit = {
      succeeded() {
        if (!settle()) return;
        failures = 0;
        if (!isProbe && opened?.told === true && now() < opened.untilMs) return; // begun before it asked to be left alone
        opened = null;
      },
      failed(failure) {
        if (!settle() || NOT_ITS_FAULT.has(failure.kind)) return;
        failures += 1;
        if (!isProbe && opened !== null && failure.retryAfterMs === undefined) return; // asked before it opened: nothing new
        if (isProbe || failures >= bounds.threshold || AT_ONCE.has(failure.kind) || failure.retryAfterMs !== undefined) open(failure);
      },
    };
    return given;
  }

  return {
    acquire(early = false) {
      if (opened === null) return permit(false);
      if (probing !== null) return null;
      if (now() < opened.untilMs && (!early || opened.told)) return null;
      probing = permit(true);
      return probing;
    },
    view() {
      if (opened === null) return { state: "closed", failures, retryAtMs: null };
      const state = probing !== null || now() >= opened.untilMs ? "half-open" : "open";
      return { state, failures, retryAtMs: opened.untilMs };
    },
  };
}
