// The claim: each job once, the best first, one running apply per site, and nobody starved.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { ClaimedJob } from "../../protocol/job.ts";
import { call, createAgent, createWorld, expireLease, intentOf, refusal, rows, SENTENCE, submit, type TestAgent, tell } from "./harness.ts";
import { applyFacts, finished, prepared, prepareFacts, takeOf } from "./story.ts";

const on = (...sites: string[]) => `Deploy eMBB slice on ${sites.join(" and ")} with 100Mbps`;

/** Claims until nothing is left for the agent, up to its slots. */
async function takeAll(agent: TestAgent): Promise<ClaimedJob[]> {
  const jobs: ClaimedJob[] = [];
  for (let job = await agent.claim(); job !== null; job = await agent.claim()) jobs.push(job);
  return jobs;
}

const intentsOf = (jobs: ClaimedJob[]) => jobs.map((job) => job.input.intentId);

test("a claim hands out the lease, the input, the checkpoint and the world as it is", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world, { targetSites: ["Edge 1"], priority: 7, context: { channel: "chat" } });
  const job = await world.agent.take();
  const [row] = await rows<{ id: string; lease_id: string; created_at: number; traceparent: string }>(
    "select j.id, lease_id, i.created_at, traceparent from jobs j join intents i on i.id = j.intent_id",
  );
  const site = (id: string) => ({
    id,
    aliases: [],
    labels: {},
    capacity: { downlinkMbps: 10_000, uplinkMbps: 10_000, maxDevices: 1_000_000 },
    freeze: [],
  });
  expect(job).toEqual({
    lease: { jobId: row?.id, attempt: 1, leaseId: row?.lease_id },
    leaseMs: 10_000,
    priority: 7,
    input: {
      kind: "intent.prepare",
      intentId,
      text: SENTENCE,
      context: { channel: "chat" },
      targetSites: ["edge1"],
      answers: null,
      corrected: null,
      command: null,
      rollout: null,
      priority: 7,
      preempt: false,
      createdAt: new Date(row?.created_at ?? 0).toISOString(),
    },
    checkpoint: {},
    context: { sites: [site("edge1"), site("edge2")], slices: [] },
    cancelRequested: false,
    traceparent: row?.traceparent,
  });
  expect(row?.traceparent).toMatch(/^00-/);
});

test("an application is handed no world: its plan is made", async () => {
  const world = await createWorld();
  const intentId = await prepared(world);
  expect((await takeOf(world.agent, intentId)).context).toBeNull();
});

test("200 jobs and 50 claims at a time: each job exactly once", async () => {
  const { operate } = await createWorld();
  const agents = await Promise.all(Array.from({ length: 4 }, () => createAgent({ sites: [], slots: 64 })));
  for (let i = 0; i < 4; i += 1) await Promise.all(Array.from({ length: 50 }, () => submit({ operate })));
  const claimed: ClaimedJob[] = [];
  for (let round = 0; round < 5; round += 1) {
    const jobs = await Promise.all(Array.from({ length: 50 }, (_, i) => (agents[i % 4] as TestAgent).claim()));
    claimed.push(...jobs.filter((job) => job !== null));
  }
  expect(claimed).toHaveLength(200);
  expect(new Set(claimed.map((job) => job.lease.jobId)).size).toBe(200);
  expect(new Set(claimed.map((job) => job.lease.leaseId)).size).toBe(200);
  expect(await rows("select state, attempt, count(*) n from jobs group by state, attempt")).toEqual([
    { state: "leased", attempt: 1, n: 200 },
  ]);
});

test("the higher priority goes first, then the older", async () => {
  const world = await createWorld({ slots: 10 });
  const low = await submit(world, { priority: 1 });
  const first = await submit(world, { priority: 5 });
  await expect.poll(() => Date.now()).toBeGreaterThan(Number((await rows<{ n: number }>("select max(created_at) n from jobs"))[0]?.n));
  const second = await submit(world, { priority: 5 });
  const high = await submit(world, { priority: 10 });
  expect(intentsOf(await takeAll(world.agent))).toEqual([high, first, second, low]);
});

test("an agent gets no more than its slots, and one more when a job has ended", async () => {
  const world = await createWorld({ slots: 2 });
  for (let i = 0; i < 4; i += 1) await submit(world);
  const [job] = await takeAll(world.agent);
  expect((await rows("select id from jobs where state = 'leased'")).length).toBe(2);
  if (job === undefined) throw new Error("nothing claimed");
  await tell(world.agent, job, await prepareFacts(job));
  expect(await world.agent.claim()).not.toBeNull();
  expect(await world.agent.claim()).toBeNull();
});

test("a claim never exceeds the slots that the agent announced, whatever it asks for", async () => {
  const world = await createWorld({ slots: 1 });
  await submit(world);
  await submit(world);
  const { credential: token, instanceId } = world.agent;
  const claim = () => call("POST", "/agent/v1/claim", { token, body: { instanceId, slots: 64 } });
  expect((await claim()).body).not.toEqual({ job: null });
  expect((await claim()).body).toEqual({ job: null });
});

test("one running apply per site: the second waits for the first, and other sites go on", async () => {
  const world = await createWorld({ sites: 2, slots: 8 });
  const a = await prepared(world, { text: on("edge1") });
  const first = await takeOf(world.agent, a);
  const b = await prepared(world, { text: on("edge1") });
  const c = await prepared(world, { text: on("edge2") });
  expect(intentsOf(await takeAll(world.agent))).toEqual([c]);
  await tell(world.agent, first, await applyFacts(first));
  expect(intentsOf(await takeAll(world.agent))).toEqual([b]);
});

test("20 agents claim 24 applies of 4 sites at once: one per site, and the database itself allows no second", async () => {
  const sites = ["edge1", "edge2", "edge3", "edge4"];
  const world = { ...(await createWorld({ sites: 4 })), agent: await createAgent({ sites: [] }) }; // it prepares and can apply nothing
  for (let i = 0; i < 24; i += 1) await prepared(world, { text: on(sites[i % 4] ?? "") });
  const agents = await Promise.all(Array.from({ length: 20 }, () => createAgent({ sites, slots: 64 })));
  const claimed = (await Promise.all(agents.map((agent) => agent.claim()))).filter((job) => job !== null);
  expect(claimed.map((job) => (job.input.kind === "intent.apply" ? job.input.plan.sites : [])).sort()).toEqual(sites.map((site) => [site]));
  await expect(env.DB.prepare("insert into site_locks (site, job_id) values ('edge1', 'another')").run()).rejects.toThrow(
    "UNIQUE constraint failed: site_locks.site",
  );
});

test("a job of two sites is not starved by a stream of jobs of one", async () => {
  const world = await createWorld({ sites: 2, slots: 8 });
  const one = await prepared(world, { text: on("edge1") });
  let running = await takeOf(world.agent, one);
  const both = await prepared(world, { text: on("edge1", "edge2") });
  const later: string[] = [];
  for (let i = 0; i < 3; i += 1) {
    later.push(await prepared(world, { text: on("edge1") }), await prepared(world, { text: on("edge2") }));
    expect(await world.agent.claim()).toBeNull(); // edge2 is free, but its turn belongs to the older job
  }
  await tell(world.agent, running, await applyFacts(running));
  running = await takeOf(world.agent, both);
  expect(await world.agent.claim()).toBeNull();
  await tell(world.agent, running, await applyFacts(running));
  expect(intentsOf(await takeAll(world.agent)).sort()).toEqual(later.slice(0, 2).sort());
});

test("a job that no agent online can take does not block the sites it waits for", async () => {
  const world = await createWorld({ sites: 2, slots: 8 });
  const stuck = await prepared(world, { text: on("edge1", "edge2") });
  // Nobody serves both sites any more.
  await world.agent.heartbeat({ sites: [] });
  const west = await createAgent({ sites: ["edge1"] });
  await createAgent({ sites: ["edge2"] });
  const next = await prepared({ ...world, agent: west }, { text: on("edge1") });
  expect((await west.take()).input.intentId).toBe(next);
  expect((await intentOf(world, stuck)).status).toBe("running");
});

test("an agent that does not serve all sites of a job gets nothing", async () => {
  const world = await createWorld({ sites: 2 });
  const east = await createAgent({ sites: ["edge2"] });
  const intentId = await prepared(world, { text: on("edge1", "edge2") });
  expect(await east.claim()).toBeNull();
  expect((await world.agent.take()).input.intentId).toBe(intentId);
});

test("work whose sites no single online agent serves is shown as waiting for an agent", async () => {
  const world = await createWorld({ sites: 2 });
  await createAgent({ sites: ["edge2"] });
  const intentId = await prepared(world, { text: on("edge1", "edge2") });
  expect((await intentOf(world, intentId)).waitingFor).toBeNull();
  await world.agent.heartbeat({ stopping: true });
  expect((await intentOf(world, intentId)).waitingFor).toBe("agent");
});

test("any agent may prepare, also one without sites", async () => {
  const world = await createWorld();
  const bare = await createAgent({ sites: [] });
  const intentId = await submit(world);
  expect((await bare.take()).input.intentId).toBe(intentId);
});

test("an apply that failed frees its site for the next", async () => {
  const world = await createWorld({ slots: 8 });
  const a = await prepared(world, { text: on("edge1") });
  const job = await takeOf(world.agent, a);
  const b = await prepared(world, { text: on("edge1") });
  const failure = { stage: "push" as const, reason: "git_refused" as const, message: "no", retryable: false };
  await tell(world.agent, job, [finished({ kind: "failed", failure })]);
  expect((await world.agent.take()).input.intentId).toBe(b);
});

test("an apply whose lease ran out keeps its site until it is claimed again", async () => {
  const world = await createWorld({ slots: 8 });
  const a = await prepared(world, { text: on("edge1") });
  const first = await takeOf(world.agent, a);
  await prepared(world, { text: on("edge1"), priority: 10 });
  await expireLease(first);
  expect((await world.agent.take()).lease).toMatchObject({ jobId: first.lease.jobId, attempt: 2 });
  expect(await world.agent.claim()).toBeNull();
});

test("a claim that an unknown agent or a wrong body makes is refused", async () => {
  const world = await createWorld();
  const { credential: token, instanceId } = world.agent;
  const bad = await call("POST", "/agent/v1/claim", { token, body: { instanceId, slots: 0 } });
  expect(refusal(bad)).toEqual({ status: 400, code: "VALIDATION", fields: ["slots"] });
  await env.DB.prepare("delete from agents").run();
  expect(refusal(await call("POST", "/agent/v1/claim", { token, body: { instanceId, slots: 1 } }))).toEqual({
    status: 401,
    code: "UNAUTHENTICATED",
  });
});
