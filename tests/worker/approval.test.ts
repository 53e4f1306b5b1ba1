// Approval: bound to the digest of exactly what will be pushed.
import { expect, test } from "vitest";
import { EventPage } from "../../protocol/api.ts";
import { call, createWorld, intentOf, refusal, rows, siteConfig, submit, tell, type World } from "./harness.ts";
import { applyFacts, planOutput, prepared, prepareFacts, takeOf } from "./story.ts";

const CONFLICT = { status: 409, code: "CONFLICT" };
const command = (world: World, intentId: string, name: string, body: unknown) =>
  call("POST", `/api/v1/intents/${intentId}/${name}`, { token: world.operate, body });

async function awaiting(world: World): Promise<{ intentId: string; digest: string }> {
  const intentId = await prepared(world, { approval: "required" });
  const { status, digest } = await intentOf(world, intentId);
  if (status !== "awaiting_approval" || digest === null) throw new Error(`the intent is ${status}`);
  return { intentId, digest };
}

test("an intent that needs approval waits, holds no job and no capacity, and tells the digest", async () => {
  const world = await createWorld();
  const { intentId, digest } = await awaiting(world);
  expect(await world.agent.claim()).toBeNull();
  expect(await rows("select * from slices")).toEqual([]);
  expect(await rows("select data from events where type = 'approval.requested'")).toEqual([
    { data: JSON.stringify({ digest, reasons: ["the request asks for it"] }) },
  ]);
  expect((await intentOf(world, intentId)).stage).toBe("krm_generated");
});

test("approving another digest is refused; the right one is applied exactly, with the name of who approved", async () => {
  const world = await createWorld();
  const { intentId, digest } = await awaiting(world);
  const wrong = await command(world, intentId, "approve", { digest: `sha256:${"0".repeat(64)}` });
  expect(refusal(wrong)).toEqual({ status: 409, code: "DIGEST_MISMATCH" });
  expect((await intentOf(world, intentId)).status).toBe("awaiting_approval");
  expect((await command(world, intentId, "approve", { digest })).body).toEqual({ intentId, status: "running" });
  const job = await takeOf(world.agent, intentId);
  expect(job.input).toMatchObject({ kind: "intent.apply", digest, approvedBy: "operate token", files: [expect.any(Object)] });
  await tell(world.agent, job, await applyFacts(job));
  expect((await intentOf(world, intentId)).status).toBe("completed");
  expect(await rows("select data from events where type = 'approval.decided'")).toEqual([
    { data: JSON.stringify({ decision: "approved", by: "operate token", digest }) },
  ]);
});

test("approving twice, also at once, applies once", async () => {
  const world = await createWorld();
  const { intentId, digest } = await awaiting(world);
  const answers = await Promise.all(Array.from({ length: 6 }, () => command(world, intentId, "approve", { digest })));
  expect(answers.map((answer) => answer.status).sort()).toEqual([202, 409, 409, 409, 409, 409]);
  expect(await rows("select kind from jobs where finished_at is null")).toEqual([{ kind: "intent.apply" }]);
  expect(refusal(await command(world, intentId, "approve", { digest }))).toEqual(CONFLICT);
});

test("a rejection by a person ends the intent with the reason and the name", async () => {
  const world = await createWorld();
  const { intentId, digest } = await awaiting(world);
  expect((await command(world, intentId, "reject", { reason: "not before Monday" })).body).toEqual({ intentId, status: "rejected" });
  const failure = { stage: "render", reason: "not_approved", message: "rejected by operate token: not before Monday", retryable: false };
  expect(await intentOf(world, intentId)).toMatchObject({ status: "rejected", failure, deployment: null });
  expect(refusal(await command(world, intentId, "approve", { digest }))).toEqual(CONFLICT);
  expect(refusal(await command(world, intentId, "reject", {}))).toEqual(CONFLICT);
});

test("what a person writes beside the decision is kept with it, and nothing where nothing was written", async () => {
  const world = await createWorld();
  const decisions = async (intentId: string) =>
    (await call("GET", `/api/v1/intents/${intentId}/events`, { token: world.read }))
      .as(EventPage)
      .events.filter((event) => event.type === "approval.decided")
      .map((event) => event.data);
  const rejecting = async (words: object) => {
    const { intentId, digest } = await awaiting(world);
    await command(world, intentId, "reject", words);
    return { said: await decisions(intentId), digest };
  };
  const rejected = await rejecting({ reason: "not before Monday" });
  expect(rejected.said).toEqual([{ decision: "rejected", by: "operate token", digest: rejected.digest, reason: "not before Monday" }]);
  const silent = await rejecting({});
  expect(silent.said).toEqual([{ decision: "rejected", by: "operate token", digest: silent.digest }]);
  const { intentId, digest } = await awaiting(world);
  expect(refusal(await command(world, intentId, "approve", { digest, comment: "x".repeat(501) }))).toMatchObject({
    ...{ code: "VALIDATION", fields: ["comment"] },
  });
  const reason = "好".repeat(500);
  const approved = await command(world, intentId, "approve", { digest, comment: reason });
  expect([approved.status, await decisions(intentId)]).toEqual([202, [{ decision: "approved", by: "operate token", digest, reason }]]);
});

test("an intent that waits for no approval can be neither approved nor rejected", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  expect(refusal(await command(world, intentId, "approve", { digest: "sha256:0" }))).toEqual(CONFLICT);
  expect(refusal(await command(world, intentId, "reject", {}))).toEqual(CONFLICT);
  expect(refusal(await command(world, intentId, "approve", {}))).toMatchObject({ code: "VALIDATION", fields: ["digest"] });
});

test("an approval that comes when the capacity is gone is void, and a new plan is made", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({
    sites: [siteConfig("edge1", { capacity: { downlinkMbps: 300, uplinkMbps: 300, maxDevices: 1_000_000 } })],
  });
  const { intentId, digest } = await awaiting(world);
  await prepared(world);
  const late = await command(world, intentId, "approve", { digest });
  expect([refusal(late), JSON.stringify(late.body)]).toEqual([
    CONFLICT,
    expect.stringContaining("the approval is void, and a new plan is being made"),
  ]);
  expect((await intentOf(world, intentId)).status).toBe("received");
});

test("an approval that comes when the S-NSSAI is taken is void, and a new plan is made", async () => {
  const world = await createWorld();
  const { intentId, digest } = await awaiting(world);
  await submit(world);
  const job = await world.agent.take();
  const { plan } = await intentOf(world, intentId);
  const own = planOutput(job);
  await tell(
    world.agent,
    job,
    await prepareFacts(job, { plan: { ...own, plan: { ...own.plan, snssai: plan?.snssai ?? own.plan.snssai } } }),
  );
  expect(refusal(await command(world, intentId, "approve", { digest }))).toEqual(CONFLICT);
  expect((await intentOf(world, intentId)).status).toBe("received");
});
