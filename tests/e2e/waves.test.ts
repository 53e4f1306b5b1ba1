// Rollouts in waves on the running system: the gate between them, every policy, freeze windows, and an agent that dies in any of them.
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SYNC_TIMEOUT_MS = 3_000;
const WHOLE_MS = 30_000;
const SENTENCE = "Deploy eMBB slice on edge1, edge2 and edge3 with 50Mbps and 20ms latency";
const CANARY = { canary: "edge2", bakeSeconds: 1 };

let stack: Stack;
let empty: string;
beforeAll(async () => {
  stack = await startStack({ sites: 4, env: { SYNC_TIMEOUT_MS: String(SYNC_TIMEOUT_MS) } });
  empty = await stack.repository.tree("main");
});
afterAll(() => stack?.stop());
afterEach(async () => {
  await stack.api("PATCH", "/api/v1/sites/edge3", { freeze: [] });
  await takeBackAll(stack);
  expect(await stack.repository.tree("main")).toBe(empty);
});

const at = async (intentId: string) => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);

async function restarted(pid: number): Promise<void> {
  await until("another agent process", () => stack.pid("agent"), { holds: (now) => now !== pid });
}

test("a canary that misses its objective is taken back, and the other sites never hear of it", async () => {
  await stack.fault("edge2", { slo: { latencyMs: 500 } });
  for (const policy of ["all-or-revert", "keep-successful"] as const) {
    const intent = await stack.settled(await stack.deploy(SENTENCE, { policy, rollout: CANARY }), WHOLE_MS);
    expect(intent).toMatchObject({ status: "rolled_back", failure: { reason: "slo_failed", site: "edge2" } });
    expect(await commitsOf(stack, intent.intentId)).toEqual(["push edge2", "revert edge2"]);
    expect(intent.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual([
      "edge1 pending",
      "edge2 reverted",
      "edge3 pending",
    ]);
  }
  expect((await stack.api("GET", "/api/v1/slices")).body).toEqual({ slices: [] });
});

test("a canary that degrades while it bakes stops the rollout", async () => {
  const intentId = await stack.deploy(SENTENCE, { rollout: { canary: "edge2", bakeSeconds: 4 } });
  await until("the first gate", () => stack.events(intentId), { holds: (events) => events.some(({ type }) => type === "slo.validated") });
  await stack.fault("edge2", { slo: { latencyMs: 5000 } });
  const intent = await stack.settled(intentId, WHOLE_MS);
  expect(intent).toMatchObject({ status: "rolled_back", failure: { reason: "slo_failed", site: "edge2" } });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge2", "revert edge2"]);
});

test("a later wave that fails: everything is taken back, or the earlier waves are kept, or a person decides", async () => {
  await stack.fault("edge3", { sync: "fail" });
  const rollout = { waves: [["edge1"], ["edge2", "edge3"]], bakeSeconds: 0 };
  const reverted = await stack.settled(await stack.deploy(SENTENCE, { rollout, policy: "all-or-revert" }), WHOLE_MS);
  expect(reverted).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect(await commitsOf(stack, reverted.intentId)).toEqual(["push edge1", "push edge2,edge3", "revert edge2,edge3", "revert edge1"]);

  const kept = await stack.settled(await stack.deploy(SENTENCE, { rollout, policy: "keep-successful" }), WHOLE_MS);
  expect(kept).toMatchObject({ status: "completed", deployment: { status: "live" } });
  expect(kept.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual([
    "edge1 verified",
    "edge2 verified",
    "edge3 reverted",
  ]);

  const paused = await stack.settled(await stack.deploy(SENTENCE, { rollout, policy: "pause" }), WHOLE_MS);
  expect(paused).toMatchObject({ status: "needs_decision" });
  await stack.api("POST", `/api/v1/intents/${paused.intentId}/decide`, { action: "accept" });
  expect(await stack.settled(paused.intentId)).toMatchObject({ status: "completed", deployment: { status: "live" } });
});

test("an agent killed in any wave goes on where it was: one commit per wave and one terminal event", async () => {
  const kill = async () => {
    const pid = stack.pid("agent");
    stack.kill("agent");
    await restarted(pid);
  };
  const moments = [
    async () => {
      const held = await stack.repository.holdPush("post-receive"); // of the second wave: the first is out by then
      await until("the second push", held.entered, { holds: Boolean });
      await kill();
      await held.letGo();
    },
    async (intentId: string) => {
      await until("the bake", () => stack.events(intentId), { holds: (events) => events.some(({ type }) => type === "slo.validated") });
      await kill();
    },
    async (intentId: string) => {
      await stack.fault("edge3", { sync: "slow" });
      await until("the second wave", () => at(intentId), { holds: (sites) => sites.join().includes("edge3 syncing") });
      await kill();
      await stack.clearFaults();
    },
  ];
  for (const [index, moment] of moments.entries()) {
    const intentId = await stack.deploy(SENTENCE, { rollout: CANARY });
    if (index === 0)
      await until("the first wave", () => at(intentId), {
        holds: (sites) => sites.join().includes("edge2 synced") || sites.join().includes("edge2 provisioned"),
      });
    await moment(intentId);
    await stack.repository.removeHooks();
    expect(await stack.settled(intentId, WHOLE_MS)).toMatchObject({ status: "completed", deployment: { status: "live" } });
    expect(await commitsOf(stack, intentId)).toEqual(["push edge2", "push edge1,edge3"]);
    expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.completed"]);
  }
});

test("an agent killed while a rollout of two waves is taken back makes one revert per wave", async () => {
  await stack.fault("edge3", { sync: "fail" });
  const intentId = await stack.deploy(SENTENCE, { rollout: { waves: [["edge1"], ["edge2", "edge3"]], bakeSeconds: 0 } });
  await until("the failure of the second wave", () => at(intentId), { holds: (sites) => sites.join().includes("edge3 failed") });
  const held = await stack.repository.holdPush("post-receive");
  await until("a revert at the server", held.entered, { holds: Boolean });
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
  await held.letGo();
  expect(await stack.settled(intentId, WHOLE_MS)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1", "push edge2,edge3", "revert edge2,edge3", "revert edge1"]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.rolled_back"]);
});

test("a frozen site is waited for, also between waves; when the freeze is lifted it goes on", async () => {
  const hour = 3_600_000;
  const freeze = [{ from: new Date(Date.now() - hour).toISOString(), to: new Date(Date.now() + hour).toISOString(), reason: "the game" }];
  expect(await stack.api("PATCH", "/api/v1/sites/edge3", { freeze })).toMatchObject({ status: 200 });
  const waits = await stack.deploy("Deploy eMBB slice on edge3 with 10Mbps");
  await until("the wait", () => stack.status(waits), { holds: (status) => status.waitingFor === "freeze" });
  expect(await stack.repository.tree("main")).toBe(empty);

  const between = await stack.settled(
    await stack.deploy(SENTENCE, { rollout: { waves: [["edge1"], ["edge2"], ["edge3"]], bakeSeconds: 0 } }),
    WHOLE_MS,
  );
  expect(between).toMatchObject({ status: "needs_decision", failure: { reason: "frozen", site: "edge3" } });
  expect(between.failure?.message).toContain("the game");
  expect(await commitsOf(stack, between.intentId)).toEqual(["push edge1", "push edge2"]);

  expect(await stack.api("PATCH", "/api/v1/sites/edge3", { freeze: [] })).toMatchObject({ status: 200 });
  expect(await stack.settled(waits, WHOLE_MS)).toMatchObject({ status: "completed" });
  await stack.api("POST", `/api/v1/intents/${between.intentId}/decide`, { action: "resume" });
  expect(await stack.settled(between.intentId, WHOLE_MS)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  expect(await commitsOf(stack, between.intentId)).toEqual(["push edge1", "push edge2", "push edge3"]);
});
