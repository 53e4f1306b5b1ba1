// Rollouts in waves on the running system: the gate between them, every policy, freeze windows, and an agent that dies in any of them.
// Where nobody is killed, two happen at the same time, each at sites of its own.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SlicePage } from "../../protocol/api.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SYNC_TIMEOUT_MS = 3_000;
const WHOLE_MS = 30_000;
const SENTENCE = sentenceFor("edge1", "edge2", "edge3");
const CANARY = { canary: "edge2", bakeSeconds: 1 };

let stack: Stack;
let empty: string;
beforeAll(async () => {
  stack = await startStack({ sites: 6, env: { SYNC_TIMEOUT_MS: String(SYNC_TIMEOUT_MS) } });
  empty = await stack.repository.tree("main");
});
afterAll(() => stack?.stop());

function sentenceFor(...sites: [string, string, string]): string {
  return `Deploy eMBB slice on ${sites[0]}, ${sites[1]} and ${sites[2]} with 50Mbps and 20ms latency`;
}

async function expectEmptied(): Promise<void> {
  await takeBackAll(stack);
  expect(await stack.repository.tree("main")).toBe(empty);
}

const at = async (intentId: string) => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);

async function restarted(pid: number): Promise<void> {
  await until("another agent process", () => stack.pid("agent"), { holds: (now) => now !== pid });
}

describe("a later wave", () => {
  afterAll(expectEmptied);

  test.concurrent("a canary that degrades while it bakes stops the rollout", async () => {
    const intentId = await stack.deploy(sentenceFor("edge1", "edge2", "edge3"), { rollout: { canary: "edge2", bakeSeconds: 4 } });
    await until("the first gate", () => stack.events(intentId), { holds: (events) => events.some(({ type }) => type === "slo.validated") });
    await stack.fault("edge2", { slo: { latencyMs: 5000 } });
    const intent = await stack.settled(intentId, WHOLE_MS);
    expect(intent).toMatchObject({ status: "rolled_back", failure: { reason: "slo_failed", site: "edge2" } });
    expect(await commitsOf(stack, intentId)).toEqual(["push edge2", "revert edge2"]);
  });

  test.concurrent("a later wave that fails: everything is taken back, or the earlier waves are kept, or a person decides", async () => {
    const sentence = sentenceFor("edge4", "edge5", "edge6");
    await stack.fault("edge6", { sync: "fail" });
    const rollout = { waves: [["edge4"], ["edge5", "edge6"]], bakeSeconds: 0 };
    const reverted = await stack.settled(await stack.deploy(sentence, { rollout, policy: "all-or-revert" }), WHOLE_MS);
    expect(reverted).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
    expect(await commitsOf(stack, reverted.intentId)).toEqual(["push edge4", "push edge5,edge6", "revert edge5,edge6", "revert edge4"]);

    const kept = await stack.settled(await stack.deploy(sentence, { rollout, policy: "keep-successful" }), WHOLE_MS);
    expect(kept).toMatchObject({ status: "completed", deployment: { status: "live" } });
    expect(kept.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual([
      "edge4 verified",
      "edge5 verified",
      "edge6 reverted",
    ]);

    const paused = await stack.settled(await stack.deploy(sentence, { rollout, policy: "pause" }), WHOLE_MS);
    expect(paused).toMatchObject({ status: "needs_decision" });
    await stack.api("POST", `/api/v1/intents/${paused.intentId}/decide`, { action: "accept" });
    expect(await stack.settled(paused.intentId)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  });
});

describe("a canary, and a frozen site", () => {
  afterAll(expectEmptied);

  test.concurrent("a canary that misses its objective is taken back, and the other sites never hear of it", async () => {
    await stack.fault("edge2", { slo: { latencyMs: 500 } });
    for (const policy of ["all-or-revert", "keep-successful"] as const) {
      const intent = await stack.settled(await stack.deploy(sentenceFor("edge1", "edge2", "edge3"), { policy, rollout: CANARY }), WHOLE_MS);
      expect(intent).toMatchObject({ status: "rolled_back", failure: { reason: "slo_failed", site: "edge2" } });
      expect(await commitsOf(stack, intent.intentId)).toEqual(["push edge2", "revert edge2"]);
      expect(intent.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual([
        "edge1 pending",
        "edge2 reverted",
        "edge3 pending",
      ]);
    }
    const { slices } = SlicePage.parse((await stack.api("GET", "/api/v1/slices")).body);
    expect(slices.filter((one) => one.sites.some(({ site }) => ["edge1", "edge2", "edge3"].includes(site)))).toEqual([]);
  });

  test.concurrent("a frozen site is waited for, also between waves; when the freeze is lifted it goes on", async () => {
    const hour = 3_600_000;
    const freeze = [{ from: new Date(Date.now() - hour).toISOString(), to: new Date(Date.now() + hour).toISOString(), reason: "the game" }];
    expect(await stack.api("PATCH", "/api/v1/sites/edge6", { freeze })).toMatchObject({ status: 200 });
    const before = await stack.repository.treeAt(["edge6"]);
    const waits = await stack.deploy("Deploy eMBB slice on edge6 with 10Mbps");
    await until("the wait", () => stack.status(waits), { holds: (status) => status.waitingFor === "freeze" });
    expect(await stack.repository.treeAt(["edge6"])).toEqual(before);

    const between = await stack.settled(
      await stack.deploy(sentenceFor("edge4", "edge5", "edge6"), {
        rollout: { waves: [["edge4"], ["edge5"], ["edge6"]], bakeSeconds: 0 },
      }),
      WHOLE_MS,
    );
    expect(between).toMatchObject({ status: "needs_decision", failure: { reason: "frozen", site: "edge6" } });
    expect(between.failure?.message).toContain("the game");
    expect(await commitsOf(stack, between.intentId)).toEqual(["push edge4", "push edge5"]);

    expect(await stack.api("PATCH", "/api/v1/sites/edge6", { freeze: [] })).toMatchObject({ status: 200 });
    expect(await stack.settled(waits, WHOLE_MS)).toMatchObject({ status: "completed" });
    await stack.api("POST", `/api/v1/intents/${between.intentId}/decide`, { action: "resume" });
    expect(await stack.settled(between.intentId, WHOLE_MS)).toMatchObject({ status: "completed", deployment: { status: "live" } });
    expect(await commitsOf(stack, between.intentId)).toEqual(["push edge4", "push edge5", "push edge6"]);
  });
});

describe("killed", () => {
  afterEach(expectEmptied);

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
});
