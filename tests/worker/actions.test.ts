// What follows a deploy: scale, terminate, rollback. Who holds what afterwards, and what the deployments say.
import { expect, test } from "vitest";
import { SlicePage } from "../../protocol/api.ts";
import { carryOut, done, endsOf, goodFacts, held, order, prepare, rollBack, said, sliceOf, statusOf, VIDEO } from "./changes.ts";
import { call, createWorld, intentOf, refusal, rows, submit, tell } from "./harness.ts";
import { applyInput, deployed, failure, finished, prepareFacts, pushFacts, started, syncFacts, takeOf } from "./story.ts";

const ONE = "Deploy eMBB slice video-7 on edge1 with 200 Mbps";

test("a scale supersedes the deployment before it; while it runs, the larger of both is held", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: VIDEO });
  const more = await submit(world, { text: "scale video-7 to 400 Mbps" });
  const planned = await prepare(world, more);
  const second = planned.deploymentId ?? "";
  expect(planned).toMatchObject({ status: "running", action: "scale", slice: "video-7", sites: ["edge1", "edge2"] });
  expect(await held()).toEqual({ "video-7@edge1": [second, 400], "video-7@edge2": [second, 400] });
  expect([await statusOf(world, first.deploymentId), await statusOf(world, second)]).toEqual(["live", "applying"]);
  expect((await sliceOf(world, "video-7")).busy).toEqual({ intentId: more, action: "scale" });
  await carryOut(world, more);
  expect([await statusOf(world, first.deploymentId), await statusOf(world, second)]).toEqual(["superseded", "live"]);
  expect(await sliceOf(world, "video-7")).toMatchObject({
    requirements: { downlinkMbps: 400 },
    latest: { deploymentId: second, intentId: more, sites: ["edge1", "edge2"] },
    busy: null,
  });
  const less = await order(world, "scale", "video-7", { requirements: { downlinkMbps: 100 } });
  await prepare(world, less);
  expect((await held())["video-7@edge1"]?.[1]).toBe(400);
  await carryOut(world, less);
  expect((await held())["video-7@edge1"]?.[1]).toBe(100);
  expect([await endsOf(first.intentId), await endsOf(more), await endsOf(less)]).toEqual(Array(3).fill(["intent.completed"]));
});

test("a scale that reaches no site leaves the slice as it was", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await deployed(world, { text: VIDEO });
  const before = await sliceOf(world, "video-7");
  const intentId = await submit(world, { text: "Scale slice video-7 to 400 Mbps, priority 9" });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [started("push"), finished({ kind: "failed", failure: failure() })]);
  expect(await sliceOf(world, "video-7")).toEqual(before);
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200], "video-7@edge2": [deploymentId, 200] });
  expect(await statusOf(world, deploymentId)).toBe("live");
});

test("a scale that is rolled back brings the old deployment back to live, site by site", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: VIDEO });
  const second = await said(world, "Scale slice video-7 to 400 Mbps");
  expect((await rollBack(world, second.deploymentId, { site: "edge2" })).status).toBe(202);
  await carryOut(world, second.intentId);
  expect(await held()).toEqual({ "video-7@edge1": [second.deploymentId, 400], "video-7@edge2": [first.deploymentId, 200] });
  expect([await statusOf(world, first.deploymentId), await statusOf(world, second.deploymentId)]).toEqual(["live", "live"]);
  expect((await sliceOf(world, "video-7")).latest).toMatchObject({ deploymentId: second.deploymentId, sites: ["edge1"] });
  expect(refusal(await rollBack(world, first.deploymentId))).toEqual({ status: 409, code: "SUPERSEDED" });
  expect((await rollBack(world, second.deploymentId)).status).toBe(202);
  await carryOut(world, second.intentId);
  expect(await held()).toEqual({ "video-7@edge1": [first.deploymentId, 200], "video-7@edge2": [first.deploymentId, 200] });
  expect([await statusOf(world, first.deploymentId), await statusOf(world, second.deploymentId)]).toEqual(["live", "reverted"]);
  expect(await sliceOf(world, "video-7")).toMatchObject({
    requirements: { downlinkMbps: 200 },
    latest: { deploymentId: first.deploymentId },
  });
  expect((await rollBack(world, first.deploymentId)).status).toBe(202);
  await carryOut(world, first.intentId);
  expect(await held()).toEqual({});
});

test("a scale of one site leaves the other with what it has, and the old deployment live there", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: VIDEO });
  const second = await said(world, "Scale slice video-7 on edge2 to 400 Mbps");
  expect(await held()).toEqual({ "video-7@edge1": [first.deploymentId, 200], "video-7@edge2": [second.deploymentId, 400] });
  expect([await statusOf(world, first.deploymentId), await statusOf(world, second.deploymentId)]).toEqual(["live", "live"]);
});

test("a terminate pushes a removal, empties the sites and frees name and S-NSSAI", async () => {
  const world = await createWorld({ sites: 2 });
  const text = "Deploy eMBB slice video-7 with SST 1 SD 010203 on edge1 and edge2 with 200 Mbps";
  const first = await deployed(world, { text });
  const intentId = await submit(world, { text: "Terminate slice video-7" });
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  expect(applyInput(job)).toMatchObject({ files: [], plan: { action: "terminate", sites: ["edge1", "edge2"] } });
  expect(applyInput(job).diff.map((file) => file.change)).toEqual(["removed", "removed"]);
  expect(Object.keys(await held())).toHaveLength(2); // until it is verified gone
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    ...(await syncFacts(job)),
    finished({ kind: "completed", note: "removed from every site" }),
  ]);
  const { status, deployment } = await intentOf(world, intentId);
  expect([status, deployment?.status, deployment?.sites.map(({ state, message }) => [state, message])]).toEqual([
    "completed",
    "superseded",
    Array(2).fill(["verified", "removed"]),
  ]);
  expect(await statusOf(world, first.deploymentId)).toBe("superseded");
  expect(await held()).toEqual({});
  expect((await call("GET", "/api/v1/slices", { token: world.read })).as(SlicePage)).toEqual({ slices: [] });
  expect(refusal(await call("GET", "/api/v1/slices/video-7", { token: world.read }))).toEqual({ status: 404, code: "NOT_FOUND" });
  const again = await deployed(world, { text });
  expect((await sliceOf(world, "video-7")).intentId).toBe(again.intentId);
});

test("a terminate of one site leaves the other, which can then be taken back as a whole", async () => {
  const world = await createWorld({ sites: 2 });
  const first = await deployed(world, { text: VIDEO });
  await said(world, "Terminate slice video-7 on edge1");
  expect(await held()).toEqual({ "video-7@edge2": [first.deploymentId, 200] });
  expect(await statusOf(world, first.deploymentId)).toBe("live");
  const answer = await rollBack(world, first.deploymentId);
  expect([answer.status, answer.body]).toMatchObject([202, { sites: ["edge2"] }]);
  await carryOut(world, first.intentId);
  expect([await statusOf(world, first.deploymentId), await held()]).toEqual(["reverted", {}]);
  expect(await endsOf(first.intentId)).toEqual(["intent.completed", "intent.rolled_back"]);
});

test("a terminate that fails leaves the slice, and can be asked for again", async () => {
  const world = await createWorld();
  const first = await deployed(world, { text: ONE });
  const intentId = await order(world, "terminate", "video-7");
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, [
    ...(await pushFacts(job)),
    ...(await syncFacts(job, { failing: ["edge1"] })),
    finished({ kind: "failed", failure: failure({ stage: "rollback", reason: "rollback_failed" }) }),
  ]);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "failed", deployment: { status: "failed" } });
  expect(await held()).toEqual({ "video-7@edge1": [first.deploymentId, 200] });
  expect(await sliceOf(world, "video-7")).toMatchObject({ busy: null, latest: { deploymentId: first.deploymentId } });
  await done(world, await order(world, "terminate", "video-7"));
  expect(await held()).toEqual({});
});

test("a terminate that was taken back leaves the slice as it was", async () => {
  const world = await createWorld();
  const first = await deployed(world, { text: ONE });
  const intentId = await order(world, "terminate", "video-7");
  await prepare(world, intentId);
  const job = await takeOf(world.agent, intentId);
  const why = failure({ stage: "sync", reason: "sync_timeout", message: "resources are still there" });
  await tell(world.agent, job, [...(await pushFacts(job)), finished({ kind: "needs_decision", failure: why })]);
  const decide = await call("POST", `/api/v1/intents/${intentId}/decide`, { token: world.operate, body: { action: "rollback" } });
  expect(decide.status).toBe(202);
  await carryOut(world, intentId);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "rolled_back", deployment: { status: "reverted" } });
  expect([await held(), await statusOf(world, first.deploymentId)]).toEqual([{ "video-7@edge1": [first.deploymentId, 200] }, "live"]);
});

test("a rollback by a sentence ends both intents, each with exactly one event", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world, { text: ONE });
  const asking = await submit(world, { text: "Roll back slice video-7" });
  expect(await prepare(world, asking)).toMatchObject({ status: "running", deploymentId, action: "rollback" });
  const job = await takeOf(world.agent, asking);
  expect(job).toMatchObject({ priority: 10, input: { kind: "deployment.rollback", askedBy: asking, deploymentId, completes: true } });
  expect(job.input).toMatchObject({ diff: [{ change: "removed" }] });
  await tell(world.agent, job, await goodFacts(job));
  expect([await endsOf(intentId), await endsOf(asking)]).toEqual([["intent.completed", "intent.rolled_back"], ["intent.completed"]]);
  expect([(await intentOf(world, intentId)).status, (await intentOf(world, asking)).status]).toEqual(["rolled_back", "completed"]);
  expect([await statusOf(world, deploymentId), await held()]).toEqual(["reverted", {}]);
  const [end] = await rows<{ data: string }>("select data from events where intent_id = ? and type = 'intent.completed'", asking);
  expect(JSON.parse(end?.data ?? "")).toMatchObject({ deploymentId, note: `slice video-7 is as it was before ${deploymentId} on edge1` });
});

test("a rollback by a sentence that fails fails its own intent only, loudly, and can be asked for again", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world, { text: ONE });
  const asking = await order(world, "rollback", "video-7");
  await prepare(world, asking);
  const job = await takeOf(world.agent, asking);
  const why = failure({ stage: "rollback", reason: "rollback_failed" });
  await tell(world.agent, job, [started("rollback", { sites: ["edge1"], reason: "" }), finished({ kind: "failed", failure: why })]);
  expect([await endsOf(intentId), await endsOf(asking)]).toEqual([["intent.completed"], ["intent.failed"]]);
  expect(await rows("select intent_id from events where type = 'rollback.failed'")).toEqual([{ intent_id: asking }]);
  expect([await statusOf(world, deploymentId), Object.keys(await held())]).toEqual(["failed", ["video-7@edge1"]]);
  await done(world, await order(world, "rollback", "video-7"));
  expect((await intentOf(world, intentId)).status).toBe("rolled_back");
});

test("a rollback of a site by a sentence takes back that site only", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId, deploymentId } = await deployed(world, { text: VIDEO });
  await said(world, "Roll back slice video-7 on edge2");
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200] });
  expect([(await intentOf(world, intentId)).status, await statusOf(world, deploymentId)]).toEqual(["completed", "live"]);
});

test("a rollback of an older deployment is SUPERSEDED, while the newer one is applied, when it is live, and when the slice is gone", async () => {
  const world = await createWorld();
  const SUPERSEDED = { status: 409, code: "SUPERSEDED" };
  const { deploymentId } = await deployed(world, { text: ONE });
  const scale = await order(world, "scale", "video-7", { requirements: { downlinkMbps: 400 } });
  await prepare(world, scale);
  expect(refusal(await rollBack(world, deploymentId))).toEqual(SUPERSEDED);
  const { deploymentId: second } = await carryOut(world, scale);
  expect(refusal(await rollBack(world, deploymentId))).toEqual(SUPERSEDED);
  const removal = await said(world, "Terminate slice video-7");
  for (const id of [deploymentId, second ?? "", removal.deploymentId]) {
    const answer = await rollBack(world, id);
    expect([refusal(answer), JSON.stringify(answer.body)]).toEqual([SUPERSEDED, expect.stringContaining("deploy")]);
  }
});

test("where nothing has to change the intent is completed without a deployment", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world, { text: ONE });
  for (const intentId of [
    await order(world, "rerender", "video-7"),
    await submit(world, { text: "Deploy eMBB slice video-7 on edge1 with 100 Mbps" }),
  ]) {
    const job = await takeOf(world.agent, intentId);
    await tell(world.agent, job, await prepareFacts(job, { unchanged: true }));
    expect(await intentOf(world, intentId)).toMatchObject({ status: "completed", deployment: null, action: expect.any(String) });
    const [end] = await rows<{ data: string }>("select data from events where intent_id = ? and type = 'intent.completed'", intentId);
    expect(JSON.parse(end?.data ?? "")).toEqual({
      deploymentId: null,
      note: "nothing to change: slice video-7 is on edge1 as it should be",
    });
  }
  expect(await world.agent.claim()).toBeNull();
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200] });
});

test("a rerender where the files were changed by hand is a new revision of the same slice", async () => {
  const world = await createWorld();
  const first = await deployed(world, { text: ONE });
  const intentId = await order(world, "rerender", "video-7");
  const { plan } = await prepare(world, intentId);
  expect(plan).toMatchObject({ action: "scale", renderedFor: first.intentId, requirements: { downlinkMbps: 200 } });
  const { deploymentId } = await carryOut(world, intentId);
  expect(await held()).toEqual({ "video-7@edge1": [deploymentId, 200] });
});
