// Live slices are watched: who measures what, when an alert begins and ends, and what counts once.
import { expect, test } from "vitest";
import { MeasurementsResponse } from "../../protocol/agent.ts";
import { newId } from "../../protocol/ids.ts";
import { call, createAgent, createWorld, refusal, rows, submit, tell } from "./harness.ts";
import { alertEvents, alertsOf, look, rounds, send, setPolicy, theAlert, watchlistOf } from "./measuring.ts";
import { applyFacts, deployed, finished, prepared, prepareFacts, rollbackFacts, rollbackInput, takeOf } from "./story.ts";

test("an agent is told the live slices of its sites with their objectives, and which are being changed", async () => {
  const world = await createWorld({ sites: 2 });
  const { deploymentId } = await deployed(world);
  const before = await watchlistOf(world.agent);
  expect({
    ...before,
    slices: before.slices.map(({ slice: _, commit, objectives, ...rest }) => ({
      ...rest,
      commit: commit.length,
      objectives: objectives.map(({ name, threshold }) => [name, threshold]),
    })),
  }).toEqual({
    ...{ intervalSeconds: 15, enabled: true, sites: ["edge1", "edge2"] },
    slices: [
      {
        ...{ site: "edge1", deploymentId, commit: 40, busy: false },
        objectives: [
          ["latencyP95", 20],
          ["throughputMin", 200],
          ["availability", 99.9],
        ],
      },
    ],
  });
  await call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate });
  expect((await watchlistOf(world.agent)).slices.map(({ busy }) => busy)).toEqual([true]);
});

test("nothing of a deployment that has put nothing out is watched", async () => {
  const world = await createWorld();
  await prepared(world);
  expect((await watchlistOf(world.agent)).slices).toEqual([]);
});

test("each site is given to one agent, and to another when that one is silent", async () => {
  const first = await createAgent({ sites: ["edge1", "edge2"] });
  const second = await createAgent({ sites: ["edge2", "edge3"] });
  const given = async () => [(await watchlistOf(first)).sites, (await watchlistOf(second)).sites];
  const [ofFirst = [], ofSecond = []] = await given();
  expect([...ofFirst, ...ofSecond].sort()).toEqual(["edge1", "edge2", "edge3"]);
  const [silent, other] = ofFirst.includes("edge2") ? [first, second] : [second, first];
  await rows("update agents set last_heartbeat = 1 where id = ?", silent.id);
  expect((await watchlistOf(other)).sites).toEqual(other.sites);
});

test("an older instance of an agent is told to stop", async () => {
  const world = await createWorld();
  const old = world.agent;
  await old.restarted().heartbeat();
  const answer = await call("POST", "/agent/v1/watchlist", { token: old.credential, body: { instanceId: old.instanceId } });
  expect(refusal(answer)).toEqual({ status: 409, code: "INSTANCE_REPLACED" });
  expect(refusal(await send(old, []))).toEqual({ status: 409, code: "INSTANCE_REPLACED" });
});

test("three misses raise an alert of the slice's intent, three passes end it, each with its event", async () => {
  const world = await createWorld();
  const { intentId, deploymentId } = await deployed(world);
  expect(await rounds(world.agent, 2, { latencyP95: 80 })).toBe(1);
  expect(await alertsOf(world)).toEqual([]);
  await rounds(world.agent, 1, { latencyP95: 80 });
  const alert = await theAlert(world);
  const [slice] = (await watchlistOf(world.agent)).slices.map((one) => one.slice);
  const at = expect.any(String);
  expect(alert).toEqual({
    ...{ alertId: at, kind: "slo_burn", severity: "critical", status: "firing", site: "edge1", slice, objective: "latencyP95" },
    ...{ deploymentId, intentId, message: "latencyP95: 80 ms, misses ≤ 20 ms", value: 80, threshold: 20, burnRate: 1000 },
    ...{ startedAt: at, updatedAt: at, resolvedAt: null, acknowledged: null },
    remediation: [{ rung: "notify", at, state: "done", intentId: null, message: "this alert" }],
  });
  await rounds(world.agent, 1, { latencyP95: 70 });
  expect(await theAlert(world)).toMatchObject({ alertId: alert.alertId, value: 70 });
  await rounds(world.agent, 2);
  expect(await alertsOf(world, "resolved")).toEqual([]);
  await rounds(world.agent, 1);
  const message = "latencyP95: 80 ms, misses ≤ 20 ms; resolved: latencyP95: 20 ms, within ≤ 20 ms";
  expect(await alertsOf(world)).toMatchObject([{ alertId: alert.alertId, status: "resolved", message, resolvedAt: at }]);
  const events = await alertEvents(world);
  expect(events.map(({ type, intentId: about, site }) => [type, about, site])).toEqual([
    ["alert.triggered", intentId, "edge1"],
    ["alert.resolved", intentId, "edge1"],
  ]);
  expect(events[0]?.data).toEqual({ alert });
});

test("a round that is sent again counts once, also at the same time", async () => {
  const world = await createWorld();
  await deployed(world);
  const round = newId("evt");
  const bad = await look(world.agent, { latencyP95: 80 });
  const answers = await Promise.all(Array.from({ length: 4 }, () => send(world.agent, bad, round)));
  expect(answers.map((answer) => answer.as(MeasurementsResponse).accepted).sort()).toEqual([0, 0, 0, 1]);
  expect((await send(world.agent, bad, round)).as(MeasurementsResponse).accepted).toBe(0);
  expect(await rows("select verdicts from assurance where objective = 'latencyP95'")).toEqual([{ verdicts: '["fail"]' }]);
  expect(await rows("select count, sum from samples where metric = 'latencyP95' and bucket_seconds = 3600")).toEqual([
    { count: 1, sum: 80 },
  ]);
});

test("only what is in force at the agent's own sites is taken", async () => {
  const world = await createWorld();
  await deployed(world);
  const [one] = await look(world.agent, { latencyP95: 80 });
  if (one === undefined) throw new Error("nothing is watched");
  const stranger = await createAgent({ sites: ["edge9"] });
  const accepted = async (agent: typeof stranger, measured: (typeof one)[]) =>
    (await send(agent, measured)).as(MeasurementsResponse).accepted;
  expect(await accepted(stranger, [one])).toBe(0);
  expect(await accepted(world.agent, [{ ...one, deploymentId: newId("dep") }])).toBe(0);
  expect(await accepted(world.agent, [{ ...one, slice: "nobody-knows" }])).toBe(0);
  expect(await accepted(world.agent, [one, one])).toBe(1);
  expect(await rows("select count(*) as n from assurance")).toEqual([{ n: 3 }]);
});

test("an outage of the measuring side is one alert of the site and changes nothing else", async () => {
  const world = await createWorld();
  await deployed(world);
  await deployed(world);
  await rounds(world.agent, 3, { latencyP95: 80 });
  const burning = await alertsOf(world, "firing");
  expect(burning.map(({ kind }) => kind)).toEqual(["slo_burn", "slo_burn"]);
  const out = { latencyP95: "out", throughputMin: "out", availability: "out" } as const;
  await rounds(world.agent, 3, out);
  expect(await alertsOf(world, "firing")).toHaveLength(2);
  await rounds(world.agent, 3, out);
  const [outage, ...others] = await alertsOf(world, "firing");
  expect(outage).toMatchObject({
    ...{ kind: "measurement_outage", severity: "warning", site: "edge1", slice: null, objective: null, intentId: null },
    message: expect.stringMatching(/^6 of 6 objectives at edge1 cannot be measured: embb-.*Prometheus did not answer$/),
  });
  expect(others.map(({ alertId }) => alertId)).toEqual(burning.map(({ alertId }) => alertId));
  await rounds(world.agent, 1, { latencyP95: 80 });
  expect((await alertsOf(world, "firing")).map(({ kind }) => kind)).toEqual(["slo_burn", "slo_burn"]);
});

test("the alert of a slice that is taken back ends by itself", async () => {
  const world = await createWorld();
  const { deploymentId } = await deployed(world);
  await rounds(world.agent, 3, { availability: 50 });
  await call("POST", `/api/v1/deployments/${deploymentId}/rollback`, { token: world.operate });
  const job = await world.agent.take();
  const { sites, reason } = rollbackInput(job);
  await watchlistOf(world.agent);
  expect(await alertsOf(world, "firing")).toHaveLength(1); // it is being taken back, and not gone
  await tell(world.agent, job, [...(await rollbackFacts(job, { sites, reason })), finished({ kind: "rolled_back", failure: null })]);
  expect((await watchlistOf(world.agent)).slices).toEqual([]);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
  expect((await alertsOf(world))[0]?.message).toMatch(/; resolved: embb-.* is not at edge1 any more$/);
});

test("the alert of a deployment that another replaces ends by itself, and the new one begins anew", async () => {
  const world = await createWorld();
  const first = await deployed(world);
  await rounds(world.agent, 3, { throughputMin: 10 });
  const { slice } = await theAlert(world);
  const intentId = await submit(world, { text: `Scale ${slice} to 300 Mbps` });
  const preparation = await takeOf(world.agent, intentId);
  await tell(world.agent, preparation, await prepareFacts(preparation));
  const job = await takeOf(world.agent, intentId);
  await tell(world.agent, job, await applyFacts(job));
  await rounds(world.agent, 1, { throughputMin: 250 });
  expect(await alertsOf(world, "firing")).toEqual([]);
  const [current] = (await watchlistOf(world.agent)).slices;
  expect(current?.deploymentId).not.toBe(first.deploymentId);
  await rounds(world.agent, 2, { throughputMin: 250 });
  expect(await theAlert(world)).toMatchObject({ deploymentId: current?.deploymentId, intentId, threshold: 300, value: 250 });
});

test("where the watching is switched off nothing is measured, and what fired about slices ends", async () => {
  const world = await createWorld();
  await deployed(world);
  await rounds(world.agent, 3, { latencyP95: 80 });
  const bad = await look(world.agent, { latencyP95: 80 });
  await setPolicy(world, { assurance: { enabled: false } });
  expect((await watchlistOf(world.agent)).enabled).toBe(false);
  expect((await send(world.agent, bad)).as(MeasurementsResponse).accepted).toBe(0);
  await expect.poll(() => alertsOf(world, "firing")).toEqual([]);
});
