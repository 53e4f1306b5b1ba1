// Taking a deployment back: whole, by site, and only the latest of a slice.
import { expect, test } from "vitest";
import { DeploymentDiff, RollbackAccepted } from "../../protocol/api.ts";
import { Deployment } from "../../protocol/deployment.ts";
import { call, createWorld, expireLease, intentOf, refusal, rows, tell, type World } from "./harness.ts";
import { deployed, failure, finished, prepared, pushFacts, rollbackFacts, started, syncFacts, takeOf } from "./story.ts";

const BOTH = { text: "Deploy eMBB slice on edge1 and edge2 with 200Mbps" };
const CONFLICT = { status: 409, code: "CONFLICT" };

const ask = (world: World, deploymentId: string, body: unknown = {}) =>
  call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body });

const read = async (world: World, deploymentId: string) =>
  (await call("GET", `/api/v1/deployments/${deploymentId}`, { token: world.read })).as(Deployment);

/** Carries the queued rollback out. */
async function rollBack(world: World, intentId: string, sites: string[]): Promise<void> {
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [
    ...(await rollbackFacts(job, { sites, reason: "asked for" })),
    finished({ kind: "rolled_back", failure: null }),
  ]);
}

const stepsOf = (intentId: string) =>
  rows<{ type: string }>(
    "select type from events where intent_id = ? and seq > (select seq from events where intent_id = ? and type = 'intent.completed') order by seq",
    intentId,
    intentId,
  );

test("a rollback is a job of the highest priority; done, the deployment is reverted and the intent rolled_back", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await deployed(world, BOTH);
  const accepted = (await ask(world, deploymentId)).as(RollbackAccepted);
  expect(accepted).toEqual({ deploymentId, jobId: expect.stringMatching(/^job_/), sites: ["edge1", "edge2"] });
  expect((await read(world, deploymentId)).status).toBe("reverting");
  const job = await takeOf(world.agent, intentId);
  const { slice, commits } = await read(world, deploymentId);
  expect([job.priority, job.input]).toEqual([
    10,
    {
      ...{ kind: "deployment.rollback", intentId, deploymentId, slice, commits, sites: ["edge1", "edge2"] },
      ...{ completes: true, wasLive: true, reason: "asked for by operate token", askedBy: null, diff: null },
    },
  ]);
  await tell(world.agent, job, [
    ...(await rollbackFacts(job, { sites: ["edge1", "edge2"], reason: "asked for" })),
    finished({ kind: "rolled_back", failure: null }),
  ]);
  const after = await read(world, deploymentId);
  expect([after.status, after.sites.map((site) => site.state)]).toEqual(["reverted", ["reverted", "reverted"]]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "rolled_back", stage: "rollback", failure: null });
  expect((await stepsOf(intentId)).map((row) => row.type)).toEqual(["rollback.initiated", "rollback.completed", "intent.rolled_back"]);
  expect(await rows("select removed_at is null held from slices")).toEqual([{ held: 0 }]);
  expect(refusal(await ask(world, deploymentId))).toEqual(CONFLICT);
});

test("one site is taken back and the other stays live; then the rest, and only then is the intent rolled back", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await deployed(world, BOTH);
  expect((await ask(world, deploymentId, { site: "Edge 2" })).as(RollbackAccepted).sites).toEqual(["edge2"]);
  await rollBack(world, intentId, ["edge2"]);
  const half = await read(world, deploymentId);
  expect([half.status, half.sites.map((site) => site.state)]).toEqual(["live", ["verified", "reverted"]]);
  expect((await intentOf(world, intentId)).status).toBe("completed");
  expect(refusal(await ask(world, deploymentId, { site: "edge2" }))).toEqual({ ...CONFLICT, fields: ["site"] });
  expect((await ask(world, deploymentId)).as(RollbackAccepted).sites).toEqual(["edge1"]);
  await rollBack(world, intentId, ["edge1"]);
  expect((await read(world, deploymentId)).status).toBe("reverted");
  expect((await intentOf(world, intentId)).status).toBe("rolled_back");
  expect((await stepsOf(intentId)).map((row) => row.type)).toEqual([
    ...["rollback.initiated", "rollback.completed"],
    ...["rollback.initiated", "rollback.completed", "intent.rolled_back"],
  ]);
});

test("one site of an intent that waits for a decision is taken back, and the rest still waits for the decision", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await prepared(world, { ...BOTH, policy: "pause" });
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "sync", reason: "sync_timeout", message: "edge2: sync is stuck" });
  const facts = [...(await pushFacts(job)), ...(await syncFacts(job, { failing: ["edge2"] }))];
  await tell(world.agent, job, [...facts, finished({ kind: "needs_decision", failure: why })]);
  const { deploymentId } = await intentOf(world, intentId);
  expect((await ask(world, deploymentId ?? "", { site: "edge2" })).status).toBe(202);
  expect((await intentOf(world, intentId)).status).toBe("running");
  await rollBack(world, intentId, ["edge2"]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "needs_decision", failure: why });
  const decided = await call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action: "accept" } });
  expect(decided.body).toEqual({ intentId, status: "completed" });
  expect((await read(world, deploymentId ?? "")).status).toBe("live");
});

test("a rollback that fails is loud: rollback.failed, the deployment failed, and it can be asked for again", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world);
  await ask(world, deploymentId);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "rollback", reason: "rollback_failed" });
  await tell(world.agent, job, [
    started("rollback", { sites: ["edge1"], reason: "asked for" }),
    finished({ kind: "failed", failure: why }),
  ]);
  expect([(await read(world, deploymentId)).status, (await intentOf(world, intentId)).status]).toEqual(["failed", "completed"]);
  expect((await stepsOf(intentId)).map((row) => row.type)).toEqual(["rollback.initiated", "rollback.failed"]);
  expect(await rows("select removed_at from slices")).toEqual([{ removed_at: null }]);
  expect((await ask(world, deploymentId)).status).toBe(202);
  await rollBack(world, intentId, ["edge1"]);
  expect((await intentOf(world, intentId)).status).toBe("rolled_back");
});

test("a rollback that ended its agent too often is loud too", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world);
  await ask(world, deploymentId);
  const job = await takeOf(world.agent, intentId);
  await rows("update jobs set attempt = 5 where id = ?", job.lease.jobId);
  await expireLease(job);
  expect(await world.agent.claim()).toBeNull();
  expect((await stepsOf(intentId)).map((row) => row.type)).toEqual(["rollback.failed"]);
  expect((await read(world, deploymentId)).status).toBe("failed");
});

test("the effects of a failed and of a cancelled run can be taken back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [...(await pushFacts(job)), finished({ kind: "cancelled", effects: ["commit x is in the repository"] })]);
  const { deploymentId, status, effects } = await intentOf(world, intentId);
  expect([status, effects]).toEqual(["cancelled", ["commit x is in the repository"]]);
  expect((await ask(world, deploymentId ?? "")).status).toBe(202);
  await rollBack(world, intentId, ["edge1"]);
  expect((await intentOf(world, intentId)).status).toBe("rolled_back");
});

test("what is being applied, has put nothing into the repository, or is being taken back cannot be taken back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const deploymentId = (await intentOf(world, intentId)).deploymentId ?? "";
  expect(refusal(await ask(world, deploymentId))).toEqual(CONFLICT);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [finished({ kind: "failed", failure: failure() })]);
  expect(refusal(await ask(world, deploymentId))).toEqual(CONFLICT);
  const other = await deployed(world);
  await ask(world, other.deploymentId);
  expect(refusal(await ask(world, other.deploymentId))).toEqual(CONFLICT);
});

test("a site that is not of the deployment is refused by name", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await deployed(world);
  expect(refusal(await ask(world, deploymentId, { site: "edge2" }))).toEqual({ ...CONFLICT, fields: ["site"] });
  expect(refusal(await ask(world, deploymentId, { site: "edge9" }))).toEqual({ status: 422, code: "UNKNOWN_SITE", fields: ["site"] });
  expect(refusal(await ask(world, deploymentId, { sites: ["edge1"] }))).toEqual({ status: 400, code: "VALIDATION", fields: ["sites"] });
});

test("only the latest deployment of a slice can be taken back; the older one answers SUPERSEDED", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world, { text: "Deploy eMBB slice video-7 on edge1 with 100Mbps" });
  const newer = await deployed(world, { text: "Scale slice video-7 to 400 Mbps" });
  const answer = await ask(world, deploymentId);
  expect([refusal(answer), JSON.stringify(answer.body)]).toEqual([
    { status: 409, code: "SUPERSEDED" },
    expect.stringContaining(newer.deploymentId),
  ]);
  expect((await ask(world, newer.deploymentId)).status).toBe(202);
  expect(refusal(await ask(world, deploymentId))).toEqual({ status: 409, code: "SUPERSEDED" }); // still: it is not back yet
  await rollBack(world, newer.intentId, ["edge1"]);
  expect((await ask(world, deploymentId)).status).toBe(202);
});

test("ten rollbacks at once are one", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(world, deploymentId)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([202, ...Array(9).fill(409)]);
  expect(await rows("select count(*) n from jobs where kind = 'deployment.rollback'")).toEqual([{ n: 1 }]);
});

test("a deployment shows what it changed", async () => {
  const world = await createWorld();
  const { deploymentId, intentId } = await deployed(world);
  const { diff, digest } = await intentOf(world, intentId);
  expect((await call("GET", `/api/v1/deployments/${deploymentId}/diff`, { token: world.read })).as(DeploymentDiff)).toEqual({
    deploymentId,
    digest,
    files: diff,
  });
});
