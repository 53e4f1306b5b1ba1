// The state of a site is live without any deployment: an outage is seen, told once, and over when it is over.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Health, SitePage } from "../../protocol/api.ts";
import type { Site } from "../../protocol/site.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { beside } from "./support/beside.ts";
import { until } from "./support/until.ts";

const FRESH_MS = 10_000; // the first look, and the second heartbeat
const SEEN_MS = 12_000; // one look (5 s) and one heartbeat (3 s), on a busy machine

let stack: Stack;
let degraded: () => Promise<void>;
beforeAll(async () => {
  degraded = beside({ sites: 3 }, failingInventory);
  stack = await startStack({ sites: 3 });
});
afterAll(() => Promise.allSettled([degraded?.()]).then(() => stack?.stop()));

const sites = async (of: Stack) => SitePage.parse((await of.api("GET", "/api/v1/sites")).body).sites;
const health = async () => Health.parse((await stack.api("GET", "/health")).body).components.sites;

async function untilStates(of: Stack, wanted: string[], timeoutMs: number): Promise<void> {
  const states = async () => (await sites(of)).map(({ id, status }) => `${id} ${status}`);
  await until(`the sites to be ${wanted.join(", ")}`, states, { timeoutMs, holds: (seen) => seen.join() === wanted.join() });
}

async function told(): Promise<string[]> {
  const events = (await stack.allEvents()).filter((event) => event.type === "site.updated");
  return events.map((event) => `${event.site} ${event.data.status}`);
}

const ALL_HEALTHY = ["edge1 healthy", "edge2 healthy", "edge3 healthy"];

async function failingInventory(other: Stack): Promise<void> {
  await untilStates(other, ALL_HEALTHY, FRESH_MS);
  await other.fault("edge3", { o2ims: "fail" });
  await untilStates(other, ["edge1 healthy", "edge2 healthy", "edge3 degraded"], SEEN_MS);
  expect((await sites(other))[2]?.message).toMatch(/O2 IMS.*answered 503/);
  await other.clearFaults();
  await untilStates(other, ALL_HEALTHY, SEEN_MS);
}

test("a site that goes away is unreachable within seconds and healthy again when it is back; each change is told once", async () => {
  await untilStates(stack, ALL_HEALTHY, FRESH_MS);
  expect(await health()).toEqual({ status: "ok", message: "3 registered" });
  expect((await told()).sort()).toEqual(ALL_HEALTHY);
  const checked = (all: Site[]) => all.every(({ checks, drift }) => checks.length > 0 && drift.length === 0);
  const [, before] = await until("the first checks", () => sites(stack), { holds: checked });
  expect(before?.commit).toMatch(/^[0-9a-f]{40}$/);

  await stack.fault("edge2", { unreachable: true });
  await untilStates(stack, ["edge1 healthy", "edge2 unreachable", "edge3 healthy"], SEEN_MS);
  expect(await health()).toEqual({ status: "degraded", message: "degraded: edge2" });
  const [, gone] = await sites(stack);
  const components = { sync: "unreachable", o2ims: "unreachable", metrics: "unreachable" };
  const message = expect.stringMatching(/^Config Sync of edge2 cannot be reached/);
  expect(gone).toEqual({ ...before, status: "unreachable", message, components });

  await stack.clearFaults();
  await untilStates(stack, ALL_HEALTHY, SEEN_MS);
  expect(await health()).toEqual({ status: "ok", message: "3 registered" });
  expect((await told()).slice(3)).toEqual(["edge2 unreachable", "edge2 healthy"]);
  expect((await sites(stack))[1]).toEqual(before);
});

test("a site whose O2 IMS fails is degraded and says why, while the others stay healthy", () => degraded());
