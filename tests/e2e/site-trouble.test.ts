// One site of two is in trouble: its own message, and the intent's policy decides about the other. Every kind of trouble under every policy.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IntentRecord } from "../../protocol/api.ts";
import type { FailurePolicy } from "../../protocol/intent.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { commitsOf, rollBack, sitesAtTip, terminalEvents } from "./support/expectations.ts";
import { until } from "./support/until.ts";

const SYNC_TIMEOUT_MS = 3_000;
// Waiting for the site, taking it back, confirming that, each within its bound; a call that hangs may cost 2.5 s more each time.
const WHOLE_MS = 3 * SYNC_TIMEOUT_MS + 10_000;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sites: 6, env: { SYNC_TIMEOUT_MS: String(SYNC_TIMEOUT_MS), AGENT_SLOTS: "8" } });
});
afterAll(() => stack?.stop());

// Each policy has two sites of its own; the second one is in trouble.
const POLICIES: { policy: FailurePolicy; good: string; bad: string }[] = [
  { policy: "all-or-revert", good: "edge1", bad: "edge2" },
  { policy: "keep-successful", good: "edge3", bad: "edge4" },
  { policy: "pause", good: "edge5", bad: "edge6" },
];

const TROUBLES = [
  { what: "stuck", faults: { sync: "stuck" }, reason: "sync_timeout", says: /is at [0-9a-f]{7}, not at/ },
  { what: "failing to sync", faults: { sync: "fail" }, reason: "sync_failed", says: /refused the objects/ },
  { what: "unhealthy", faults: { health: "fail" }, reason: "sync_failed", says: /resources failed/ },
  { what: "unreachable", faults: { unreachable: true }, reason: "site_unreachable", says: /cannot be reached/ },
  { what: "without a working O2 IMS", faults: { o2ims: "fail" }, reason: "site_unreachable", says: /O2 IMS.*answered 503/ },
  { what: "silent in O2 IMS", faults: { o2ims: "hang" }, reason: "site_unreachable", says: /O2 IMS.*did not answer/ },
];

test.each(TROUBLES)("a site that is $what has its own message, and each policy decides about the other site", async (trouble) => {
  const before = await stack.repository.tree("main");
  for (const { bad } of POLICIES) await stack.fault(bad, trouble.faults);
  const ids = await Promise.all(
    POLICIES.map(({ policy, good, bad }) => stack.deploy(`Deploy eMBB slice on ${good} and ${bad} with 50Mbps`, { policy })),
  );
  const records: IntentRecord[] = [];
  for (const id of ids) records.push(await stack.settled(id, WHOLE_MS));
  const [reverted, kept, paused] = records;
  if (reverted === undefined || kept === undefined || paused === undefined) throw new Error("three policies, three intents");
  const silent = trouble.what === "unreachable"; // cannot be asked whether it has let go
  const states = (intent: IntentRecord) => intent.deployment?.sites.map(({ site, state }) => `${site} ${state}`);

  const failure = { stage: "sync", reason: trouble.reason, message: expect.stringMatching(trouble.says) };
  expect(reverted).toMatchObject({ status: "rolled_back", failure: { ...failure, site: "edge2" }, deployment: { status: "reverted" } });
  expect(reverted.failure?.message).toMatch(/^edge2: /);
  expect(states(reverted)).toEqual(["edge1 reverted", silent ? "edge2 failed" : "edge2 reverted"]);
  expect(await commitsOf(stack, reverted.intentId)).toEqual(["push edge1,edge2", "revert edge1,edge2"]);

  expect(kept).toMatchObject({ status: "completed", deployment: { status: "live" } });
  expect(states(kept)).toEqual(["edge3 verified", silent ? "edge4 failed" : "edge4 reverted"]);
  expect(await commitsOf(stack, kept.intentId)).toEqual(["push edge3,edge4", "revert edge4"]);

  expect(paused).toMatchObject({ status: "needs_decision", failure: { ...failure, site: "edge6" }, deployment: { status: "applying" } });
  expect(states(paused)).toEqual(["edge5 provisioned", "edge6 failed"]);
  expect(paused.deployment?.sites[1]?.message).toMatch(trouble.says);
  expect(await commitsOf(stack, paused.intentId)).toEqual(["push edge5,edge6"]);

  const slices = [kept.plan?.slice, paused.plan?.slice];
  expect(await stack.repository.slices()).toEqual([`edge3/${slices[0]}`, `edge5/${slices[1]}`, `edge6/${slices[1]}`]);
  expect(terminalEvents(await stack.events(reverted.intentId))).toEqual(["intent.rolled_back"]);
  expect(terminalEvents(await stack.events(kept.intentId))).toEqual(["intent.completed"]);
  expect(terminalEvents(await stack.events(paused.intentId))).toEqual([]);

  await stack.clearFaults();
  await stack.api("POST", `/api/v1/intents/${paused.intentId}/decide`, { action: "rollback" });
  await rollBack(stack, kept.deployment?.deploymentId ?? "");
  expect(await stack.settled(paused.intentId)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect(await stack.repository.tree("main")).toBe(before);
  await sitesAtTip(stack);
});

test("a slow site is waited for", async () => {
  await stack.fault("edge2", { sync: "slow" });
  const slow = await stack.deploy("Deploy eMBB slice on edge1 and edge2 with 50Mbps");
  const states = async () => (await stack.status(slow)).sites.map(({ site, state }) => `${site} ${state}`).join();
  await until("the slow one alone", states, { holds: (seen) => /edge1 (synced|provisioned),edge2 syncing/.test(seen) });
  await stack.fault("edge2", {}); // the lab's slowness is as long as this stack's patience
  expect(await stack.settled(slow, WHOLE_MS)).toMatchObject({ status: "completed" });
});

test("a paused rollout may be accepted as it is", async () => {
  await stack.fault("edge6", { sync: "fail" });
  const paused = await stack.deploy("Deploy eMBB slice on edge5 and edge6 with 50Mbps", { policy: "pause" });
  expect(await stack.settled(paused, WHOLE_MS)).toMatchObject({ status: "needs_decision" });
  await stack.api("POST", `/api/v1/intents/${paused}/decide`, { action: "accept" });
  expect(await stack.settled(paused)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  await stack.clearFaults();
});

test("a rollback that an unreachable site cannot confirm fails loudly, and can be asked for again", async () => {
  const intentId = await stack.deploy("Deploy eMBB slice on edge3 and edge4 with 50Mbps");
  const deploymentId = (await stack.settled(intentId)).deployment?.deploymentId ?? "";
  await stack.fault("edge4", { unreachable: true });
  await rollBack(stack, deploymentId);
  const failed = await stack.deployment(deploymentId);
  expect(failed).toMatchObject({ status: "failed" });
  expect(failed.sites.map(({ site, state }) => `${site} ${state}`)).toEqual(["edge3 reverted", "edge4 failed"]);
  const events = await stack.events(intentId);
  expect(events.at(-1)).toMatchObject({ type: "rollback.failed", data: { failure: { reason: "rollback_failed", site: "edge4" } } });
  expect((await stack.intent(intentId)).status).toBe("completed");

  await stack.clearFaults();
  await rollBack(stack, deploymentId);
  expect(await stack.deployment(deploymentId)).toMatchObject({ status: "reverted" });
  expect((await stack.intent(intentId)).status).toBe("rolled_back");
  expect(await commitsOf(stack, intentId)).toEqual(["push edge3,edge4", "revert edge3,edge4"]);
});
