// A rollout that was paused for a person: resumed, accepted, taken back; and what is held where after each.
import { expect, test } from "vitest";
import { carryOut, held, order, prepare, rollBack } from "./changes.ts";
import { call, createWorld, intentOf, submit, tell, type World } from "./harness.ts";
import { deployed, failure, finished, pushOutput, rollbackFacts, rollbackInput, started, syncFacts, takeOf, verifyFacts } from "./story.ts";

const THREE = "Deploy eMBB slice video-7 on edge1, edge2 and edge3 with 200 Mbps";
const decide = (world: World, intentId: string, action: string) =>
  call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action } });

const statesOf = async (world: World, intentId: string) =>
  Object.fromEntries(((await intentOf(world, intentId)).deployment?.sites ?? []).map(({ site, state }) => [site, state]));

async function paused(world: World, body: Record<string, unknown> = {}) {
  const intentId = await submit(world, { text: THREE, policy: "pause", rollout: { waves: [["edge1", "edge2"], ["edge3"]] }, ...body });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "sync", reason: "sync_timeout", message: "edge2: sync is stuck", site: "edge2" });
  await tell(world.agent, job, [
    started("push"),
    { type: "stage.completed", result: { stage: "push", output: await pushOutput(job, 1) } },
    ...(await syncFacts(job, { wave: 1, failing: ["edge2"] })),
    finished({ kind: "needs_decision", failure: why }),
  ]);
  return { intentId, job };
}

test("resume keeps the push and the settled sites, forgets the failed ones, and goes on to the end", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, job } = await paused(world);
  expect((await decide(world, intentId, "resume")).body).toEqual({ intentId, status: "running" });
  expect((await intentOf(world, intentId)).failure).toBeNull();
  const next = await takeOf(world.agent, intentId);
  expect(next.lease.jobId).not.toBe(job.lease.jobId);
  expect(next.input).toEqual(job.input);
  expect(next.checkpoint).toMatchObject({ push: await pushOutput(job, 1), sync: { sites: [{ site: "edge1", state: "provisioned" }] } });
  expect(next.checkpoint.sync?.sites).toHaveLength(1);
  expect(next.checkpoint.verify).toBeUndefined();
  await tell(world.agent, next, [...(await syncFacts(next)), ...verifyFacts(next), finished({ kind: "completed", note: "" })]);
  expect((await intentOf(world, intentId)).status).toBe("completed");
});

test("resume after one site was taken back by hand leaves that site alone", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId } = await paused(world);
  const { deploymentId } = await intentOf(world, intentId);
  expect((await rollBack(world, deploymentId ?? "", { site: "edge2" })).status).toBe(202);
  await carryOut(world, intentId);
  expect((await intentOf(world, intentId)).status).toBe("needs_decision");
  await decide(world, intentId, "resume");
  const next = await takeOf(world.agent, intentId);
  expect(next.checkpoint.sync?.sites.map(({ site, state }) => [site, state])).toEqual([
    ["edge1", "provisioned"],
    ["edge2", "reverted"],
  ]);
});

test("accept keeps what is out and gives the rest back", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId } = await paused(world);
  expect((await decide(world, intentId, "accept")).body).toEqual({ intentId, status: "completed" });
  const { deploymentId } = await intentOf(world, intentId);
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200], "video-7@edge2": [deploymentId, 200] });
  expect(await statesOf(world, intentId)).toEqual({ edge1: "provisioned", edge2: "failed", edge3: "failed" });
});

test("accepting a terminate that was taken back at one site keeps the slice there", async () => {
  const world = await createWorld({ sites: 3 });
  const first = await deployed(world, { text: THREE });
  const { intentId } = await paused(world, { text: "Terminate slice video-7" });
  const { deploymentId } = await intentOf(world, intentId);
  await rollBack(world, deploymentId ?? "", { site: "edge2" });
  await carryOut(world, intentId);
  await decide(world, intentId, "accept");
  expect(await held()).toEqual({ "video-7@edge2": [first.deploymentId, 200], "video-7@edge3": [first.deploymentId, 200] });
});

test("the decision to take a rollout back names the commits of the waves that are out, oldest first", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, job } = await paused(world);
  await decide(world, intentId, "rollback");
  const back = await takeOf(world.agent, intentId);
  const { waves } = await pushOutput(job, 1);
  expect(rollbackInput(back)).toMatchObject({ commits: waves, sites: ["edge1", "edge2"], completes: true });
  await tell(world.agent, back, [
    ...(await rollbackFacts(back, { sites: ["edge1", "edge2"], reason: "" })),
    finished({ kind: "rolled_back", failure: null }),
  ]);
  expect([await held(), (await intentOf(world, intentId)).status]).toEqual([{}, "rolled_back"]);
});

test("while a rollout waits for a decision nobody else may change its slice", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId } = await paused(world);
  const other = await order(world, "scale", "video-7", { requirements: { downlinkMbps: 300 } });
  const { failure: why } = await prepare(world, other);
  expect(why?.message).toBe(
    `intent ${intentId} is changing slice video-7 now (deploy); wait until it has ended or is decided, or cancel it.`,
  );
});
