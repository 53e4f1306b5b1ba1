// Taking back that does not come to its end: asked for again, cancelled, refused; and who holds and watches what afterwards.
import { expect, test } from "vitest";
import { WatchlistResponse } from "../../protocol/agent.ts";
import type { DecisionAction } from "../../protocol/intent.ts";
import type { ClaimedJob } from "../../protocol/job.ts";
import type { Fact } from "../../protocol/report.ts";
import { approve, carryOut, done, held, order, prepare, rollBack, said, setPolicy, statusOf, tighten, VIDEO } from "./changes.ts";
import { call, createAgent, createWorld, intentOf, refusal, rows, submit, tell, type World } from "./harness.ts";
import { failure, finished, pushFacts, rollbackInput, sha, started, syncFacts, takeOf } from "./story.ts";

const CONFLICT = { status: 409, code: "CONFLICT" };
const NEVER_BEGUN = failure({ stage: "rollback", reason: "git_unreachable" });
const HALF_WAY = failure({ stage: "rollback", reason: "rollback_failed", message: "edge2 has not confirmed" });

const cancel = (world: World, intentId: string) => call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
const decide = (world: World, intentId: string, action: DecisionAction) =>
  call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action } });

/** What is measured where: `slice@site` of everything that has objectives to be met now. */
async function watched({ agent }: World): Promise<string[]> {
  const answer = await call("POST", "/agent/v1/watchlist", { token: agent.credential, body: { instanceId: agent.instanceId } });
  const { slices } = answer.as(WatchlistResponse);
  return slices.filter((one) => one.objectives.length > 0 && !one.busy).map(({ slice, site }) => `${slice}@${site}`);
}

/** edge1 has confirmed the revert, edge2 has not. */
async function halfBack(job: ClaimedJob): Promise<Fact[]> {
  const commit = await sha(`revert ${job.lease.jobId}`);
  return [
    started("rollback", { sites: rollbackInput(job).sites, reason: "" }),
    { type: "site.state", site: "edge1", state: "reverted", commit, message: "removed" },
    { type: "site.state", site: "edge2", state: "failed", commit: null, message: "reverted in git, not confirmed" },
    finished({ kind: "failed", failure: HALF_WAY }),
  ];
}

/** Asked for, begun, and ended so. */
async function badRollback(world: World, of: { intentId: string; deploymentId: string }, ending: (job: ClaimedJob) => Promise<Fact[]>) {
  expect((await rollBack(world, of.deploymentId)).status).toBe(202);
  const job = await takeOf(world.agent, of.intentId);
  await tell(world.agent, job, await ending(job));
}

test("a rollback that one site confirmed and the other did not, asked for again, takes both, and nothing stays held", async () => {
  const world = await createWorld({ sites: 2 });
  const video = await said(world, VIDEO);
  await badRollback(world, video, halfBack);
  expect(await statusOf(world, video.deploymentId)).toBe("failed");
  expect((await rollBack(world, video.deploymentId)).body).toMatchObject({ sites: ["edge1", "edge2"] });
  expect((await carryOut(world, video.intentId)).status).toBe("rolled_back");
  expect([await statusOf(world, video.deploymentId), await held()]).toEqual(["reverted", {}]);
  expect(await rows("select removed_at is null held from slices")).toEqual([{ held: 0 }]);
});

test("a scale whose rollback was half confirmed, asked for again, leaves the old revision in force at both sites", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId: old } = await said(world, VIDEO);
  const scaled = await done(world, await order(world, "scale", "video-7", { requirements: { downlinkMbps: 300 } }));
  await badRollback(world, scaled, halfBack);
  await rollBack(world, scaled.deploymentId);
  await carryOut(world, scaled.intentId);
  expect([await statusOf(world, scaled.deploymentId), await statusOf(world, old)]).toEqual(["reverted", "live"]);
  expect(await held()).toEqual({ "video-7@edge1": [old, 200], "video-7@edge2": [old, 200] });
  expect(await watched(world)).toEqual(["video-7@edge1", "video-7@edge2"]);
});

test.each([
  ["failed before its first revert", finished({ kind: "failed", failure: NEVER_BEGUN })],
  ["was cancelled with nothing done", finished({ kind: "cancelled", effects: [] })],
] as const)("a rollback that %s leaves a live deployment live and watched", async (_how, end) => {
  const world = await createWorld({ sites: 2 });
  const video = await said(world, VIDEO);
  await badRollback(world, video, async () => [started("rollback", { sites: ["edge1", "edge2"], reason: "" }), end]);
  expect([await statusOf(world, video.deploymentId), (await intentOf(world, video.intentId)).status]).toEqual(["live", "completed"]);
  expect(await watched(world)).toEqual(["video-7@edge1", "video-7@edge2"]);
  const asking = await order(world, "rollback", "video-7"); // and by an intent of its own
  await prepare(world, asking);
  await tell(world.agent, await takeOf(world.agent, asking), [end]);
  expect(await statusOf(world, video.deploymentId)).toBe("live");
  expect(await watched(world)).toHaveLength(2);
});

test.each([
  ["failed half-way", halfBack],
  ["was cancelled with something done", async () => [finished({ kind: "cancelled", effects: ["edge1 was taken back"] })]],
] as const)("a deployment whose rollback %s has failed, and is not measured", async (_how, ending) => {
  const world = await createWorld({ sites: 2 });
  const video = await said(world, VIDEO);
  await badRollback(world, video, ending);
  expect([await statusOf(world, video.deploymentId), (await intentOf(world, video.intentId)).status]).toEqual(["failed", "completed"]);
  expect(await watched(world)).toEqual([]);
  expect((await rollBack(world, video.deploymentId)).status).toBe(202);
});

test("a deployment that is half taken back stays failed when the next rollback never begins, is cancelled or withdrawn", async () => {
  const world = await createWorld({ sites: 2 });
  const video = await said(world, VIDEO);
  await badRollback(world, video, halfBack);
  await badRollback(world, video, async () => [finished({ kind: "failed", failure: NEVER_BEGUN })]);
  expect(await statusOf(world, video.deploymentId)).toBe("failed");
  await badRollback(world, video, async () => [finished({ kind: "cancelled", effects: [] })]);
  expect(await statusOf(world, video.deploymentId)).toBe("failed");
  await rollBack(world, video.deploymentId);
  expect((await cancel(world, video.intentId)).status).toBe(202);
  expect(await statusOf(world, video.deploymentId)).toBe("failed");
  await rollBack(world, video.deploymentId);
  await carryOut(world, video.intentId);
  expect([await statusOf(world, video.deploymentId), await held()]).toEqual(["reverted", {}]);
});

test("a rollback that is void, as the tree has moved, leaves a rollout of several waves live until it is approved again", async () => {
  const world = await createWorld({ sites: 2 });
  const video = await said(world, VIDEO, { rollout: { waves: [["edge1"], ["edge2"]] } });
  const asking = await order(world, "rollback", "video-7");
  await prepare(world, asking);
  const why = failure({ stage: "rollback", reason: "approval_void", message: "the files changed" });
  await tell(world.agent, await takeOf(world.agent, asking), [finished({ kind: "approval_void", failure: why })]);
  expect([await statusOf(world, video.deploymentId), (await intentOf(world, asking)).status]).toEqual(["live", "received"]);
  await prepare(world, asking);
  await carryOut(world, asking);
  expect([await statusOf(world, video.deploymentId), await held()]).toEqual(["reverted", {}]);
});

/** Waits for a decision with wave 1 of [edge1], [edge2] out. */
async function pausedAfterFirstWave(world: World): Promise<string> {
  const intentId = await submit(world, { text: VIDEO, policy: "pause", rollout: { waves: [["edge1"], ["edge2"]] } });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [
    ...(await pushFacts(job, 1)),
    ...(await syncFacts(job, { wave: 1, failing: ["edge1"] })),
    finished({ kind: "needs_decision", failure: failure({ stage: "sync", reason: "sync_timeout" }) }),
  ]);
  return intentId;
}

test.each([
  ["cancelled before anybody began it", "cancelled"],
  ["cancelled by its agent", "cancelled"],
  ["failed", "failed"],
] as const)("a decided rollback that is %s leaves nothing held where no wave has been", async (how, status) => {
  const world = await createWorld({ sites: 2 });
  const intentId = await pausedAfterFirstWave(world);
  expect((await decide(world, intentId, "rollback")).status).toBe(202);
  if (how === "cancelled before anybody began it") expect((await cancel(world, intentId)).body).toEqual({ intentId, status });
  else {
    const job = await takeOf(world.agent, intentId);
    if (how === "cancelled by its agent") await cancel(world, intentId);
    const end = how === "failed" ? { kind: "failed" as const, failure: NEVER_BEGUN } : { kind: "cancelled" as const, effects: [] };
    await tell(world.agent, job, [finished(end)]);
  }
  const { deploymentId, ...intent } = await intentOf(world, intentId);
  expect([intent.status, intent.deployment?.status, await held()]).toEqual([status, "failed", { "video-7@edge1": [deploymentId, 200] }]);
  expect((await rollBack(world, deploymentId ?? "")).body).toMatchObject({ sites: ["edge1"] });
  await carryOut(world, intentId);
  expect(await held()).toEqual({});
});

test("accept and rollback of a paused rollout need no job row; resume is refused with the reason", async () => {
  for (const [action, status] of [
    ["accept", "completed"],
    ["rollback", "rolled_back"],
  ] as const) {
    const world = await createWorld({ sites: 2 });
    const intentId = await pausedAfterFirstWave(world);
    await rows("delete from jobs where kind = 'intent.apply' and finished_at is not null");
    const resumed = await decide(world, intentId, "resume");
    expect([refusal(resumed), JSON.stringify(resumed.body)]).toEqual([CONFLICT, expect.stringContaining("too long ago to go on with")]);
    expect((await decide(world, intentId, action)).status).toBe(202);
    if (action === "rollback") await carryOut(world, intentId);
    const { deploymentId, ...after } = await intentOf(world, intentId);
    expect([after.status, await held()]).toEqual([status, action === "accept" ? { "video-7@edge1": [deploymentId, 200] } : {}]);
    await rollBack(world, deploymentId ?? "");
    if (action === "accept") await carryOut(world, intentId); // the name and the room are free for the next round
  }
});

/** `text` is live; a slice of higher priority has pushed it off edge1. */
async function displaced(world: World, text: string) {
  await tighten(world, 1_000);
  const low = await said(world, text, { priority: 2 });
  const body = { text: "Deploy eMBB slice big-9 on edge1 with 900 Mbps", preempt: true, priority: 9 };
  const intentId = await submit(world, body);
  await prepare(world, intentId);
  await approve(world, intentId);
  const { deploymentId } = await carryOut(world, intentId);
  return { low, big: { intentId, deploymentId: deploymentId ?? "" } };
}

test("a pre-empting deployment is not taken back while the displaced slice's name belongs to another S-NSSAI", async () => {
  const world = await createWorld({ sites: 2 });
  const { low, big } = await displaced(world, "Deploy eMBB slice low-1 with SST 1 SD 0000aa on edge1 with 400 Mbps");
  await said(world, "Deploy eMBB slice low-1 with SST 1 SD 0000bb on edge2 with 300 Mbps");
  const before = await held();
  const answer = await rollBack(world, big.deploymentId);
  expect([refusal(answer), JSON.stringify(answer.body)]).toEqual([
    CONFLICT,
    expect.stringContaining("another slice is called low-1 now, as the one that would come back"),
  ]);
  expect(await held()).toEqual(before);
  await said(world, "Terminate slice low-1");
  await said(world, "Deploy eMBB slice other-3 with SST 1 SD 0000aa on edge2 with 10 Mbps");
  expect(JSON.stringify((await rollBack(world, big.deploymentId)).body)).toContain("its S-NSSAI is in use by other-3");
  await said(world, "Terminate slice other-3");
  expect((await rollBack(world, big.deploymentId)).status).toBe(202);
  await carryOut(world, big.intentId);
  expect([await held(), await statusOf(world, low.deploymentId)]).toEqual([{ "low-1@edge1": [low.deploymentId, 400] }, "live"]);
  expect(await rows("select sd from slices where removed_at is null")).toEqual([{ sd: "0000aa" }]);
});

test("a displaced deployment that was rolled back at its other sites comes back live where it had made room", async () => {
  const world = await createWorld({ sites: 2 });
  const { low, big } = await displaced(world, "Deploy eMBB slice low-1 on edge1 and edge2 with 400 Mbps");
  await rollBack(world, low.deploymentId);
  await carryOut(world, low.intentId);
  expect([await statusOf(world, low.deploymentId), Object.keys(await held())]).toEqual(["reverted", ["big-9@edge1"]]);
  await rollBack(world, big.deploymentId);
  await carryOut(world, big.intentId);
  expect([await statusOf(world, low.deploymentId), await held()]).toEqual(["live", { "low-1@edge1": [low.deploymentId, 400] }]);
  expect(await watched(world)).toEqual(["low-1@edge1"]);
  expect((await rollBack(world, low.deploymentId)).body).toMatchObject({ sites: ["edge1"] });
  await carryOut(world, low.intentId);
  expect([await statusOf(world, low.deploymentId), await held()]).toEqual(["reverted", {}]);
});

test("where the policy wants an approval for a rollback, the short way is refused and names the other", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await said(world, VIDEO);
  await setPolicy({ approval: { actions: ["rollback"] } });
  const answer = await rollBack(world, deploymentId);
  expect([refusal(answer), JSON.stringify(answer.body)]).toEqual([
    CONFLICT,
    expect.stringContaining("POST /api/v1/slices/video-7/rollback"),
  ]);
  expect(await statusOf(world, deploymentId)).toBe("live");
  const asking = await order(world, "rollback", "video-7");
  expect((await prepare(world, asking)).status).toBe("awaiting_approval");
  await approve(world, asking);
  expect([(await carryOut(world, asking)).status, await held()]).toEqual(["completed", {}]);
});

test("a deploy over sites that no one agent serves is rejected with that reason, and holds nothing", async () => {
  const world = await createWorld();
  await createAgent({ sites: ["edge9"] });
  const { status, failure: why } = await prepare(
    world,
    await submit(world, { text: "Deploy eMBB slice a-1 on edge1 and edge9 with 10 Mbps" }),
  );
  expect([status, why]).toEqual([
    "rejected",
    expect.objectContaining({
      reason: "infeasible",
      rejection: "INFEASIBLE",
      message: "no one agent serves all of edge1, edge9; ask for them in separate intents",
    }),
  ]);
  expect([await held(), await rows("select id from jobs where finished_at is null")]).toEqual([{}, []]);
});

test("a rollback at a production site, by the short way, is refused with the reason and the other way", async () => {
  const world = await createWorld();
  const { deploymentId } = await said(world, "Deploy eMBB slice named video-7 on edge1 with 200 Mbps");
  const labelled = await call("PATCH", "/api/v1/sites/edge1", { token: world.admin, body: { labels: { Environment: "Production" } } });
  expect(labelled.status).toBe(200);
  const answer = await call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate, body: {} });
  expect([answer.status, JSON.stringify(answer.body)]).toEqual([409, expect.stringContaining("edge1 is a production site")]);
});
