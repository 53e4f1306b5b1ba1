// One key, one effect, one answer: also concurrently, also when the first answer was lost.
import { expect, test } from "vitest";
import { IntentAccepted } from "../../protocol/api.ts";
import { call, callWith, createWorld, refusal, request, rows, SENTENCE, tell } from "./harness.ts";
import { deployed, parseFacts } from "./story.ts";

const INTENTS = "/api/v1/intents";
const body = { text: SENTENCE };
const withKey = (key: string) => ({ "idempotency-key": key });

async function counts(): Promise<unknown> {
  return (
    await rows("select (select count(*) from intents) intents, (select count(*) from jobs) jobs, (select count(*) from events) events")
  )[0];
}

test("the same key twice gives one intent and the same answer", async () => {
  const { operate } = await createWorld();
  const before = (await rows("select * from events")).length;
  const first = await call("POST", INTENTS, { token: operate, body, headers: withKey("a") });
  const second = await call("POST", INTENTS, { token: operate, body, headers: withKey("a") });
  expect([second.status, second.body, second.headers.get("location")]).toEqual([first.status, first.body, first.headers.get("location")]);
  expect(first.status).toBe(202);
  expect(await counts()).toEqual({ intents: 1, jobs: 1, events: before + 1 });
});

test("the same key 20 times at once gives one intent and 20 same answers", async () => {
  const { operate } = await createWorld();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => call("POST", INTENTS, { token: operate, body, headers: withKey("at-once") })),
  );
  expect(new Set(answers.map((answer) => `${answer.status} ${JSON.stringify(answer.body)}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(202);
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 1 }]);
});

test("the same key at once while the queue has one place left gives the same answer to all", async () => {
  const { operate } = await createWorld();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      callWith({ QUEUE_LIMIT: 1 }, request("POST", INTENTS, { token: operate, body, headers: withKey("last") })),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(202));
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 1 }]);
});

test("the same key with another body or on another route is refused and changes nothing", async () => {
  const { operate } = await createWorld();
  const { intentId } = (await call("POST", INTENTS, { token: operate, body, headers: withKey("b") })).as(IntentAccepted);
  const mismatch = { status: 409, code: "IDEMPOTENCY_MISMATCH" };
  expect(refusal(await call("POST", INTENTS, { token: operate, body: { text: `${SENTENCE}!` }, headers: withKey("b") }))).toEqual(mismatch);
  expect(refusal(await call("POST", `${INTENTS}/${intentId}/cancel`, { token: operate, headers: withKey("b") }))).toEqual(mismatch);
  expect(await rows("select status from intents")).toEqual([{ status: "received" }]);
});

test("keys of different tokens have nothing to do with each other", async () => {
  const { operate, admin } = await createWorld();
  const mine = await call("POST", INTENTS, { token: operate, body, headers: withKey("shared") });
  const theirs = await call("POST", INTENTS, { token: admin, body, headers: withKey("shared") });
  expect(theirs.as(IntentAccepted).intentId).not.toBe(mine.as(IntentAccepted).intentId);
});

test("a refusal does not burn the key", async () => {
  const { operate } = await createWorld();
  const key = withKey("again");
  expect((await call("POST", INTENTS, { token: operate, body: { text: "" }, headers: key })).status).toBe(400);
  expect((await call("POST", INTENTS, { token: operate, body: { ...body, targetSites: ["edge9"] }, headers: key })).status).toBe(422);
  expect((await callWith({ QUEUE_LIMIT: 0 }, request("POST", INTENTS, { token: operate, body, headers: key }))).status).toBe(429);
  expect((await call("POST", INTENTS, { token: operate, body, headers: key })).status).toBe(202);
});

test("no key, no memory: the same body twice is two intents", async () => {
  const { operate } = await createWorld();
  await call("POST", INTENTS, { token: operate, body });
  await call("POST", INTENTS, { token: operate, body });
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 2 }]);
});

test("Prefer: wait answers 200 once the sentence is understood, and the key replays that", async () => {
  const { operate, agent } = await createWorld();
  const headers = { prefer: "respond-async, wait=10", ...withKey("w") };
  const waiting = call("POST", INTENTS, { token: operate, body, headers });
  await expect.poll(() => rows("select id from jobs")).toHaveLength(1);
  const job = await agent.take();
  await tell(agent, job, parseFacts(job));
  const answer = await waiting;
  expect([answer.status, answer.as(IntentAccepted).status, answer.headers.get("preference-applied")]).toEqual([200, "parsed", "wait=10"]);
  const replay = await call("POST", INTENTS, { token: operate, body, headers });
  expect([replay.status, replay.body]).toEqual([200, answer.body]);
});

test("Prefer: wait answers 202 when the time is up", async () => {
  const { operate } = await createWorld();
  const answer = await call("POST", INTENTS, { token: operate, body, headers: { prefer: "wait=1" } });
  expect([answer.status, answer.as(IntentAccepted).status]).toEqual([202, "received"]);
});

test("two rollbacks with one key at once are one rollback with one answer", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world);
  const path = `/api/v1/deployments/${deploymentId}/rollback`;
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => call("POST", path, { token: world.operate, body: {}, headers: withKey("rb") })),
  );
  expect(answers.map((answer) => [answer.status, answer.body])).toEqual(answers.map(() => [202, answers[0]?.body]));
  expect(await rows("select count(*) n from jobs where kind = 'deployment.rollback'")).toEqual([{ n: 1 }]);
});

test("two commands with one key at once are one command with one answer", async () => {
  const world = await createWorld();
  const { intentId } = (await call("POST", INTENTS, { token: world.operate, body })).as(IntentAccepted);
  const cancel = () => call("POST", `${INTENTS}/${intentId}/cancel`, { token: world.operate, headers: withKey("c") });
  const answers = await Promise.all(Array.from({ length: 8 }, cancel));
  expect(answers.map((answer) => [answer.status, answer.body])).toEqual(answers.map(() => [202, { intentId, status: "cancelled" }]));
  expect(await rows("select count(*) n from events where type = 'intent.cancelled'")).toEqual([{ n: 1 }]);
});
