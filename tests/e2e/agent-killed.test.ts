// The agent is killed in every stage: the restarted one, or another, goes on after the last completed stage. One commit, one end.
// A start of the agent is most of such a test, so one death may meet two runs, each at sites and in a stage of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AgentPage } from "../../protocol/api.ts";
import type { EventType } from "../../protocol/event.ts";
import { TIMINGS } from "../../protocol/timings.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { beside } from "./support/beside.ts";
import { commitsOf, sitesAtTip, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { startSecondAgent } from "./support/second-agent.ts";
import { until } from "./support/until.ts";

type Pair = readonly [string, string];

// Long enough to wait through any restart: it is never a timeout that ends a stage here.
const BOUNDS = { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" };
const RECOVERY_MS = 15_000; // "within seconds": a start of Node on a busy machine, the supervisor's backoff, the rest of the run
const MEET_MS = 40_000; // until both runs of a block are where the agent is to be killed, and it is back
const FIRST: Pair = ["edge1", "edge2"];
const SECOND: Pair = ["edge3", "edge4"];

let stack: Stack;
let replaced: () => Promise<void>;
beforeAll(async () => {
  replaced = beside({ sites: 2, env: BOUNDS }, frozenInSync);
  stack = await startStack({ sites: 4, env: BOUNDS });
});
afterAll(() => Promise.allSettled([replaced?.()]).then(() => stack?.stop()));

const sentenceFor = (pair: Pair) => `Deploy eMBB slice on ${pair.join(" and ")} with 200Mbps and 20ms latency`;

/** The end of a run that was disturbed: complete, once, with nothing done twice. */
async function expectCompletedOnce(intentId: string, pair: Pair, on = stack): Promise<void> {
  const intent = await on.settled(intentId, RECOVERY_MS);
  expect(intent).toMatchObject({ status: "completed", failure: null, deployment: { status: "live" } });
  const { deployment } = intent;
  expect(deployment?.sites.map(({ site, state, commit }) => ({ site, state, commit }))).toEqual(
    pair.map((site) => ({ site, state: "verified", commit: deployment?.commit })),
  );
  expect(await commitsOf(on, intentId)).toEqual([`push ${pair.join()}`]);
  const events = await on.events(intentId);
  expect(terminalEvents(events)).toEqual(["intent.completed"]);
  const once: EventType[] = ["intent.received", "intent.parsing", "intent.parsed", "krm.generating", "krm.generated", "gitops.pushing"];
  for (const type of [...once, "gitops.pushed", "slo.validating", "slo.validated"])
    expect({ type, times: events.filter((event) => event.type === type).length }).toEqual({ type, times: 1 });
  expect(deployment?.evidence.map(({ site, objective }) => `${site} ${objective}`).sort()).toEqual(
    pair.flatMap((site) => [`${site} availability`, `${site} latencyP95`, `${site} throughputMin`]),
  );
  await sitesAtTip(on, [...pair]);
}

async function restarted(pid: number): Promise<void> {
  const running = () => stack.pid("agent");
  await until("another agent process", running, { holds: (now) => now !== pid });
}

async function kill(): Promise<void> {
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
}

// The first of all: an agent that has no clone yet must ask git before it can show a diff.
test("killed in render while git does not answer, the run is completed once when it does", async () => {
  stack.kill("lab", "SIGSTOP");
  const pid = stack.pid("agent");
  const intentId = await stack.deploy(sentenceFor(FIRST));
  await stack.untilStage(intentId, "krm_generating");
  stack.kill("agent");
  await restarted(pid);
  expect((await stack.status(intentId)).stage).toBe("krm_generating");
  stack.kill("lab", "SIGCONT");
  await expectCompletedOnce(intentId, FIRST);
});

type Hook = "pre-receive" | "post-receive";

describe.each<Hook>(["pre-receive", "post-receive"])("in push", (hook) => {
  beforeAll(() => takeBackAll(stack));
  test(`killed in push while the server is in ${hook}, there is one commit`, async () => {
    const held = await stack.repository.holdPush(hook);
    const intentId = await stack.deploy(sentenceFor(FIRST));
    await until("the push at the server", held.entered, { holds: Boolean });
    expect((await commitsOf(stack, intentId)).length).toBe(hook === "pre-receive" ? 0 : 1);
    await kill();
    await held.letGo();
    await expectCompletedOnce(intentId, FIRST);
  });
});

/** A run that stays where it is to be met by the death of the agent; `met` is over when the agent has been started again. */
interface Standing {
  title: string;
  run(met: () => Promise<void>): Promise<void>;
}

const inSync: Standing = {
  title: "killed in sync while a site is stuck, the restarted agent waits on and completes",
  async run(met) {
    await stack.fault("edge4", { sync: "stuck" });
    const intentId = await stack.deploy(sentenceFor(SECOND));
    const states = async () => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);
    await until("edge3 done and edge4 not", states, { holds: (seen) => seen.join() === "edge3 provisioned,edge4 syncing" });
    await met();
    await stack.clearFaults();
    await expectCompletedOnce(intentId, SECOND);
  },
};

const inVerify: Standing = {
  title: "killed in verify while there is no data, the evidence is stored once",
  async run(met) {
    await stack.fault("edge4", { metrics: "none" });
    const intentId = await stack.deploy(sentenceFor(SECOND));
    await stack.untilStage(intentId, "slo_validating");
    await met();
    await stack.clearFaults();
    await expectCompletedOnce(intentId, SECOND);
  },
};

const inRollback = (hook: Hook): Standing => ({
  title: `killed in rollback while the server is in ${hook}, there is one revert`,
  async run(met) {
    await stack.fault("edge4", { slo: { latencyMs: 500 }, metrics: "none" });
    const before = await stack.repository.treeAt([...SECOND]);
    const intentId = await stack.deploy(sentenceFor(SECOND));
    await stack.untilStage(intentId, "slo_validating");
    const held = await stack.repository.holdPush(hook);
    await stack.fault("edge4", { slo: { latencyMs: 500 } });
    await until("the revert at the server", held.entered, { holds: Boolean });
    await met();
    await held.letGo();
    const intent = await stack.settled(intentId, RECOVERY_MS);
    expect(intent).toMatchObject({
      status: "rolled_back",
      failure: { stage: "verify", reason: "slo_failed", site: "edge4" },
      deployment: { status: "reverted", sites: [{ state: "reverted" }, { state: "reverted" }] },
    });
    expect(await commitsOf(stack, intentId)).toEqual(["push edge3,edge4", "revert edge3,edge4"]);
    expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.rolled_back"]);
    expect(intent.deployment?.evidence.length).toBe(6);
    expect(await stack.repository.treeAt([...SECOND])).toEqual(before);
  },
});

function inTime(what: string, promise: Promise<void>): Promise<void> {
  const late = async (): Promise<void> => {
    await sleep(MEET_MS, undefined, { ref: false });
    throw new Error(`waited ${MEET_MS} ms for ${what}`);
  };
  return Promise.race([promise, late()]);
}

describe.each<{ type: EventType; standing: Standing }>([
  { type: "intent.received", standing: inRollback("pre-receive") }, // a held push lets nobody else push: this one is met before it would
  { type: "intent.parsing", standing: inRollback("post-receive") },
  { type: "krm.generated", standing: inSync },
  { type: "gitops.pushed", standing: inVerify },
])("one death, two runs", ({ type, standing }) => {
  const stands = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  beforeAll(() => takeBackAll(stack));

  test.concurrent(standing.title, () =>
    standing.run(() => {
      stands.resolve();
      return inTime("the death of the agent", over.promise);
    }),
  );

  test.concurrent(`killed as soon as ${type} is told, the run is completed once`, async () => {
    await inTime("the other run in its place", stands.promise);
    const feed = await stack.feed();
    const intentId = await stack.deploy(sentenceFor(FIRST));
    await feed.untilType(type, intentId);
    await kill();
    feed.close();
    over.resolve();
    await expectCompletedOnce(intentId, FIRST);
  });
});

async function frozenInSync(on: Stack): Promise<void> {
  await on.fault("edge2", { sync: "stuck" });
  const intentId = await on.deploy(sentenceFor(FIRST));
  await on.untilStage(intentId, "edge_deploying");
  const second = await startSecondAgent(on, BOUNDS);
  try {
    on.kill("agent", "SIGSTOP");
    await on.clearFaults();
    const frozenAt = performance.now();
    const intent = await on.settled(intentId, TIMINGS.leaseMs + TIMINGS.idlePollMs + RECOVERY_MS);
    const tookMs = performance.now() - frozenAt;
    expect(intent.status).toBe("completed");
    expect(tookMs).toBeLessThan(TIMINGS.leaseMs + TIMINGS.idlePollMs + 5_000);
    on.kill("agent", "SIGCONT");
    const agents = async () => {
      const { body } = await on.api("GET", "/api/v1/agents");
      return AgentPage.parse(body).agents.map((agent) => agent.status);
    };
    await until("both agents online", agents, { holds: (seen) => seen.join() === "online,online" });
    await sleep(1_000); // whatever the woken agent still wanted to say about the job has been said
    await expectCompletedOnce(intentId, FIRST, on);
    const next = await Promise.all([1, 2].map((site) => on.deploy(`Deploy URLLC slice on edge${site} with 5ms latency`)));
    for (const id of next) expect((await on.settled(id)).status).toBe("completed");
  } finally {
    on.kill("agent", "SIGCONT");
    await second.stop("SIGTERM", 15_000);
  }
}

test("an agent that freezes in sync is replaced by another within its lease, and does no harm when it wakes", () => replaced());
