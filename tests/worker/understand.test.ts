// POST /api/v1/intent: an agent is asked when one is connected; the worker's own rules answer whenever it does not.
import { expect, test } from "vitest";
import { understand } from "../../intent/understand.ts";
import type { CallResult } from "../../protocol/call.ts";
import { Understanding } from "../../protocol/intent.ts";
import { answering, greeted, SERVED } from "../party/answerer.ts";
import type { TestSocket } from "../party/socket.ts";
import { call, createWorld, refusal, SENTENCE, type World } from "./harness.ts";
import { deployed } from "./story.ts";

const post = (world: World, body: unknown) => call("POST", "/api/v1/intent", { token: world.read, body });

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
    },
  ]);
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

test("a site that is none is an error, whether or not an agent is there", async () => {
  const world = await createWorld();
  const wrong = { status: 422, code: "UNKNOWN_SITE", fields: ["target_sites"] };
  expect(refusal(await post(world, { text: SENTENCE, target_sites: ["atlantis"] }))).toEqual(wrong);
  const socket = await greeted(world.agent);
  expect(refusal(await post(world, { text: SENTENCE, target_sites: ["atlantis"] }))).toEqual(wrong);
  expect(socket.of("call")).toEqual([]);
});
