// What the lists read when much is stored: 10,000 intents and deployments, 1,000 slices in force, 50 sites.
import { expect, test } from "vitest";
import * as z from "zod";
import { counted } from "./counted.ts";
import { callWith, createWorld, request, rows, type World } from "./harness.ts";

const INTENTS = 10_000;
const SLICES = 1_000;
const SITES = 50;
const PAGE = 20;

/** Rows as the services would have left them; the plan of a deployment is what a list never opens. */
async function seed(): Promise<void> {
  const upTo = (count: number) => `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count - 1})`;
  const id = (prefix: string) => `'${prefix}_' || printf('%026d', i)`;
  const site = `'edge' || (1 + i % ${SITES})`;
  const status = "case when i % 100 = 0 then 'failed' else 'completed' end";
  await rows(
    `${upTo(INTENTS)} insert into intents (id, text, context, target_sites, policy, approval, priority, dry_run, status, sites, effects, created_by, created_at, updated_at)
     select ${id("int")}, 'slice number ' || i, '{}', '[]', 'all-or-revert', 'auto', 5, 0, ${status}, json_array(${site}), '[]', 'x', 0, 0 from n`,
  );
  await rows(`${upTo(INTENTS)} insert into intent_sites (site, intent_id) select ${site}, ${id("int")} from n`);
  await rows(
    `${upTo(INTENTS)} insert into deployments (id, intent_id, slice, plan, service_type, sst, sd, status, digest, diff, created_at, updated_at)
     select ${id("dep")}, ${id("int")}, 'slice-' || (i % ${SLICES}), '{}', 'eMBB', 1, '000001', case when i < ${SLICES} then 'live' else 'superseded' end, '', '[]', 0, 0 from n`,
  );
  await rows(
    `${upTo(INTENTS)} insert into deployment_sites (deployment_id, site, state, message, updated_at) select ${id("dep")}, ${site}, 'verified', '', 0 from n`,
  );
  await rows(
    `${upTo(SLICES)} insert into slices (name, intent_id, latest_deployment_id, service_type, sst, sd, priority, requirements, created_at)
     select 'slice-' || i, ${id("int")}, ${id("dep")}, 'eMBB', 1, printf('%06x', i), 5, '{}', 0 from n`,
  );
  await rows(
    `${upTo(SLICES)} insert into slice_sites (slice, site, deployment_id, downlink_mbps, uplink_mbps, max_devices)
     select 'slice-' || i, ${site}, ${id("dep")}, 1, 1, 1 from n`,
  );
}

async function cost(world: World, path: string): Promise<{ read: number; items: number }> {
  const { db, read } = counted();
  const answer = await callWith({ DB: db }, request("GET", path, { token: world.read }));
  expect(answer.status).toBe(200);
  const lists = Object.values(answer.as(z.record(z.string(), z.unknown()))).filter((value) => Array.isArray(value));
  return { read: read(), items: lists[0]?.length ?? 0 };
}

test("a page of a list reads some rows per item, whatever it is filtered by", async () => {
  const world = await createWorld({ sites: SITES });
  await seed();
  const sitesRead = 2 * SITES; // to understand how the site is spelled
  const pages = {
    "/api/v1/intents?": 5 * PAGE,
    "/api/v1/intents?status=failed&": 5 * PAGE,
    "/api/v1/intents?status=running&": 5 * PAGE,
    "/api/v1/intents?site=edge7&": 5 * PAGE + sitesRead,
    "/api/v1/intents?site=edge7&status=completed&": 5 * PAGE + sitesRead,
    "/api/v1/deployments?": 8 * PAGE,
    "/api/v1/deployments?status=live&": 8 * PAGE,
    "/api/v1/deployments?site=edge7&": 8 * PAGE + sitesRead,
  };
  const over: Record<string, number> = {};
  for (const [path, most] of Object.entries(pages)) {
    const { read, items } = await cost(world, `${path}limit=${PAGE}`);
    console.log(path, read, items);
    if (items !== (path.includes("running") ? 0 : PAGE)) throw new Error(`${path} answered ${items}`);
    if (read > most) over[path] = read;
  }
  expect(over).toEqual({});
  for (const path of ["/api/v1/intents?limit=20&q=number%201&", "/api/v1/intents?limit=20&q=nothing", "/api/v1/sites", "/api/v1/slices", "/api/v1/slices?site=edge7"]) console.log(path, await cost(world, path));
}, 60_000);
