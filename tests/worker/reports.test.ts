// Facts in, state and events out: the life of an intent as an agent reports it, and what a report may not do.
import { expect, test } from "vitest";
import { EVENT_DATA, type EventType } from "../../protocol/event.ts";
import type { Fact, JobOutcome } from "../../protocol/report.ts";
import { call, createWorld, intentOf, refusal, reported, rows, submit, tell } from "./harness.ts";
import {
  applyFacts,
  deployed,
  evidenceOf,
  finished,
  parseFacts,
  prepared,
  prepareFacts,
  pushOutput,
  REPOSITORY,
  started,
  takeOf,
} from "./story.ts";

const BOTH = "Deploy eMBB slice on edge1 and edge2 with 200Mbps and 20ms latency";
const RUN: [EventType, string | null][] = [
  ["intent.received", null],
  ["intent.parsing", null],
  ["intent.parsed", null],
  ["krm.generating", null],
  ["krm.generated", null],
  ["gitops.pushing", null],
  ["gitops.pushed", null],
  ["edge.deploying", "edge1"],
  ["edge.deploying", "edge1"],
  ["edge.deployed", "edge1"],
  ["edge.deploying", "edge2"],
  ["edge.deploying", "edge2"],
  ["edge.deployed", "edge2"],
  ["slo.validating", null],
  ["slo.validated", null],
  ["intent.completed", null],
];

interface EventRow {
  seq: number;
  type: EventType;
  site: string | null;
  job_id: string | null;
  data: string;
}

const eventsOf = (intentId: string) =>
  rows<EventRow>("select seq, type, site, job_id, data from events where intent_id = ? order by seq", intentId);

test("a whole run gives exactly these events in this order, seq strictly increasing, one terminal event", async () => {
  const world = await createWorld({ sites: 2 });
  const { intentId } = await deployed(world, { text: BOTH });
  const events = await eventsOf(intentId);
  expect(events.map(({ type, site }) => [type, site])).toEqual(RUN);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => (events[0]?.seq ?? 0) + index));
  for (const { type, data } of events) expect(EVENT_DATA[type].safeParse(JSON.parse(data)).error, type).toBeUndefined();
});

test("after a whole run the record tells the plan, the package, the commit, the sites and the evidence", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await prepared(world, { text: BOTH });
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await applyFacts(job));
  const record = await intentOf(world, intentId);
  const { commit } = await pushOutput(job);
  if (job.input.kind !== "intent.apply") throw new Error("no application");
  const { plan, digest, diff, deploymentId } = job.input;
  expect(record).toMatchObject({
    status: "completed",
    stage: "completed",
    sites: ["edge1", "edge2"],
    plan,
    digest,
    diff,
    failure: null,
    effects: [],
  });
  const site = (id: string) => ({ site: id, state: "verified", commit, message: "service levels met", updatedAt: expect.any(String) });
  expect(record.deployment).toEqual({
    ...{ deploymentId, intentId, jobId: job.lease.jobId, slice: plan.slice, serviceType: "eMBB", snssai: plan.snssai, status: "live" },
    ...{ action: "deploy", approvedBy: null, commits: [{ commit, sites: ["edge1", "edge2"] }] },
    ...{ digest, repositoryUrl: REPOSITORY, branch: "main", commit, sites: [site("edge1"), site("edge2")] },
    evidence: evidenceOf(job, "pass").map((record) => ({ ...record, measuredAt: expect.any(String) })),
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
  });
  expect(record.stages.map(({ stage }) => stage)).toEqual([
    ...["input_received", "llm_processing", "intent_parsed", "krm_generating", "krm_generated", "gitops_pushing", "gitops_pushed"],
    ...["edge_deploying", "edge_deploying", "edge_deployed", "edge_deploying", "edge_deploying", "edge_deployed"],
    ...["slo_validating", "completed"],
  ]);
  expect(await rows("select state from jobs order by id")).toEqual([{ state: "succeeded" }, { state: "succeeded" }]);
  expect(await rows('select id, status, "commit" from sites order by id')).toEqual([
    { id: "edge1", status: "healthy", commit },
    { id: "edge2", status: "healthy", commit },
  ]);
});

test("every report that is sent again, as after a lost answer, is stored once, also the last one", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { text: BOTH });
  for (const story of [prepareFacts, applyFacts]) {
    const job = await takeOf(world.agent, intentId);
    for (const fact of (await story(job)).map(reported)) {
      expect((await world.agent.resend(job, [fact])).status).toBe(200);
      const again = await world.agent.resend(job, [fact]);
      expect([again.status, again.body]).toEqual([200, { cancelRequested: false }]);
    }
  }
  expect((await eventsOf(intentId)).map(({ type, site }) => [type, site])).toEqual(RUN);
  expect(await rows("select count(*) n from evidence")).toEqual([{ n: 6 }]);
});

test("the same report five times at once is stored once, and all are told so", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { text: BOTH });
  for (const story of [prepareFacts, applyFacts]) {
    const job = await takeOf(world.agent, intentId);
    const facts = (await story(job)).map(reported);
    for (const part of [facts.slice(0, 2), facts.slice(2, -1), facts.slice(-1)]) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => world.agent.resend(job, part)));
      expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    }
  }
  expect((await eventsOf(intentId)).map(({ type, site }) => [type, site])).toEqual(RUN);
});

test("a dry run ends in parsed with a plan and a diff, and nothing follows until it is deployed as shown", async () => {
  const world = await createWorld();
  const intentId = await prepared(world, { dryRun: true });
  const shown = await intentOf(world, intentId);
  expect([shown.status, shown.diff?.length, shown.deployment]).toEqual(["parsed", 1, null]);
  expect(await world.agent.claim()).toBeNull();
  const answer = await call("POST", "/api/v1/deployments", { token: world.operate, body: { intentId } });
  expect([answer.status, answer.body]).toEqual([202, { intentId, status: "running" }]);
  const job = await takeOf(world.agent, intentId);
  expect(job.input).toMatchObject({ kind: "intent.apply", digest: shown.digest, approvedBy: "operate token" });
  const again = await call("POST", "/api/v1/deployments", { token: world.operate, body: { intentId } });
  expect(refusal(again)).toEqual({ status: 409, code: "CONFLICT" });
});

test("an intent that is no dry run has nothing to deploy by hand", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  expect(refusal(await call("POST", "/api/v1/deployments", { token: world.operate, body: { intentId } }))).toEqual({
    status: 409,
    code: "CONFLICT",
  });
});

test("what is asked is answered, and the next preparation has the answer", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { text: "Deploy an eMBB slice with 100Mbps" });
  const first = await takeOf(world.agent, intentId);
  await tell(world.agent, first, parseFacts(first));
  const asked = await intentOf(world, intentId);
  expect([asked.status, asked.understanding?.clarifications.map((question) => question.field)]).toEqual([
    "needs_clarification",
    ["targetSites"],
  ]);
  const answer = (body: unknown) => call("POST", `/api/v1/intents/${intentId}/answer`, { token: world.operate, body });
  expect(refusal(await answer({}))).toEqual({ status: 400, code: "VALIDATION", fields: ["body"] });
  expect(refusal(await answer({ targetSites: ["edge9"] }))).toEqual({ status: 422, code: "UNKNOWN_SITE", fields: ["targetSites"] });
  expect((await answer({ targetSites: ["Edge 2"] })).body).toEqual({ intentId, status: "received" });
  expect(refusal(await answer({ targetSites: ["edge1"] }))).toEqual({ status: 409, code: "CONFLICT" });
  const second = await takeOf(world.agent, intentId);
  expect(second.input).toMatchObject({ kind: "intent.prepare", answers: { targetSites: ["edge2"] } });
  await tell(world.agent, second, await prepareFacts(second));
  expect((await intentOf(world, intentId)).plan?.sites).toEqual(["edge2"]);
  expect((await eventsOf(intentId)).map((event) => event.type)).toEqual([
    ...["intent.received", "intent.parsing", "intent.clarification_needed"],
    ...["intent.parsing", "intent.parsed", "krm.generating", "krm.generated"],
  ]);
});

test("a running intent takes no answer: nothing is prepared twice", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const answer = await call("POST", `/api/v1/intents/${intentId}/answer`, { token: world.operate, body: { serviceType: "URLLC" } });
  expect(refusal(answer)).toEqual({ status: 409, code: "CONFLICT" });
  expect(await rows("select kind from jobs where finished_at is null")).toEqual([{ kind: "intent.apply" }]);
});

const LIES: [string, Fact[], { status: number; code: string }][] = [
  ["an end that its kind of job cannot have", [finished({ kind: "completed", note: "" })], { status: 409, code: "CONFLICT" }],
  ["prepared without a plan", [finished({ kind: "prepared" })], { status: 400, code: "VALIDATION" }],
  ["an answer to a text that was not read", [finished({ kind: "answer_due" })], { status: 400, code: "VALIDATION" }],
  ["a rollback by a preparation", [finished({ kind: "rolled_back", failure: null })], { status: 409, code: "CONFLICT" }],
];

test.each(LIES)("a report of %s is refused and changes nothing", async (_name, facts, expected) => {
  const world = await createWorld();
  const intentId = await submit(world);
  const job = await takeOf(world.agent, intentId);
  expect(refusal(await world.agent.report(job, [started("parse"), ...facts]))).toEqual(expected);
  expect((await intentOf(world, intentId)).status).toBe("received");
  expect((await eventsOf(intentId)).map((event) => event.type)).toEqual(["intent.received"]);
  expect((await world.agent.extend(job)).status).toBe(200);
});

const APPLY_LIES: [string, JobOutcome, { status: number; code: string }][] = [
  ["rolled back without a revert", { kind: "rolled_back", failure: null }, { status: 400, code: "VALIDATION" }],
  ["prepared", { kind: "prepared" }, { status: 409, code: "CONFLICT" }],
  ["an answer", { kind: "answer_due" }, { status: 409, code: "CONFLICT" }],
];

test.each(APPLY_LIES)("an application that ends as %s is refused and changes nothing", async (_name, outcome, expected) => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await takeOf(world.agent, intentId);
  expect(refusal(await world.agent.report(job, [finished(outcome)]))).toEqual(expected);
  expect(await intentOf(world, intentId)).toMatchObject({ status: "running", deployment: { status: "applying" } });
  expect((await world.agent.extend(job)).status).toBe(200);
});

test("a report with a field that the protocol does not have, or with 51 facts, names the field", async () => {
  const world = await createWorld();
  await submit(world);
  const job = await world.agent.take();
  const post = (body: unknown) => call("POST", "/agent/v1/report", { token: world.agent.credential, body });
  const fact = reported(started("parse"));
  expect(refusal(await post({ lease: job.lease, facts: [] }))).toMatchObject({ code: "VALIDATION", fields: ["facts"] });
  expect(refusal(await post({ lease: job.lease, facts: Array(51).fill(fact) }))).toMatchObject({ code: "VALIDATION", fields: ["facts"] });
  expect(refusal(await post({ lease: job.lease, facts: [{ ...fact, id: "evt_1" }] }))).toMatchObject({
    code: "VALIDATION",
    fields: ["facts.0.id"],
  });
  const path = { path: "../../etc/passwd", content: "" };
  const render = { files: [path], diff: [], digest: `sha256:${"0".repeat(64)}`, runner: "kpt" };
  const sent = { ...fact, fact: { type: "stage.completed", result: { stage: "render", output: render } } };
  expect(refusal(await post({ lease: job.lease, facts: [sent] }))).toMatchObject({
    code: "VALIDATION",
    fields: ["facts.0.fact.result.output.files.0.path", "facts.0.fact.result.output.files.0.path"],
  });
});
