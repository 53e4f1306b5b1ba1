// Freeze windows that change while work waits: what nobody has begun follows them, in its time and in what its agent is told.
import { expect, test } from "vitest";
import type { FreezeWindow } from "../../protocol/site.ts";
import { carryOut, order, prepare, said } from "./changes.ts";
import { call, createWorld, intentOf, submit, tell, type World } from "./harness.ts";
import { applyFacts, applyInput, failure, finished, takeOf, waveFacts } from "./story.ts";

const HOUR = 3_600_000;
const window = (): FreezeWindow => ({
  from: new Date(Date.now() - HOUR).toISOString(),
  to: new Date(Date.now() + HOUR).toISOString(),
  reason: "match day",
});

async function setFreeze(world: World, site: string, freeze: FreezeWindow[]): Promise<void> {
  const answer = await call("PATCH", `/api/v1/sites/${site}`, { token: world.admin, body: { freeze } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

/** `running` has edge1; `waiting` comes after it there. */
async function inLine(world: World) {
  await said(world, "Deploy eMBB slice a-1 on edge1 with 10 Mbps");
  const running = await order(world, "scale", "a-1", { requirements: { downlinkMbps: 20 } });
  await prepare(world, running);
  const job = await takeOf(world.agent, running);
  const waiting = await submit(world, { text: "Deploy eMBB slice b-1 on edge1 with 10 Mbps" });
  expect((await prepare(world, waiting)).waitingFor).not.toBe("freeze");
  return { job, waiting };
}

test("a freeze that comes while a job waits in line makes it wait; lifting it lets it go, and its input follows", async () => {
  const world = await createWorld();
  const { job, waiting } = await inLine(world);
  await setFreeze(world, "edge1", [window()]);
  await tell(world.agent, job, await applyFacts(job)); // what is under way goes on
  expect(await world.agent.claim()).toBeNull();
  expect((await intentOf(world, waiting)).waitingFor).toBe("freeze");
  await setFreeze(world, "edge1", []);
  const freed = await takeOf(world.agent, waiting);
  expect(applyInput(freed).freeze["edge1"] ?? []).toEqual([]);
  await tell(world.agent, freed, await applyFacts(freed));
  expect((await intentOf(world, waiting)).status).toBe("completed");
});

test("a window of a later wave delays nothing yet, and its agent is told of it", async () => {
  const world = await createWorld({ sites: 2 });
  const blocking = await submit(world, { text: "Deploy eMBB slice a-1 on edge1 with 10 Mbps" });
  await prepare(world, blocking);
  const job = await takeOf(world.agent, blocking);
  const intentId = await submit(world, { text: "Deploy eMBB slice b-1 on edge1 and edge2 with 10 Mbps", rollout: { canary: "edge1" } });
  await prepare(world, intentId);
  const frozen = window();
  await setFreeze(world, "edge2", [frozen]);
  await tell(world.agent, job, await applyFacts(job));
  const claimed = await takeOf(world.agent, intentId);
  expect(applyInput(claimed).freeze["edge2"]).toEqual([frozen]);
});

test("who waited behind a job that is frozen now goes before it", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await submit(world, { text: "Deploy eMBB slice a-1 on edge2 with 10 Mbps" });
  await prepare(world, first);
  await takeOf(world.agent, first);
  const both = await submit(world, { text: "Deploy eMBB slice b-1 on edge1 and edge2 with 10 Mbps" });
  await prepare(world, both);
  const behind = await submit(world, { text: "Deploy eMBB slice c-1 on edge1 with 10 Mbps" });
  await prepare(world, behind);
  expect(await world.agent.claim()).toBeNull(); // it is before the last one at edge1, and waits for edge2
  await setFreeze(world, "edge2", [window()]);
  expect((await carryOut(world, behind)).status).toBe("completed");
});

/** Stopped after its first wave, as the second one is frozen. */
async function stopped(world: World): Promise<string> {
  const intentId = await submit(world, { text: "Deploy eMBB slice a-1 on edge1 and edge2 with 10 Mbps", rollout: { canary: "edge1" } });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ reason: "frozen", message: "edge2 is frozen" });
  await tell(world.agent, job, [...(await waveFacts(job, 1)), finished({ kind: "needs_decision", failure: why })]);
  return intentId;
}

const resume = (world: World, intentId: string) =>
  call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action: "resume" } });

test("resumed, a rollout waits for the freeze of the wave that is next", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await stopped(world);
  await setFreeze(world, "edge2", [window()]);
  await resume(world, intentId);
  expect((await intentOf(world, intentId)).waitingFor).toBe("freeze");
  expect(await world.agent.claim()).toBeNull();
  await setFreeze(world, "edge2", []);
  await takeOf(world.agent, intentId);
});

test("resumed, a rollout does not wait for the freeze of a wave that is out, not even when that comes afterwards", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await stopped(world);
  await setFreeze(world, "edge1", [window()]);
  await resume(world, intentId);
  await setFreeze(world, "edge1", [window()]);
  expect((await intentOf(world, intentId)).waitingFor).toBeNull();
  const job = await takeOf(world.agent, intentId);
  expect(Object.keys(job.checkpoint)).toContain("push");
});
