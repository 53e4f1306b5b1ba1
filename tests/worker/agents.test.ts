// Agents: enrolment, what the feed says of their coming and going, and how they are shown.
import { expect, test } from "vitest";
import { EnrolResponse, HeartbeatResponse, type SiteObservation } from "../../protocol/agent.ts";
import { AgentPage, Enrolment, Me, SitePage } from "../../protocol/api.ts";
import { newId } from "../../protocol/ids.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { call, createAgent, createWorld, intentOf, observation, refusal, rows, siteConfig, submit } from "./harness.ts";

const UNAUTHENTICATED = { status: 401, code: "UNAUTHENTICATED" };
const enroll = (token: string, name = "vm-1") => call("POST", "/agent/v1/enroll", { body: { token, name } });

test("an enrolment token is exchanged once for the agent's own credential; no secret is stored", async () => {
  const world = await createWorld();
  const answer = await call("POST", "/api/v1/agents/enrolments", { token: world.admin, body: { name: "vm-1" } });
  const { token, expiresAt, install } = answer.as(Enrolment);
  expect([answer.status, install]).toEqual([201, `WORKER_URL=http://control.test npm run agent -- enroll --token ${token}`]);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(14 * 60_000);
  const enrolled = await enroll(token);
  const { agentId, credential } = enrolled.as(EnrolResponse);
  expect(enrolled.status).toBe(201);
  expect(refusal(await enroll(token))).toEqual(UNAUTHENTICATED);
  const hello = world.agent.hello({ instanceId: newId("inst") });
  const beat = await call("POST", "/agent/v1/heartbeat", { token: credential, body: { hello, sites: [siteConfig("edge1")] } });
  expect(beat.as(HeartbeatResponse).agentId).toBe(agentId);
  expect(JSON.stringify(await rows("select * from tokens"))).not.toMatch(new RegExp(`${token}|${credential}`));
});

test("of ten enrolments with one token at once, one agent comes out", async () => {
  const world = await createWorld();
  const { token } = (await call("POST", "/api/v1/agents/enrolments", { token: world.admin })).as(Enrolment);
  const answers = await Promise.all(Array.from({ length: 10 }, () => enroll(token)));
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array(9).fill(401)]);
  expect(await rows("select count(*) n from agents where name = 'vm-1'")).toEqual([{ n: 1 }]);
});

test("an expired, invented or wrong kind of token enrols nobody", async () => {
  const world = await createWorld();
  const { token } = (await call("POST", "/api/v1/agents/enrolments", { token: world.admin })).as(Enrolment);
  await rows("update tokens set expires_at = ? where scopes = '[\"enrol\"]'", Date.now() - 1);
  for (const bad of [token, "enr_invented-and-long-enough", world.admin, world.agent.credential])
    expect(refusal(await enroll(bad))).toEqual(UNAUTHENTICATED);
  expect((await call("GET", "/api/v1/me", { token: world.admin })).as(Me).scopes).toEqual(["admin"]); // it was not spent either
});

test("the feed says once that an agent came and that it said goodbye, and the list shows it", async () => {
  const world = await createWorld();
  await world.agent.heartbeat();
  await submit(world);
  await world.agent.take();
  const list = async () => (await call("GET", "/api/v1/agents", { token: world.read })).as(AgentPage).agents;
  expect(await list()).toEqual([
    {
      ...{
        agentId: world.agent.id,
        name: "test agent",
        status: "online",
        version: "1.2.3",
        protocol: PROTOCOL_VERSION,
        slots: 4,
        running: 1,
      },
      ...{ capabilities: ["embedded"], labels: { zone: "test" }, sites: ["edge1"] },
      ...{ lastHeartbeat: expect.any(String), createdAt: expect.any(String) },
    },
  ]);
  await world.agent.heartbeat({ stopping: true });
  await world.agent.heartbeat({ stopping: true });
  expect((await list()).map((agent) => agent.status)).toEqual(["offline"]);
  const { id: agentId } = world.agent;
  expect(await rows("select type, data from events where type glob 'agent.*' order by seq")).toEqual([
    { type: "agent.online", data: JSON.stringify({ agentId, name: "test agent" }) },
    { type: "agent.offline", data: JSON.stringify({ agentId, name: "test agent", reason: "stopped" }) },
  ]);
});

test("an agent that falls silent is stale in the list, and the others' heartbeats tell the feed once", async () => {
  const world = await createWorld();
  const silent = await createAgent({ sites: [] });
  await rows("update agents set last_heartbeat = ? where id = ?", Date.now() - 10_000, silent.id);
  const statusOf = async (id: string) =>
    (await call("GET", "/api/v1/agents", { token: world.read })).as(AgentPage).agents.find((agent) => agent.agentId === id)?.status;
  expect(await statusOf(silent.id)).toBe("stale");
  await world.agent.heartbeat();
  await world.agent.heartbeat();
  expect(await statusOf(silent.id)).toBe("offline");
  expect(await rows("select count(*) n from events where type = 'agent.offline'")).toEqual([{ n: 1 }]);
  await silent.heartbeat();
  expect(await statusOf(silent.id)).toBe("online");
});

test("work that no agent is there for is shown as waiting for one", async () => {
  const world = await createWorld();
  await world.agent.heartbeat({ stopping: true });
  const intentId = await submit(world);
  expect((await intentOf(world, intentId)).waitingFor).toBe("agent");
  const status = await call("GET", `/api/v1/intents/${intentId}/status`, { token: world.read });
  expect(status.body).toEqual({
    ...{ intentId, status: "received", stage: "input_received", waitingFor: "agent", message: "waiting for an agent", sites: [] },
    updatedAt: expect.any(String),
  });
  await world.agent.heartbeat();
  expect((await intentOf(world, intentId)).waitingFor).toBeNull();
});

test("a protocol that is no longer served, sites of another shape and unknown fields of a site are refused", async () => {
  const { agent } = await createWorld();
  const beat = (body: unknown) => call("POST", "/agent/v1/heartbeat", { token: agent.credential, body });
  expect(refusal(await beat({ hello: { ...agent.hello(), protocol: 0 } }))).toMatchObject({
    code: "VALIDATION",
    fields: ["hello.protocol"],
  });
  expect(refusal(await beat({ hello: agent.hello(), sites: [{ ...siteConfig("edge1"), id: "../edge1" }] }))).toMatchObject({
    fields: ["sites.0.id"],
  });
  expect(refusal(await beat({ hello: agent.hello(), sites: [{ ...siteConfig("edge1"), token: "s3cret" }] }))).toMatchObject({
    fields: ["sites.0.token"],
  });
});

test("sites are registered by their agent's heartbeat: capacity and aliases follow, the state that was reported stays", async () => {
  const world = await createWorld();
  await rows("update sites set status = 'degraded', message = 'stuck'");
  const grown = siteConfig("edge1", { aliases: ["VM-2"], capacity: { downlinkMbps: 5, uplinkMbps: 5, maxDevices: 5 } });
  await world.agent.heartbeat({ sites: [grown] });
  expect((await call("GET", "/api/v1/sites", { token: world.read })).as(SitePage).sites).toEqual([
    {
      ...{ id: "edge1", aliases: ["VM-2"], labels: {}, sync: "configsync", o2Dialect: "oran-o2ims-rest", capacity: grown.capacity },
      ...{ source: "agent", agentId: world.agent.id, ready: true, production: false, frozenUntil: null, freeze: [], drift: [], checks: [] },
      components: { sync: "unknown", o2ims: "unknown", metrics: "unknown" },
      ...{
        used: { downlinkMbps: 0, uplinkMbps: 0, maxDevices: 0 },
        slices: [],
        status: "degraded",
        message: "stuck",
        commit: null,
        lastSync: null,
      },
    },
  ]);
  for (const spelling of ["edge01", "VM-2", "vm2"])
    expect((await call("GET", `/api/v1/sites/${spelling}`, { token: world.read })).body, spelling).toMatchObject({ id: "edge1" });
});

test("what an agent sees of its sites is their state; the feed hears of a change of status once, of a mere commit never", async () => {
  const world = await createWorld({ sites: 2 });
  const other = await createAgent({ sites: ["edge3"] });
  const [first, second] = ["a".repeat(40), "b".repeat(40)];
  const told = () => rows("select site, data from events where type = 'site.updated' order by seq");
  const kept = () => rows('select id, status, message, "commit", last_sync is not null synced from sites order by id');
  const see = (patch: Partial<SiteObservation>) =>
    world.agent.heartbeat({ observations: [observation("edge1", { commit: first, ...patch })] });
  const unseen = (id: string) => ({ id, status: "unknown", message: "", commit: null, synced: 0 });
  const others = [unseen("edge2"), unseen("edge3")];

  await see({});
  await see({});
  const healthy = { site: "edge1", data: JSON.stringify({ status: "healthy", message: "", change: "state" }) };
  expect(await told()).toEqual([healthy]);
  expect(await kept()).toEqual([{ id: "edge1", status: "healthy", message: "", commit: first, synced: 1 }, ...others]);

  await see({ commit: second, message: "Reconciling" });
  expect(await told()).toEqual([healthy]);
  expect(await kept()).toEqual([{ id: "edge1", status: "healthy", message: "Reconciling", commit: second, synced: 1 }, ...others]);

  const gone = { status: "unreachable", message: "no answer", commit: null } as const;
  await see(gone);
  await see(gone);
  await see({ ...gone, site: "edge3" }); // another agent's
  await see({ ...gone, site: "edge9" }); // nobody's
  expect(await told()).toEqual([
    healthy,
    { site: "edge1", data: JSON.stringify({ status: "unreachable", message: "no answer", change: "state" }) },
  ]);
  expect(await kept()).toEqual([{ id: "edge1", status: "unreachable", message: "no answer", commit: second, synced: 1 }, ...others]);
  await other.heartbeat({ observations: [observation("edge3", gone)] });
  expect((await told()).map(({ site }) => site)).toEqual(["edge1", "edge1", "edge3"]);
});

test("a site is observed by the very heartbeat that registers it, two hundred of them at once", async () => {
  const ids = Array.from({ length: 200 }, (_, index) => `edge${index + 1}`);
  const agent = await createAgent({ sites: [] });
  const observations = ids.map((site) => observation(site, { message: "x".repeat(500), commit: "a".repeat(40) }));
  await agent.heartbeat({ sites: ids.map((id) => siteConfig(id)), observations });
  expect(await rows("select status, count(*) n from sites group by status")).toEqual([{ status: "healthy", n: 200 }]);
  expect(await rows("select count(distinct site) n from events where type = 'site.updated'")).toEqual([{ n: 200 }]);
});
