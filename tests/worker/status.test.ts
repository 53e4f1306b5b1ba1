// Questions about the state of things: answered at once from the store, without a job; also when only the agent's provider saw the question.
import { expect, test } from "vitest";
import { IntentStatusView } from "../../protocol/api.ts";
import { Understanding } from "../../protocol/intent.ts";
import { order, prepare, said } from "./changes.ts";
import { call, callWith, createWorld, intentOf, request, rows, submit, tell } from "./harness.ts";
import { finished, started, takeOf } from "./story.ts";

const ONE = "Deploy eMBB slice video-7 on edge1 with 200 Mbps";
const typesOf = async (intentId: string) =>
  (await rows<{ type: string }>("select type from events where intent_id = ? order by seq", intentId)).map((row) => row.type);

test("a question is answered with the request itself: completed, no job, the answer in the record, the status and the event", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId: deploy, deploymentId } = await said(world, ONE);
  const jobs = await rows("select count(*) n from jobs");
  const answer = await call("POST", "/api/v1/intents", { token: world.operate, body: { text: "What is the status of edge1?" } });
  const { intentId } = answer.body as { intentId: string };
  expect([answer.status, answer.body]).toEqual([202, { intentId, status: "completed" }]);
  const record = await intentOf(world, intentId);
  expect(record).toMatchObject({ status: "completed", stage: "completed", action: "status", sites: ["edge1"], deployment: null });
  expect(record.answer).toEqual({
    text: expect.stringMatching(/^edge1 is healthy\. Live: eMBB video-7 on edge1\.$/),
    sites: [{ site: "edge1", status: "healthy", message: "", commit: expect.any(String), slices: ["video-7"] }],
    slices: [{ slice: "video-7", serviceType: "eMBB", sites: ["edge1"], deploymentId, intentId: deploy, busy: null, alerts: 0 }],
    at: expect.any(String),
  });
  const status = (await call("GET", `/api/v1/intents/${intentId}/status`, { token: world.read })).as(IntentStatusView);
  expect([status.message, status.waitingFor]).toEqual([record.answer?.text, null]);
  expect(await typesOf(intentId)).toEqual(["intent.received", "intent.parsing", "intent.parsed", "intent.completed"]);
  expect(await rows("select count(*) n from jobs")).toEqual(jobs);
});

test("a question about a slice shows where it is and who is at it, also when its name is a plain word", async () => {
  const world = await createWorld({ sites: 2 });
  const body = { slice: "kiosk", serviceType: "eMBB", sites: ["edge2"], requirements: { downlinkMbps: 10 } };
  const deploy = (await call("POST", "/api/v1/slices", { token: world.operate, body })).body as { intentId: string };
  await prepare(world, deploy.intentId);
  const { answer } = await intentOf(world, await submit(world, { text: "How is the kiosk slice?" }));
  expect(answer?.slices.map(({ slice, busy }) => [slice, busy])).toEqual([["kiosk", "deploy"]]);
  expect(answer?.sites.map((site) => site.site)).toEqual(["edge2"]);
  expect(answer?.text).toContain("eMBB kiosk on edge2 (deploy under way)");
});

test("a slice that is not live is told so, an empty network too, and questions are answered while no agent is there", async () => {
  const world = await createWorld();
  await rows("update agents set online = 0, last_heartbeat = 0");
  const none = await intentOf(world, await submit(world, { text: "status of slice kite-12" }));
  expect(none.answer?.text).toBe("No slice that is live is called kite-12.");
  const all = await intentOf(world, await submit(world, { text: "show me all slices" }));
  expect([all.status, all.answer?.slices, all.answer?.text]).toEqual(["completed", [], expect.stringContaining("No slice is live there.")]);
});

test("a question is answered when the queue is full too, and is kept by its key", async () => {
  const world = await createWorld();
  const sent = request("POST", "/api/v1/intents", { token: world.operate, body: { text: "status of edge1" } });
  expect((await callWith({ QUEUE_LIMIT: 0 }, sent)).status).toBe(202);
  await rows("delete from intents");
  const ask = () =>
    call("POST", "/api/v1/intents", {
      token: world.operate,
      body: { text: "status of edge1" },
      headers: { "idempotency-key": "how" },
    });
  const [first, second] = [await ask(), await ask()];
  expect(second.body).toEqual(first.body);
  expect(await rows("select count(*) n from intents")).toEqual([{ n: 1 }]);
});

test("an order that only looks like a question goes the way of orders", async () => {
  const world = await createWorld();
  const intentId = await submit(world, { text: "Is it possible to deploy an eMBB slice on edge1 with 50 Mbps" });
  expect((await intentOf(world, intentId)).status).toBe("received");
  expect(await rows("select kind from jobs")).toEqual([{ kind: "intent.prepare" }]);
});

test("what only the agent's provider recognised as a question is answered when it says so", async () => {
  const world = await createWorld();
  await said(world, ONE);
  const intentId = await submit(world, { text: "zeige mir bitte edge1" });
  const job = await takeOf(world.agent, intentId);
  const asked = (await call("POST", "/api/v1/intent", { token: world.read, body: { text: "status of edge1" } })).as(Understanding);
  const understanding = { ...asked, intent: { ...asked.intent, intentId } };
  await tell(world.agent, job, [
    started("parse"),
    { type: "stage.completed", result: { stage: "parse", output: { understanding } } },
    finished({ kind: "answer_due" }),
  ]);
  const record = await intentOf(world, intentId);
  expect([record.status, record.action, record.answer?.slices.map((slice) => slice.slice)]).toEqual(["completed", "status", ["video-7"]]);
  expect(await typesOf(intentId)).toEqual(["intent.received", "intent.parsing", "intent.parsed", "intent.completed"]);
});

test("a firing alert is counted in the answer", async () => {
  const world = await createWorld();
  await said(world, ONE);
  await rows(
    `insert into alerts (id, kind, severity, status, subject, site, slice, message, started_at, updated_at, comment, remediation)
     values ('alr_1', 'slo', 'critical', 'firing', 's', 'edge1', 'video-7', 'm', 0, 0, '', '[]')`,
  );
  const { answer } = await intentOf(world, await submit(world, { text: "status of slice video-7" }));
  expect([answer?.slices[0]?.alerts, answer?.text]).toEqual([1, expect.stringContaining("1 alert firing")]);
});

test("status of a change that waits: the order is named while it runs", async () => {
  const world = await createWorld();
  await said(world, ONE);
  await prepare(world, await order(world, "terminate", "video-7"));
  const { answer } = await intentOf(world, await submit(world, { text: "what is running on edge1?" }));
  expect(answer?.slices[0]?.busy).toBe("terminate");
});
