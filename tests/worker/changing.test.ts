// Slices in the middle of a change, also of somebody else's: nothing is measured, alerted or called drift about them meanwhile.
import { expect, test } from "vitest";
import type { Drift } from "../../protocol/site.ts";
import { approve, carryOut, order, prepare, rollBack, said, tighten } from "./changes.ts";
import { createWorld, observation, rows, submit, tell, type World } from "./harness.ts";
import { alertsOf, look, rounds, send, setPolicy, watchlistOf } from "./measuring.ts";
import { failure, finished, pushFacts, takeOf } from "./story.ts";

const LOW = "Deploy eMBB slice low-1 on edge1 and edge2 with 400 Mbps";
const BIG = { text: "Deploy eMBB slice big-1 on edge1 with 900 Mbps", preempt: true, priority: 9 };
const BAD = { throughputMin: 10, latencyP95: 900 };

async function watched(world: World): Promise<string[]> {
  const { slices } = await watchlistOf(world.agent);
  return slices.map(({ slice, site, busy, objectives }) => {
    const judged = objectives.length > 0 ? "judged" : "not judged";
    return `${slice}@${site} ${busy ? "busy" : "quiet"}, ${judged}`;
  });
}

/** The big slice is being put out, and low-1 makes room for it at edge1. */
async function displacing(): Promise<{ world: World; big: string }> {
  const world = await createWorld({ sites: 2 });
  await tighten(world, 1_000);
  await setPolicy(world, { remediation: { rungs: ["rollback"], stepSeconds: 0 } });
  await said(world, LOW, { priority: 2 });
  const big = await submit(world, BIG);
  if ((await prepare(world, big)).status === "awaiting_approval") await approve(world, big);
  return { world, big };
}

const drift = (kind: Drift["kind"], slice: string): Drift => ({ kind, slice, message: `${slice} is not as it should be`, diff: "" });

test("a slice that makes room is being changed where it does, for as long as the other one is put out or taken back", async () => {
  const { world, big } = await displacing();
  const before = await look(world.agent, BAD);
  const job = await takeOf(world.agent, big);
  await tell(world.agent, job, await pushFacts(job));
  expect(await watched(world)).toEqual(expect.arrayContaining(["low-1@edge1 busy, judged", "low-1@edge2 quiet, judged"]));
  await world.agent.heartbeat({ observations: [observation("edge1", { drift: [drift("missing_slice", "low-1")] })] });
  for (let round = 0; round < 4; round += 1) await send(world.agent, before); // what was asked for before
  expect((await alertsOf(world)).map(({ kind, site }) => `${kind} ${site}`)).not.toContain("drift edge1");
  expect((await alertsOf(world)).filter(({ kind, site, slice }) => kind === "slo_burn" && site === "edge1" && slice === "low-1")).toEqual(
    [],
  );
});

test("a slice that comes back is no stranger while the one it had made room for is taken back", async () => {
  const { world, big } = await displacing();
  const { deploymentId } = await carryOut(world, big);
  expect((await rollBack(world, deploymentId ?? "")).status).toBe(202);
  await takeOf(world.agent, big);
  await world.agent.heartbeat({ observations: [observation("edge1", { drift: [drift("unmanaged_slice", "low-1")] })] });
  expect(await alertsOf(world)).toEqual([]);
});

test("what is not being displaced is drift as ever", async () => {
  const { world, big } = await displacing();
  await takeOf(world.agent, big);
  await world.agent.heartbeat({ observations: [observation("edge2", { drift: [drift("missing_slice", "low-1")] })] });
  expect((await alertsOf(world)).map(({ kind, site }) => `${kind} ${site}`)).toEqual(["drift edge2"]);
});

test("a removal that stopped half-way leaves nothing to be judged, until the files are back", async () => {
  const world = await createWorld({ sites: 2 });
  await said(world, LOW);
  const before = await look(world.agent, BAD);
  const removal = await order(world, "terminate", "low-1");
  await prepare(world, removal);
  const job = await takeOf(world.agent, removal);
  await tell(world.agent, job, [...(await pushFacts(job)), finished({ kind: "failed", failure: failure({ stage: "sync" }) })]);
  expect(await watched(world)).toEqual(["low-1@edge1 busy, not judged", "low-1@edge2 busy, not judged"]);
  for (let round = 0; round < 4; round += 1) await send(world.agent, before);
  await rounds(world.agent, 4, BAD);
  expect(await alertsOf(world)).toEqual([]);
  const again = await order(world, "rerender", "low-1", { sites: ["edge1"] });
  await prepare(world, again);
  await carryOut(world, again);
  expect(await watched(world)).toEqual(["low-1@edge1 quiet, judged", "low-1@edge2 busy, not judged"]);
  expect(await rows("select site from slice_sites order by site")).toHaveLength(2);
});

test("a removal that failed before it put anything into the tree changes nothing", async () => {
  const world = await createWorld({ sites: 2 });
  await said(world, LOW);
  const removal = await order(world, "terminate", "low-1");
  await prepare(world, removal);
  await tell(world.agent, await takeOf(world.agent, removal), [finished({ kind: "failed", failure: failure({ stage: "push" }) })]);
  expect(await watched(world)).toEqual(["low-1@edge1 quiet, judged", "low-1@edge2 quiet, judged"]);
});
