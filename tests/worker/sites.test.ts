// Sites that agents declare: how they come, change, go and change hands; what is seen of them, their drift, and the alerts about them.
import { expect, test } from "vitest";
import { AlertPage } from "../../protocol/alert.ts";
import { SitePage } from "../../protocol/api.ts";
import { type Drift, Site } from "../../protocol/site.ts";
import { SiteTaskPage } from "../../protocol/site-api.ts";
import { call, createAgent, createWorld, intentOf, observation, refusal, rows, siteConfig, type World } from "./harness.ts";
import { deployed, prepared } from "./story.ts";

const siteOf = async (world: World, id: string) => (await call("GET", `/api/v1/sites/${id}`, { token: world.read })).as(Site);
const ids = async (world: World) => (await call("GET", "/api/v1/sites", { token: world.read })).as(SitePage).sites.map((site) => site.id);
const patch = (world: World, id: string, body: unknown) => call("PATCH", `/api/v1/sites/${id}`, { token: world.admin, body });

async function told(change: string): Promise<string[]> {
  const events = await rows<{ site: string; data: string }>("select site, data from events where type = 'site.updated' order by seq");
  return events.filter(({ data }) => JSON.parse(data).change === change).map(({ site }) => site);
}

async function alerts(world: World, status = "firing"): Promise<string[]> {
  const page = (await call("GET", `/api/v1/alerts?status=${status}`, { token: world.read })).as(AlertPage);
  return page.alerts.map(({ kind, site, severity }) => `${severity} ${kind} ${site}`);
}

/** The name of the one slice that is live. */
async function deployedSlice(world: World): Promise<string> {
  await deployed(world);
  const [slice] = await rows<{ name: string }>("select name from slices");
  return slice?.name ?? "";
}

const DRIFT: Drift = { kind: "slice_files", slice: "video-7", message: "the files differ", diff: "-a\n+b\n" };

test("a site shows its labels' meaning, its freeze and what holds capacity there", async () => {
  const world = await createWorld({ sites: 2 });
  const slice = await deployedSlice(world);
  const freeze = [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T00:00:00Z", reason: "year end" }];
  await patch(world, "edge1", { labels: { environment: "production" }, freeze });
  const [one, two] = [await siteOf(world, "edge1"), await siteOf(world, "edge2")];
  expect(one).toMatchObject({ production: true, frozenUntil: "2099-01-01T00:00:00.000Z", freeze, slices: [slice], ready: true });
  expect(one.used).toEqual({ downlinkMbps: 200, uplinkMbps: expect.any(Number), maxDevices: expect.any(Number) });
  expect(two).toMatchObject({ production: false, frozenUntil: null, slices: [], used: { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 } });
});

test("a site that leaves its agent's file is gone, and one with a slice is served by nobody and says so", async () => {
  const world = await createWorld({ sites: 3 });
  await deployed(world); // on edge1
  await world.agent.restarted().heartbeat({ sites: [siteConfig("edge3")] });
  expect(await ids(world)).toEqual(["edge1", "edge3"]);
  expect(await told("removed")).toEqual(["edge2"]);
  expect(await siteOf(world, "edge1")).toMatchObject({
    ...{ status: "unknown", agentId: null, source: "agent", ready: true },
    message: "no agent serves this site any more, and slices are live there",
  });
  const refused = await call("DELETE", "/api/v1/sites/edge1", { token: world.admin });
  expect(refusal(refused)).toEqual({ status: 409, code: "CONFLICT", fields: ["slices"] });
});

test("of two agents that declare a site the newest registration wins, and the other has it when that one drops it", async () => {
  const world = await createWorld({ sites: 2 });
  const other = await createAgent({ sites: ["edge2"], configs: [siteConfig("edge2", { aliases: ["second"] })] });
  expect(await siteOf(world, "second")).toMatchObject({ id: "edge2", agentId: other.id });
  await world.agent.heartbeat({ observations: [observation("edge2", { status: "degraded" })] }); // not its own to speak of any more
  expect((await siteOf(world, "edge2")).status).toBe("unknown");
  await other.restarted().heartbeat({ sites: [] });
  expect((await siteOf(world, "edge2")).agentId).toBe(world.agent.id);
});

test("when the agent of a site falls silent, another that declares it too takes over, with the open work", async () => {
  const world = await createWorld({ sites: 1 });
  const other = await createAgent({ sites: ["edge1"] });
  await world.agent.heartbeat();
  expect((await siteOf(world, "edge1")).agentId).toBe(other.id);
  await rows("update agents set last_heartbeat = ? where id = ?", Date.now() - 10_000, other.id);
  const task = await call("POST", "/api/v1/sites/edge1/cluster", { token: world.admin, body: CLUSTER });
  expect(refusal(task)).toMatchObject({ status: 409, code: "CONFLICT" }); // its agent is not online
  await rows("update site_tasks set agent_id = ? where state = 'open'", other.id);
  await world.agent.heartbeat();
  expect((await siteOf(world, "edge1")).agentId).toBe(world.agent.id);
  expect((await world.agent.heartbeat()).tasks.map(({ site, input }) => `${input.kind} ${site}`)).toEqual(["check edge1"]);
});

const CLUSTER = { templateName: "edge-small", templateVersion: "v1", templateParameters: {} };

test("labels, aliases, capacity and freeze of a declared site may be said through the API, and outlive the agent's restart", async () => {
  const world = await createWorld({ sites: 2 });
  const capacity = { downlinkMbps: 77, uplinkMbps: 77, maxDevices: 77 };
  const answer = await patch(world, "edge1", { aliases: ["harbour"], capacity });
  expect([answer.status, answer.body]).toEqual([200, { site: "edge1", taskId: null, ready: true, checks: [] }]);
  await world.agent.restarted().heartbeat({ sites: [siteConfig("edge1", { aliases: ["pier"] }), siteConfig("edge2")] });
  expect(await siteOf(world, "harbour")).toMatchObject({ id: "edge1", aliases: ["harbour"], capacity });
  expect(await told("changed")).toEqual(["edge1"]);
  for (const [body, expected] of [
    [{ kube: { url: "http://127.0.0.1:1" } }, { status: 409, code: "CONFLICT" }],
    [{ aliases: ["Edge-2"] }, { status: 409, code: "CONFLICT", fields: ["aliases.0"] }],
    [{ aliases: ["ok", "edge02"] }, { status: 409, code: "CONFLICT", fields: ["aliases.1"] }],
    [{}, { status: 400, code: "VALIDATION", fields: ["body"] }],
    [{ id: "edge9" }, { status: 400, code: "VALIDATION", fields: ["id", "body"] }],
  ] as const)
    expect(refusal(await patch(world, "edge1", body)), JSON.stringify(body)).toEqual(expected);
  expect(refusal(await call("DELETE", "/api/v1/sites/edge1", { token: world.admin }))).toEqual({ status: 409, code: "CONFLICT" });
});

test("a freeze that is lifted lets go what waited for its end", async () => {
  const world = await createWorld();
  const freeze = [{ from: "2020-01-01T00:00:00Z", to: "2099-01-01T00:00:00Z", reason: "year end" }];
  await patch(world, "edge1", { freeze });
  const intentId = await prepared(world);
  expect([await world.agent.claim(), (await intentOf(world, intentId)).waitingFor]).toEqual([null, "freeze"]);
  await patch(world, "edge1", { freeze: [] });
  expect((await world.agent.take()).input.kind).toBe("intent.apply");
});

test("a capacity below what slices hold is refused, naming the part that is too small", async () => {
  const world = await createWorld();
  await deployed(world);
  const small = { downlinkMbps: 199, uplinkMbps: 10_000, maxDevices: 1_000_000 };
  const refused = await patch(world, "edge1", { capacity: small });
  expect(refusal(refused)).toEqual({ status: 409, code: "CONFLICT", fields: ["capacity.downlinkMbps"] });
  expect((await patch(world, "edge1", { capacity: { ...small, downlinkMbps: 200 } })).status).toBe(200);
});

test("a declared site is checked once, and again when its addresses change; it is used meanwhile", async () => {
  const world = await createWorld();
  const [task] = (await world.agent.heartbeat()).tasks;
  expect(task?.input).toEqual({ kind: "check", config: siteConfig("edge1") });
  const checks = [{ name: "kube", ok: false, message: "ECONNREFUSED" }];
  const report = { taskId: task?.taskId, state: "failed", message: "kube: ECONNREFUSED", checks };
  const body = { instanceId: world.agent.instanceId, reports: [report] };
  expect((await call("POST", "/agent/v1/tasks", { token: world.agent.credential, body })).body).toEqual({ ended: [task?.taskId] });
  expect(await siteOf(world, "edge1")).toMatchObject({ ready: true, checks });
  expect(await told("checked")).toEqual(["edge1"]);
  const again = world.agent.restarted();
  expect((await again.heartbeat({ sites: [siteConfig("edge1")] })).tasks).toEqual([]);
  const moved = siteConfig("edge1", { prometheus: { url: "http://127.0.0.1:2" } });
  expect((await again.restarted().heartbeat({ sites: [moved] })).tasks.map(({ input }) => input)).toEqual([
    { kind: "check", config: moved },
  ]);
  const { tasks } = (await call("GET", "/api/v1/sites/edge01/tasks", { token: world.read })).as(SiteTaskPage);
  expect(tasks.map(({ kind, state, askedBy }) => `${kind} ${state} ${askedBy}`)).toEqual([
    "check open the agent's file",
    "check failed the agent's file",
  ]);
});

test("drift is the site's state, an event with all of it when it changes, and an alert while there is any", async () => {
  const world = await createWorld();
  const see = (drift: Drift[] | null) => world.agent.heartbeat({ observations: [observation("edge1", { drift })] });
  await see([]);
  await see([DRIFT]);
  await see([DRIFT]);
  await see(null); // not looked at: nothing is known anew
  expect((await siteOf(world, "edge1")).drift).toEqual([DRIFT]);
  expect(await alerts(world)).toEqual(["warning drift edge1"]);
  await see([]);
  expect([(await siteOf(world, "edge1")).drift, await alerts(world), await alerts(world, "resolved")]).toEqual([
    [],
    [],
    ["warning drift edge1"],
  ]);
  const events = await rows<{ data: string }>("select data from events where type = 'site.updated' order by seq");
  expect(events.map(({ data }) => JSON.parse(data)).filter(({ change }) => change === "drift")).toEqual([
    { status: "healthy", message: "", change: "drift", drift: [DRIFT] },
    { status: "healthy", message: "", change: "drift", drift: [] },
  ]);
});

test("what the agent took for drift while a deployment runs, or before it heard of one, is none", async () => {
  const world = await createWorld();
  const slice = await deployedSlice(world);
  const own: Drift = { ...DRIFT, kind: "unmanaged_slice", slice };
  const late: Drift = { ...DRIFT, kind: "behind", slice: null };
  const see = (drift: Drift[]) => world.agent.heartbeat({ observations: [observation("edge1", { drift })] });
  await see([own, late]);
  expect((await siteOf(world, "edge1")).drift).toEqual([late]);
  await rows("update deployments set status = 'applying'");
  await see([{ ...DRIFT, slice }, own]);
  expect((await siteOf(world, "edge1")).drift).toEqual([]);
});

test("a site that is not well has one alert, which grows with it and ends with it", async () => {
  const world = await createWorld({ sites: 2 });
  const see = (status: "healthy" | "degraded" | "unreachable") =>
    world.agent.heartbeat({ observations: [observation("edge1", { status, message: `it is ${status}` }), observation("edge2")] });
  await see("healthy");
  expect(await alerts(world)).toEqual([]);
  await see("degraded");
  expect(await alerts(world)).toEqual(["warning site_down edge1"]);
  await see("unreachable");
  await see("unreachable");
  expect(await alerts(world)).toEqual(["critical site_down edge1"]);
  await see("healthy");
  expect([await alerts(world), await alerts(world, "resolved")]).toEqual([[], ["critical site_down edge1"]]);
  const events = await rows("select type from events where type glob 'alert.*' order by seq");
  expect(events).toEqual([{ type: "alert.triggered" }, { type: "alert.triggered" }, { type: "alert.resolved" }]);
});
