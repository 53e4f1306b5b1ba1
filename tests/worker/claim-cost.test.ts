// What a claim costs in rows read, which is what D1 bills and what grows when an index is missed.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import * as z from "zod";
import { callWith, createWorld, request, rows, type World } from "./harness.ts";

/** The database with a counter of the rows that its batches read. */
function counted(): { db: D1Database; read: () => number } {
  let read = 0;
  const batch: D1Database["batch"] = async (statements) => {
    const results = await env.DB.batch<never>(statements);
    for (const { meta } of results) read += meta.rows_read;
    return results;
  };
  const db = new Proxy(env.DB, {
    get: (target, key) => {
      const value: unknown = key === "batch" ? batch : Reflect.get(target, key);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { db, read: () => read };
}

async function seedJobs({ count, kind, sites, held = 0 }: { count: number; kind: string; sites: string[]; held?: number }): Promise<void> {
  const ids = JSON.stringify(
    Array.from({ length: count }, (_, i) => ({ id: `job_${String(i).padStart(26, "0")}`, site: sites[i % sites.length] })),
  );
  await rows(
    `insert into jobs (id, kind, intent_id, input, checkpoint, state, priority, visible_at, attempt, created_at)
     select json_extract(value, '$.id'), ?, 'int_x', '{"kind":"intent.prepare"}', '{}', 'queued', 5, 0, 0, 0 from json_each(?)`,
    kind,
    ids,
  );
  if (sites.length === 0) return;
  await rows(
    `insert into job_sites (job_id, site, held)
     select json_extract(value, '$.id'), json_extract(value, '$.site'), key < ? from json_each(?)`,
    held,
    ids,
  );
  if (held > 0) await rows("update jobs set visible_at = ? where id in (select job_id from job_sites where held = 1)", Date.now() + 60_000);
}

async function claimCost({ agent }: World): Promise<{ read: number; claimed: boolean }> {
  const { db, read } = counted();
  const sent = request("POST", "/agent/v1/claim", { token: agent.credential, body: { instanceId: agent.instanceId, slots: agent.slots } });
  const answer = await callWith({ DB: db }, sent);
  expect(answer.status).toBe(200);
  return { read: read(), claimed: answer.as(z.object({ job: z.object({}).nullable() })).job !== null };
}

test("a claim among 1,000 waiting preparations reads a handful of rows", async () => {
  const world = await createWorld({ sites: 4 });
  await seedJobs({ count: 1_000, kind: "intent.prepare", sites: [] });
  const { read, claimed } = await claimCost(world);
  expect(claimed).toBe(true);
  expect(read).toBeLessThan(15);
});

test("a claim among 1,000 waiting applies reads some rows per site", async () => {
  const world = await createWorld({ sites: 4 });
  await seedJobs({ count: 1_000, kind: "intent.apply", sites: world.sites });
  const { read, claimed } = await claimCost(world);
  expect(claimed).toBe(true);
  expect(read).toBeLessThan(40);
});

test("a claim that finds every site busy looks at each waiting job once, and at no more than three rows of it", async () => {
  const world = await createWorld({ sites: 4 });
  await seedJobs({ count: 1_000, kind: "intent.apply", sites: world.sites, held: 4 });
  const { read, claimed } = await claimCost(world);
  expect(claimed).toBe(false);
  expect(read).toBeLessThan(3_100);
});
