// A person stops a run, at any stage: it stops within two seconds, what it had done is listed, and can be taken back.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { IntentRecord } from "../../protocol/api.ts";
import { ASSIGNABLE_MS } from "../../protocol/timings.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { beside } from "./support/beside.ts";
import { commitsOf, rollBack, sitesAtTip, takeBackAll, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const STOPS_WITHIN_MS = 2_000;
const SENTENCE = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";

let stack: Stack;
let waitedFor: () => Promise<void>;
beforeAll(async () => {
  waitedFor = beside({ sites: 2 }, withoutAgent);
  stack = await startStack({ sites: 2, env: { SYNC_TIMEOUT_MS: "60000", VERIFY_TIMEOUT_MS: "60000" } });
});
beforeEach(() => takeBackAll(stack));
afterAll(() => Promise.allSettled([waitedFor?.()]).then(() => stack?.stop()));

/** Cancels, and answers the record once it is cancelled, which must be in time. */
async function cancel(intentId: string, on = stack): Promise<IntentRecord> {
  const askedAt = performance.now();
  expect(await on.api("POST", `/api/v1/intents/${intentId}/cancel`)).toMatchObject({ status: 202 });
  await on.untilStatus(intentId, "cancelled", STOPS_WITHIN_MS + 3_000);
  expect(performance.now() - askedAt).toBeLessThan(STOPS_WITHIN_MS);
  const events = await on.events(intentId);
  expect(terminalEvents(events)).toEqual(["intent.cancelled"]);
  expect(events.at(-1)).toMatchObject({ type: "intent.cancelled", data: { by: "admin" } });
  return on.intent(intentId);
}

/** What was left behind is offered for rollback, and the rollback leaves nothing. */
async function expectTakenBack({ intentId, deployment }: IntentRecord, before: string): Promise<void> {
  expect(deployment).toMatchObject({ status: "failed" });
  await rollBack(stack, deployment?.deploymentId ?? "");
  expect(await stack.intent(intentId)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect(await stack.repository.tree("main")).toBe(before);
  expect(await commitsOf(stack, intentId)).toEqual(["push edge1,edge2", "revert edge1,edge2"]);
  expect(terminalEvents(await stack.events(intentId))).toEqual(["intent.cancelled", "intent.rolled_back"]);
  await sitesAtTip(stack);
}

async function withoutAgent(alone: Stack): Promise<void> {
  alone.kill("agent", "SIGSTOP");
  try {
    const intentId = await alone.deploy("Deploy eMBB slice on edge1 with 10Mbps");
    const waiting = { status: "received", waitingFor: "agent", message: "waiting for an agent" };
    const view = () => alone.status(intentId);
    await until("it to wait for an agent", view, { timeoutMs: ASSIGNABLE_MS + 5_000, holds: ({ waitingFor }) => waitingFor === "agent" });
    expect(await alone.status(intentId)).toMatchObject(waiting);
    const second = await alone.deploy("Deploy eMBB slice on edge2 with 10Mbps");
    expect((await alone.intent(second)).waitingFor).toBe("agent");
    expect(await cancel(second, alone)).toMatchObject({ effects: [], deployment: null });
    alone.kill("agent", "SIGCONT");
    expect((await alone.settled(intentId)).status).toBe("completed");
  } finally {
    alone.kill("agent", "SIGCONT");
  }
}

// The first of all: the agent has no clone yet, so it must ask git before it can show a diff.
test("in prepare, while git does not answer: nothing was done", async () => {
  stack.kill("lab", "SIGSTOP");
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "krm_generating");
  const cancelled = await cancel(intentId);
  stack.kill("lab", "SIGCONT");
  expect(cancelled).toMatchObject({ effects: [], deployment: null });
  expect(await commitsOf(stack, intentId)).toEqual([]);
});

test("queued behind another run: cancelled at once, nothing was done", async () => {
  await stack.fault("edge2", { sync: "stuck" });
  const first = await stack.deploy(SENTENCE);
  await stack.untilStage(first, "edge_deploying");
  const waiting = await stack.deploy("Deploy URLLC slice on edge2 with 5ms latency");
  await stack.untilStatus(waiting, "running");
  const cancelled = await cancel(waiting);
  expect(cancelled).toMatchObject({
    effects: [],
    deployment: { status: "failed", commit: null, sites: [{ site: "edge2", state: "failed" }] },
  });
  expect(await commitsOf(stack, waiting)).toEqual([]);
  await stack.clearFaults();
  expect((await stack.settled(first)).status).toBe("completed");
  const none = await stack.api("POST", `/api/v1/deployments/${cancelled.deployment?.deploymentId}/rollback`, {});
  expect(none).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });
});

test("in push, before the server has taken the commit: nothing arrives, not even later", async () => {
  const before = await stack.repository.tree("main");
  const held = await stack.repository.holdPush("pre-receive");
  const intentId = await stack.deploy(SENTENCE);
  await until("the push at the server", held.entered, { holds: Boolean });
  const cancelled = await cancel(intentId);
  await held.letGo();
  expect(cancelled).toMatchObject({ effects: [], deployment: { status: "failed", commit: null } });
  // The next push comes after whatever the held one still could do.
  const next = await stack.deploy(SENTENCE);
  expect((await stack.settled(next)).status).toBe("completed");
  expect(await commitsOf(stack, intentId)).toEqual([]);
  await takeBackAll(stack);
  expect(await stack.repository.tree("main")).toBe(before);
});

test("in push, after the server has taken the commit: it is listed and can be taken back", async () => {
  const before = await stack.repository.tree("main");
  const held = await stack.repository.holdPush("post-receive");
  const intentId = await stack.deploy(SENTENCE);
  await until("the push at the server", held.entered, { holds: Boolean });
  const cancelled = await cancel(intentId);
  await held.letGo();
  const [push] = await stack.log(cancelled.deployment?.jobId ?? "");
  expect(cancelled.effects).toEqual([expect.stringContaining(`commit ${push?.commit}`)]);
  await expectTakenBack(cancelled, before);
});

test("in push, when the agent dies before it can say that the commit has arrived: git is asked, and it can be taken back", async () => {
  const before = await stack.repository.tree("main");
  const held = await stack.repository.holdPush("post-receive");
  const intentId = await stack.deploy(SENTENCE);
  await until("the push at the server", held.entered, { holds: Boolean });
  stack.kill("agent", "SIGSTOP"); // it must not hear of the cancel
  expect(await stack.api("POST", `/api/v1/intents/${intentId}/cancel`)).toMatchObject({ status: 202 });
  stack.kill("agent");
  await held.letGo();
  await stack.untilStatus(intentId, "cancelled", 30_000);
  const cancelled = await stack.intent(intentId);
  const [push] = await stack.log(cancelled.deployment?.jobId ?? "");
  expect(cancelled.effects).toEqual([expect.stringContaining(`commit ${push?.commit}`)]);
  await expectTakenBack(cancelled, before);
});

test("in sync, with one site done: both effects are listed and can be taken back", async () => {
  const before = await stack.repository.tree("main");
  await stack.fault("edge2", { sync: "stuck" });
  const intentId = await stack.deploy(SENTENCE);
  const states = async () => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);
  await until("edge1 done", states, { holds: (seen) => seen.join() === "edge1 provisioned,edge2 syncing" });
  const cancelled = await cancel(intentId);
  expect(cancelled.effects).toEqual([expect.stringContaining(`commit ${cancelled.deployment?.commit}`), "edge1 runs it"]);
  expect(cancelled.deployment?.sites.map(({ site, state }) => `${site} ${state}`)).toEqual(["edge1 provisioned", "edge2 failed"]);
  await stack.clearFaults();
  await expectTakenBack(cancelled, before);
});

test("in verify, with both sites done: all effects are listed and can be taken back", async () => {
  const before = await stack.repository.tree("main");
  await stack.fault("edge2", { metrics: "none" });
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "slo_validating");
  const cancelled = await cancel(intentId);
  expect(cancelled.effects).toEqual([expect.stringContaining(`commit ${cancelled.deployment?.commit}`), "edge1 runs it", "edge2 runs it"]);
  await expectTakenBack(cancelled, before);
});

test("in rollback, before the server has taken the revert: the effects are listed and the rollback can be asked for again", async () => {
  const before = await stack.repository.tree("main");
  await stack.fault("edge2", { metrics: "none", slo: { latencyMs: 500 } }); // bad from the first sample, shown later
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "slo_validating");
  const held = await stack.repository.holdPush("pre-receive");
  await stack.fault("edge2", { slo: { latencyMs: 500 } });
  await until("the revert at the server", held.entered, { holds: Boolean });
  const cancelled = await cancel(intentId);
  await held.letGo();
  expect(cancelled.effects).toEqual([expect.stringContaining(`commit ${cancelled.deployment?.commit}`), "edge1 runs it", "edge2 runs it"]);
  await expectTakenBack(cancelled, before);
});

test("in rollback, while a site does not follow the revert: the revert is listed too, and asked for again it is the same one", async () => {
  const before = await stack.repository.tree("main");
  await stack.fault("edge2", { metrics: "none", slo: { latencyMs: 500 } }); // bad from the first sample, shown later
  const intentId = await stack.deploy(SENTENCE);
  await stack.untilStage(intentId, "slo_validating");
  await stack.fault("edge2", { slo: { latencyMs: 500 }, sync: "stuck" });
  const states = async () => (await stack.status(intentId)).sites.map(({ site, state }) => `${site} ${state}`);
  await until("edge1 taken back", states, { holds: (seen) => seen.join() === "edge1 reverted,edge2 provisioned" });
  const cancelled = await cancel(intentId);
  const [push, revert] = await stack.log(cancelled.deployment?.jobId ?? "");
  expect(cancelled.effects).toEqual([
    expect.stringContaining(`commit ${push?.commit}`),
    "edge2 runs it",
    `commit ${revert?.commit} takes it back at edge1, edge2`,
  ]);
  await stack.clearFaults();
  await expectTakenBack(cancelled, before);
});

test("cancelled at any moment: it stops in time, or it had ended before, and what is in the repository is always known", async () => {
  const before = await stack.repository.tree("main");
  for (let delayMs = 0; delayMs < 700; delayMs += 100) {
    const intentId = await stack.deploy("Deploy eMBB slice on edge1 with 10Mbps");
    await sleep(delayMs);
    const askedAt = performance.now();
    const { status } = await stack.api("POST", `/api/v1/intents/${intentId}/cancel`);
    const intent = await stack.settled(intentId);
    expect(performance.now() - askedAt).toBeLessThan(STOPS_WITHIN_MS);
    if (intent.status !== "completed") expect({ cancel: status, intent: intent.status }).toEqual({ cancel: 202, intent: "cancelled" });
    const { deployment } = intent;
    expect(await commitsOf(stack, intentId)).toEqual(deployment?.commit == null ? [] : ["push edge1"]);
    expect(intent.effects.length > 0).toBe(intent.status === "cancelled" && deployment?.commit != null);
    if (deployment?.commit != null) await rollBack(stack, deployment.deploymentId);
    expect(terminalEvents(await stack.events(intentId)).length).toBe(deployment?.commit == null ? 1 : 2);
  }
  expect(await stack.repository.tree("main")).toBe(before);
});

test("a run that has ended cannot be cancelled", async () => {
  const intentId = await stack.deploy("Deploy eMBB slice on edge1 with 10Mbps");
  expect((await stack.settled(intentId)).status).toBe("completed");
  expect(await stack.api("POST", `/api/v1/intents/${intentId}/cancel`)).toMatchObject({
    status: 409,
    body: { error: { code: "CONFLICT" } },
  });
});

test("without an agent an intent is accepted, said to wait for one, and run when one comes back", () => waitedFor());
