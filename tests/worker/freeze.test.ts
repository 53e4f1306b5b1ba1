// Frozen sites: what is to be put out waits for the end of the window; taking back, planning and cancelling do not.
import { expect, test } from "vitest";
import { IntentStatusView } from "../../protocol/api.ts";
import { carryOut, order, prepare, rollBack, said } from "./changes.ts";
import { call, createWorld, intentOf, rows, siteConfig, submit, type World } from "./harness.ts";

const ONE = "Deploy eMBB slice video-7 on edge1 with 200 Mbps";
const HOUR = 3_600_000;

async function freeze(world: World, ids: string[], until: number): Promise<string> {
  const to = new Date(until).toISOString();
  const window = { from: new Date(Date.now() - HOUR).toISOString(), to, reason: "audit" };
  await world.agent.heartbeat({ sites: world.sites.map((id) => siteConfig(id, { freeze: ids.includes(id) ? [window] : [] })) });
  return to;
}

test("the job is not to be had before the window ends; the intent says what it waits for; then it is claimed", async () => {
  const world = await createWorld();
  const until = await freeze(world, ["edge1"], Date.now() + HOUR);
  const intentId = await submit(world, { text: ONE });
  expect(await prepare(world, intentId)).toMatchObject({ status: "running", waitingFor: "freeze" });
  expect(await world.agent.claim()).toBeNull();
  expect(await rows("select visible_at, timed from jobs where kind = 'intent.apply'")).toEqual([
    { visible_at: Date.parse(until), timed: 1 },
  ]);
  const status = (await call("GET", `/api/v1/intents/${intentId}/status`, { token: world.read })).as(IntentStatusView);
  expect(status).toMatchObject({
    waitingFor: "freeze",
    message: "waiting for the end of a freeze window",
    sites: [{ site: "edge1", state: "pending", message: `frozen until ${until}` }],
  });
  await rows("update jobs set visible_at = ? where kind = 'intent.apply'", Date.now() - 1);
  expect((await intentOf(world, intentId)).waitingFor).toBeNull();
  expect((await carryOut(world, intentId)).status).toBe("completed");
});

test("the latest of the first wave's sites counts; a frozen site of a later wave delays nothing yet", async () => {
  const world = await createWorld({ sites: 2 });
  await freeze(world, ["edge2"], Date.now() + HOUR);
  const text = "Deploy eMBB on edge1 and edge2 with 100 Mbps";
  expect((await prepare(world, await submit(world, { text }))).waitingFor).toBe("freeze");
  const canary = await submit(world, { text, rollout: { canary: "edge1" } });
  expect((await prepare(world, canary)).waitingFor).toBeNull();
  expect((await world.agent.take()).input.intentId).toBe(canary);
});

test("a frozen job can be cancelled at once, and gives back what it held", async () => {
  const world = await createWorld();
  await freeze(world, ["edge1"], Date.now() + 24 * HOUR);
  const intentId = await submit(world, { text: ONE });
  await prepare(world, intentId);
  const answer = await call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
  expect(answer.body).toEqual({ intentId, status: "cancelled" });
  expect(await rows("select state from jobs where kind = 'intent.apply'")).toEqual([{ state: "cancelled" }]);
  expect(await rows("select * from slice_sites")).toEqual([]);
});

test("taking back never waits: not by a command, not by a sentence", async () => {
  const world = await createWorld();
  const first = await said(world, ONE);
  await freeze(world, ["edge1"], Date.now() + HOUR);
  await rollBack(world, first.deploymentId);
  await carryOut(world, first.intentId);
  expect((await intentOf(world, first.intentId)).status).toBe("rolled_back");
  await freeze(world, [], Date.now() + HOUR);
  await said(world, ONE);
  await freeze(world, ["edge1"], Date.now() + HOUR);
  const asking = await order(world, "rollback", "video-7");
  expect((await prepare(world, asking)).waitingFor).toBeNull();
  expect((await carryOut(world, asking)).status).toBe("completed");
});

test("an approval in a freeze is given now and carried out afterwards", async () => {
  const world = await createWorld();
  await freeze(world, ["edge1"], Date.now() + HOUR);
  const intentId = await submit(world, { text: ONE, approval: "required" });
  const { digest } = await prepare(world, intentId);
  await call("POST", `/api/v1/intents/${intentId}/approve`, { token: world.operate, body: { digest } });
  expect(await intentOf(world, intentId)).toMatchObject({ status: "running", waitingFor: "freeze" });
});
