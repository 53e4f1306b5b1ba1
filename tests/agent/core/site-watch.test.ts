// What the agent sees of its sites: what the reports mean, that sites do not wait for each other, and that their list may change.
import { createServer, type RequestListener } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { createEdgePort } from "../../../agent/edge/edge.ts";
import { createSiteWatch, type SiteReports, siteStateOf } from "../../../agent/loops/site-watch.ts";
import type { EdgeFailure, InventoryReport, SyncReport } from "../../../agent/ports.ts";
import { createServedSites } from "../../../agent/served-sites.ts";
import { SiteObservation } from "../../../protocol/agent.ts";
import { err, ok } from "../../../protocol/result.ts";
import { SiteConfig, type SiteStatus } from "../../../protocol/site.ts";

const COMMIT = "a".repeat(40);
const sync = (phase: SyncReport["phase"], message: string) => ok({ phase, commit: COMMIT, attempted: COMMIT, message });
const failure = (kind: EdgeFailure["kind"], message: string) => err({ kind, message });
const present: InventoryReport = { present: true, healthy: true, message: "deployment manager edge1 is present" };
const synced = sync("synced", "Sync Completed");

const measured = ok({ value: null, samples: 0 });
const WELL: SiteReports = { sync: synced, inventory: ok(present), metrics: measured };
const components = (sync: SiteStatus, o2ims: SiteStatus, metrics: SiteStatus) => ({ sync, o2ims, metrics });
const FINE = components("healthy", "healthy", "healthy");

const TABLE: { what: string; reports: Partial<SiteReports>; state: Pick<SiteObservation, "status" | "message" | "components"> }[] = [
  { what: "at rest and well", reports: {}, state: { status: "healthy", message: "", components: FINE } },
  {
    what: "applying a commit",
    reports: { sync: sync("syncing", "Reconciling") },
    state: { status: "healthy", message: "Reconciling", components: FINE },
  },
  {
    what: "refusing the objects",
    reports: { sync: sync("failed", "KNV2010: no") },
    state: { status: "degraded", message: "KNV2010: no", components: components("degraded", "healthy", "healthy") },
  },
  {
    what: "without an answer of O2 IMS",
    reports: { inventory: failure("timeout", "O2 IMS did not answer") },
    state: { status: "degraded", message: "O2 IMS did not answer", components: components("healthy", "unreachable", "healthy") },
  },
  {
    what: "not in the inventory",
    reports: { inventory: ok({ present: false, healthy: false, message: "no deployment manager" }) },
    state: { status: "degraded", message: "no deployment manager", components: components("healthy", "degraded", "healthy") },
  },
  {
    what: "unwell in the inventory",
    reports: { inventory: ok({ present: true, healthy: false, message: "status=down" }) },
    state: { status: "degraded", message: "status=down", components: components("healthy", "degraded", "healthy") },
  },
  {
    what: "without its Prometheus",
    reports: { metrics: failure("unreachable", "Prometheus: ECONNREFUSED") },
    state: { status: "degraded", message: "Prometheus: ECONNREFUSED", components: components("healthy", "healthy", "unreachable") },
  },
  {
    what: "with a Prometheus that refuses",
    reports: { metrics: failure("refused", "401") },
    state: { status: "degraded", message: "401", components: components("healthy", "healthy", "degraded") },
  },
  {
    what: "not to be reached",
    reports: { sync: failure("unreachable", "ECONNREFUSED"), inventory: failure("unreachable", "also") },
    state: { status: "unreachable", message: "ECONNREFUSED", components: components("unreachable", "unreachable", "healthy") },
  },
  {
    what: "silent",
    reports: { sync: failure("timeout", "no answer") },
    state: { status: "unreachable", message: "no answer", components: components("unreachable", "healthy", "healthy") },
  },
  {
    what: "refusing our credential",
    reports: { sync: failure("refused", "401") },
    state: { status: "degraded", message: "401", components: components("degraded", "healthy", "healthy") },
  },
  {
    what: "too talkative",
    reports: { sync: sync("failed", "x".repeat(900)) },
    state: { status: "degraded", message: "x".repeat(500), components: components("degraded", "healthy", "healthy") },
  },
];

test.each(TABLE)("a site that is $what is shown so", ({ reports, state }) => {
  expect(siteStateOf({ ...WELL, ...reports })).toEqual(state);
  expect(SiteObservation.safeParse({ site: "edge1", commit: null, drift: null, ...state }).success).toBe(true);
});

const rootSync = {
  metadata: { generation: 1 },
  status: {
    observedGeneration: 1,
    lastSyncedCommit: COMMIT,
    source: { commit: COMMIT },
    rendering: { commit: COMMIT, message: "Rendering succeeded" },
    sync: { commit: COMMIT },
    conditions: [{ type: "Syncing", status: "False", commit: COMMIT }],
  },
};

/** Well in every respect; counts what it is asked. */
function wellSite(id: string) {
  const asked = { times: 0 };
  const listener: RequestListener = (request, response) => {
    asked.times += 1;
    const manager = { deploymentManagerId: "1", name: id, extensions: {} };
    const empty = { status: "success", data: { resultType: "vector", result: [] } };
    const answer = request.url?.includes("rootsyncs") ? rootSync : request.url?.includes("/query") ? empty : [manager];
    response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
  };
  return { asked, listener };
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

function siteAt(id: string, url: string): SiteConfig {
  const capacity = { downlinkMbps: 1, uplinkMbps: 1, maxDevices: 1 };
  return SiteConfig.parse({ id, kube: { url }, o2ims: { url }, prometheus: { url }, capacity });
}

function watchOf(sites: SiteConfig[], timeoutMs: number) {
  const edge = createEdgePort({ sites, secret: async () => undefined, timeoutMs });
  return createSiteWatch({ edge, sites: sites.map((site) => site.id), everyMs: 10 });
}

test("a site that hangs holds up no other, and is told from them when its time is over", async () => {
  const well = wellSite("edge2");
  const sites = [siteAt("edge1", await serve(() => undefined)), siteAt("edge2", await serve(well.listener))];
  const watch = watchOf(sites, 2_000);
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  expect(watch.latest()).toEqual([]);
  const healthy = { site: "edge2", status: "healthy", message: "", commit: COMMIT, components: FINE };
  await expect.poll(() => well.asked.times).toBeGreaterThan(16); // four looks
  expect(watch.latest()).toEqual([healthy]);
  const message = "Config Sync of edge1 did not answer within 2000 ms";
  const silent = components("unreachable", "unreachable", "unreachable");
  const hung = { site: "edge1", status: "unreachable", message, commit: null, components: silent };
  await expect.poll(watch.latest, { timeout: 5_000 }).toEqual([hung, healthy]);
  stop.abort();
  await running;
});

test("one lost answer is no outage, a second one is", async () => {
  const well = wellSite("edge1");
  let lose = 0;
  const url = await serve((request, response) => {
    if (lose > 0 && request.url?.includes("rootsyncs") === true) {
      lose -= 1;
      request.socket.destroy();
    } else well.listener(request, response);
  });
  const watch = watchOf([siteAt("edge1", url)], 2_000);
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  const status = () => watch.latest()[0]?.status;
  await expect.poll(status).toBe("healthy");
  lose = 1;
  await expect.poll(() => lose).toBe(0);
  const looks = well.asked.times + 16;
  await expect.poll(() => (status() === "healthy" ? well.asked.times : -1)).toBeGreaterThan(looks);
  lose = 1_000_000;
  await expect.poll(status).toBe("unreachable");
  lose = 0;
  await expect.poll(status).toBe("healthy");
  stop.abort();
  await running;
});

test("calls that the end of the agent cuts are no observation", async () => {
  const asked = Promise.withResolvers<void>();
  const watch = watchOf([siteAt("edge1", await serve(() => asked.resolve()))], 60_000);
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  await asked.promise;
  stop.abort();
  await running;
  expect(watch.latest()).toEqual([]);
});

test("the list of sites may change while they are watched: a new one is looked at, one that left is not", async () => {
  const wells = ["edge1", "edge2", "edge3"].map(wellSite);
  const sites = await Promise.all(wells.map(async ({ listener }, index) => siteAt(`edge${index + 1}`, await serve(listener))));
  const edge = createEdgePort({ sites: sites.slice(0, 2), secret: async () => undefined, timeoutMs: 2_000 });
  let first = 0;
  const watch = createSiteWatch({ edge, sites: ["edge1", "edge2"], everyMs: 10, onFirst: () => (first += 1) });
  const served = createServedSites({ edge, declared: sites.slice(0, 2), onChange: watch.follow });
  const stop = new AbortController();
  const running = watch.run(stop.signal);
  const seen = () => watch.latest().map(({ site, status }) => `${site} ${status}`);
  await expect.poll(seen).toEqual(["edge1 healthy", "edge2 healthy"]);
  served.given(sites.slice(1)); // edge2 is in the file already
  await expect.poll(seen).toEqual(["edge1 healthy", "edge2 healthy", "edge3 healthy"]);
  expect([served.ids(), first]).toEqual([["edge1", "edge2", "edge3"], 3]);
  served.given([]);
  expect(seen()).toEqual(["edge1 healthy", "edge2 healthy"]);
  const [asked1, asked3] = [wells[0]?.asked.times ?? 0, wells[2]?.asked.times ?? 0];
  await expect.poll(() => wells[0]?.asked.times ?? 0).toBeGreaterThan(asked1 + 20);
  expect(wells[2]?.asked.times ?? 0).toBeLessThanOrEqual(asked3 + 4); // a look that was under way
  stop.abort();
  await running;
});
