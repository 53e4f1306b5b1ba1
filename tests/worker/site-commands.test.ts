// Sites through the API: added, checked by an agent before they count, changed, removed; and their clusters.
import { expect, test } from "vitest";
import { SitePage } from "../../protocol/api.ts";
import { newId } from "../../protocol/ids.ts";
import { Site, type SiteCheck, type SiteConfig, type SiteTask, type SiteTaskReport } from "../../protocol/site.ts";
import { SiteAccepted, SiteTaskAccepted, SiteTaskPage } from "../../protocol/site-api.ts";
import { call, createAgent, createWorld, observation, refusal, rows, siteConfig, submit, type TestAgent, type World } from "./harness.ts";
import { deployed } from "./story.ts";

const GOOD: SiteCheck[] = [{ name: "kube", ok: true, message: "synced" }];
const BAD: SiteCheck[] = [...GOOD, { name: "prometheus", ok: false, message: "ECONNREFUSED" }];
const CLUSTER = { templateName: "edge-small", templateVersion: "v1", templateParameters: { nodes: 3 } };
const CONFLICT = { status: 409, code: "CONFLICT" };

const add = (world: World, body: unknown, headers: Record<string, string> = {}) =>
  call("POST", "/api/v1/sites", { token: world.admin, body, headers });
const patch = (world: World, id: string, body: unknown) => call("PATCH", `/api/v1/sites/${id}`, { token: world.admin, body });
const remove = (world: World, id: string) => call("DELETE", `/api/v1/sites/${id}`, { token: world.admin });
const siteOf = async (world: World, id: string) => (await call("GET", `/api/v1/sites/${id}`, { token: world.read })).as(Site);
const tasksOf = async (world: World, id: string) =>
  (await call("GET", `/api/v1/sites/${id}/tasks`, { token: world.read })).as(SiteTaskPage).tasks;

async function report(agent: TestAgent, task: SiteTask, news: Omit<SiteTaskReport, "taskId" | "message"> & { message?: string }) {
  const reports = [{ taskId: task.taskId, message: "as seen", ...news }];
  return call("POST", "/agent/v1/tasks", { token: agent.credential, body: { instanceId: agent.instanceId, reports } });
}

/** The one task that is open about the site. */
async function taskAt(agent: TestAgent, site: string): Promise<SiteTask> {
  const [task, another] = (await agent.heartbeat()).tasks.filter((one) => one.site === site);
  if (task === undefined || another !== undefined) throw new Error(`there is not one task about ${site}`);
  return task;
}

async function added(world: World, config: SiteConfig = siteConfig("edge7")): Promise<SiteConfig> {
  await add(world, config);
  await report(world.agent, await taskAt(world.agent, config.id), { state: "succeeded", checks: GOOD });
  return config;
}

async function told(site: string): Promise<string[]> {
  const events = await rows<{ data: string }>("select data from events where type = 'site.updated' and site = ? order by seq", site);
  return events.map(({ data }) => JSON.parse(data)).map(({ change, task }) => [change, task?.state, task?.phase].filter(Boolean).join(" "));
}

test("a site that is added may be used once its agent says that every address works", async () => {
  const world = await createWorld();
  const config = siteConfig("edge7", { aliases: ["harbour"], labels: { region: "south" } });
  const first = await add(world, config);
  const { taskId } = first.as(SiteAccepted);
  expect([first.status, first.headers.get("location"), first.body]).toEqual([
    ...[202, "/api/v1/sites/edge7"],
    { site: "edge7", taskId: expect.stringMatching(/^tsk_/), ready: false, checks: [] },
  ]);
  expect(await siteOf(world, "harbour")).toMatchObject({
    id: "edge7",
    source: "api",
    agentId: world.agent.id,
    ready: false,
    labels: { region: "south" },
  });
  const use = () =>
    call("POST", "/api/v1/intents", { token: world.operate, body: { text: "Deploy eMBB slice with 200Mbps", targetSites: ["edge7"] } });
  expect(refusal(await use())).toMatchObject({ status: 422, code: "UNKNOWN_SITE" });

  const beat = await world.agent.heartbeat();
  expect(beat.sites).toEqual([config]);
  expect(beat.tasks.filter((task) => task.site === "edge7")).toEqual([
    { taskId, site: "edge7", input: { kind: "check", config }, deadline: expect.any(String) },
  ]);
  await report(world.agent, await taskAt(world.agent, "edge7"), { state: "succeeded", checks: GOOD });
  expect(await siteOf(world, "edge7")).toMatchObject({ ready: true, checks: GOOD });
  expect((await use()).status).toBe(202);
  expect(await told("edge7")).toEqual(["added", "checked succeeded"]);
});

test("a site whose address or credential does not work stays out, and says which and why", async () => {
  const world = await createWorld();
  await add(world, siteConfig("edge7"));
  const task = await taskAt(world.agent, "edge7");
  await report(world.agent, task, { state: "failed", message: "prometheus: ECONNREFUSED", checks: BAD });
  await report(world.agent, task, { state: "succeeded", checks: GOOD }); // too late: it has ended
  expect(await siteOf(world, "edge7")).toMatchObject({ ready: false, checks: BAD });
  expect((await tasksOf(world, "edge7")).map(({ state, message, askedBy }) => [state, message, askedBy])).toEqual([
    ["failed", "prometheus: ECONNREFUSED", "admin token"],
  ]);
  const moved = { url: "http://127.0.0.1:9/prometheus" };
  expect((await patch(world, "edge7", { prometheus: moved })).status).toBe(202);
  const again = await taskAt(world.agent, "edge7");
  expect(again.input).toEqual({ kind: "check", config: siteConfig("edge7", { prometheus: moved }) });
  await report(world.agent, again, { state: "succeeded", checks: GOOD });
  expect((await siteOf(world, "edge7")).ready).toBe(true);
});

test("Prefer: wait holds the answer until the checks have ended", async () => {
  const world = await createWorld();
  const waiting = add(world, siteConfig("edge7"), { prefer: "wait=20", "idempotency-key": "k1" });
  await expect.poll(async () => (await world.agent.heartbeat()).tasks.map((task) => task.site)).toContain("edge7");
  const task = await taskAt(world.agent, "edge7");
  await report(world.agent, task, { state: "failed", checks: BAD });
  const answer = await waiting;
  const body = { site: "edge7", taskId: task.taskId, ready: false, checks: BAD };
  expect([answer.status, answer.headers.get("preference-applied"), answer.body]).toEqual([200, "wait=20", body]);
  const replayed = await add(world, siteConfig("edge7"), { prefer: "wait=20", "idempotency-key": "k1" });
  expect([replayed.status, replayed.body]).toEqual([200, body]);
});

test("who is to serve the site is the only agent online, or the one that is named", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ stopping: true });
  expect(refusal(await add(world, siteConfig("edge7")))).toEqual(CONFLICT);
  await world.agent.heartbeat();
  const other = await createAgent({ sites: [] });
  expect(refusal(await add(world, siteConfig("edge7")))).toEqual({ status: 400, code: "VALIDATION", fields: ["agent"] });
  expect(refusal(await add(world, { ...siteConfig("edge7"), agent: "nobody" }))).toEqual({
    status: 400,
    code: "VALIDATION",
    fields: ["agent"],
  });
  expect((await add(world, { ...siteConfig("edge7"), agent: other.id })).status).toBe(202);
  expect((await siteOf(world, "edge7")).agentId).toBe(other.id);
  await other.heartbeat({ stopping: true });
  expect(refusal(await add(world, { ...siteConfig("edge8"), agent: other.id }))).toEqual(CONFLICT);
});

test("names that mean another site, a second site of the name and unknown fields are refused", async () => {
  const world = await createWorld({ sites: 2 });
  for (const [body, expected] of [
    [siteConfig("edge1"), CONFLICT],
    [siteConfig("edge01"), { ...CONFLICT, fields: ["id"] }],
    [siteConfig("edge7", { aliases: ["ok", "EDGE 2"] }), { ...CONFLICT, fields: ["aliases.1"] }],
    [
      { ...siteConfig("edge7"), token: "s3cret" },
      { status: 400, code: "VALIDATION", fields: ["token"] },
    ],
    [
      { ...siteConfig("edge7"), kube: { url: "file:///etc" } },
      { status: 400, code: "VALIDATION", fields: ["kube.url"] },
    ],
  ] as const)
    expect(refusal(await add(world, body)), JSON.stringify(body)).toEqual(expected);
  expect(refusal(await call("POST", "/api/v1/sites", { token: world.operate, body: siteConfig("edge7") }))).toMatchObject({ status: 403 });
  const twice = await Promise.all([add(world, siteConfig("edge7")), add(world, siteConfig("edge7"))]);
  expect(twice.map(({ status }) => status).sort()).toEqual([202, 409]);
});

test("the old addresses stay in force until the new ones pass, and two changes in a row both count", async () => {
  const world = await createWorld();
  const config = await added(world);
  const inForce = async () => (await world.agent.heartbeat()).sites.find(({ id }) => id === "edge7");
  const prometheus = { url: "http://127.0.0.1:9/prometheus" };
  const kube = { url: "http://127.0.0.1:9/kube", sync: "flux", name: "main" } as const;
  await patch(world, "edge7", { prometheus, labels: { region: "north" } });
  await patch(world, "edge7", { kube });
  const task = await taskAt(world.agent, "edge7"); // the first check was given up for it
  expect(await inForce()).toEqual({ ...config, labels: { region: "north" } });
  await report(world.agent, task, { state: "failed", checks: BAD });
  expect(await inForce()).toEqual({ ...config, labels: { region: "north" } });
  expect(await siteOf(world, "edge7")).toMatchObject({ ready: true, sync: "configsync", checks: BAD });

  await patch(world, "edge7", { kube, prometheus });
  const second = await taskAt(world.agent, "edge7");
  await patch(world, "edge7", { labels: { region: "west" } }); // meanwhile; not undone by the check
  await report(world.agent, second, { state: "succeeded", checks: GOOD });
  expect(await inForce()).toEqual({ ...config, kube, prometheus, labels: { region: "west" } });
  expect((await siteOf(world, "edge7")).sync).toBe("flux");
});

test("jobs for an added site go to its agent once that shows that it serves it", async () => {
  const world = await createWorld();
  await added(world);
  const agentSites = async () => JSON.parse((await rows<{ sites: string }>("select sites from agents"))[0]?.sites ?? "");
  expect(await agentSites()).toEqual(["edge1"]);
  await world.agent.heartbeat({ observations: [observation("edge7")] });
  expect(await agentSites()).toEqual(["edge1", "edge7"]);
  await world.agent.restarted().heartbeat({ sites: [siteConfig("edge1")] });
  expect(await agentSites()).toEqual(["edge1"]); // the new process has not heard of it yet
  expect((await siteOf(world, "edge7")).ready).toBe(true);
});

test("an added site is removed when nothing is live or under way there, and its agent hears of it", async () => {
  const world = await createWorld();
  await added(world);
  await world.agent.heartbeat({ observations: [observation("edge7")] });
  const intentId = await submit(world, { text: "Deploy eMBB slice on edge7 with 200Mbps and 20ms latency" });
  expect(intentId).toMatch(/^int_/);
  await rows("insert into job_sites (job_id, site, turn) values (?, 'edge7', '5')", newId("job"));
  expect(refusal(await remove(world, "edge7"))).toEqual(CONFLICT);
  await rows("delete from job_sites");
  const held =
    "insert into slice_sites (slice, site, deployment_id, downlink_mbps, uplink_mbps, max_devices) values (?, 'edge7', ?, 1, 1, 1)";
  await rows(held, "video-7", newId("dep"));
  expect(refusal(await remove(world, "edge7"))).toEqual({ ...CONFLICT, fields: ["slices"] });
  await rows("delete from slice_sites");
  const gone = await remove(world, "edge-07");
  expect([gone.status, gone.body]).toEqual([204, ""]);
  expect((await call("GET", "/api/v1/sites", { token: world.read })).as(SitePage).sites.map(({ id }) => id)).toEqual(["edge1"]);
  expect((await world.agent.heartbeat()).sites).toEqual([]);
  expect(await rows("select sites from agents")).toEqual([{ sites: '["edge1"]' }]);
  expect((await told("edge7")).at(-1)).toBe("removed");
  expect(refusal(await remove(world, "edge7"))).toEqual({ status: 404, code: "NOT_FOUND" });
});

test("a cluster is one ProvisioningRequest whose id follows from the task; its phases are told, and its end", async () => {
  const world = await createWorld();
  const cluster = () => call("POST", "/api/v1/sites/edge1/cluster", { token: world.admin, body: CLUSTER });
  const answer = await cluster();
  const { taskId } = answer.as(SiteTaskAccepted);
  expect([answer.status, refusal(await cluster())]).toEqual([202, CONFLICT]); // one at a time
  const task = (await world.agent.heartbeat()).tasks.find((one) => one.taskId === taskId);
  if (task?.input.kind !== "provision") throw new Error("no provisioning was handed out");
  expect(task.input.request).toEqual({
    ...CLUSTER,
    ...{ name: "edge1", description: `cluster of edge1, task ${taskId}` },
    provisioningRequestId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  });
  await report(world.agent, task, { state: "open", phase: "progressing" });
  await report(world.agent, task, { state: "open", phase: "progressing" });
  await report(world.agent, task, { state: "succeeded", phase: "fulfilled", nodeClusterId: "nc-1" });
  expect(await told("edge1")).toEqual(["cluster open", "cluster open progressing", "cluster succeeded fulfilled"]);
  const [shown] = await tasksOf(world, "edge1");
  expect(shown).toMatchObject({ taskId, kind: "provision", state: "succeeded", phase: "fulfilled", nodeClusterId: "nc-1" });
});

test("a cluster with slices stays; one without is taken away, all that was made of it", async () => {
  const world = await createWorld();
  const uncluster = () => call("DELETE", "/api/v1/sites/edge1/cluster", { token: world.admin });
  expect(refusal(await uncluster())).toEqual(CONFLICT); // none was made
  const requests: string[] = [];
  for (const phase of ["fulfilled", "failed"] as const) {
    await call("POST", "/api/v1/sites/edge1/cluster", { token: world.admin, body: CLUSTER });
    const task = (await world.agent.heartbeat()).tasks.find(({ input }) => input.kind === "provision");
    if (task?.input.kind !== "provision") throw new Error("no provisioning was handed out");
    requests.push(task.input.request.provisioningRequestId);
    await report(world.agent, task, { state: phase === "fulfilled" ? "succeeded" : "failed", phase });
  }
  await deployed(world);
  expect(refusal(await uncluster())).toEqual({ ...CONFLICT, fields: ["slices"] });
  await rows("delete from slice_sites");
  expect((await uncluster()).status).toBe(202);
  const tasks = (await world.agent.heartbeat()).tasks.filter(({ input }) => input.kind === "deprovision");
  expect(tasks.map(({ input }) => (input.kind === "deprovision" ? input.provisioningRequestId : null))).toEqual(requests);
  for (const task of tasks) await report(world.agent, task, { state: "succeeded", phase: "deleted" });
  expect(refusal(await uncluster())).toEqual(CONFLICT); // all gone
});

test("a cluster of which nothing was heard is taken away as well: its agent may have asked for it and died", async () => {
  const world = await createWorld();
  await call("POST", "/api/v1/sites/edge1/cluster", { token: world.admin, body: CLUSTER });
  const task = (await world.agent.heartbeat()).tasks.find(({ input }) => input.kind === "provision");
  if (task?.input.kind !== "provision") throw new Error("no provisioning was handed out");
  await rows("update site_tasks set deadline = ?", Date.now() - 1);
  await world.agent.heartbeat();
  await expect.poll(async () => (await tasksOf(world, "edge1"))[0]).toMatchObject({ state: "failed", phase: null });
  expect((await call("DELETE", "/api/v1/sites/edge1/cluster", { token: world.admin })).status).toBe(202);
  const { provisioningRequestId } = task.input.request;
  const [removal] = (await world.agent.heartbeat()).tasks.filter(({ input }) => input.kind !== "check");
  expect(removal?.input).toEqual({ kind: "deprovision", provisioningRequestId });
});

test("work that nobody ends in time has failed, and another agent's reports change nothing", async () => {
  const world = await createWorld();
  const other = await createAgent({ sites: [] });
  await add(world, { ...siteConfig("edge7"), agent: world.agent.id });
  const task = await taskAt(world.agent, "edge7");
  expect((await report(other, task, { state: "succeeded", checks: GOOD })).body).toEqual({ ended: [task.taskId] });
  expect((await siteOf(world, "edge7")).ready).toBe(false);
  await rows("update site_tasks set deadline = ?", Date.now() - 1);
  await world.agent.heartbeat();
  await expect.poll(async () => (await tasksOf(world, "edge7"))[0]?.message).toBe("not done in time: waiting for its agent");
  expect(await told("edge7")).toEqual(["added", "checked failed"]);
});
