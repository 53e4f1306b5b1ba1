// Rollouts in waves as the worker keeps them: what is held where when a rollout stops between two waves, and how it goes on.
import { expect, test } from "vitest";
import { carryOut, endsOf, held, prepare, rollBack, said, statusOf } from "./changes.ts";
import { call, createWorld, expireLease, intentOf, refusal, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import {
  applyInput,
  deployed,
  failure,
  finished,
  pushOutput,
  rollbackFacts,
  rollbackInput,
  syncFacts,
  takeOf,
  waveFacts,
} from "./story.ts";

const THREE = "Deploy eMBB slice video-7 on edge1, edge2 and edge3 with 200 Mbps";
const CANARY = { text: THREE, rollout: { canary: "Edge 2", bakeSeconds: 5 } };

/** Running, with the first wave's commit out and well. */
async function afterFirstWave(world: World, body: Record<string, unknown> = CANARY) {
  const intentId = await submit(world, body);
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await waveFacts(job, 1));
  return { intentId, job };
}

const statesOf = async (world: World, intentId: string) =>
  Object.fromEntries(((await intentOf(world, intentId)).deployment?.sites ?? []).map(({ site, state }) => [site, state]));

test("a rollout is resolved, planned in waves, and each wave has its commit, its sites and its gate", async () => {
  const world = await createWorld({ sites: 3 });
  const intentId = await submit(world, CANARY);
  expect((await prepare(world, intentId)).rollout).toEqual({ canary: "edge2", bakeSeconds: 5 });
  const job = await takeOf(world.agent, intentId);
  expect(applyInput(job).plan).toMatchObject({ waves: [["edge2"], ["edge1", "edge3"]], bakeSeconds: 5 });
  for (const wave of [1, 2]) await tell(world.agent, job, await waveFacts(job, wave));
  await tell(world.agent, job, [finished({ kind: "completed", note: "" })]);
  const { deployment, status } = await intentOf(world, intentId);
  const { waves, commit } = await pushOutput(job);
  expect([status, deployment?.commits, deployment?.commit]).toEqual(["completed", waves, commit]);
  expect(deployment?.sites.map((site) => site.commit)).toEqual([commit, waves[0]?.commit, commit]);
  expect(deployment?.evidence).toHaveLength(9); // none twice
  const events = await rows<{ type: string; data: string }>(
    "select type, data from events where intent_id = ? and type in ('gitops.pushing', 'gitops.pushed', 'slo.validating') order by seq",
    intentId,
  );
  expect(events.map(({ type, data }) => [type, JSON.parse(data).sites])).toEqual([
    ["gitops.pushing", ["edge2", "edge1", "edge3"].toSorted()],
    ["gitops.pushed", ["edge2"]],
    ["slo.validating", ["edge2"]],
    ["gitops.pushed", ["edge1", "edge3"]],
    ["slo.validating", ["edge1", "edge3"]],
  ]);
});

test("unknown, stray and doubled sites of a rollout are refused", async () => {
  const world = await createWorld({ sites: 3 });
  const post = (rollout: object) => call("POST", "/api/v1/intents", { token: world.operate, body: { text: THREE, rollout } });
  expect(refusal(await post({ canary: "edge9" }))).toEqual({ status: 422, code: "UNKNOWN_SITE", fields: ["rollout.canary"] });
  expect(refusal(await post({ waves: [["edge1"], ["edge9"]] }))).toEqual({ status: 422, code: "UNKNOWN_SITE", fields: ["rollout.waves"] });
  expect(refusal(await post({ canary: "edge1", waves: [["edge2"]] }))).toEqual({
    status: 400,
    code: "VALIDATION",
    fields: ["rollout.canary"],
  });
  const twice = await submit(world, { text: THREE, rollout: { waves: [["edge1"], ["edge01"]] } });
  expect((await prepare(world, twice)).failure).toMatchObject({ rejection: "unsupported_information_model" });
});

test("a job that is claimed again knows how many waves are out", async () => {
  const world = await createWorld({ sites: 3 });
  const { job } = await afterFirstWave(world);
  await expireLease(job);
  const again = await world.agent.take();
  expect(again.lease.attempt).toBe(2);
  expect(again.checkpoint.push?.waves.map((wave) => wave.sites)).toEqual([["edge2"]]);
  expect(again.checkpoint.verify).toMatchObject({ sites: ["edge2"], bakedWaves: 0 });
});

test("a cancel after the first wave gives the unreached sites back and keeps what is out", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, job } = await afterFirstWave(world);
  await call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
  await tell(world.agent, job, [finished({ kind: "cancelled", effects: ["commit x is in the repository"] })]);
  const { deploymentId } = await intentOf(world, intentId);
  expect(await held()).toEqual({ "video-7@edge2": [deploymentId, 200] });
  expect(await statesOf(world, intentId)).toEqual({ edge1: "failed", edge2: "provisioned", edge3: "failed" });
  expect((await rollBack(world, deploymentId ?? "")).body).toMatchObject({ sites: ["edge2"] });
  await carryOut(world, intentId);
  expect([await held(), (await intentOf(world, intentId)).status]).toEqual([{}, "rolled_back"]);
});

test("a failure after the first wave of a scale: the unreached sites have what they had, the reached one the new", async () => {
  const world = await createWorld({ sites: 3 });
  const first = await deployed(world, { text: THREE });
  const { intentId, job } = await afterFirstWave(world, { text: "Scale slice video-7 to 400 Mbps", rollout: { canary: "edge2" } });
  await tell(world.agent, job, [finished({ kind: "failed", failure: failure() })]);
  const { deploymentId } = await intentOf(world, intentId);
  expect(await held()).toEqual({
    "video-7@edge1": [first.deploymentId, 200],
    "video-7@edge2": [deploymentId, 400],
    "video-7@edge3": [first.deploymentId, 200],
  });
  expect(await statusOf(world, first.deploymentId)).toBe("live");
});

test("all of a rollout that is rolled back goes, also the sites it has not reached", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, job } = await afterFirstWave(world);
  const why = failure({ stage: "verify", reason: "slo_failed", message: "latencyP95 is 45 ms" });
  await tell(world.agent, job, [
    ...(await rollbackFacts(job, { sites: ["edge2"], reason: why.message })),
    finished({ kind: "rolled_back", failure: why }),
  ]);
  expect([await held(), await endsOf(intentId)]).toEqual([{}, ["intent.rolled_back"]]);
});

test("a rollout that stops because a wave failed as a whole is completed where it is, and holds nothing elsewhere", async () => {
  const world = await createWorld({ sites: 3 });
  const waves = [["edge1"], ["edge2"], ["edge3"]];
  const { intentId, job } = await afterFirstWave(world, { text: THREE, policy: "keep-successful", rollout: { waves } });
  await tell(world.agent, job, [
    { type: "stage.completed", result: { stage: "push", output: await pushOutput(job, 2) } },
    ...(await syncFacts(job, { wave: 2, failing: ["edge2"] })),
    ...(await rollbackFacts(job, { sites: ["edge2"], reason: "sync is stuck" })),
    finished({ kind: "completed", note: "service levels met; taken back at edge2; not rolled out at edge3" }),
  ]);
  const { deploymentId, deployment } = await intentOf(world, intentId);
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200] });
  expect(deployment?.status).toBe("live");
  expect(await statesOf(world, intentId)).toEqual({ edge1: "verified", edge2: "reverted", edge3: "failed" });
});

test("a terminate that stops between waves has removed the slice where it was, and nowhere else", async () => {
  const world = await createWorld({ sites: 3 });
  const first = await deployed(world, { text: THREE });
  const body = { text: "Terminate slice video-7", policy: "keep-successful", rollout: { waves: [["edge1"], ["edge2"], ["edge3"]] } };
  const { job } = await afterFirstWave(world, body);
  await tell(world.agent, job, [
    { type: "stage.completed", result: { stage: "push", output: await pushOutput(job, 2) } },
    ...(await syncFacts(job, { wave: 2, failing: ["edge2"] })),
    ...(await rollbackFacts(job, { sites: ["edge2"], reason: "still there" })),
    finished({ kind: "completed", note: "removed; taken back at edge2; not rolled out at edge3" }),
  ]);
  expect(await held()).toEqual({ "video-7@edge2": [first.deploymentId, 200], "video-7@edge3": [first.deploymentId, 200] });
  expect(await statusOf(world, first.deploymentId)).toBe("live");
});

test("the freeze windows of the sites go with the job, for its later waves", async () => {
  const world = await createWorld({ sites: 2 });
  const freeze = [{ weekdays: ["sun" as const], start: "01:00", end: "02:00", timeZone: "UTC", reason: "" }];
  await world.agent.heartbeat({ sites: [siteConfig("edge1"), siteConfig("edge2", { freeze })] });
  const intentId = await submit(world, { text: "Deploy eMBB on edge1 and edge2 with 100 Mbps", rollout: { canary: "edge1" } });
  await prepare(world, intentId);
  expect(applyInput(await takeOf(world.agent, intentId)).freeze).toEqual({ edge2: freeze });
});

test("a deployment of several waves is taken back as a whole afterwards", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, deploymentId } = await said(world, THREE, { rollout: { canary: "edge2" } });
  const { commits, evidence } = (await intentOf(world, intentId)).deployment ?? {};
  expect(evidence).toHaveLength(9); // none twice, though all waves came in one report
  await rollBack(world, deploymentId);
  const job = await takeOf(world.agent, intentId);
  expect(rollbackInput(job).commits).toEqual(commits);
  expect(commits?.map((wave) => wave.sites)).toEqual([["edge2"], ["edge1", "edge3"]]);
});
