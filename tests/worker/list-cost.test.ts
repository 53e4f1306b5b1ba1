// What the lists read when much is stored: 10,000 intents and deployments, 1,000 slices in force, 50 sites.
import { expect, test } from "vitest";
import * as z from "zod";
import { MUCH, seedStatements } from "../helpers/seed.ts";
import { counted } from "./counted.ts";
import { callWith, createWorld, request, rows, type World } from "./harness.ts";

const PAGE = 20;

async function seed(): Promise<void> {
  for (const statement of seedStatements(MUCH)) await rows(statement);
}

async function cost(world: World, path: string): Promise<{ read: number; items: number }> {
  const { db, read } = counted();
  const answer = await callWith({ DB: db }, request("GET", path, { token: world.read }));
  expect(answer.status).toBe(200);
  const lists = Object.values(answer.as(z.record(z.string(), z.unknown()))).filter((value) => Array.isArray(value));
  return { read: read(), items: lists[0]?.length ?? 0 };
}

test("what is shown whole reads each site and each share of it once", async () => {
  const world = await createWorld({ sites: MUCH.sites });
  await seed();
  const sites = await cost(world, "/api/v1/sites");
  expect(sites.items).toBe(MUCH.sites);
  expect(sites.read).toBeLessThanOrEqual(MUCH.slices + 2 * MUCH.sites);
  const slices = await cost(world, "/api/v1/slices");
  expect(slices.items).toBe(MUCH.slices);
  expect(slices.read).toBeLessThanOrEqual(4 * MUCH.slices);
}, 60_000);

test("a page of a list reads some rows per item, whatever it is filtered by", async () => {
  const world = await createWorld({ sites: MUCH.sites });
  await seed();
  const sitesRead = 2 * MUCH.sites; // to understand how the site is spelled
  const pages = {
    "/api/v1/intents?": 5 * PAGE,
    "/api/v1/intents?status=failed&": 5 * PAGE,
    "/api/v1/intents?status=running&": 5 * PAGE,
    "/api/v1/intents?site=edge7&": 5 * PAGE + sitesRead,
    "/api/v1/intents?site=edge7&status=completed&": 5 * PAGE + sitesRead,
    "/api/v1/deployments?": 10 * PAGE,
    "/api/v1/deployments?status=live&": 10 * PAGE,
    "/api/v1/deployments?site=edge7&status=superseded&": 10 * PAGE + sitesRead,
    "/api/v1/deployments?site=edge7&": 10 * PAGE + sitesRead,
    "/api/v1/intents?createdBy=seed&": 5 * PAGE,
  };
  const over: Record<string, number> = {};
  for (const [path, most] of Object.entries(pages)) {
    const { read, items } = await cost(world, `${path}limit=${PAGE}`);
    if (items !== (path.includes("running") ? 0 : PAGE)) throw new Error(`${path} answered ${items}`);
    if (read > most) over[path] = read;
  }
  expect(over).toEqual({});
}, 60_000);

test("the history of a slice reads its own deployments only, also at one site", async () => {
  const world = await createWorld({ sites: MUCH.sites });
  await seed();
  const own = MUCH.intents / MUCH.slices;
  for (const more of ["", "&status=superseded", "&site=edge8", "&site=edge8&status=superseded"]) {
    const { read, items } = await cost(world, `/api/v1/deployments?slice=seed-7${more}`);
    expect([items, read <= 10 * own + 2 * MUCH.sites], `${more}: ${read}`).toEqual([more.includes("status") ? own - 1 : own, true]);
  }
}, 60_000);

test("what an intent asks for and who asked have no index: a rare one reads each intent once, never more", async () => {
  const world = await createWorld({ sites: MUCH.sites });
  await seed();
  for (const filter of ["action=scale", "createdBy=nobody", "action=scale&createdBy=nobody"]) {
    const { read, items } = await cost(world, `/api/v1/intents?${filter}`);
    expect([items, read <= MUCH.intents + PAGE], `${filter}: ${read}`).toEqual([0, true]);
  }
  for (const filter of ["action=scale&status=failed", "createdBy=nobody&site=edge7"]) {
    const { read } = await cost(world, `/api/v1/intents?${filter}`);
    expect(read, filter).toBeLessThanOrEqual(MUCH.intents / 20);
  }
}, 60_000);
