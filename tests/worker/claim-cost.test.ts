// What a claim reads, which is what D1 bills and what grows when an index is missed: 50 sites, 4 agents with 64 slots, 1,000 jobs.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { MUCH, seedStatements } from "../helpers/seed.ts";
import { type QueueWorld, queueWorld } from "./queue-world.ts";

const SITES = Array.from({ length: MUCH.sites }, (_, index) => `edge${index + 1}`);
const AGENTS = Array.from({ length: 4 }, () => ({ slots: 64, sites: SITES }));
const WAITING = 1_000;
const MOST_ROWS = 10;
const PER_FURTHER_SITE = 3; // a job of many sites looks at each of them

const siteOf = (index: number) => SITES[index % SITES.length] ?? "";

async function enqueueMany(world: QueueWorld, order: (index: number) => Parameters<QueueWorld["enqueue"]>[0]): Promise<void> {
  for (let index = 0; index < WAITING; index += 1) await world.enqueue(order(index));
}

/** Claims by all agents in turn until one gets nothing; the most rows that a claim read, and what was claimed. */
async function claimAll(world: QueueWorld): Promise<{ ids: string[]; most: number; mean: number; idle: number }> {
  const reads: number[] = [];
  const ids: string[] = [];
  for (let turn = 0; ; turn += 1) {
    const { job, read } = await world.claim(turn % AGENTS.length);
    if (job === null) return { ids, most: Math.max(...reads), mean: reads.reduce((sum, rows) => sum + rows, 0) / reads.length, idle: read };
    ids.push(job.id);
    reads.push(read);
  }
}

test("among 1,000 waiting applies a claim reads ten rows at most, also when every site is busy, and again when one is free", async ({
  task,
}) => {
  const world = await queueWorld(AGENTS);
  for (const statement of seedStatements(MUCH)) await env.DB.prepare(statement).run();
  await enqueueMany(world, (index) => ({ priority: 5, sites: [siteOf(index)] }));
  const { ids, most, mean, idle } = await claimAll(world);
  Object.assign(task.meta, { rowsPerClaim: { most, mean, idle } }); // for the bench, which prints them
  expect(ids).toHaveLength(SITES.length);
  expect(most).toBeLessThanOrEqual(MOST_ROWS);
  expect(idle).toBeLessThanOrEqual(MOST_ROWS);
  for (const id of ids.slice(0, 10)) await world.finish(id, "succeeded");
  const next = await claimAll(world);
  expect(next.ids).toHaveLength(10);
  expect([next.most, next.idle].every((rows) => rows <= MOST_ROWS)).toBe(true);
});

test("among 1,000 preparations and an agent with 63 of its 64 slots taken, too", async () => {
  const world = await queueWorld(AGENTS);
  await enqueueMany(world, () => ({ priority: 5, sites: [] }));
  for (let taken = 0; taken < 63; taken += 1) await world.claim(0);
  const last = await world.claim(0);
  expect(last.job).not.toBeNull();
  expect(last.read).toBeLessThanOrEqual(MOST_ROWS);
  expect((await world.claim(0)).job).toBeNull();
});

test("1,000 frozen jobs cost the others nothing, and a rollback overtakes all that wait", async () => {
  const world = await queueWorld(AGENTS);
  await enqueueMany(world, (index) => ({ priority: 5, sites: [siteOf(index)], delayMs: 3_600_000 }));
  const applied = await world.enqueue({ priority: 5, sites: ["edge1"] });
  const rollback = await world.enqueue({ priority: 10, sites: ["edge1"] });
  const first = await world.claim(0);
  expect([first.job?.id, (await world.claim(1)).job]).toEqual([rollback, null]);
  expect(first.read).toBeLessThanOrEqual(MOST_ROWS);
  await world.finish(rollback, "succeeded");
  expect((await world.claim(1)).job?.id).toBe(applied);
  await world.pass(3_600_000);
  await world.agent(0, {}); // a heartbeat brings back what is due
  const { ids, most } = await claimAll(world);
  expect(ids).toHaveLength(SITES.length);
  expect(most).toBeLessThanOrEqual(MOST_ROWS);
});

test("a job of several sites costs some rows for each", async () => {
  const world = await queueWorld(AGENTS);
  await enqueueMany(world, (index) => ({ priority: 5, sites: [0, 1, 2].map((next) => siteOf(3 * (index % 16) + next)) }));
  const { ids, most } = await claimAll(world);
  expect(ids).toHaveLength(16);
  expect(most).toBeLessThanOrEqual(MOST_ROWS + 2 * PER_FURTHER_SITE);
});
