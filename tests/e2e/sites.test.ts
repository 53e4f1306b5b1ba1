// Sites on the running system: one added through the API and used, its cluster made and removed, drift told with its diff, and gone again.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { DurableEvent } from "../../protocol/event.ts";
import { Site } from "../../protocol/site.ts";
import { SiteAccepted, SiteTaskAccepted, SiteTaskPage } from "../../protocol/site-api.ts";
import { type Stack, startStack } from "../helpers/stack.ts";
import { until } from "./support/until.ts";

const DRIFT_MS = 60_000; // a look every 15 s, a second one before it is said, and a grace after a change
const HARBOUR_MS = 15_000; // from "added" to a deployment: two heartbeats and one look

let stack: Stack;
let drifted: Promise<void>;
beforeAll(async () => {
  stack = await startStack({ sites: 2, env: { DRIFT_INTERVAL_MS: "3000" } });
  drifted = changeByHand(); // at edge1, with the tests of another site beside it: both wait most of the time
  drifted.catch(() => undefined); // it is told by its test
});
afterAll(() => Promise.allSettled([drifted]).then(() => stack?.stop()));

const siteOf = async (id: string) => Site.parse((await stack.api("GET", `/api/v1/sites/${id}`)).body);

/** The addresses of a lab site, under another name. */
function harbour(patch: object = {}) {
  const base = `${stack.labUrl}/sites/edge2`;
  return {
    id: "harbour",
    kube: { url: `${base}/kube` },
    o2ims: { url: `${base}/o2ims` },
    prometheus: { url: `${base}/prometheus` },
    capacity: { downlinkMbps: 1_000, uplinkMbps: 500, maxDevices: 10_000 },
    ...patch,
  };
}

async function siteEvents(site: string): Promise<DurableEvent["data"][]> {
  return (await stack.allEvents()).filter((event) => event.type === "site.updated" && event.site === site).map((event) => event.data);
}

async function changeByHand(): Promise<void> {
  const done = await stack.settled(await stack.deploy("Deploy eMBB slice named video-7 on edge1 with 200Mbps and 20ms latency"));
  expect(done.status).toBe("completed");
  const before = (await siteEvents("edge1")).filter(({ change }) => change === "drift");
  expect(before).toEqual([]); // the deployment itself was none

  const folder = "sites/edge1/slices/video-7/by-hand";
  const clone = join(stack.dataDir, "somebody");
  await stack.repository.commitAs(clone, { [`${folder}/note.txt`]: "somebody was here\n" });
  const drifted = await until("drift at edge1", () => siteOf("edge1"), { timeoutMs: DRIFT_MS, holds: ({ drift }) => drift.length > 0 });
  expect(drifted.drift).toMatchObject([{ kind: "slice_files", slice: "video-7" }]);
  expect(drifted.drift[0]?.diff).toContain("+somebody was here");
  await stack.repository.removeAs(clone, folder);
  await until("no drift at edge1", () => siteOf("edge1"), { timeoutMs: DRIFT_MS, holds: ({ drift }) => drift.length === 0 });
  const events = (await siteEvents("edge1")).filter(({ change }) => change === "drift");
  expect(events).toMatchObject([{ drift: [{ kind: "slice_files", slice: "video-7" }] }, { drift: [] }]);
}

test("declared sites are checked at the start, address by address", async () => {
  const site = await until("the checks of edge1", () => siteOf("edge1"), { holds: ({ checks }) => checks.length > 0 });
  expect(site.checks.map(({ name, ok }) => `${name} ${ok}`)).toEqual(["kube true", "o2ims true", "prometheus true"]);
  expect(site).toMatchObject({ source: "agent", ready: true });
});

test("a site is added within a second or so when its addresses work, and says what does not when not", async () => {
  const wrong = await stack.api(
    "POST",
    "/api/v1/sites",
    harbour({ prometheus: { url: "http://127.0.0.1:1", tokenRef: { env: "NOT_SET" } } }),
    {
      prefer: "wait=10",
    },
  );
  expect(wrong.status).toBe(200);
  const refused = SiteAccepted.parse(wrong.body);
  expect([refused.ready, refused.checks.filter(({ ok }) => !ok).map(({ name }) => name)]).toEqual([
    false,
    ["prometheus", "prometheus.credential"],
  ]);
  const right = await stack.api("PATCH", "/api/v1/sites/harbour", { prometheus: harbour().prometheus }, { prefer: "wait=10" });
  expect([right.status, SiteAccepted.parse(right.body).ready]).toEqual([200, true]);
  const seen = await until("harbour to be seen with its Prometheus", () => siteOf("harbour"), {
    timeoutMs: HARBOUR_MS,
    holds: ({ components }) => components.metrics === "healthy", // looked at with the new address
  });
  expect(seen).toMatchObject({ source: "api", components: { sync: "healthy", o2ims: "degraded", metrics: "healthy" } }); // another's deployment manager
});

test("its cluster is made and removed through O2 IMS", async () => {
  const body = { templateName: "edge-small", templateVersion: "v1", templateParameters: { nodes: 1 } };
  for (const [method, kind, phase] of [
    ["POST", "provision", "fulfilled"],
    ["DELETE", "deprovision", "deleted"],
  ] as const) {
    const answer = await stack.api(method, "/api/v1/sites/harbour/cluster", method === "POST" ? body : undefined);
    expect([answer.status, answer.body]).toMatchObject([202, { site: "harbour" }]);
    const { taskId } = SiteTaskAccepted.parse(answer.body);
    const task = async () =>
      SiteTaskPage.parse((await stack.api("GET", "/api/v1/sites/harbour/tasks")).body).tasks.find((one) => one.taskId === taskId);
    const ended = await until(`the ${kind} to end`, task, { timeoutMs: 40_000, holds: (one) => one?.state !== "open" });
    expect(ended).toMatchObject({ kind, state: "succeeded", phase });
  }
});

test("an added site is removed, and nobody looks at it any more", async () => {
  expect((await stack.api("DELETE", "/api/v1/sites/harbour")).status).toBe(204);
  expect((await stack.api("GET", "/api/v1/sites/harbour")).status).toBe(404);
  expect((await siteEvents("harbour")).at(-1)).toMatchObject({ change: "removed" });
  expect((await stack.api("DELETE", "/api/v1/sites/edge1")).status).toBe(409);
});

test("what somebody changes by hand in git is drift with its diff, and none when it is taken back", () => drifted);
