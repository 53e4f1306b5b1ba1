import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs, classify, createBell, pause } from "../../../agent/retry.ts";
import { ErrorCode, httpStatus } from "../../../protocol/errors.ts";

const api = (code: ErrorCode) => ({ kind: "api" as const, code, status: httpStatus(code), message: "" });

test("the backoff lies between 0 and the doubled base, and never over the cap", () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, x) => {
      const ms = backoffMs(attempt, { baseMs: 200, capMs: 5_000, random: () => x });
      return ms >= 0 && ms <= Math.min(5_000, 200 * 2 ** attempt);
    }),
  );
  expect([0, 1, 2, 3, 10].map((attempt) => backoffMs(attempt, { baseMs: 200, capMs: 5_000, random: () => 1 }))).toEqual([
    200, 400, 800, 1600, 5000,
  ]);
});

test("every error code has one class", () => {
  const byClass = Object.groupBy(ErrorCode.options, (code) => classify(api(code)).class);
  expect(byClass).toEqual({
    fatal: ["UNAUTHENTICATED", "FORBIDDEN", "INSTANCE_REPLACED", "PROTOCOL_TOO_OLD"],
    lease_lost: ["LEASE_LOST"],
    retryable: ["RATE_LIMITED", "QUEUE_FULL", "INTERNAL"],
    contested: ["CONFLICT"],
    bug: expect.arrayContaining(["VALIDATION", "NOT_FOUND", "PAYLOAD_TOO_LARGE"]),
  });
});

test("silence and answers of somebody else are retried", () => {
  const kinds = (["network", "timeout", "invalid"] as const).map((kind) => classify({ kind, message: "" }).class);
  expect(kinds).toEqual(["retryable", "retryable", "retryable"]);
});

test("a pause and a bell end at once when the signal fires, and a ring is not lost", async () => {
  const controller = new AbortController();
  const bell = createBell();
  const waits = [pause(60_000, controller.signal), bell.wait(60_000, controller.signal)];
  controller.abort();
  await Promise.all(waits);
  const live = new AbortController().signal;
  bell.ring();
  await bell.wait(60_000, live);
  const two = [bell.wait(60_000, live), bell.wait(60_000, live)];
  bell.ring();
  await Promise.all(two);
});
