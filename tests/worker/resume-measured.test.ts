// What a resumed rollout still knows of the measurements before the pause: finished waves are not measured and waited for again.
import { expect, test } from "vitest";
import { carryOut, prepare, rollBack } from "./changes.ts";
import { call, createWorld, intentOf, submit, tell, type World } from "./harness.ts";
import { evidenceOf, failure, finished, pushFacts, syncFacts, takeOf, verifyFacts, waveFacts } from "./story.ts";

const TEXT = "Deploy eMBB slice video-7 on edge1, edge2 and edge3 with 200 Mbps";
const UNCLEAR = failure({ stage: "verify", reason: "slo_inconclusive", message: "no samples" });

/** Wave 1 is done and has stood its time; wave 2 is out and could not be judged. */
async function pausedInWave2(world: World, waves: string[][]) {
  const intentId = await submit(world, { text: TEXT, policy: "pause", rollout: { waves } });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  const second = [...(await pushFacts(job, 2)), ...(await syncFacts(job, { wave: 2 })), ...verifyFacts(job, "inconclusive", 2)];
  await tell(world.agent, job, [...(await waveFacts(job, 1)), ...second, finished({ kind: "needs_decision", failure: UNCLEAR })]);
  return { intentId, job };
}

async function resumed(world: World, intentId: string) {
  expect((await intentOf(world, intentId)).status).toBe("needs_decision");
  await call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action: "resume" } });
  return takeOf(world.agent, intentId);
}

const undated = (records: { measuredAt: string }[] = []) => records.map((record) => ({ ...record, measuredAt: "" }));

test("a finished wave keeps its evidence and its time; what could not be judged is measured again", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId, job } = await pausedInWave2(world, [["edge1"], ["edge2"], ["edge3"]]);
  const { verify } = (await resumed(world, intentId)).checkpoint;
  expect(verify).toMatchObject({ verdict: "pass", sites: ["edge1"], bakedWaves: 1 });
  expect(undated(verify?.evidence)).toEqual(undated(evidenceOf(job, "pass", ["edge1"])));
});

test("evidence that is kept is not stored a second time", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId } = await pausedInWave2(world, [["edge1"], ["edge2"], ["edge3"]]);
  const next = await resumed(world, intentId);
  const fresh = verifyFacts(next, "pass", 2);
  await tell(world.agent, next, fresh);
  const perSite = evidenceOf(next, "pass", ["edge1"]).length;
  expect((await intentOf(world, intentId)).deployment?.evidence).toHaveLength(3 * perSite); // edge1, edge2 unclear, edge2 again
});

test("a site that was taken back by hand keeps nothing, and its wave counts as finished by the others", async () => {
  const world = await createWorld({ sites: 3 });
  const { intentId } = await pausedInWave2(world, [["edge1", "edge2"], ["edge3"]]);
  const { deploymentId } = await intentOf(world, intentId);
  expect((await rollBack(world, deploymentId ?? "", { site: "edge2" })).status).toBe(202);
  await carryOut(world, intentId);
  const { checkpoint } = await resumed(world, intentId);
  expect(checkpoint.verify).toMatchObject({ sites: ["edge1"], bakedWaves: 1 });
  expect(new Set(checkpoint.verify?.evidence.map((record) => record.site))).toEqual(new Set(["edge1"]));
});
