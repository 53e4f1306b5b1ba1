// Cancels that come late: when the agent that had the job is gone for good, and after the intent itself has completed.
import { expect, test } from "vitest";
import { carryOut, held, order, prepare, rollBack, said, statusOf, VIDEO } from "./changes.ts";
import { call, createWorld, expireLease, intentOf, refusal, rows, tell, type World } from "./harness.ts";
import { applyFacts, prepared, pushFacts, pushOutput, started, takeOf } from "./story.ts";

const LEASE_LOST = { status: 409, code: "LEASE_LOST" };
const UNKNOWN = "an agent had it and is gone: what it did last is not known";
const cancel = (world: World, intentId: string) => call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });

/** Nobody is online who could take anything up. */
const everybodyGone = () => rows("update agents set online = 0, last_heartbeat = 0");

test("a job whose lease is over and whose agent is gone ends at once, says what is not known, and frees its sites", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await expireLease(job);
  await everybodyGone();
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
  expect(await intentOf(world, intentId)).toMatchObject({ status: "cancelled", effects: [UNKNOWN], deployment: { status: "failed" } });
  expect(await rows("select job_id from site_locks union all select job_id from job_sites")).toEqual([]);
  expect(await held()).toEqual({});
  const late = await world.agent.report(job, await applyFacts(job));
  expect([refusal(late), refusal(await world.agent.extend(job))]).toEqual([LEASE_LOST, LEASE_LOST]);
  await world.agent.heartbeat();
  expect(await world.agent.claim()).toBeNull();
  expect((await intentOf(world, intentId)).status).toBe("cancelled");
});

test("what the lost agent had pushed is listed, stays held, and can be taken back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await pushFacts(job));
  await expireLease(job);
  await everybodyGone();
  await cancel(world, intentId);
  const { commit } = await pushOutput(job);
  const { effects, deploymentId } = await intentOf(world, intentId);
  expect(effects).toEqual([`commit ${commit} is in the repository`, UNKNOWN]);
  expect(Object.values(await held())).toEqual([[deploymentId, 200]]);
  await world.agent.heartbeat();
  expect((await rollBack(world, deploymentId ?? "")).status).toBe(202);
  await carryOut(world, intentId);
  expect(await held()).toEqual({});
});

test("while the lease runs, or somebody online could take the job up, the agent is asked", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await everybodyGone();
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "running" }); // its lease is not over
  await world.agent.heartbeat();
  await expireLease(job);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "running" });
  expect((await world.agent.take()).cancelRequested).toBe(true);
});

test("a queued rollback of a completed intent is withdrawn: the deployment is live again, the intent stays completed", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await said(world, VIDEO);
  const before = await held();
  await rollBack(world, deploymentId);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "completed" });
  expect(await intentOf(world, intentId)).toMatchObject({ status: "completed", effects: [], deployment: { status: "live" } });
  expect(await held()).toEqual(before);
  expect(await rows("select id from events where type = 'intent.cancelled'")).toEqual([]);
  expect(await world.agent.claim()).toBeNull();
  expect((await rollBack(world, deploymentId)).status).toBe(202);
  expect((await carryOut(world, intentId)).status).toBe("rolled_back");
});

test("a withdrawn rollback of one site leaves the whole deployment live", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await said(world, VIDEO);
  await rollBack(world, deploymentId, { site: "edge2" });
  await cancel(world, intentId);
  expect([await statusOf(world, deploymentId), Object.keys(await held())]).toEqual(["live", ["video-7@edge1", "video-7@edge2"]]);
});

test("a rollback whose agent is gone for good ends at once: what it did is not known, so the deployment has failed", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await said(world, VIDEO);
  const asking = await order(world, "rollback", "video-7");
  await prepare(world, asking);
  const job = await takeOf(world.agent, asking);
  await tell(world.agent, job, [started("rollback", { sites: ["edge1", "edge2"], reason: "" })]);
  await expireLease(job);
  await everybodyGone();
  expect((await cancel(world, asking)).body).toEqual({ intentId: asking, status: "cancelled" });
  expect([await statusOf(world, deploymentId), (await intentOf(world, asking)).effects]).toEqual([
    "failed",
    expect.arrayContaining([UNKNOWN]),
  ]);
  await world.agent.heartbeat();
  expect((await rollBack(world, deploymentId)).status).toBe(202);
});

test("a lost rollback of a completed intent is told in the feed; the intent stays completed", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await said(world, VIDEO);
  await rollBack(world, deploymentId);
  const job = await takeOf(world.agent, intentId);
  await expireLease(job);
  await everybodyGone();
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "completed" });
  expect(await statusOf(world, deploymentId)).toBe("failed");
  const [last] = await rows<{ type: string; data: string }>("select type, data from events order by seq desc limit 1");
  expect([last?.type, last?.data]).toEqual(["rollback.failed", expect.stringContaining(UNKNOWN)]);
  expect(refusal(await world.agent.report(job, [started("rollback")]))).toEqual(LEASE_LOST);
});
