// Sentences along model servers that fail: who understood them in the end. The rules are the last, and never fail.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answers, answersJson, type Behaviour, status } from "../../../helpers/model-servers/behaviour.ts";
import { CALL, DRAFT, type Pair, startPair, told } from "./router-support.ts";
import { HTTP_KINDS, type HttpKind, UNENDING } from "./support.ts";

const BOUND_MS = 400; // of a first backend that does not answer
const FAILURES: [string, Behaviour, string[]][] = [
  ["hangs", { kind: "hang" }, ["first timeout"]],
  ["stops in the middle", { kind: "hang-after", pieces: ['{"action":'] }, ["first timeout"]],
  ["asks to be left alone", status(429, { "retry-after": "60" }), ["first rate_limited"]],
  ["answers 500", status(500), ["first overloaded", "first overloaded"]],
  ["cuts the connection in the middle", { kind: "cut", pieces: ['{"action":'] }, ["first cut", "first cut"]],
  ["sends an error line with status 200", { kind: "error-line", pieces: ["{"], error: "boom" }, ["first overloaded", "first overloaded"]],
  ["sends something malformed", { kind: "malformed", pieces: ["{"] }, ["first invalid"]],
  ["sends a web page", { kind: "html" }, ["first invalid"]],
  ["answers with prose", answers("Sure, I can do that for you."), ["first invalid"]],
  ["answers JSON of another shape", answersJson({ action: "explode" }), ["first invalid"]],
];

const KINDS: HttpKind[] = [...HTTP_KINDS, "headless"];

describe.each(KINDS)("a sentence whose first backend is %s", (kind) => {
  let pair: Pair;
  beforeEach(async () => {
    pair = await startPair(kind);
    pair.second.behave(answersJson(DRAFT));
  });
  afterEach(() => pair.close());

  // A headless service does not stream: an error where its JSON should go on makes it no JSON.
  const failures = FAILURES.map(([title, behaviour, before]): (typeof FAILURES)[number] =>
    kind === "headless" && behaviour.kind === "error-line" ? [title, behaviour, ["first invalid"]] : [title, behaviour, before],
  );

  test.each(failures)("that %s is understood by the second", async (_, behaviour, before) => {
    const service = await pair.service(before[0] === "first timeout" ? { firstWithinMs: BOUND_MS } : {});
    pair.first.behave(behaviour);
    const { status: said, intent, metadata } = await service.understandCall(CALL, UNENDING);
    expect([said, intent.action, intent.targetSites, intent.requirements]).toEqual([
      ...["success", "deploy", ["edge1"]],
      { downlinkMbps: 200, latencyMs: 20 },
    ]);
    expect(told(metadata.served?.attempts)).toEqual([...before, "second answered"]);
    expect(metadata).toMatchObject({ provider: "second", fallback: true, cached: false });
    if (before[0] === "first timeout") expect(await pair.first.of("chat")[0]?.ended).toBe("client");
  });

  test("that nobody else understands either is understood by the rules", async () => {
    const service = await pair.service();
    pair.first.behave(status(401));
    pair.second.behave({ kind: "html" });
    const { status: said, metadata } = await service.understandCall(CALL, UNENDING);
    expect([said, told(metadata.served?.attempts)]).toEqual(["success", ["first unauthenticated", "second invalid", "rules answered"]]);
    expect(metadata).toMatchObject({ provider: "rules", fallback: true });
  });

  if (kind === "headless") return; // it takes no prompt and tells no tokens

  test("that answers is asked with the schema, and tells its tokens and that its cost is not known", async () => {
    const service = await pair.service();
    pair.first.behave(answersJson(DRAFT));
    const { metadata } = await service.understandCall(CALL, UNENDING);
    expect(metadata.served).toMatchObject({
      ...{
        provider: "first",
        usage: { promptTokens: 12, cachedTokens: null, completionTokens: 3 },
        cost: { usd: null, source: "unknown" },
      },
    });
    expect(told(metadata.served?.attempts)).toEqual(["first answered"]);
    const { format, response_format: response } = pair.first.of("chat")[0]?.body ?? {};
    expect(JSON.stringify(format ?? response)).toContain('"downlinkMbps"');
    expect(pair.second.of("chat")).toEqual([]);
  });
});
