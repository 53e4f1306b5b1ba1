// What single lines of the CLI mean, also those that a version which is not at hand prints.
import { expect, test } from "vitest";
import { parseEvent, type StreamEvent } from "../../../../agent/llm/claude/events.ts";
import { costOf, judge, retryFailure, usageOf } from "../../../../agent/llm/claude/outcome.ts";
import { createTextChannel, createTextFlow } from "../../../../agent/llm/claude/text.ts";

function result(more: object = {}) {
  const event = parseEvent(JSON.stringify({ type: "result", subtype: "success", is_error: false, session_id: "s", num_turns: 1, ...more }));
  if (event?.type !== "result") throw new Error("not a result");
  return event;
}

test("an event without a meaning for us is passed over, and a line that is none is noticed", () => {
  expect(parseEvent('{"type":"rate_limit_event","rate_limit_info":{}}')).toBeNull();
  expect(parseEvent('{"type":"assistant","message":{}}')).toBeNull();
  for (const line of ["Welcome!", '"text"', "[]", "{}", '{"type":"result"}', '{"type":"res']) expect(parseEvent(line)).toBeUndefined();
});

test("a result without figures has none: they are not known, not 0", () => {
  const bare = result();
  expect(usageOf(bare)).toBeNull();
  expect(costOf(bare, 0.5)).toEqual({ usd: null, source: "unknown" });
  expect(usageOf(result({ usage: { input_tokens: 3, output_tokens: 4 } }))).toEqual({
    promptTokens: 3,
    cachedTokens: 0,
    completionTokens: 4,
  });
});

test("a version that tells only the total is charged the difference", () => {
  expect(costOf(result({ total_cost_usd: 0.75 }), 0.5)).toEqual({ usd: 0.25, source: "provider" });
  expect(costOf(result({ total_cost_usd: 0 }), 0.5)).toEqual({ usd: 0, source: "provider" }); // forgotten in between
});

test("is_error decides, whatever the subtype says", () => {
  expect(judge(result({ subtype: "error_max_turns" }))).toMatchObject({ ok: true });
  const failures = [
    [{ api_error_status: 529 }, "overloaded"],
    [{ api_error_status: 413 }, "refused"],
    [{ stop_reason: "refusal", result: "API Error: …" }, "refused"],
    [{ result: "Not logged in · Please run /login" }, "unauthenticated"],
    [{ result: "Request timed out. If the API is slow …" }, "timeout"],
    [{ result: "API Error: Connection refused (ECONNREFUSED)" }, "unreachable"],
    [{ result: "API Error: Connection to the API was lost (ECONNRESET)" }, "cut"],
    [{ result: "API Error: JSON Parse error: Expected '}'" }, "invalid"],
    [{ subtype: "error_max_structured_output_retries" }, "invalid"],
    [{ result: "something new" }, "invalid"],
  ] as const;
  for (const [more, kind] of failures) expect(judge(result({ is_error: true, ...more }))).toMatchObject({ ok: false, error: { kind } });
});

test("a text that the CLI took as a command of its own is no answer", () => {
  const invalid = { ok: false, error: { kind: "invalid", message: "claude took the text as a command of its own" } };
  expect(judge(result({ local_command: "model" }))).toEqual(invalid);
  expect(judge(result({ num_turns: 0, result: "/model isn't available in this environment." }))).toEqual(invalid);
});

test("only a pause that the API asked for is handed on; a broken connection is left to the CLI's one retry", () => {
  const retry = (error_status: number | null, retry_delay_ms: number) =>
    retryFailure({ type: "system", subtype: "api_retry", error_status, retry_delay_ms });
  expect(retry(429, 550)).toEqual({ kind: "rate_limited", message: "the API answered 429" });
  expect(retry(529, 3_613)).toEqual({ kind: "overloaded", message: "the API answered 529", retryAfterMs: 3_613 });
  expect(retry(null, 550)).toBeNull();
});

const part = (type: string, text?: string): StreamEvent => ({
  ...{ type: "stream_event", parent_tool_use_id: null },
  event: { type, delta: text === undefined ? undefined : { type: "text_delta", text } },
});

test("an answer that begins again after its beginning was shown is cut, one that goes on is not", () => {
  const shown: string[] = [];
  const goesOn = createTextFlow((text) => shown.push(text));
  const steps = [part("message_start"), part("content_block_delta", "a"), part("message_stop"), part("message_start")];
  expect(steps.map((step) => goesOn.take(step))).toEqual([null, null, null, null]);
  expect(goesOn.take(part("content_block_delta", "b"))).toBeNull();
  expect(goesOn.take(part("message_start"))).toMatchObject({ kind: "cut" });
  expect(goesOn.end(result())).toMatchObject({ ok: false, error: { kind: "cut" } });
  expect(shown).toEqual(["a", "b"]);
});

test("an answer that came in one piece is shown at its end, an endless one is stopped", () => {
  const shown: string[] = [];
  expect(createTextFlow((text) => shown.push(text)).end(result({ result: "whole" }))).toMatchObject({ ok: true });
  expect(shown).toEqual(["whole"]);
  const endless = createTextFlow(() => {});
  expect(endless.take(part("content_block_delta", "x".repeat(400_001)))).toMatchObject({ kind: "invalid" });
});

test("text waits for a slow reader in order and in pieces that can be passed on", async () => {
  const channel = createTextChannel();
  channel.push("a");
  channel.push("b".repeat(20_000));
  const read: string[] = [];
  for await (const piece of channel.read()) {
    read.push(piece);
    if (read.length === 1) channel.push("c");
    if (read.length === 4) channel.close();
  }
  expect(read.map((piece) => piece.length)).toEqual([1, 16_384, 3_616, 1]);
});
