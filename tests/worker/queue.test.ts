// Backpressure: how many intents may wait, and what happens to the next one.
import { expect, test } from "vitest";
import { call, callWith, createWorld, refusal, request, rows, SENTENCE, submit, tell } from "./harness.ts";
import { parseFacts } from "./story.ts";

const post = (token: string, limit: number) =>
  callWith({ QUEUE_LIMIT: limit }, request("POST", "/api/v1/intents", { token, body: { text: SENTENCE } }));

test("beyond the limit POST answers 429 QUEUE_FULL with Retry-After, and nothing is stored", async () => {
  const world = await createWorld();
  await submit(world);
  await submit(world);
  const answer = await post(world.operate, 2);
  expect(refusal(answer)).toEqual({ status: 429, code: "QUEUE_FULL" });
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await rows("select (select count(*) from intents) intents, (select count(*) from jobs) jobs")).toEqual([{ intents: 2, jobs: 2 }]);
});

test("the limit is exact under concurrency", async () => {
  const { operate } = await createWorld();
  const answers = await Promise.all(Array.from({ length: 30 }, () => post(operate, 7)));
  const status = (code: number) => answers.filter((answer) => answer.status === code).length;
  expect([status(202), status(429)]).toEqual([7, 23]);
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 7 }]);
});

test("a job that an agent has taken makes room", async () => {
  const world = await createWorld();
  await submit(world);
  expect((await post(world.operate, 1)).status).toBe(429);
  const job = await world.agent.take();
  await tell(world.agent, job, parseFacts(job).slice(0, 1));
  expect((await post(world.operate, 1)).status).toBe(202);
});

test("the limit of this installation is 1,000", async () => {
  const { operate } = await createWorld();
  const ids = JSON.stringify(Array.from({ length: 999 }, (_, i) => `job_${String(i).padStart(26, "0")}`));
  await rows(
    `insert into jobs (id, kind, intent_id, input, checkpoint, state, priority, visible_at, attempt, created_at)
     select value, 'intent.prepare', 'int_x', '{}', '{}', 'queued', 5, 0, 0, 0 from json_each(?)`,
    ids,
  );
  const send = () => call("POST", "/api/v1/intents", { token: operate, body: { text: SENTENCE } });
  expect((await send()).status).toBe(202);
  expect(refusal(await send())).toEqual({ status: 429, code: "QUEUE_FULL" });
});
