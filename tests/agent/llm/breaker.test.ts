import { expect, test } from "vitest";
import { createBreaker, DEFAULT_BREAKER } from "../../../agent/llm/breaker.ts";
import type { ProviderFailure } from "../../../agent/llm/port.ts";

const DOWN: ProviderFailure = { kind: "overloaded", message: "503" };
const { openMs, maxOpenMs, threshold } = DEFAULT_BREAKER;

function breakerAt(ms = 1_000) {
  const clock = { ms };
  const breaker = createBreaker(() => clock.ms);
  const fail = (failure = DOWN) => breaker.acquire()?.failed(failure);
  return { clock, breaker, fail };
}

test("it opens after failures in a row, and a success in between counts them anew", () => {
  const { breaker, fail } = breakerAt();
  for (let i = 1; i < threshold; i += 1) fail();
  breaker.acquire()?.succeeded();
  for (let i = 1; i < threshold; i += 1) fail();
  expect(breaker.view()).toEqual({ state: "closed", failures: threshold - 1, retryAtMs: null });
  fail();
  expect(breaker.view()).toEqual({ state: "open", failures: threshold, retryAtMs: 1_000 + openMs });
  expect(breaker.acquire()).toBeNull();
});

test("when its time is over exactly one question tries, and its success closes it", () => {
  const { clock, breaker, fail } = breakerAt();
  for (let i = 0; i < threshold; i += 1) fail();
  clock.ms += openMs;
  expect(breaker.view().state).toBe("half-open");
  const probe = breaker.acquire();
  expect([breaker.acquire(), breaker.acquire(true)]).toEqual([null, null]);
  probe?.succeeded();
  expect(breaker.view()).toEqual({ state: "closed", failures: 0, retryAtMs: null });
});

test("a try that fails opens it for twice as long, up to a limit", () => {
  const { clock, breaker, fail } = breakerAt();
  for (let i = 0; i < threshold; i += 1) fail();
  const waits: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    clock.ms = breaker.view().retryAtMs ?? 0;
    fail();
    waits.push((breaker.view().retryAtMs ?? 0) - clock.ms);
  }
  expect(waits).toEqual([2, 4, 8, 16, 20, 20].map((factor) => Math.min(factor * openMs, maxOpenMs)));
});

test("a try that nobody waits for any more leaves the next one free", () => {
  const { clock, breaker, fail } = breakerAt();
  for (let i = 0; i < threshold; i += 1) fail();
  clock.ms += openMs;
  breaker.acquire()?.failed({ kind: "cancelled", message: "" });
  expect(breaker.view().state).toBe("half-open");
  expect(breaker.acquire()).not.toBeNull();
});

test("how long to stay away is the backend's to say", () => {
  const { clock, breaker, fail } = breakerAt();
  fail({ kind: "rate_limited", message: "429", retryAfterMs: 7_000 });
  expect(breaker.view()).toEqual({ state: "open", failures: 1, retryAtMs: 8_000 });
  expect(breaker.acquire(true)).toBeNull(); // also for somebody who asks for this very one
  clock.ms = 8_000;
  expect(breaker.acquire()).not.toBeNull();
});

test("somebody who asks for this very backend need not wait for a time that is only ours", () => {
  const { breaker, fail } = breakerAt();
  for (let i = 0; i < threshold; i += 1) fail();
  expect(breaker.acquire()).toBeNull();
  breaker.acquire(true)?.succeeded();
  expect(breaker.view().state).toBe("closed");
});

test("a login that is missing opens it at once; a wrong question, a full queue and a cancelled call never do", () => {
  const { breaker, fail } = breakerAt();
  for (const kind of ["refused", "busy", "cancelled"] as const) for (let i = 0; i < 5; i += 1) fail({ kind, message: "" });
  expect(breaker.view()).toEqual({ state: "closed", failures: 0, retryAtMs: null });
  fail({ kind: "unauthenticated", message: "401" });
  expect(breaker.view().state).toBe("open");
});

test("failures of questions that were asked before it opened do not make it longer", () => {
  const { clock, breaker } = breakerAt();
  const permits = Array.from({ length: threshold + 2 }, () => breaker.acquire());
  for (const permit of permits) permit?.failed(DOWN);
  expect(breaker.view()).toEqual({ state: "open", failures: threshold + 2, retryAtMs: clock.ms + openMs });
});

test("an answer to a question that was asked before does not end the time that the backend asked for", () => {
  const { clock, breaker, fail } = breakerAt();
  const earlier = breaker.acquire();
  fail({ kind: "rate_limited", message: "429", retryAfterMs: 60_000 });
  earlier?.succeeded();
  expect(breaker.acquire()).toBeNull();
  clock.ms += 60_000;
  expect(breaker.acquire()).not.toBeNull();
});
