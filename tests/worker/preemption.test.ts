// Slices that make room for one of higher priority: only after an approval, gone when it is done, back when it is taken back.
import { expect, test } from "vitest";
import { approve, carryOut, endsOf, held, order, prepare, rollBack, said, sliceOf, statusOf, tighten } from "./changes.ts";
import { createWorld, intentOf, refusal, rows, submit, tell, type World } from "./harness.ts";
import { applyInput, failure, finished, started, takeOf } from "./story.ts";

const HIGH = { text: "Deploy eMBB slice high-9 on edge1 with 700 Mbps", priority: 9, preempt: true };

async function crowded(): Promise<{ world: World; low: { intentId: string; deploymentId: string } }> {
  const world = await createWorld({ sites: 2 });
  await tighten(world, 1_000);
  const low = await said(world, "Deploy eMBB slice low-2 on edge1 and edge2 with 600 Mbps", { priority: 2 });
  return { world, low };
}

async function proposed(world: World): Promise<string> {
  const intentId = await submit(world, HIGH);
  const record = await prepare(world, intentId);
  expect([record.status, record.approvalReasons]).toEqual(["awaiting_approval", ["slice low-2 would be removed from edge1 to make room"]]);
  return intentId;
}

test("without preempt the request is refused, with the way to ask for it", async () => {
  const { world } = await crowded();
  const { status, failure: why } = await prepare(world, await submit(world, { ...HIGH, preempt: false }));
  expect([status, why?.message]).toEqual(["rejected", expect.stringContaining("removing low-2 (priority 2) at edge1 would make room")]);
});

test("approved, the other slice goes with the completion, at that site only; a rollback brings it back", async () => {
  const { world, low } = await crowded();
  const intentId = await proposed(world);
  expect((await approve(world, intentId)).status).toBe(202);
  const { deploymentId: high } = await intentOf(world, intentId);
  const both = { "low-2@edge1": [low.deploymentId, 600], "low-2@edge2": [low.deploymentId, 600] };
  expect(await held()).toEqual({ "high-9@edge1": [high, 700], ...both });
  await carryOut(world, intentId);
  expect(await held()).toEqual({ "high-9@edge1": [high, 700], "low-2@edge2": [low.deploymentId, 600] });
  expect(await statusOf(world, low.deploymentId)).toBe("live"); // at the other site
  await rollBack(world, high ?? "");
  await carryOut(world, intentId);
  expect(await held()).toEqual(both);
  expect([await statusOf(world, low.deploymentId), await endsOf(low.intentId)]).toEqual(["live", ["intent.completed"]]);
});

test("a slice that has lost its last site is gone, and comes back with its name, priority and S-NSSAI", async () => {
  const world = await createWorld();
  await tighten(world, 1_000);
  const low = await said(world, "Deploy eMBB slice low-2 on edge1 with 600 Mbps", { priority: 2 });
  const before = await sliceOf(world, "low-2");
  const intentId = await proposed(world);
  await approve(world, intentId);
  const { deploymentId: high } = await carryOut(world, intentId);
  expect([await statusOf(world, low.deploymentId), Object.keys(await held())]).toEqual(["superseded", ["high-9@edge1"]]);
  expect(refusal(await rollBack(world, low.deploymentId))).toEqual({ status: 409, code: "SUPERSEDED" });
  await rollBack(world, high ?? "");
  await carryOut(world, intentId);
  expect(await sliceOf(world, "low-2")).toEqual(before);
  expect(await statusOf(world, low.deploymentId)).toBe("live");
});

test("when the S-NSSAI of a slice that went has been given away, the rollback is refused with the reason", async () => {
  const world = await createWorld({ sites: 2 });
  await tighten(world, 1_000);
  await said(world, "Deploy eMBB slice low-2 with SST 1 SD 0000aa on edge1 with 600 Mbps", { priority: 2 });
  const intentId = await proposed(world);
  await approve(world, intentId);
  const { deploymentId: high } = await carryOut(world, intentId);
  await said(world, "Deploy eMBB slice next-3 with SST 1 SD 0000aa on edge2 with 10 Mbps");
  const answer = await rollBack(world, high ?? "");
  expect([refusal(answer), JSON.stringify(answer.body)]).toEqual([
    { status: 409, code: "CONFLICT" },
    expect.stringContaining("slice low-2 would come back, and its S-NSSAI is in use by next-3"),
  ]);
  await said(world, "Terminate slice next-3");
  expect((await rollBack(world, high ?? "")).status).toBe(202);
});

test("when nothing was pushed nobody has gone", async () => {
  const { world, low } = await crowded();
  const intentId = await proposed(world);
  await approve(world, intentId);
  const job = await takeOf(world.agent, intentId);
  expect(applyInput(job).plan.preempts).toEqual([{ slice: "low-2", site: "edge1", deploymentId: low.deploymentId }]);
  await tell(world.agent, job, [started("push"), finished({ kind: "failed", failure: failure() })]);
  expect(await held()).toEqual({ "low-2@edge1": [low.deploymentId, 600], "low-2@edge2": [low.deploymentId, 600] });
});

test("an approval that comes when the other slice is not what was shown any more is void, and a new plan is made", async () => {
  const { world } = await crowded();
  const intentId = await proposed(world);
  const scale = await order(world, "scale", "low-2", { requirements: { downlinkMbps: 500 } });
  await prepare(world, scale);
  await carryOut(world, scale);
  expect(refusal(await approve(world, intentId))).toEqual({ status: 409, code: "CONFLICT" });
  expect((await intentOf(world, intentId)).status).toBe("received");
  expect(await rows("select count(*) n from deployments where slice = 'high-9'")).toEqual([{ n: 0 }]);
});
