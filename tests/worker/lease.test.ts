// Leases and instances: who has a job, until when, and who is told that it is over.
import { expect, test } from "vitest";
import { MAX_ATTEMPTS } from "../../worker/services/jobs.ts";
import { call, createAgent, createWorld, expireLease, intentOf, refusal, rows, submit, tell } from "./harness.ts";
import { applyFacts, parseFacts, prepared, prepareFacts, pushFacts, started } from "./story.ts";

const LEASE_LOST = { status: 409, code: "LEASE_LOST" };
const REPLACED = { status: 409, code: "INSTANCE_REPLACED" };

test("an expired lease is claimed again with the next attempt and a new lease, and the old one is refused", async () => {
  const world = await createWorld();
  const other = await createAgent({ sites: world.sites });
  await submit(world);
  const first = await world.agent.take();
  expect(await other.claim()).toBeNull();
  await expireLease(first);
  const second = await other.take();
  expect(second.lease).toEqual({ jobId: first.lease.jobId, attempt: 2, leaseId: expect.stringMatching(/^lease_/) });
  expect(second.lease.leaseId).not.toBe(first.lease.leaseId);
  expect(refusal(await world.agent.report(first, [started("parse")]))).toEqual(LEASE_LOST);
  expect(refusal(await world.agent.extend(first))).toEqual(LEASE_LOST);
  await tell(other, second, await prepareFacts(second));
});

test("a job that is claimed again begins after the last completed stage", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  const first = await world.agent.take();
  const facts = await prepareFacts(first);
  await tell(world.agent, first, facts.slice(0, 3)); // parse and plan
  await expireLease(first);
  const second = await world.agent.take();
  expect(Object.keys(second.checkpoint)).toEqual(["parse", "plan"]);
  await tell(world.agent, second, facts.slice(3));
  const types = (await rows<{ type: string }>("select type from events where intent_id = ? order by seq", intentId)).map((row) => row.type);
  expect(types).toEqual(["intent.received", "intent.parsing", "intent.parsed", "krm.generating", "krm.generated"]);
});

test("a stage that starts again after a crash is announced once", async () => {
  const world = await createWorld();
  const intentId = await submit(world);
  const first = await world.agent.take();
  await tell(world.agent, first, [started("parse")]);
  await expireLease(first);
  const second = await world.agent.take();
  await tell(world.agent, second, await prepareFacts(second));
  const count = await rows("select count(*) n from events where intent_id = ? and type = 'intent.parsing'", intentId);
  expect(count).toEqual([{ n: 1 }]);
});

test("extending keeps the lease, and an unclaimed lease that ran out can still be saved", async () => {
  const world = await createWorld();
  await submit(world);
  const job = await world.agent.take();
  await expireLease(job);
  const answer = await world.agent.extend(job);
  expect([answer.status, answer.body]).toEqual([200, { leaseMs: 10_000, cancelRequested: false }]);
  expect(await world.agent.claim()).toBeNull();
});

test("another agent's lease is nobody's: report and extend are refused", async () => {
  const world = await createWorld();
  const thief = await createAgent({ sites: world.sites });
  await submit(world);
  const job = await world.agent.take();
  expect(refusal(await thief.report(job, parseFacts(job)))).toEqual(LEASE_LOST);
  expect(refusal(await thief.extend(job))).toEqual(LEASE_LOST);
  expect((await thief.heartbeat({ hello: thief.hello({ inflight: [job.lease] }) })).lost).toEqual([job.lease.jobId]);
  expect(await rows("select type from events where type = 'intent.parsing'")).toEqual([]);
});

test("a lease with another attempt, another id or of a job that does not exist is refused", async () => {
  const world = await createWorld();
  await submit(world);
  const { lease } = await world.agent.take();
  const wrong = [
    { ...lease, attempt: 2 },
    { ...lease, leaseId: "lease_01k00000000000000000000000" },
    { ...lease, jobId: "job_01k00000000000000000000000" },
  ];
  for (const bad of wrong) {
    expect(refusal(await world.agent.report({ lease: bad }, [started("parse")]))).toEqual(LEASE_LOST);
    expect(refusal(await world.agent.extend({ lease: bad }))).toEqual(LEASE_LOST);
  }
});

test("a new instance ends the leases of the old one at once", async () => {
  const world = await createWorld();
  await submit(world);
  const first = await world.agent.take();
  const again = world.agent.restarted();
  await again.heartbeat();
  expect((await again.take()).lease).toMatchObject({ jobId: first.lease.jobId, attempt: 2 });
});

test("an older instance is told INSTANCE_REPLACED, and can keep no lease alive", async () => {
  const world = await createWorld();
  await submit(world);
  const job = await world.agent.take();
  const { credential: token, instanceId, slots } = world.agent;
  await world.agent.restarted().heartbeat();
  expect(refusal(await call("POST", "/agent/v1/claim", { token, body: { instanceId, slots } }))).toEqual(REPLACED);
  expect(refusal(await call("POST", "/agent/v1/heartbeat", { token, body: { hello: world.agent.hello() } }))).toEqual(REPLACED);
  expect(refusal(await world.agent.extend(job))).toEqual(LEASE_LOST);
});

test("what a killed instance had noted is still taken until somebody claims the job", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await world.agent.take();
  const again = world.agent.restarted();
  await again.heartbeat();
  await tell(again, job, await pushFacts(job)); // its outbox, sent by the next process
  const resumed = await again.take();
  expect([resumed.lease.attempt, Object.keys(resumed.checkpoint)]).toEqual([2, ["push"]]);
  expect((await intentOf(world, intentId)).stage).toBe("gitops_pushed");
});

test("two instances whose heartbeats cross: the newer one stays", async () => {
  const world = await createWorld();
  const newer = world.agent.restarted();
  const beat = (agent: typeof newer) => call("POST", "/agent/v1/heartbeat", { token: agent.credential, body: { hello: agent.hello() } });
  await Promise.all([beat(newer), ...Array.from({ length: 5 }, () => beat(world.agent)), beat(newer)]);
  expect(await rows("select instance_id from agents")).toEqual([{ instance_id: newer.instanceId }]);
});

test("a job that ended its agent too often is dead, and its intent failed with the reason", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  const job = await world.agent.take();
  await tell(world.agent, job, [started("push")]);
  for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt += 1) {
    await expireLease(job);
    expect((await world.agent.take()).lease.attempt).toBe(attempt);
  }
  await expireLease(job);
  expect(await world.agent.claim()).toBeNull();
  const { status, failure, deployment } = await intentOf(world, intentId);
  expect([status, failure?.reason, failure?.stage, deployment?.status]).toEqual(["failed", "attempts_exhausted", "push", "failed"]);
  expect(await rows("select state from jobs where kind = 'intent.apply'")).toEqual([{ state: "dead" }]);
  expect(await rows("select * from job_sites")).toEqual([]);
  expect(await rows("select type from events where intent_id = ? order by seq desc limit 1", intentId)).toEqual([
    { type: "intent.failed" },
  ]);
});

test("after a job was given up the next one is handed out in the same claim", async () => {
  const world = await createWorld();
  const dead = await prepared(world);
  const job = await world.agent.take();
  await rows("update jobs set attempt = ? where id = ?", MAX_ATTEMPTS, job.lease.jobId);
  await expireLease(job);
  const next = await prepared(
    { ...world, agent: await createAgent({ sites: [] }) },
    { text: "Deploy URLLC slice on edge1 with 10Mbps and 5ms latency" },
  );
  const given = await world.agent.take();
  expect(given.input.intentId).toBe(next);
  expect((await intentOf(world, dead)).status).toBe("failed");
  await tell(world.agent, given, await applyFacts(given));
});

test("a heartbeat tells the timings, and which of the inflight jobs are lost", async () => {
  const world = await createWorld();
  await submit(world);
  await submit(world);
  const kept = await world.agent.take();
  const gone = await world.agent.take();
  const other = await createAgent({ sites: [] });
  await expireLease(gone);
  await other.take();
  const answer = await world.agent.heartbeat({ hello: world.agent.hello({ inflight: [kept.lease, gone.lease] }) });
  expect(answer).toEqual({
    agentId: world.agent.id,
    serverTime: expect.any(String),
    timings: { heartbeatMs: 3_000, leaseMs: 10_000, extendMs: 3_000, pollMs: 1_000, idlePollMs: 3_000 },
    cancel: [],
    lost: [gone.lease.jobId],
    tasks: [expect.objectContaining({ site: "edge1", input: expect.objectContaining({ kind: "check" }) })],
    sites: [],
    routing: { order: ["claude", "llamafarm", "ollama", "rules"], disconnected: [], shares: [] },
    corrections: 0,
  });
});
