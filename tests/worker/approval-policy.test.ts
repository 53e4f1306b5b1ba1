// Who must approve what: by the site, by the policy, by another pair of eyes; and what the approval is bound to.
import { expect, test } from "vitest";
import { approve, carryOut, done, endsOf, goodFacts, held, order, prepare, said, setPolicy, statusOf } from "./changes.ts";
import { call, createWorld, intentOf, refusal, rows, siteConfig, submit, tell } from "./harness.ts";
import { applyInput, failure, finished, prepareFacts, rollbackInput, started, takeOf } from "./story.ts";

const ONE = "Deploy eMBB slice video-7 on edge1 with 200 Mbps";
const production = { labels: { environment: "production" } };

test("a production site always needs an approval, whatever the request says, and the name reaches the job", async () => {
  const world = await createWorld({ sites: 2 });
  await world.agent.heartbeat({ sites: [siteConfig("edge1", production), siteConfig("edge2")] });
  const intentId = await submit(world, { text: ONE, approval: "auto" });
  const record = await prepare(world, intentId);
  expect([record.status, record.approvalReasons]).toEqual(["awaiting_approval", ["edge1 is a production site"]]);
  const [asked] = await rows<{ data: string }>("select data from events where type = 'approval.requested'");
  expect(JSON.parse(asked?.data ?? "")).toEqual({ digest: record.digest, reasons: ["edge1 is a production site"] });
  await approve(world, intentId);
  const job = await takeOf(world.agent, intentId);
  expect(applyInput(job).approvedBy).toBe("operate token");
  expect((await intentOf(world, intentId)).deployment?.approvedBy).toBe("operate token");
  await said(world, "Deploy eMBB slice iot-1 on edge2 with 10 Mbps").catch(() => undefined);
  expect((await rows("select count(*) n from events where type = 'approval.requested'"))[0]).toEqual({ n: 1 });
});

test("the policy can want an approval for an action: a terminate waits, a scale does not", async () => {
  const world = await createWorld();
  await said(world, ONE);
  await setPolicy({ approval: { actions: ["terminate"] } });
  await said(world, "Scale slice video-7 to 300 Mbps");
  const intentId = await order(world, "terminate", "video-7");
  const record = await prepare(world, intentId);
  expect([record.status, record.approvalReasons]).toEqual(["awaiting_approval", ["the policy wants it for every terminate"]]);
  await approve(world, intentId);
  expect((await carryOut(world, intentId)).status).toBe("completed");
  expect(await held()).toEqual({});
});

test("four eyes: who asked may not approve, somebody else may", async () => {
  const world = await createWorld();
  await setPolicy({ approval: { fourEyes: true } });
  const intentId = await submit(world, { text: ONE, approval: "required" });
  expect((await prepare(world, intentId)).createdBy).toBe("operate token");
  expect(refusal(await approve(world, intentId))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect((await intentOf(world, intentId)).status).toBe("awaiting_approval");
  expect((await approve(world, intentId, world.admin)).status).toBe(202);
  expect(applyInput(await takeOf(world.agent, intentId)).approvedBy).toBe("admin token");
});

test("four eyes hold for a dry run too: deployed by who asked, it waits for somebody else", async () => {
  const world = await createWorld();
  await setPolicy({ approval: { fourEyes: true, actions: ["deploy"] } });
  const intentId = await submit(world, { text: ONE, dryRun: true });
  await prepare(world, intentId);
  const deploy = (token: string) => call("POST", "/api/v1/deployments", { token, body: { intentId } });
  expect((await deploy(world.operate)).body).toEqual({ intentId, status: "awaiting_approval" });
  expect(await world.agent.claim()).toBeNull();
  expect((await approve(world, intentId, world.admin)).status).toBe(202);
});

test("the policy counts as it is at the moment of the decision", async () => {
  const world = await createWorld();
  const intentId = await submit(world, { text: ONE });
  const job = await takeOf(world.agent, intentId);
  const facts = await prepareFacts(job);
  await setPolicy({ approval: { actions: ["deploy"] } });
  await tell(world.agent, job, facts);
  expect((await intentOf(world, intentId)).status).toBe("awaiting_approval");
});

test("a rollback can need an approval: it shows what it changes, and is bound to that", async () => {
  const world = await createWorld();
  const { deploymentId, intentId } = await said(world, ONE);
  const asking = await order(world, "rollback", "video-7", { approval: "required" });
  const record = await prepare(world, asking);
  expect([record.status, record.diff?.map((file) => file.change), await statusOf(world, deploymentId)]).toEqual([
    "awaiting_approval",
    ["removed"],
    "live",
  ]);
  expect((await call("POST", `/api/v1/intents/${asking}/approve`, { token: world.operate, body: { digest: "sha256:0" } })).status).toBe(
    409,
  );
  expect((await approve(world, asking)).body).toEqual({ intentId: asking, status: "running" });
  const job = await takeOf(world.agent, asking);
  expect(rollbackInput(job)).toMatchObject({ diff: record.diff, askedBy: asking, deploymentId });
  await tell(world.agent, job, await goodFacts(job));
  expect((await intentOf(world, intentId)).status).toBe("rolled_back");
});

test("an approved rollback whose tree has moved is void: nothing is taken back, and it is prepared and asked for again", async () => {
  const world = await createWorld();
  const { deploymentId } = await said(world, ONE);
  const asking = await order(world, "rollback", "video-7", { approval: "required" });
  await prepare(world, asking);
  await approve(world, asking);
  const job = await takeOf(world.agent, asking);
  const why = failure({ stage: "rollback", reason: "approval_void", message: "the files changed since the diff was shown" });
  await tell(world.agent, job, [finished({ kind: "approval_void", failure: why })]);
  expect(await intentOf(world, asking)).toMatchObject({ status: "received", digest: null, diff: null, deployment: null });
  expect([await statusOf(world, deploymentId), Object.keys(await held())]).toEqual(["live", ["video-7@edge1"]]);
  expect((await prepare(world, asking)).status).toBe("awaiting_approval");
  await approve(world, asking);
  expect((await carryOut(world, asking)).status).toBe("completed");
  expect(await endsOf(asking)).toEqual(["intent.completed"]);
});

test("an approved scale whose tree has moved is void: the old revision is in force, and it is asked for again", async () => {
  const world = await createWorld();
  const { deploymentId } = await said(world, ONE);
  const scale = await order(world, "scale", "video-7", { requirements: { downlinkMbps: 400 }, approval: "required" });
  await prepare(world, scale);
  await approve(world, scale);
  const job = await takeOf(world.agent, scale);
  await tell(world.agent, job, [started("push"), finished({ kind: "approval_void", failure: failure({ reason: "approval_void" }) })]);
  expect([await held(), await statusOf(world, deploymentId)]).toEqual([{ "video-7@edge1": [deploymentId, 200] }, "live"]);
  expect((await prepare(world, scale)).status).toBe("awaiting_approval");
  await approve(world, scale);
  await carryOut(world, scale);
  expect((await held())["video-7@edge1"]?.[1]).toBe(400);
});

test("a scale that waits for an approval holds nothing, and is void and prepared again when another change came first", async () => {
  const world = await createWorld();
  const { deploymentId } = await said(world, ONE);
  const waits = await order(world, "scale", "video-7", { requirements: { downlinkMbps: 400 }, approval: "required" });
  await prepare(world, waits);
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200] });
  await done(world, await order(world, "scale", "video-7", { requirements: { downlinkMbps: 300 } }));
  expect(refusal(await approve(world, waits))).toEqual({ status: 409, code: "CONFLICT" });
  expect((await intentOf(world, waits)).status).toBe("received");
});
