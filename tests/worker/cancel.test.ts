// Cancel: what waits stops at once; what runs is stopped by its agent, which says what it had done.
import { expect, test } from "vitest";
import { call, createWorld, expireLease, intentOf, refusal, rows, submit, tell, type World } from "./harness.ts";
import { applyFacts, deployed, finished, parseFacts, prepared, pushFacts, pushOutput, started, takeOf } from "./story.ts";

const CONFLICT = { status: 409, code: "CONFLICT" };
const cancel = (world: World, intentId: string) => call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });

test("a queued intent is cancelled at once and never claimed", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
  expect(await world.agent.claim()).toBeNull();
  expect(await rows("select state from jobs")).toEqual([{ state: "cancelled" }]);
  expect(await rows("select type, data from events order by seq desc limit 1")).toEqual([
    { type: "intent.cancelled", data: JSON.stringify({ by: "operate token", effects: [] }) },
  ]);
  expect(await cancel(world, intentId)).toMatchObject({ status: 202, body: { intentId, status: "cancelled" } }); // again: nothing changes
});

test("a queued application is cancelled at once and gives its slice and its sites back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
  const { deployment } = await intentOf(world, intentId);
  expect([deployment?.status, deployment?.sites.map(({ state, message }) => [state, message])]).toEqual([
    "failed",
    [["failed", "cancelled"]],
  ]);
  expect(await rows("select removed_at is null held from slices")).toEqual([{ held: 0 }]);
  expect(await rows("select * from job_sites")).toEqual([]);
  expect((await deployed(world)).intentId).not.toBe(intentId);
});

test("a running intent is asked to stop: the agent hears it from extend, report and heartbeat, and lists its effects", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await pushFacts(job));
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "running" });
  expect((await world.agent.extend(job)).body).toEqual({ leaseMs: 10_000, cancelRequested: true });
  expect((await world.agent.heartbeat({ hello: world.agent.hello({ inflight: [job.lease] }) })).cancel).toEqual([job.lease.jobId]);
  expect(await tell(world.agent, job, [started("sync")])).toEqual({ cancelRequested: true });
  const effects = [`commit ${(await pushOutput(job)).commit} is in the repository`];
  await tell(world.agent, job, [finished({ kind: "cancelled", effects })]);
  const { status, stage, effects: told, deployment } = await intentOf(world, intentId);
  expect([status, stage, told, deployment?.status]).toEqual(["cancelled", "failed", effects, "failed"]);
  expect(await rows("select data from events where type = 'intent.cancelled'")).toEqual([
    { data: JSON.stringify({ by: "operate token", effects }) },
  ]);
  expect(await rows("select removed_at from slices")).toEqual([{ removed_at: null }]); // its commit is in the tree
});

test("a run that completed before the cancel reached it has completed", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await cancel(world, intentId);
  await tell(world.agent, job, await applyFacts(job));
  expect((await intentOf(world, intentId)).status).toBe("completed");
  expect(refusal(await cancel(world, intentId))).toEqual(CONFLICT);
});

test("a preparation whose agent is gone is cancelled at once, and its agent, should it come back, is refused", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [started("parse")]);
  await expireLease(job);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
  const late = await world.agent.report(job, parseFacts(job).slice(1));
  expect(refusal(late)).toEqual({ status: 409, code: "LEASE_LOST" });
  expect(refusal(await world.agent.extend(job))).toEqual({ status: 409, code: "LEASE_LOST" });
  expect((await world.agent.heartbeat({ hello: world.agent.hello({ inflight: [job.lease] }) })).lost).toEqual([job.lease.jobId]);
  expect((await intentOf(world, intentId)).understanding).toBeNull();
});

test("an application whose agent is gone may have pushed: the next attempt is told to stop and says what is done", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const first = await takeOf(world.agent, intentId);
  await expireLease(first);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "running" });
  expect(await rows("select removed_at from slices")).toEqual([{ removed_at: null }]);
  const again = world.agent.restarted();
  await again.heartbeat();
  await tell(again, first, await pushFacts(first)); // what the dead process had noted
  const second = await again.take();
  expect([second.cancelRequested, Object.keys(second.checkpoint)]).toEqual([true, ["push"]]);
  await tell(again, second, [finished({ kind: "cancelled", effects: ["commit"] })]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "cancelled", effects: ["commit"], deployment: { status: "failed" } });
});

test("what waits for a person is cancelled at once", async () => {
  const world = await createWorld();
  const asks = await submit(world, { text: "Deploy an eMBB slice with 100Mbps" });
  const job = await takeOf(world.agent, asks);
  await tell(world.agent, job, parseFacts(job));
  const waits = await prepared(world, { approval: "required" });
  const dry = await prepared(world, { dryRun: true });
  for (const intentId of [asks, waits, dry]) expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
});

test("cancel and claim at once: either nobody has the job, or who has it is told", async () => {
  for (let round = 0; round < 10; round += 1) {
    const world = await createWorld();
    const intentId = await submit(world);
    const [answer, job] = await Promise.all([cancel(world, intentId), world.agent.claim()]);
    expect(answer.status).toBe(202);
    if (job === null) expect(answer.body).toEqual({ intentId, status: "cancelled" });
    else expect((await world.agent.extend(job)).body).toMatchObject({ cancelRequested: true });
  }
});

test("a rollback of a settled intent that is cancelled says so; the intent stays what it was and the rollback can be asked for again", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world);
  const rollback = () => call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body: {} });
  await rollback();
  const job = await takeOf(world.agent, intentId);
  expect((await cancel(world, intentId)).status).toBe(202);
  await tell(world.agent, job, [finished({ kind: "cancelled", effects: [] })]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  const [said] = await rows<{ type: string; data: string }>("select type, data from events order by seq desc limit 1");
  expect(said?.type).toBe("rollback.failed");
  expect(said?.data).toContain("nothing had been taken back");
  expect((await rollback()).status).toBe(202);
});

test("a rollback that an intent asked for and nobody has claimed is cancelled at once; the deployment is what it was", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world);
  const asking = await prepared(world, { text: "Roll back edge1" });
  expect((await intentOf(world, asking)).deployment?.status).toBe("reverting");
  expect((await cancel(world, asking)).body).toEqual({ intentId: asking, status: "cancelled" });
  expect((await intentOf(world, asking)).deployment?.status).toBe("live");
  expect(await rows("select deployment_id from slice_sites")).toEqual([{ deployment_id: deploymentId }]);

  const failing = await prepared(world);
  const job = await takeOf(world.agent, failing);
  await tell(world.agent, job, [...(await pushFacts(job)), finished({ kind: "cancelled", effects: [] })]);
  const again = await prepared(world, { text: "Roll back edge1" });
  expect((await intentOf(world, again)).deployment).toMatchObject({ intentId: failing, status: "reverting" });
  await cancel(world, again);
  expect((await intentOf(world, failing)).deployment?.status).toBe("failed");
});

test("a rollback that an intent asked for and an agent has begun is stopped by the agent; the deployment can be taken back again", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world);
  const asking = await prepared(world, { text: "Roll back edge1" });
  const job = await takeOf(world.agent, asking);
  expect((await cancel(world, asking)).body).toEqual({ intentId: asking, status: "running" });
  await tell(world.agent, job, [finished({ kind: "cancelled", effects: ["nothing"] })]);
  expect([(await intentOf(world, asking)).status, (await intentOf(world, intentId)).status]).toEqual(["cancelled", "completed"]);
  const answer = await call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body: {} });
  expect(answer.status).toBe(202);
});

test("an undecided intent can be cancelled: what it did is listed and can be taken back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  const { stage, reason, message } = { stage: "verify" as const, reason: "slo_inconclusive" as const, message: "no data" };
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    finished({ kind: "needs_decision", failure: { stage, reason, message, retryable: true } }),
  ]);
  expect((await cancel(world, intentId)).body).toEqual({ intentId, status: "cancelled" });
  const { commit } = await pushOutput(job);
  const record = await intentOf(world, intentId);
  expect(record).toMatchObject({ effects: [`commit ${commit} is in the repository`], deployment: { status: "failed" } });
  const path = `/api/v1/deployments/${record.deploymentId}/rollback`;
  // As many clients send it: a content type and no body.
  const answer = await call("POST", path, { token: world.operate, headers: { "content-type": "application/json" } });
  expect(answer.status).toBe(202);
});

test("a cancel that goes through an agent is kept with its key like any other command", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  await world.agent.take();
  const withKey = (path: string) => call("POST", path, { token: world.operate, headers: { "idempotency-key": "stop-1" } });
  const first = await withKey(`/api/v1/intents/${intentId}/cancel`);
  const again = await withKey(`/api/v1/intents/${intentId}/cancel`);
  expect([first.status, again.status, again.body]).toEqual([202, 202, first.body]);
  const other = await withKey(`/api/v1/intents/${await submit(world)}/cancel`);
  expect(refusal(other)).toEqual({ status: 409, code: "IDEMPOTENCY_MISMATCH" });
});
