// The real router before model servers that really fail: who answers in the end, after which attempts, in which time, at which cost.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers, type Behaviour, status } from "../../../helpers/model-servers/behaviour.ts";
import { type Pair, startPair, talk, told } from "./router-support.ts";
import { eventually, HTTP_KINDS } from "./support.ts";

const BOUND_MS = 400; // of a first backend that does not answer
const SLACK_MS = 10_000; // of a machine that does other things as well; the bounds that must not be met are longer
const SECOND = { yielded: ["I", " am second"], failure: null };
const USAGE = { promptTokens: 12, cachedTokens: null, completionTokens: 3 };
const UNKNOWN = { usd: null, source: "unknown" };

const BEFORE: [string, Behaviour, string[]][] = [
  ["hangs", { kind: "hang" }, ["first timeout"]],
  ["says its first token too late", { kind: "slow", firstAfterMs: BOUND_MS * 3, pieces: ["late"] }, ["first timeout"]],
  ["answers 429 without a time", status(429), ["first rate_limited"]],
  ["answers 429 with a time that is too long to wait", status(429, { "retry-after": "7" }), ["first rate_limited"]],
  ["answers 429 with a time that is not", status(429, { "retry-after": "0" }), ["first rate_limited", "first rate_limited"]],
  ["answers 500", status(500), ["first overloaded", "first overloaded"]],
  ["answers 401", status(401), ["first unauthenticated"]],
  ["answers 413", status(413), ["first refused"]],
  ["cuts the connection", { kind: "cut", pieces: [] }, ["first cut", "first cut"]],
  ["ends without an end", { kind: "no-end", pieces: [] }, ["first cut", "first cut"]],
  ["sends an error line with status 200", { kind: "error-line", pieces: [], error: "boom" }, ["first overloaded", "first overloaded"]],
  ["sends something malformed", { kind: "malformed", pieces: [] }, ["first invalid"]],
  ["sends a web page", { kind: "html" }, ["first invalid"]],
  ["sends a line without an end", { kind: "huge-line", chars: 1_100_000 }, ["first invalid"]],
];

const AFTER: [string, Behaviour, string][] = [
  ["hangs", { kind: "hang-after", pieces: ["Hel"] }, "timeout"],
  ["cuts the connection", { kind: "cut", pieces: ["Hel"] }, "cut"],
  ["ends without an end", { kind: "no-end", pieces: ["Hel"] }, "cut"],
  ["sends an error line with status 200", { kind: "error-line", pieces: ["Hel"], error: "boom" }, "overloaded"],
  ["sends something malformed", { kind: "malformed", pieces: ["Hel"] }, "invalid"],
];

describe.each(HTTP_KINDS)("a chat whose first backend is %s", (kind) => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await startPair(kind);
    pair.second.behave(answers("I", " am second"));
  });
  afterEach(() => pair.close());

  test.each(BEFORE)("that %s is answered by the second, which says so", async (_, behaviour, before) => {
    const waits = before[0] === "first timeout";
    const service = await pair.service(waits ? { firstWithinMs: BOUND_MS } : {});
    pair.first.behave(behaviour);
    const { outcome, ...said } = await talk(service);
    expect(said).toEqual(SECOND);
    expect(told(outcome?.served.attempts)).toEqual([...before, "second answered"]);
    expect(outcome).toMatchObject({
      finishReason: "stop",
      served: { provider: "second", model: "fake-model", usage: USAGE, cost: UNKNOWN },
    });
    const tookMs = outcome?.served.attempts[0]?.durationMs ?? Number.POSITIVE_INFINITY;
    expect(tookMs).toBeLessThan(BOUND_MS + SLACK_MS);
    if (waits) expect(tookMs).toBeGreaterThan(BOUND_MS * 0.9);
    if (waits) expect(await pair.first.of("chat")[0]?.ended).toBe("client");
  });

  test("that is gone is answered by the second", async () => {
    const service = await pair.service();
    await pair.first.refuse();
    const { outcome, ...said } = await talk(service);
    expect([said, told(outcome?.served.attempts)]).toEqual([SECOND, ["first unreachable", "second answered"]]);
  });

  test("that fails once is asked once more", async () => {
    const service = await pair.service();
    pair.first.behaveOnce([status(503), answers("first again")]);
    const { outcome, yielded } = await talk(service);
    expect([yielded, told(outcome?.served.attempts)]).toEqual([["first again"], ["first overloaded", "first answered"]]);
    expect(pair.second.of("chat")).toEqual([]);
  });

  test.each(AFTER)("that %s after its first token is a failure that says so, and nobody else answers", async (_, behaviour, outcome) => {
    const chat = { totalMs: 20_000, firstTokenMs: 20_000, idleMs: BOUND_MS };
    const service = await pair.service(outcome === "timeout" ? { bounds: { chat } } : {});
    pair.first.behave(behaviour);
    const said = await talk(service);
    expect([said.yielded, said.outcome, said.failure?.code, told(said.failure?.attempts)]).toEqual([
      ["Hel"],
      null,
      "PROVIDER_FAILED",
      [`first ${outcome}`],
    ]);
    expect(said.failure?.message).toMatch(/^first failed after it had begun to answer: First /);
    expect(pair.second.of("chat")).toEqual([]);
  });

  test("that is cancelled asks nobody else and frees the first", async () => {
    const service = await pair.service();
    pair.first.behave({ kind: "hang" });
    const cancel = new AbortController();
    const said = talk(service, cancel.signal);
    await eventually(() => pair.first.of("chat").length > 0);
    cancel.abort();
    expect((await said).failure?.code).toBe("CANCELLED");
    expect(await pair.first.of("chat")[0]?.ended).toBe("client");
    expect(pair.second.of("chat")).toEqual([]);
  });

  test("what it cost is recorded of the one that answered, and is unknown of the one that failed", async () => {
    const service = await pair.service({ price: { promptPerMillionUsd: 2, completionPerMillionUsd: 10 } });
    pair.first.behave(status(401));
    const cost = { usd: (12 * 2 + 3 * 10) / 1_000_000, source: "table" };
    expect((await talk(service)).outcome?.served.cost).toEqual(cost);
    const [first, second] = service.integrations().map(({ stats: { recentMs, p50Ms, p95Ms, ...stats } }) => stats);
    const nothing = { promptTokens: 0, completionTokens: 0, costUsd: 0 };
    expect(first).toEqual({ calls: 1, failures: 1, ...nothing, unknownUsage: 1, unknownCost: 1 });
    expect(second).toEqual({
      calls: 1,
      failures: 0,
      promptTokens: 12,
      completionTokens: 3,
      costUsd: cost.usd,
      unknownUsage: 0,
      unknownCost: 0,
    });
  });

  test("tokens that nobody told are recorded as not known, also where a price is", async () => {
    pair.first.usageMode = "absent";
    const service = await pair.service({ price: { promptPerMillionUsd: 2, completionPerMillionUsd: 10 } });
    expect((await talk(service)).outcome?.served).toMatchObject({ provider: "first", usage: null, cost: UNKNOWN });
    expect(service.integrations()[0]?.stats).toMatchObject({ calls: 1, failures: 0, unknownUsage: 1, costUsd: 0, unknownCost: 1 });
  });

  test.each([
    ["seconds", { "retry-after": "7" }],
    ["a date", { date: "Sat, 21 Nov 2026 10:00:00 GMT", "retry-after": "Sat, 21 Nov 2026 10:00:07 GMT" }],
  ])("that asks to be left alone (%s) is not asked before that, and then is", async (_, headers) => {
    const service = await pair.service();
    pair.first.behaveOnce([status(429, headers)]);
    const breaker = () => service.integrations()[0]?.breaker;
    expect(told((await talk(service)).outcome?.served.attempts)).toEqual(["first rate_limited", "second answered"]);
    expect(breaker()).toEqual({ state: "open", failures: 1, retryAt: "2026-11-21T10:00:07.000Z" });
    pair.clock.ms += 6_999;
    expect(told((await talk(service)).outcome?.served.attempts)).toEqual(["first breaker_open", "second answered"]);
    expect(pair.first.of("chat").length).toBe(1);
    pair.clock.ms += 1;
    expect(told((await talk(service)).outcome?.served.attempts)).toEqual(["first answered"]);
    expect(breaker()).toEqual({ state: "closed", failures: 0, retryAt: null });
  });

  test("nobody left is a failure with everything that was tried, and when to try again", async () => {
    const service = await pair.service();
    pair.first.behave(status(429, { "retry-after": "30" }));
    pair.second.behave(status(429, { "retry-after": "7" }));
    const { failure } = await talk(service);
    expect([failure?.code, failure?.retryAfterSeconds, told(failure?.attempts)]).toEqual([
      "PROVIDER_FAILED",
      7,
      ["first rate_limited", "second rate_limited"],
    ]);
    expect(failure?.message).toBe(
      "no backend answered: first: First answered 429: the fake says 429; second: Second answered 429: the fake says 429",
    );
  });
});
