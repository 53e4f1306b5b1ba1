// The agent is killed in every stage: the restarted one, or another, goes on after the last completed stage. One commit, one end.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { AgentPage } from "../../protocol/api.ts";
import type { EventType } from "../../protocol/event.ts";
import { TIMINGS } from "../../protocol/timings.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, sitesAtTip, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { startSecondAgent } from "./support/second-agent.ts";
import { until } from "./support/until.ts";

// Long enough to wait through any restart: it is never a timeout that ends a stage here.
const BOUNDS = { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" };
const RECOVERY_MS = 15_000; // "within seconds": a start of Node on a busy machine, the supervisor's backoff, the rest of the run
const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: 2, env: BOUNDS });
});
beforeEach(() => takeBackAll(stack));
afterAll(() => stack?.stop());

/** The end of a run that was disturbed: complete, once, with nothing done twice. */
async function expectCompletedOnce(intentId: string): Promise<void> {
  const intent = await stack.settled(intentId, RECOVERY_MS);
  expect(intent).toMatchObject({ status: "completed", failure: null, deployment: { status: "live" } });
  const { deployment } = intent;
  expect(deployment?.sites.map(({ site, state, commit }) => ({ site, state, commit }))).toEqual(
    ["edge1", "edge2"].map((site) => ({ site, state: "verified", commit: deployment?.commit })),
  );
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2"]);
  const events = await stack.events(intentId);
  expect(terminalEvents(events)).toEqual(["intent.completed"]);
  const once: EventType[] = ["intent.received", "intent.parsing", "intent.parsed", "krm.generating", "krm.generated", "gitops.pushing"];
  for (const type of [...once, "gitops.pushed", "slo.validating", "slo.validated"])
    expect({ type, times: events.filter((event) => event.type === type).length }).toEqual({ type, times: 1 });
  expect(deployment?.evidence.map(({ site, objective }) => `${site} ${objective}`).sort()).toEqual(
    ["edge1", "edge2"].flatMap((site) => [`${site} availability`, `${site} latencyP95`, `${site} throughputMin`]),
  );
  await sitesAtTip(stack);
}

async function restarted(pid: number): Promise<void> {
  const running = () => stack.pid("agent");
  await until("another agent process", running, { holds: (now) => now !== pid });
}

// The first of all: an agent that has no clone yet must ask git before it can show a diff.
test("killed in render while git does not answer, the run is completed once when it does", async () => {
  stack.kill("lab", "SIGSTOP");
  const pid = stack.pid("agent");
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "krm_generating");
  stack.kill("agent");
  await restarted(pid);
  expect((await stack.status(intentId)).stage).toBe("krm_generating");
  stack.kill("lab", "SIGCONT");
  await expectCompletedOnce(intentId);
});

test.each<EventType>(["intent.received", "intent.parsing", "krm.generated", "gitops.pushed"])(
  "killed as soon as %s is told, the run is completed once",
  async (type) => {
    const feed = await stack.feed();
    const pid = stack.pid("agent");
    const intentId = await stack.deploy(SENTENCE);
    await feed.untilType(type, intentId);
    stack.kill("agent");
    feed.close();
    await restarted(pid);
    await expectCompletedOnce(intentId);
  },
);

test.each(["pre-receive", "post-receive"] as const)("killed in push while the server is in %s, there is one commit", async (hook) => {
  const held = await stack.repository.holdPush(hook);
  const intentId = await stack.deploy(SENTENCE);
  await until("the push at the server", held.entered, { holds: Boolean });
  expect((await commitsOf(stack, intentId)).length).toBe(hook === "pre-receive" ? 0 : 1);
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
  await held.letGo();
  await expectCompletedOnce(intentId);
});

test("killed in sync while a site is stuck, the restarted agent waits on and completes", async () => {
  await stack.fault("edge2", { sync: "stuck" });
  const intentId = await stack.deploy(SENTENCE);
  const states = async () => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);
  await until("edge1 done and edge2 not", states, { holds: (seen) => seen.join() === "edge1 provisioned,edge2 syncing" });
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
  await stack.clearFaults();
  await expectCompletedOnce(intentId);
});

test("killed in verify while there is no data, the evidence is stored once", async () => {
  await stack.fault("edge2", { metrics: "none" });
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "slo_validating");
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
  await stack.clearFaults();
  await expectCompletedOnce(intentId);
});

test.each(["pre-receive", "post-receive"] as const)("killed in rollback while the server is in %s, there is one revert", async (hook) => {
  await stack.fault("edge2", { slo: { latencyMs: 500 }, metrics: "none" });
  const before = await stack.repository.tree("main");
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "slo_validating");
  const held = await stack.repository.holdPush(hook);
  await stack.fault("edge2", { slo: { latencyMs: 500 } });
  await until("the revert at the server", held.entered, { holds: Boolean });
  const pid = stack.pid("agent");
  stack.kill("agent");
  await restarted(pid);
  await held.letGo();
  const intent = await stack.settled(intentId, RECOVERY_MS);
  expect(intent).toMatchObject({
    status: "rolled_back",
    failure: { stage: "verify", reason: "slo_failed", site: "edge2" },
    deployment: { status: "reverted", sites: [{ state: "reverted" }, { state: "reverted" }] },
  });
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2", "revert edge1,edge2"]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.rolled_back"]);
  expect(intent.deployment?.evidence.length).toBe(6);
  expect(await stack.repository.tree("main")).toBe(before);
});

test("an agent that freezes in sync is replaced by another within its lease, and does no harm when it wakes", async () => {
  await stack.fault("edge2", { sync: "stuck" });
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "edge_deploying");
  const second = await startSecondAgent(stack, BOUNDS);
  try {
    stack.kill("agent", "SIGSTOP");
    await stack.clearFaults();
    const frozenAt = performance.now();
    const intent = await stack.settled(intentId, TIMINGS.leaseMs + TIMINGS.idlePollMs + RECOVERY_MS);
    const tookMs = performance.now() - frozenAt;
    expect(intent.status).toBe("completed");
    expect(tookMs).toBeLessThan(TIMINGS.leaseMs + TIMINGS.idlePollMs + 5_000);
    stack.kill("agent", "SIGCONT");
    const agents = async () => {
      const { body } = await stack.api("GET", "/api/v1/agents");
      return AgentPage.parse(body).agents.map((agent) => agent.status);
    };
    await until("both agents online", agents, { holds: (seen) => seen.join() === "online,online" });
    await sleep(1_000); // whatever the woken agent still wanted to say about the job has been said
    await expectCompletedOnce(intentId);
    const next = await Promise.all([1, 2].map((site) => stack.deploy(`Deploy URLLC slice on edge${site} with 5ms latency`)));
    for (const id of next) expect((await stack.settled(id)).status).toBe("completed");
  } finally {
    stack.kill("agent", "SIGCONT");
    await second.stop("SIGTERM", 15_000);
  }
});
