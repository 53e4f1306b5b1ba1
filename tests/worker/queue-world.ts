// The queue without routes: jobs and agents straight through the services, under a clock of the test's own.
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { agents, jobs } from "../../drizzle/schema.ts";
import { newId } from "../../protocol/ids.ts";
import type { JobInput } from "../../protocol/job.ts";
import { createDeps, type Deps } from "../../worker/deps.ts";
import { returnDue, reviewWaiting } from "../../worker/services/job-order.ts";
import { claimJob, enqueueJob, finishJob, type JobRow } from "../../worker/services/jobs.ts";
import { createUnit } from "../../worker/services/unit.ts";
import { counted } from "./counted.ts";

export const LEASE_MS = 10_000;
const START = Date.UTC(2026, 0, 1);

export interface QueueWorld {
  deps: Deps;
  now(): number;
  /** Every agent that is online sends its heartbeat at the new time. */
  pass(ms: number): Promise<void>;
  agent(index: number, patch: { online?: boolean; sites?: string[] }): Promise<void>;
  enqueue(job: { priority: number; sites: string[]; delayMs?: number }): Promise<string>;
  claim(index: number): Promise<{ job: JobRow | null; read: number }>;
  finish(jobId: string, state: "succeeded" | "cancelled"): Promise<void>;
}

export async function queueWorld(seeds: { slots: number; sites: string[] }[]): Promise<QueueWorld> {
  let clock = START;
  const { db, read, reset } = counted();
  const base = createDeps(env, { waitUntil: () => undefined });
  const deps: Deps = {
    ...base,
    db: drizzle(db),
    room: { ...base.room, publish: async () => undefined },
    now: () => clock,
    defer: () => undefined,
  };
  let made = 0;
  const ids = seeds.map((_, index) => `agt_${index}`);
  await env.DB.prepare("delete from agents").run();
  await env.DB.prepare("delete from jobs").run();
  await env.DB.prepare("delete from job_sites").run();
  await env.DB.prepare("delete from site_locks").run();
  for (const [index, { slots, sites }] of seeds.entries())
    await deps.db.insert(agents).values({
      ...{ id: ids[index] ?? "", name: `agent ${index}`, version: "", protocol: 1, labels: {}, capabilities: [], slots, sites },
      ...{ instanceId: `inst_${index}`, online: true, lastHeartbeat: clock, createdAt: clock },
    });

  return {
    deps,
    now: () => clock,
    async pass(ms) {
      clock += ms;
      await env.DB.prepare("update agents set last_heartbeat = ? where online = 1").bind(clock).run();
    },
    async agent(index, { online, sites }) {
      const unit = createUnit(deps);
      const now = { lastHeartbeat: clock, ...(online === undefined ? {} : { online }), ...(sites === undefined ? {} : { sites }) };
      unit.add(
        deps.db
          .update(agents)
          .set(now)
          .where(eq(agents.id, ids[index] ?? "")),
      );
      unit.add(returnDue(deps));
      reviewWaiting(unit, deps);
      await unit.commit();
    },
    async enqueue({ priority, sites, delayMs = 0 }) {
      const unit = createUnit(deps);
      made += 1;
      // Ids of one test sort as they were made, also within one millisecond.
      const numbered: Deps = { ...deps, newId: (prefix) => `${prefix}_${String(made).padStart(26, "0")}` };
      const input = sites.length === 0 ? preparation() : rollback(sites);
      const id = enqueueJob(unit, numbered, { input, priority, sites, visibleAt: clock + delayMs });
      await unit.commit();
      return id;
    },
    async claim(index) {
      const agent = await deps.db
        .select()
        .from(agents)
        .where(eq(agents.id, ids[index] ?? ""))
        .get();
      if (agent === undefined) throw new Error("no such agent");
      reset();
      const job = await claimJob(deps, agent, { instanceId: `inst_${index}`, slots: agent.slots });
      return { job, read: read() };
    },
    async finish(jobId, state) {
      const job = await deps.db.select().from(jobs).where(eq(jobs.id, jobId)).get();
      if (job === undefined) throw new Error("no such job");
      const unit = createUnit(deps);
      finishJob(unit, deps, { job, state });
      await unit.commit();
    },
  };
}

function preparation(): JobInput {
  return {
    ...{
      kind: "intent.prepare",
      intentId: newId("int"),
      text: "x",
      context: {},
      targetSites: [],
      answers: null,
      corrected: null,
      command: null,
    },
    ...{ rollout: null, priority: 5, preempt: false, createdAt: new Date(START).toISOString() },
  };
}

/** Of the jobs with sites the one that says least. */
function rollback(sites: string[]): JobInput {
  return {
    ...{ kind: "deployment.rollback", intentId: newId("int"), deploymentId: newId("dep"), slice: "x", commits: [], sites },
    ...{ askedBy: null, diff: null, completes: true, reason: "" },
  };
}
