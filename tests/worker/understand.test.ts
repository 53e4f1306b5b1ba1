// POST /api/v1/intent: an agent is asked when one is connected; the worker's own rules answer whenever it does not.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import { UnderstandBatchAnswer } from "../../protocol/api.ts";
import type { CallResult } from "../../protocol/call.ts";
import { Understanding } from "../../protocol/intent.ts";
import { createDeps } from "../../worker/deps.ts";
import { understandOne } from "../../worker/services/understanding.ts";
import { seedStatements } from "../helpers/seed.ts";
import { answering, greeted, SERVED } from "../party/answerer.ts";
import type { TestSocket } from "../party/socket.ts";
import { counted } from "./counted.ts";
import { call, callWith, createWorld, refusal, request, rows, SENTENCE, type World } from "./harness.ts";
import { deployed } from "./story.ts";

const post = (world: World, body: unknown) => call("POST", "/api/v1/intent", { token: world.operate, body });

/** What a model of this agent would make of the sentence. */
function understoodBy(socket: TestSocket, provider = "ollama"): void {
  answering(socket, ({ callId, request }) => {
    if (request.kind !== "understand") throw new Error("another question");
    const own = understand({ ...request.input, now: new Date() });
    const understanding = { ...own, metadata: { ...own.metadata, provider, served: SERVED } };
    socket.send({ type: "call.end", callId, result: { kind: "understand", understanding } });
  });
}

test("a connected agent answers, and is told the sites and the live slices", async () => {
  const world = await createWorld({ sites: 2 });
  await deployed(world);
  const socket = await greeted(world.agent);
  understoodBy(socket);
  const answer = (await post(world, { text: SENTENCE, target_sites: ["Edge 2"], context: { channel: "ops" } })).as(Understanding);
  expect(answer.metadata).toMatchObject({ provider: "ollama", fallback: false, served: SERVED });
  expect(answer.intent.targetSites).toEqual(["edge2"]);
  const { request, timeoutMs } = await socket.nth("call");
  expect([timeoutMs, request]).toEqual([
    20_000,
    {
      kind: "understand",
      input: {
        ...{ intentId: answer.intent.intentId, text: SENTENCE, context: { channel: "ops" }, targetSites: ["edge2"], answers: null },
        sites: [
          { id: "edge1", aliases: [] },
          { id: "edge2", aliases: [] },
        ],
        slices: [expect.stringMatching(/^embb-/)],
      },
      only: null,
    },
  ]);
});

test("what is known of the slices is their names, and no more is read for it", async () => {
  const world = await createWorld({ sites: 2 });
  for (const statement of seedStatements({ intents: 200, slices: 200, sites: 2 })) await rows(statement);
  const { db, read } = counted();
  const body = { token: world.read, body: { text: SENTENCE } };
  expect((await callWith({ DB: db }, request("POST", "/api/v1/intent", body))).status).toBe(200);
  expect(read()).toBeLessThanOrEqual(2 * 200 + 20);
});

test("with no agent connected the rules of the worker answer, without a warning", async () => {
  const world = await createWorld();
  const { status, warnings, metadata } = (await post(world, { text: SENTENCE })).as(Understanding);
  expect([status, warnings, metadata.provider, metadata.fallback]).toEqual(["success", [], "rules", true]);
});

const FAILING: [string, (socket: TestSocket, callId: string) => void, string][] = [
  [
    "says that all its models failed",
    (socket, callId) =>
      socket.send({ type: "call.failed", callId, failure: { code: "PROVIDER_FAILED", message: "all failed", attempts: [] } }),
    "all failed",
  ],
  ["goes away", (socket) => socket.close(), "the agent went away before the end of its answer"],
  [
    "answers another question",
    (socket, callId) => socket.send({ type: "call.end", callId, result: { kind: "discover" } satisfies CallResult }),
    "the answer is to another question",
  ],
  [
    "sends an answer that cannot be read",
    (socket, callId) => socket.send(JSON.stringify({ type: "call.end", callId, result: {} })),
    "the agent's answer is not of this protocol",
  ],
  [
    "sends what is no message",
    (socket) => socket.send('{"type":"call.end","result":{}}'),
    "the agent went away before the end of its answer",
  ],
];

test.each(FAILING)("when the agent %s, the rules answer and a warning says why", async (_name, fail, why) => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  answering(socket, ({ callId }) => fail(socket, callId));
  const { status, warnings, metadata } = (await post(world, { text: SENTENCE })).as(Understanding);
  expect([status, metadata.provider, metadata.fallback]).toEqual(["success", "rules", true]);
  expect(warnings).toEqual([`The agent has not answered (${why}); the worker's own rules have.`]);
});

test("the fallback tells who failed before it, and how long all of it took", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  const attempts = [{ provider: "ollama", outcome: "timeout" as const, message: "no first token", durationMs: 900 }];
  answering(socket, ({ callId }) => {
    setTimeout(
      () => socket.send({ type: "call.failed", callId, failure: { code: "PROVIDER_FAILED", message: "all failed", attempts } }),
      50,
    );
  });
  const { metadata } = (await post(world, { text: SENTENCE })).as(Understanding);
  expect(metadata).toMatchObject({
    ...{ provider: "rules", fallback: true },
    served: {
      ...{ provider: "rules", model: null, usage: null, cost: { usd: 0, source: "provider" }, arm: null },
      attempts: [...attempts, { provider: "rules", outcome: "answered", message: "", durationMs: expect.any(Number) }],
    },
  });
  expect(metadata.durationMs).toBeGreaterThanOrEqual(40);
});

test("a token that only reads is answered by the rules, and no model is asked", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  understoodBy(socket);
  const answers = [
    (await call("POST", "/api/v1/intent", { token: world.read, body: { text: SENTENCE } })).as(Understanding),
    (await call("POST", "/api/v1/intent/batch", { token: world.read, body: [{ text: SENTENCE }] })).as(UnderstandBatchAnswer).results[0],
  ];
  const byRules = { status: "success", warnings: [], metadata: { provider: "rules", fallback: true } };
  expect(answers).toMatchObject([byRules, byRules]);
  expect(socket.of("call")).toEqual([]);
});

test("more sites than a question can name are left to the rules at once", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  const deps = createDeps(env, { waitUntil: () => undefined });
  const sites = Array.from({ length: 1_001 }, (_, index) => ({ id: `edge${index + 1}`, aliases: [] }));
  const way = { known: { sites, slices: [] }, signal: new AbortController().signal, models: true };
  const { understanding, agentId } = await understandOne(deps, { text: SENTENCE, context: {} }, way);
  expect([understanding.status, agentId, socket.of("call")]).toEqual(["success", null, []]);
  expect(understanding.warnings).toEqual([expect.stringContaining("more sites and slices than a question can name")]);
});

test("a site that is none is an error, whether or not an agent is there", async () => {
  const world = await createWorld();
  const wrong = { status: 422, code: "UNKNOWN_SITE", fields: ["target_sites"] };
  expect(refusal(await post(world, { text: SENTENCE, target_sites: ["atlantis"] }))).toEqual(wrong);
  const socket = await greeted(world.agent);
  expect(refusal(await post(world, { text: SENTENCE, target_sites: ["atlantis"] }))).toEqual(wrong);
  expect(socket.of("call")).toEqual([]);
});
