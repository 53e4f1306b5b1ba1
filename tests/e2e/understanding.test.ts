// The headless service on the whole system: an agent understands, and when it dies the worker goes on by its own rules.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Health, UnderstandBatchAnswer } from "../../protocol/api.ts";
import { Understanding } from "../../protocol/intent.ts";
import { answersJson } from "../helpers/model-servers/behaviour.ts";
import type { FakeModelServer } from "../helpers/model-servers/http-fake.ts";
import { startOllama } from "../helpers/model-servers/ollama.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const SENTENCE = "Deploy eMBB slice on edge1 with 200Mbps and 20ms latency";

let ollama: FakeModelServer;
let stack: Stack;

beforeAll(async () => {
  ollama = await startOllama();
  ollama.behave(answersJson({ nothing: "that fits the schema" })); // a model that does not do what it is told
  stack = await startStack({ sites: 2, env: { OLLAMA_HOST: ollama.url, CLAUDE_BIN: "/nowhere/claude" } });
  await until("the agent to be asked and its models to be told", async () => [await byAgent(), (await models()).includes("ollama")], {
    holds: (seen) => seen.every(Boolean),
  });
});

afterAll(async () => {
  await stack?.stop();
  await ollama?.close();
});

async function understood(text = SENTENCE): Promise<Understanding> {
  const answer = await stack.api("POST", "/api/v1/intent", { text });
  expect(answer.status).toBe(200);
  return Understanding.parse(answer.body);
}

/** Who was asked is told by agents only. */
async function byAgent(): Promise<boolean> {
  return (await understood()).metadata.served !== undefined;
}

async function models(): Promise<string> {
  return Health.parse((await stack.api("GET", "/health")).body).components.llm.message;
}

test("the agent understands; a model that fails on the way is told among its attempts", async () => {
  const { status, intent, metadata } = await understood(`${SENTENCE} for the stadium`);
  expect([status, intent.targetSites, intent.requirements]).toEqual(["success", ["edge1"], { downlinkMbps: 200, latencyMs: 20 }]);
  expect([metadata.provider, metadata.fallback, metadata.served?.attempts.map(({ provider }) => provider)]).toEqual([
    "rules",
    true,
    expect.arrayContaining(["ollama", "rules"]),
  ]);
  expect(ollama.of("chat").length).toBeGreaterThan(0);
});

test("health names the models that answer and those that are missed", async () => {
  expect(await models()).toBe("ollama and the rules answer; claude offline");
});

test("a batch keeps its order, and a bad entry does not spoil the rest", async () => {
  const texts = ["Deploy eMBB slice on edge1 with 10 Mbps", "", "刪除 edge2 的切片 video-7", "hello there", "How is edge1?"];
  const answer = await stack.api(
    "POST",
    "/api/v1/intent/batch",
    texts.map((text) => ({ text })),
  );
  const batch = UnderstandBatchAnswer.parse(answer.body);
  const words = batch.results.map((result) => ("error" in result ? result.error.code : result.intent.action));
  expect([batch.total, words]).toEqual([5, ["deploy", "VALIDATION", "terminate", "unsupported", "status"]]);
});

test("understanding never stops: every question is answered while the agent dies and comes back", async () => {
  const answered: boolean[] = []; // by the agent, or by the worker
  stack.kill("agent");
  await until("the rules of the worker, and then the agent again", async () => answered.push(await byAgent()), {
    holds: () => answered.includes(false) && answered.at(-1) === true,
  });
});
