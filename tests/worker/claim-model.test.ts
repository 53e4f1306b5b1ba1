// The queue against a model of it: whatever is asked in whatever order, the claim gives exactly the job that the rules name, and nobody
// is left behind. The model knows no index and no remembered answer: it looks at every job every time.
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JobRow } from "../../worker/services/jobs.ts";
import { LEASE_MS, type QueueWorld, queueWorld } from "./queue-world.ts";

const rows = async <T>(sql: string) => (await env.DB.prepare(sql).all<T>()).results;

const SITES = ["edge1", "edge2", "edge3"];

interface ModelJob {
  id: string;
  priority: number;
  sites: string[];
  until: number; // frozen or leased till then
  inLine: boolean;
  agent: number | null; // who had it last
}

interface ModelAgent {
  slots: number;
  sites: string[];
  online: boolean;
}

interface Model {
  jobs: ModelJob[]; // open ones
  agents: ModelAgent[];
}

const before = (a: ModelJob, b: ModelJob) => a.priority > b.priority || (a.priority === b.priority && a.id < b.id);
const serves = (agent: ModelAgent, job: ModelJob) => job.sites.every((site) => agent.sites.includes(site));
const shares = (a: ModelJob, b: ModelJob) => a.sites.some((site) => b.sites.includes(site));

const takeable = ({ agents }: Model, job: ModelJob) => job.inLine && agents.some((agent) => agent.online && serves(agent, job));

/** Somebody holds a site of the job, or is before it there and could be taken. */
function mustWait(model: Model, job: ModelJob): boolean {
  const others = model.jobs.filter((other) => other !== job && shares(other, job));
  return job.agent === null && others.some((other) => other.agent !== null || (takeable(model, other) && before(other, job)));
}

/** The job by the rules, for this agent, among those in line. */
function expected(model: Model, index: number, now: number): string | null {
  const agent = model.agents[index];
  if (agent === undefined) return null;
  const live = model.jobs.filter((job) => job.agent === index && !job.inLine && job.until > now).length;
  if (live >= agent.slots) return null;
  const eligible = model.jobs.filter((job) => job.inLine && serves(agent, job) && !mustWait(model, job));
  return eligible.sort((a, b) => (before(a, b) ? -1 : 1))[0]?.id ?? null;
}

/** A remembered wait of a job that somebody could take has a reason now, and not only one of long ago. */
async function expectNobodyLeftBehind(model: Model): Promise<void> {
  const blocked = await rows<{ id: string }>("select id from jobs where finished_at is null and timed = 0 and blocked = 1");
  const idle = blocked.filter(({ id }) => model.jobs.some((job) => job.id === id && takeable(model, job) && !mustWait(model, job)));
  expect(idle).toEqual([]);
}

function returnDue({ jobs }: Model, now: number): void {
  for (const job of jobs) if (job.until <= now) job.inLine = true;
}

type Step =
  | { do: "enqueue"; priority: number; sites: string[]; delayMs: number }
  | { do: "claim" | "finish" | "withdraw"; pick: number }
  | { do: "agent"; index: number; online: boolean; sites: string[] }
  | { do: "pass"; ms: number };

/** Claims, compares with the model, and takes over what was claimed. */
async function claim(model: Model, world: QueueWorld, index: number): Promise<JobRow | null> {
  let wanted = expected(model, index, world.now());
  if (wanted === null) {
    returnDue(model, world.now());
    wanted = expected(model, index, world.now());
  }
  const { job } = await world.claim(index);
  expect(job?.id ?? null).toBe(wanted);
  const known = model.jobs.find((one) => one.id === wanted);
  if (known !== undefined) Object.assign(known, { agent: index, inLine: false, until: world.now() + LEASE_MS });
  return job;
}

async function finish(model: Model, world: QueueWorld, job: ModelJob): Promise<void> {
  await world.finish(job.id, job.agent === null ? "cancelled" : "succeeded");
  model.jobs.splice(model.jobs.indexOf(job), 1);
}

const sites = fc.subarray(SITES);
const pick = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("enqueue" as const),
      priority: fc.constantFrom(1, 5, 5, 5, 10),
      sites,
      delayMs: fc.constantFrom(0, 0, 0, 0, 4_000, 15_000),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("claim" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("finish" as const), pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("withdraw" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("agent" as const), index: fc.nat(1), online: fc.boolean(), sites }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(1_000, 5_000, LEASE_MS) }) },
);

async function take(step: Step, model: Model, world: QueueWorld): Promise<void> {
  if (step.do === "pass") return world.pass(step.ms);
  if (step.do === "enqueue") {
    const { priority, sites, delayMs } = step;
    const id = await world.enqueue({ priority, sites, delayMs });
    model.jobs.push({ id, priority, sites, until: world.now() + delayMs, inLine: delayMs === 0, agent: null });
    return;
  }
  if (step.do === "agent") {
    const { index, online, sites } = step;
    await world.agent(index, { online, sites });
    Object.assign(model.agents[index] ?? {}, { online, sites });
    return returnDue(model, world.now());
  }
  if (step.do === "claim") {
    const index = step.pick % model.agents.length;
    if (model.agents[index]?.online) await claim(model, world, index); // one that is not asks for nothing
    return;
  }
  const those = model.jobs.filter((job) => (step.do === "finish") === (job.agent !== null));
  const job = those[step.pick % Math.max(1, those.length)];
  if (job !== undefined) await finish(model, world, job);
}

/** Everybody serves everything, and every freeze and lease is over: now all there is must be handed out, in order, until nothing is left. */
async function drain(model: Model, world: QueueWorld): Promise<void> {
  for (const [index, agent] of model.agents.entries()) {
    Object.assign(agent, { online: true, sites: SITES });
    await world.agent(index, { online: true, sites: SITES });
  }
  await world.pass(60_000);
  for (const [index] of model.agents.entries()) await world.agent(index, {});
  returnDue(model, world.now());
  for (let left = 200; model.jobs.length > 0 && left > 0; left -= 1) {
    const job = await claim(model, world, 0);
    const known = model.jobs.find((one) => one.id === job?.id);
    if (known === undefined) throw new Error("work is left that nobody is given");
    await finish(model, world, known);
  }
  expect(await rows("select (select count(*) from job_sites) line, (select count(*) from site_locks) locks")).toEqual([
    { line: 0, locks: 0 },
  ]);
}

test("any sequence of orders, claims, ends, freezes, lost leases and agents that come and go follows the rules, and nobody starves", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 50, size: "max" }), async (steps) => {
      const agents = [
        { slots: 64, sites: SITES, online: true },
        { slots: 2, sites: ["edge1", "edge2"], online: true },
      ];
      const model: Model = { jobs: [], agents };
      const world = await queueWorld(agents);
      for (const step of steps) {
        await take(step, model, world);
        await expectNobodyLeftBehind(model);
      }
      await drain(model, world);
    }),
    { numRuns: 100 },
  );
}, 300_000);
