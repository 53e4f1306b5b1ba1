// How an application can end: what becomes of the intent, the deployment, its sites and the capacity it held.
import { expect, test } from "vitest";
import { Site } from "../../protocol/site.ts";
import { call, createAgent, createWorld, intentOf, refusal, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import {
  deployed,
  failure,
  finished,
  planOutput,
  prepared,
  prepareFacts,
  pushFacts,
  rollbackFacts,
  sha,
  started,
  syncFacts,
  takeOf,
  verifyFacts,
  worldOf,
} from "./story.ts";

const BOTH = "Deploy eMBB slice on edge1 and edge2 with 200Mbps";

const terminalsOf = async (intentId: string) =>
  (
    await rows<{ type: string }>(
      `select type from events where intent_id = ? and type in
       ('intent.completed', 'intent.failed', 'intent.rejected', 'intent.cancelled', 'intent.rolled_back', 'decision.requested') order by seq`,
      intentId,
    )
  ).map((row) => row.type);

const usedAt = async (world: World, site = "edge1") =>
  (await call("GET", `/api/v1/sites/${site}`, { token: world.read })).as(Site).used.downlinkMbps;

test("a push that fails leaves nothing in the tree: failed, and the slice is given back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  expect(await usedAt(world)).toBe(200);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [started("push"), finished({ kind: "failed", failure: failure() })]);
  const { status, stage, failure: why, deployment } = await intentOf(world, intentId);
  expect([status, stage, why, deployment?.status]).toEqual(["failed", "failed", failure(), "failed"]);
  expect(deployment?.sites.map(({ state, message }) => [state, message])).toEqual([["failed", failure().message]]);
  expect([await usedAt(world), await terminalsOf(intentId)]).toEqual([0, ["intent.failed"]]);
});

test("a failure after the push keeps what is in the tree: the slice stays held until it is taken back", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "rollback", reason: "rollback_failed", message: "edge1 still runs it" });
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    ...(await syncFacts(job, { failing: ["edge1"] })),
    started("rollback", { sites: ["edge1"], reason: "sync is stuck" }),
    finished({ kind: "failed", failure: why }),
  ]);
  const { status, deployment } = await intentOf(world, intentId);
  expect([status, deployment?.status, await usedAt(world)]).toEqual(["failed", "failed", 200]);
  expect(await rows("select count(*) n from events where type = 'rollback.failed'")).toEqual([{ n: 1 }]);
  expect(await terminalsOf(intentId)).toEqual(["intent.failed"]);
  expect(await rows("select status, message from sites")).toEqual([{ status: "degraded", message: "edge1: sync is stuck" }]);
});

test("missed service levels end in rolled_back with the revert commit, and the slice is given back", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await prepared(world, { text: BOTH });
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "verify", reason: "slo_failed", message: "latencyP95 is 45 ms", retryable: false });
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    ...(await syncFacts(job)),
    ...verifyFacts(job, "fail"),
    ...(await rollbackFacts(job, { sites: ["edge1", "edge2"], reason: why.message })),
    finished({ kind: "rolled_back", failure: why }),
  ]);
  const { status, stage, failure: told, deployment } = await intentOf(world, intentId);
  expect([status, stage, told, deployment?.status]).toEqual(["rolled_back", "rollback", why, "reverted"]);
  expect(deployment?.revertCommit).toBe(await sha(`revert ${job.lease.jobId}`));
  expect(deployment?.sites.map((site) => site.state)).toEqual(["reverted", "reverted"]);
  expect(deployment?.evidence.every((record) => record.verdict === "fail")).toBe(true);
  expect([await usedAt(world), await terminalsOf(intentId)]).toEqual([0, ["intent.rolled_back"]]);
});

test("keep-successful takes the failed site back, goes on with the other, and completes", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await prepared(world, { text: BOTH, policy: "keep-successful" });
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    ...(await syncFacts(job, { failing: ["edge2"] })),
    ...(await rollbackFacts(job, { sites: ["edge2"], reason: "sync is stuck" })),
    ...verifyFacts(job),
    finished({ kind: "completed", note: "service levels met; taken back at edge2" }),
  ]);
  const { status, stage, deployment } = await intentOf(world, intentId);
  expect([status, stage, deployment?.status]).toEqual(["completed", "completed", "live"]);
  expect(deployment?.sites.map(({ site, state }) => [site, state])).toEqual([
    ["edge1", "verified"],
    ["edge2", "reverted"],
  ]);
  expect([await usedAt(world), await usedAt(world, "edge2")]).toEqual([200, 0]);
});

async function undecided(world: World): Promise<string> {
  const intentId = await prepared(world, { text: BOTH });
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "verify", reason: "slo_inconclusive", message: "no data" });
  const facts = [...(await pushFacts(job)), ...(await syncFacts(job)), ...verifyFacts(job, "inconclusive")];
  await tell(world.agent, job, [...facts, finished({ kind: "needs_decision", failure: why })]);
  return intentId;
}

const decide = (world: World, intentId: string, action: string) =>
  call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action } });

test("an inconclusive verdict waits for a person, who accepts: live and completed, by name", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await undecided(world);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "needs_decision", deployment: { status: "applying" } });
  expect((await decide(world, intentId, "accept")).body).toEqual({ intentId, status: "completed" });
  expect(await intentOf(world, intentId)).toMatchObject({ status: "completed", deployment: { status: "live" } });
  expect(await rows("select data from events where type = 'intent.completed'")).toEqual([
    { data: expect.stringContaining("accepted by operate token: no data") },
  ]);
  expect(refusal(await decide(world, intentId, "accept"))).toEqual({ status: 409, code: "CONFLICT" });
});

test("or decides to take it back: a rollback job, then rolled_back", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await undecided(world);
  expect((await decide(world, intentId, "rollback")).body).toEqual({ intentId, status: "running" });
  const job = await takeOf(world.agent, intentId);
  expect(job).toMatchObject({ priority: 10, input: { kind: "deployment.rollback", sites: ["edge1", "edge2"], completes: true } });
  await tell(world.agent, job, [
    ...(await rollbackFacts(job, { sites: ["edge1", "edge2"], reason: "decided" })),
    finished({ kind: "rolled_back", failure: null }),
  ]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect(await terminalsOf(intentId)).toEqual(["decision.requested", "intent.rolled_back"]);
});

test("an intent that waits for no decision takes none", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  expect(refusal(await decide(world, intentId, "rollback"))).toEqual({ status: 409, code: "CONFLICT" });
  expect(refusal(await decide(world, intentId, "wait"))).toEqual({ status: 400, code: "VALIDATION", fields: ["action"] });
});

test("a void approval prepares again, gives the slice back meanwhile, and asks for a new approval", async () => {
  const world = await createWorld();
  const intentId = await prepared(world, { approval: "required" });
  const approve = async () =>
    call("POST", `/api/v1/intents/${intentId}/approve`, {
      token: world.operate,
      body: { digest: (await intentOf(world, intentId)).digest },
    });
  expect((await approve()).status).toBe(202);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ reason: "approval_void", message: "the slice's files moved" });
  await tell(world.agent, job, [started("push"), finished({ kind: "approval_void", failure: why })]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "received", stage: null, digest: null, diff: null, deployment: null });
  expect(await usedAt(world)).toBe(0);
  const [said] = await rows<{ data: string }>("select data from events where type = 'approval.decided' order by seq desc limit 1");
  expect(JSON.parse(said?.data ?? "")).toMatchObject({ decision: "voided", reason: "the slice's files moved" });
  const again = await takeOf(world.agent, intentId);
  await tell(world.agent, again, await prepareFacts(again));
  expect((await intentOf(world, intentId)).status).toBe("awaiting_approval");
  expect((await approve()).status).toBe(202);
  expect(await rows("select status from deployments order by id")).toEqual([{ status: "failed" }, { status: "applying" }]);
});

test("two intents that were both feasible alone and not together: the second becomes rejected with a conflict", async () => {
  const world = await createWorld();
  const tight = siteConfig("edge1", { capacity: { downlinkMbps: 300, uplinkMbps: 300, maxDevices: 1_000_000 } });
  await world.agent.heartbeat({ sites: [tight] });
  const ids = [await submit(world), await submit(world)];
  const jobs = [await world.agent.take(), await world.agent.take()];
  const results = await Promise.all(jobs.map(async (job) => world.agent.report(job, await prepareFacts(job))));
  expect(results.map((answer) => answer.status)).toEqual([200, 200]);
  const records = await Promise.all(ids.map((id) => intentOf(world, id)));
  expect(records.map((record) => record.status).sort()).toEqual(["rejected", "running"]);
  expect(records.find((record) => record.status === "rejected")).toMatchObject({
    failure: { stage: "plan", reason: "conflict", retryable: true },
    deployment: null,
  });
  expect(await usedAt(world)).toBe(200);
});

test.each(["snssai", "slice"] as const)("two plans with the same %s: the second becomes rejected with a conflict", async (clash) => {
  const world = await createWorld();
  await submit(world);
  await submit(world);
  const [one, two] = [await world.agent.take(), await world.agent.take()];
  const [first, second] = [planOutput(one), planOutput(two)];
  const plan = { ...second, plan: { ...second.plan, [clash]: first.plan[clash] } };
  await tell(world.agent, one, await prepareFacts(one));
  await tell(world.agent, two, await prepareFacts(two, { plan }));
  const records = await Promise.all([one, two].map((job) => intentOf(world, job.input.intentId)));
  expect(records.map((record) => [record.status, record.failure?.reason])).toEqual([
    ["running", undefined],
    ["rejected", "conflict"],
  ]);
  expect(await terminalsOf(two.input.intentId)).toEqual(["intent.rejected"]);
});

test("a slice that was taken back frees its name for the next", async () => {
  const world = await createWorld();
  const text = "Deploy eMBB slice video-7 on edge1 with 100Mbps";
  const { deploymentId, intentId } = await deployed(world, { text });
  await call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body: {} });
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [
    ...(await rollbackFacts(job, { sites: ["edge1"], reason: "asked for" })),
    finished({ kind: "rolled_back", failure: null }),
  ]);
  const next = await deployed(world, { text });
  expect(next.deploymentId).not.toBe(deploymentId);
  expect(await rows("select name, removed_at from slices")).toEqual([{ name: "video-7", removed_at: null }]);
});

test("a site of another agent's slice is seen as used by every plan", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await deployed(world, { text: BOTH });
  const other = await createAgent({ sites: ["edge2"] });
  await submit(world);
  const seen = worldOf(await other.take()).slices;
  const share = { deploymentId, downlinkMbps: 200, uplinkMbps: 50, maxDevices: 1000 };
  expect(seen.map(({ sites, latest, busy }) => ({ sites, latest: latest.deploymentId, busy }))).toEqual([
    {
      sites: [
        { site: "edge1", ...share },
        { site: "edge2", ...share },
      ],
      latest: deploymentId,
      busy: null,
    },
  ]);
});
