// The worker is killed, or its sockets are cut, in the middle of runs: the runs go on, and a client of the feed misses and doubles nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../helpers/stack.ts";
import { startCutter } from "./support/cutter.ts";
import { commitsOf, takeBackAll, terminalEvents } from "./support/expectations.ts";
import type { Feed } from "./support/feed.ts";
import { until } from "./support/until.ts";

const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: 4, env: { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" } });
});
afterAll(() => stack?.stop());

async function killWorker(): Promise<void> {
  const pid = stack.pid("worker");
  stack.kill("worker");
  await until("another worker process", () => stack.pid("worker"), { holds: (now) => now !== pid });
}

async function expectSameAsRest(feed: Feed): Promise<void> {
  const all = await stack.allEvents();
  await until("the feed at the head", () => feed.events.at(-1)?.seq, { holds: (seq) => seq === all.at(-1)?.seq });
  expect(feed.events).toEqual(all);
  expect(feed.faults).toEqual([]);
}

async function expectCompletedOnce(intentId: string): Promise<void> {
  expect(await stack.settled(intentId)).toMatchObject({ status: "completed", failure: null, deployment: { status: "live" } });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2"]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.completed"]);
}

test.each(["intent.parsing", "krm.generated", "gitops.pushing"] as const)(
  "killed as soon as %s is told, the run goes on and the feed is whole",
  async (type) => {
    const feed = await stack.feed();
    const intentId = await stack.deploy(SENTENCE);
    await feed.untilType(type, intentId);
    await killWorker();
    await expectCompletedOnce(intentId);
    await expectSameAsRest(feed);
    expect(feed.connections()).toBeGreaterThan(1);
    await takeBackAll(stack);
    feed.close();
  },
);

test("killed twice while the agent waits in sync, then in verify, the run goes on and the feed is whole", async () => {
  const feed = await stack.feed();
  await stack.fault("edge2", { sync: "stuck", metrics: "none" });
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "edge_deployed");
  await killWorker();
  await stack.fault("edge2", { metrics: "none" });
  await feed.untilType("slo.validating", intentId);
  await killWorker();
  await stack.clearFaults();
  await expectCompletedOnce(intentId);
  await expectSameAsRest(feed);
  await takeBackAll(stack);
});

test("a client whose sockets are cut again and again sees every event once, in order", async () => {
  const cutter = await startCutter(new URL(stack.url).port);
  try {
    const feed = await stack.feed(cutter.url);
    const ids = await Promise.all([1, 2, 3, 4].map((site) => stack.deploy(`Deploy URLLC slice on edge${site} with 5ms latency`)));
    let cuts = 0;
    for (const id of ids) {
      await feed.untilType("intent.parsed", id);
      await until("a connection to cut", feed.connections, { holds: (opened) => opened > cuts }); // each cut has one of its own
      cuts = feed.connections();
      cutter.cut();
    }
    for (const id of ids) expect((await stack.settled(id)).status).toBe("completed");
    await expectSameAsRest(feed);
    expect(feed.connections()).toBeGreaterThanOrEqual(4);
    feed.close();
  } finally {
    await cutter.close();
  }
});

test("worker, lab and agent killed together come back with all they had, and work", async () => {
  const before = await stack.allEvents();
  stack.kill("lab");
  stack.kill("agent");
  await killWorker();
  const intentId = await until("a new intent", () => stack.deploy(SENTENCE), { holds: Boolean });
  await expectCompletedOnce(intentId);
  expect((await stack.allEvents()).slice(0, before.length)).toEqual(before);
});
