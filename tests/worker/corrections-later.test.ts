// What is said after a correction: an answer, another correction, taking it back; and who may not approve any more.
import { expect, test } from "vitest";
import { type CorrectedFields, CorrectionAccepted, CorrectionPage, CorrectionsResponse } from "../../protocol/correction.ts";
import type { ClarificationAnswers } from "../../protocol/intent.ts";
import { greeted } from "../party/answerer.ts";
import { approve, prepare, setPolicy } from "./changes.ts";
import { call, createWorld, intentOf, refusal, rows, SENTENCE, seedToken, submit, type World } from "./harness.ts";
import { deployed, takeOf } from "./story.ts";

const CONFLICT = { status: 409, code: "CONFLICT" };
const FORBIDDEN = { status: 403, code: "FORBIDDEN" };
const NO_SITE = "Deploy eMBB slice with 200Mbps";
const READING = { action: "deploy", serviceType: "eMBB", targetSites: ["edge1"], requirements: { downlinkMbps: 200, latencyMs: 20 } };

const correct = (intentId: string, body: CorrectedFields, token: string) =>
  call("POST", `/api/v1/intents/${intentId}/corrections`, { token, body });
const reply = (intentId: string, body: ClarificationAnswers, token: string) =>
  call("POST", `/api/v1/intents/${intentId}/answer`, { token, body });
const examples = async (world: World) =>
  (await call("POST", "/agent/v1/corrections", { token: world.agent.credential })).as(CorrectionsResponse);
const listed = async (world: World) => (await call("GET", "/api/v1/corrections", { token: world.read })).as(CorrectionPage).corrections;

test("four eyes: who corrected an intent may not approve it, however somebody else shaped it too", async () => {
  const world = await createWorld({ sites: 2 });
  await setPolicy({ approval: { fourEyes: true } });
  const intentId = await submit(world, { text: SENTENCE, approval: "required" });
  await prepare(world, intentId);
  expect((await correct(intentId, { requirements: { downlinkMbps: 400 } }, world.admin)).status).toBe(201);
  expect(await prepare(world, intentId)).toMatchObject({ status: "awaiting_approval", createdBy: "operate token" });
  expect(refusal(await approve(world, intentId, world.admin))).toEqual(FORBIDDEN);
  expect((await correct(intentId, { targetSites: ["edge2"] }, world.operate)).status).toBe(201);
  await prepare(world, intentId);
  for (const token of [world.admin, world.operate]) expect(refusal(await approve(world, intentId, token))).toEqual(FORBIDDEN);
  expect((await intentOf(world, intentId)).status).toBe("awaiting_approval");
});

test("four eyes: who answered for an intent may not approve it, and somebody who only looked may", async () => {
  const world = await createWorld();
  await setPolicy({ approval: { fourEyes: true } });
  const intentId = await submit(world, { text: NO_SITE, approval: "required" });
  expect((await prepare(world, intentId)).status).toBe("needs_clarification");
  await reply(intentId, { targetSites: ["edge1"] }, world.admin);
  expect((await prepare(world, intentId)).status).toBe("awaiting_approval");
  expect(refusal(await approve(world, intentId, world.admin))).toEqual(FORBIDDEN);
  expect((await approve(world, intentId, await seedToken({ scopes: ["read", "operate"] }))).status).toBe(202);
});

test("four eyes hold for a dry run that the one who deploys it has answered for", async () => {
  const world = await createWorld();
  await setPolicy({ approval: { fourEyes: true, actions: ["deploy"] } });
  const intentId = await submit(world, { text: NO_SITE, dryRun: true });
  await prepare(world, intentId);
  await reply(intentId, { targetSites: ["edge1"] }, world.admin);
  await prepare(world, intentId);
  const deploy = await call("POST", "/api/v1/deployments", { token: world.admin, body: { intentId } });
  expect(deploy.body).toEqual({ intentId, status: "awaiting_approval" });
  expect(refusal(await approve(world, intentId, world.admin))).toEqual(FORBIDDEN);
});

test("a correction that is only kept is in the audit of its intent and shapes nothing: who made it may approve", async () => {
  const world = await createWorld();
  await setPolicy({ approval: { fourEyes: true, actions: ["deploy"] } });
  const intentId = await submit(world, { text: SENTENCE, dryRun: true });
  await prepare(world, intentId);
  expect((await correct(intentId, { priority: 9 }, world.admin)).status).toBe(201);
  const audited = await rows("select who, action from audit where target = ? order by seq desc limit 1", intentId);
  expect(audited).toEqual([{ who: "admin token", action: `POST /api/v1/intents/${intentId}/corrections` }]);
  const deploy = await call("POST", "/api/v1/deployments", { token: world.admin, body: { intentId } });
  expect(deploy.body).toEqual({ intentId, status: "running" });
});

test("an answer counts over an earlier correction of the same field, the rest of which stays", async () => {
  const world = await createWorld();
  const intentId = await submit(world, { text: SENTENCE, approval: "required" });
  await prepare(world, intentId);
  await correct(intentId, { targetSites: [], serviceType: null, priority: 8, requirements: { latencyMs: null } }, world.operate);
  const asked = await prepare(world, intentId);
  expect([asked.status, asked.understanding?.clarifications.map(({ field }) => field)]).toEqual([
    "needs_clarification",
    ["serviceType", "targetSites"],
  ]);
  await reply(intentId, { targetSites: ["edge1"], serviceType: "URLLC", requirement: { latencyMs: 30 } }, world.operate);
  const { status, understanding } = await prepare(world, intentId);
  expect([status, understanding?.intent]).toEqual([
    "awaiting_approval",
    expect.objectContaining({
      ...{ intentType: "URLLC", targetSites: ["edge1"], priority: 8 },
      requirements: { downlinkMbps: 200, latencyMs: 30 },
    }),
  ]);
  expect((await listed(world)).map(({ corrected }) => corrected)).toEqual([
    { action: "deploy", serviceType: null, targetSites: [], priority: 8, requirements: { downlinkMbps: 200 } },
  ]);
});

test("an answer to everything that was corrected leaves no correction behind", async () => {
  const world = await createWorld();
  const intentId = await submit(world, { text: SENTENCE, approval: "required" });
  await prepare(world, intentId);
  await correct(intentId, { targetSites: [] }, world.operate);
  await prepare(world, intentId);
  await reply(intentId, { targetSites: ["edge1"] }, world.operate);
  expect((await takeOf(world.agent, intentId)).input).toMatchObject({ answers: { targetSites: ["edge1"] }, corrected: null });
});

test("of what is over, a mistaken correction is put right by another; each says what was said last, and the same twice is refused", async () => {
  const world = await createWorld();
  const { intentId } = await deployed(world);
  const say = async (body: CorrectedFields) => {
    const answer = await correct(intentId, body, world.operate);
    return answer.status === 201 ? answer.as(CorrectionAccepted).correction?.corrected : refusal(answer);
  };
  expect(await say({ action: "terminate", requirements: { latencyMs: null } })).toEqual({
    ...READING,
    ...{ action: "terminate", requirements: { downlinkMbps: 200 } },
  });
  expect(await say({ action: "terminate", requirements: { latencyMs: null } })).toEqual(CONFLICT);
  expect(await say({ action: "deploy" })).toEqual({ ...READING, requirements: { downlinkMbps: 200 } });
  expect(await say({ requirements: { latencyMs: 20 } })).toEqual(READING);
  expect(await say({ requirements: { latencyMs: 20 } })).toEqual(CONFLICT);
  expect(await say({ priority: 5 })).toEqual(CONFLICT);
  expect((await examples(world)).corrections.map(({ corrected }) => corrected)).toEqual([READING]);
});

test("the same correction sent twice at once is kept once", async () => {
  const world = await createWorld();
  const { intentId } = await deployed(world);
  const sent = await Promise.all(Array.from({ length: 3 }, () => correct(intentId, { action: "terminate" }, world.operate)));
  expect(sent.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  expect(await rows("select count(*) n from corrections")).toEqual([{ n: 1 }]);
});

test("an administrator takes a correction back: agents hear of it, and the one before it counts again", async () => {
  const world = await createWorld();
  const { intentId } = await deployed(world);
  const socket = await greeted(world.agent);
  await correct(intentId, { action: "scale" }, world.operate);
  await correct(intentId, { action: "terminate" }, world.operate);
  const [wrong, right] = await listed(world);
  const version = (await world.agent.heartbeat()).corrections;
  const takeBack = (token: string) => call("DELETE", `/api/v1/corrections/${wrong?.id}`, { token });
  expect(refusal(await takeBack(world.operate))).toEqual(FORBIDDEN);
  expect((await takeBack(world.admin)).status).toBe(204);
  expect(refusal(await takeBack(world.admin))).toEqual({ status: 404, code: "NOT_FOUND" });
  await socket.nth("wake");
  expect((await world.agent.heartbeat()).corrections).toBe(version + 1);
  expect([await listed(world), await examples(world)]).toEqual([[right], { version: version + 1, corrections: [right] }]);
  expect(await rows("select who, action, target from audit where action like 'DELETE%'")).toEqual([
    { who: "admin token", action: `DELETE /api/v1/corrections/${wrong?.id}`, target: wrong?.id },
  ]);
});

test("what a correction fills in for an intent is no meaning of its sentence: applied, and kept as nothing", async () => {
  const world = await createWorld({ sites: 2 });
  for (const given of [{}, { targetSites: ["edge1"] }]) {
    const intentId = await submit(world, { text: NO_SITE, approval: "required", ...given });
    await prepare(world, intentId);
    const accepted = (await correct(intentId, { targetSites: ["edge2"] }, world.operate)).as(CorrectionAccepted);
    expect(accepted).toEqual({
      ...{ intentId, status: "received", applied: true, correction: null },
      message: "taken as an answer, and the intent is prepared again with it; the sentence leaves that open, so it is no example",
    });
    expect(await prepare(world, intentId)).toMatchObject({ status: "awaiting_approval", sites: ["edge2"] });
    await correct(intentId, { targetSites: ["edge1"], priority: 9 }, world.operate); // filled in before: still no meaning of it
    await call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
  }
  const reading = { action: "deploy", serviceType: "eMBB", targetSites: [], requirements: { downlinkMbps: 200 } };
  expect((await listed(world)).map(({ understood, corrected }) => [understood, corrected])).toEqual([
    [reading, { ...reading, priority: 9 }],
    [reading, { ...reading, priority: 9 }],
  ]);
});

test("what the sentence says stays its meaning when it is corrected in two steps", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { text: SENTENCE, approval: "required" });
  await prepare(world, intentId);
  await correct(intentId, { targetSites: [] }, world.operate);
  expect((await prepare(world, intentId)).status).toBe("needs_clarification");
  await correct(intentId, { targetSites: ["edge2"] }, world.operate);
  expect((await listed(world)).map(({ corrected }) => corrected.targetSites)).toEqual([["edge2"], []]);
});

test("what fills in for an intent that is over changes nothing and is refused", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { text: NO_SITE, targetSites: ["edge1"], dryRun: true });
  await prepare(world, intentId);
  expect(refusal(await correct(intentId, { targetSites: ["edge2"] }, world.operate))).toEqual(CONFLICT);
  expect(await listed(world)).toEqual([]);
});
