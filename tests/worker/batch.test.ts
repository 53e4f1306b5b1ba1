// POST /api/v1/intent/batch: each entry on its own, in order, a bounded number at once.
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { UnderstandBatchAnswer } from "../../protocol/api.ts";
import { answering, greeted } from "../party/answerer.ts";
import { call, createWorld, refusal, SENTENCE, type World } from "./harness.ts";

const post = (world: World, body: unknown) => call("POST", "/api/v1/intent/batch", { token: world.operate, body });

/** One word for each result: its status, or the code of its error. */
function words({ results }: UnderstandBatchAnswer): string[] {
  return results.map((result) => ("error" in result ? result.error.code : result.status));
}

test("results come in the order of the entries, and a bad entry has its error in its place", async () => {
  const world = await createWorld();
  const entries = [
    { text: SENTENCE },
    { text: "" },
    { text: "deploy a slice on edge1" },
    "not an object",
    { text: SENTENCE, target_sites: ["atlantis"] },
    { text: SENTENCE, colour: "red" },
    { text: "hello there" },
    { text: SENTENCE },
  ];
  const answer = await post(world, entries);
  const batch = answer.as(UnderstandBatchAnswer);
  expect([batch.total, batch.successful, words(batch)]).toEqual([
    8,
    2,
    ["success", "VALIDATION", "clarification_needed", "VALIDATION", "UNKNOWN_SITE", "VALIDATION", "rejected", "success"],
  ]);
  const requestId = answer.headers.get("x-request-id");
  expect(batch.results[5]).toEqual({
    error: {
      code: "VALIDATION",
      message: expect.stringContaining("colour"),
      requestId,
      details: [{ field: "colour", message: expect.any(String) }],
    },
  });
});

test("100 entries of the longest text are taken, 101 or none or no list are not", async () => {
  const world = await createWorld();
  const text = `${SENTENCE} ${"界".repeat(4_000)}`.slice(0, 4_000);
  const full = (
    await post(
      world,
      Array.from({ length: 100 }, () => ({ text })),
    )
  ).as(UnderstandBatchAnswer);
  expect([full.total, full.results.length]).toEqual([100, 100]);
  const escaped = `[${Array.from({ length: 100 }, () => `{"text":"${"\\u754c".repeat(4_000)}"}`).join()}]`; // as some clients write it
  const headers = { "content-type": "application/json" };
  expect((await call("POST", "/api/v1/intent/batch", { token: world.read, raw: escaped, headers })).status).toBe(200);
  const refused = { status: 400, code: "VALIDATION", fields: ["body"] };
  expect(
    refusal(
      await post(
        world,
        Array.from({ length: 101 }, () => ({ text: SENTENCE })),
      ),
    ),
  ).toEqual(refused);
  expect(refusal(await post(world, []))).toEqual(refused);
  expect(refusal(await post(world, { text: SENTENCE }))).toEqual(refused);
  const tooLong = await call("POST", "/api/v1/intent/batch", {
    token: world.read,
    raw: `["${"x".repeat(4 * 1024 * 1024)}"]`,
    headers: { "content-type": "application/json" },
  });
  expect(refusal(tooLong)).toEqual({ status: 413, code: "PAYLOAD_TOO_LARGE" });
});

test("an agent is asked for each good entry, at most eight at once, and one failure does not spoil the others", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  let [open, most, seen] = [0, 0, 0];
  answering(socket, ({ callId, request }) => {
    if (request.kind !== "understand") throw new Error("another question");
    open += 1;
    seen += 1;
    most = Math.max(most, open);
    const fails = seen === 5;
    const understanding = understand({ ...request.input, now: new Date() });
    queueMicrotask(() => {
      open -= 1;
      if (fails) socket.send({ type: "call.failed", callId, failure: { code: "PROVIDER_FAILED", message: "slow", attempts: [] } });
      else socket.send({ type: "call.end", callId, result: { kind: "understand", understanding } });
    });
  });
  const entries = Array.from({ length: 30 }, (_, index) => (index === 3 ? { text: 7 } : { text: SENTENCE }));
  const batch = (await post(world, entries)).as(UnderstandBatchAnswer);
  const fallbacks = batch.results.filter((result) => "metadata" in result && result.metadata.fallback);
  expect([batch.total, batch.successful, seen, fallbacks.length, most <= 8]).toEqual([30, 29, 29, 1, true]);
  expect(words(batch)[3]).toBe("VALIDATION");
});

test("an agent that takes too long is not asked for the rest of a batch", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  answering(socket, ({ callId }) =>
    socket.send({ type: "call.failed", callId, failure: { code: "TIMEOUT", message: "slow", attempts: [] } }),
  );
  const batch = (
    await post(
      world,
      Array.from({ length: 100 }, () => ({ text: SENTENCE })),
    )
  ).as(UnderstandBatchAnswer);
  expect([batch.successful, socket.of("call").length <= 8]).toEqual([100, true]);
});
