// /ws/monitoring as a plain client has it: state first, then every message once and in order, over cuts and evictions.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { readHead } from "../../party/feed.ts";
import { MonitorPipelines, MonitorState } from "../../protocol/monitor.ts";
import { PING, ROOM_NAME } from "../../protocol/room.ts";
import { call, createWorld, readAnswer, refusal, rows, seedToken, submit } from "../worker/harness.ts";
import { attachMonitor, type MonitorSocket, watch } from "./monitor-socket.ts";
import { ticketFor, upgrade, viewer } from "./socket.ts";

const PATH = "/ws/monitoring";
const room = () => env.Room.getByName(ROOM_NAME);
const head = () => readHead(env.DB);
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
const caughtUp = (socket: MonitorSocket, seq: number) => expect.poll(() => socket.seqs().at(-1), { timeout: 5_000 }).toBe(seq);

const refused = async (query: string, token?: string) =>
  refusal(await readAnswer(await upgrade(query, token === undefined ? {} : { authorization: `Bearer ${token}` }, PATH)));

test("without a token or with a wrong one it is 401, with the wrong scope 403, and both before the upgrade is looked at", async () => {
  const world = await createWorld();
  const enrol = await seedToken({ scopes: ["enrol"] });
  const nobody = { status: 401, code: "UNAUTHENTICATED" };
  const wrong = { status: 403, code: "FORBIDDEN" };
  expect([await refused(""), await refused("", "wrong")]).toEqual([nobody, nobody]);
  expect([await refused("", world.agent.credential), await refused("", enrol)]).toEqual([wrong, wrong]);
  expect(refusal(await call("GET", PATH))).toEqual(nobody);
  expect(refusal(await call("GET", PATH, { token: enrol }))).toEqual(wrong);
  expect(refusal(await call("GET", PATH, { token: world.read }))).toEqual({ status: 400, code: "VALIDATION" });
});

test("a ticket opens it once, where headers cannot be set; an agent's does not", async () => {
  const world = await createWorld();
  const ticket = await ticketFor(world.read);
  const socket = attachMonitor(await upgrade(`ticket=${ticket}`, {}, PATH));
  await socket.nth("initial_state");
  expect((await attachMonitor(await upgrade(`ticket=${ticket}`, {}, PATH)).closed()).code).toBe(4501);
  expect((await attachMonitor(await upgrade("ticket=", {}, PATH)).closed()).code).toBe(4501);
  expect(refusal(await call("GET", `${PATH}?ticket=${ticket}`))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
  const agents = await ticketFor(world.agent.credential, {}, "/agent/v1/ticket");
  expect(await refused(`ticket=${agents}`)).toEqual({ status: 403, code: "FORBIDDEN" });
});

test.each(["abc", "-1", "1.5"])("since=%s is refused and named", async (since) => {
  const world = await createWorld();
  expect(await refused(`since=${since}`, world.read)).toEqual({ status: 400, code: "VALIDATION", fields: ["since"] });
});

test("the first message is the state, with everything the contract names", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world);
  const socket = await watch(world.read);
  const { seq, data } = await socket.nth("initial_state");
  expect([socket.messages.length, seq, data.seq, data.recovered]).toEqual([1, await head(), await head(), true]);
  const { metrics, ...state } = (await call("GET", "/api/v1/metrics", { token: world.read })).as(MonitorState);
  const pipelines = (await call("GET", "/api/v1/monitoring/pipeline", { token: world.read })).as(MonitorPipelines);
  expect(data).toEqual({ ...state, ...pipelines, seq, recovered: true, metrics: { ...metrics, uptime_ms: expect.any(Number) } });
  expect(data.current_pipeline?.intent_id).toBe(intentId);
});

test("a run is told as it happens, and only what belongs to a monitor comes down its socket", async () => {
  const world = await createWorld();
  const [socket, page] = [await watch(world.read), await viewer(world)];
  await page.subscribe(await head());
  const before = await head();
  const intentId = await submit(world);
  await call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
  await caughtUp(socket, before + 2);
  expect((await socket.nth("pipeline_started")).data).toMatchObject({
    intent_id: intentId,
    current_stage: "input_received",
    external: false,
  });
  expect((await socket.nth("stage_update")).data).toMatchObject({
    intent_id: intentId,
    current_stage: "failed",
    pipeline: { status: "failed" },
  });
  expect(socket.seqs()).toEqual(range(before + 1, before + 2));
  expect(page.events().map((event) => event.seq)).toEqual(range(before + 1, before + 2));
  expect(page.frames.map((frame) => frame.type)).not.toContain("initial_state");
});

test("a monitor that comes back with since gets the state and exactly what it missed", async () => {
  const world = await createWorld();
  const first = await watch(world.read);
  await submit(world);
  const { seq: since } = await first.nth("pipeline_started");
  first.close();
  const missed = [await submit(world), await submit(world), await submit(world)];
  const socket = await watch(world.read, `since=${since}`);
  await socket.nth("pipeline_started", 3);
  expect(socket.messages[0]).toMatchObject({ type: "initial_state", seq: since, data: { seq: since, recovered: true } });
  expect(socket.seqs()).toEqual(range(since + 1, since + 3));
  expect(socket.of("pipeline_started").map(({ data }) => data.intent_id)).toEqual(missed);
});

test("of a since that is pruned, too old or yet to come, the state says that it is not recovered, and goes on from the head", async () => {
  const world = await createWorld();
  const before = await head();
  for (let i = 0; i < 3; i += 1) await submit(world);
  await rows("delete from events where seq <= ?", before + 1);
  for (const since of [before, before + 99]) {
    const socket = await watch(world.read, `since=${since}`);
    expect(await socket.nth("initial_state")).toMatchObject({ seq: before + 3, data: { seq: before + 3, recovered: false } });
    expect(socket.seqs()).toEqual([]);
    socket.close();
  }
});

test("5,000 missed events are replayed, more are not", async () => {
  const world = await createWorld();
  const before = await head();
  const ids = JSON.stringify(Array.from({ length: 5_001 }, (_, i) => `evt_${String(i).padStart(26, "0")}`));
  await rows(
    "insert into events (id, type, intent_id, stage, at, data) select value, 'intent.parsing', 'int_x', 'llm_processing', 0, '{}' from json_each(?)",
    ids,
  );
  const late = await watch(world.read, `since=${before}`);
  expect((await late.nth("initial_state")).data.recovered).toBe(false);
  const socket = await watch(world.read, `since=${before + 1}`);
  await caughtUp(socket, before + 5_001);
  expect(socket.seqs()).toEqual(range(before + 2, before + 5_001));
});

test("under concurrent commits, with clients that come and go, every client sees every seq once and in order", async () => {
  const world = await createWorld();
  const start = await head();
  const steady = await Promise.all(Array.from({ length: 3 }, () => watch(world.read, `since=${start}`)));
  const posts = Promise.all(Array.from({ length: 40 }, () => submit(world)));
  const seen: number[] = [];
  for (let since = start; seen.length < 40; since = seen.at(-1) ?? start) {
    const socket = await watch(world.read, `since=${since}`);
    await expect.poll(() => socket.seqs().length, { timeout: 5_000 }).toBeGreaterThan(0);
    seen.push(...socket.seqs());
    socket.close();
  }
  await posts;
  expect(seen).toEqual(range(start + 1, start + 40));
  for (const socket of steady) {
    await caughtUp(socket, start + 40);
    expect(socket.seqs()).toEqual(range(start + 1, start + 40));
  }
});

test("an eviction of the room loses nothing and repeats nothing", async () => {
  const world = await createWorld();
  const start = await head();
  const socket = await watch(world.read);
  await socket.nth("initial_state");
  await submit(world);
  await caughtUp(socket, start + 1);
  await evictDurableObject(room());
  await submit(world);
  await caughtUp(socket, start + 2);
  expect([socket.seqs(), socket.of("initial_state").length]).toEqual([range(start + 1, start + 2), 1]);
});

test("a message whose announcement was lost comes with the sweep", async () => {
  const world = await createWorld();
  const socket = await watch(world.read);
  await socket.nth("initial_state");
  await rows(
    "insert into events (id, type, intent_id, stage, at, data) values ('evt_00000000000000000000000001', 'intent.parsing', 'int_x', 'llm_processing', 0, '{}')",
  );
  await runDurableObjectAlarm(room());
  expect((await socket.nth("stage_update")).data.current_stage).toBe("llm_processing");
});

test("many intents that end at once are one metrics message, with a seq that does not go back", async () => {
  const world = await createWorld();
  const socket = await watch(world.read);
  await socket.nth("initial_state");
  const intents = await Promise.all(Array.from({ length: 10 }, () => submit(world)));
  await Promise.all(intents.map((id) => call("POST", `/api/v1/intents/${id}/cancel`, { token: world.operate })));
  await expect.poll(() => socket.of("metrics_update").at(-1)?.data.metrics.failed_intents, { timeout: 5_000 }).toBe(10);
  expect(socket.of("metrics_update").length).toBeLessThanOrEqual(3); // one at once, one a second after it
  const all = socket.messages.map((message) => message.seq);
  expect(all).toEqual([...all].sort((a, b) => a - b));
});

test("a change of a site and a report about one are told with the edge as our agents see it", async () => {
  const world = await createWorld();
  const socket = await watch(world.read);
  await socket.nth("initial_state");
  await rows("update sites set status = 'degraded' where id = 'edge1'");
  await call("POST", "/api/v1/edge/update", { token: world.operate, body: { edge: "edge01", status: "on fire" } });
  expect((await socket.nth("edge_update")).data).toEqual({
    edge: "edge1",
    status: {
      ...{ status: "degraded", last_sync: null, commit: null, deployments: 0 },
      external: { status: "on fire", metadata: {}, updated_at: expect.any(String) },
    },
    message: "",
  });
});

test("a monitor that cannot be told is closed so that it comes back, and then has everything", async () => {
  const world = await createWorld();
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  const socket = await watch(world.read);
  const { seq } = await socket.nth("initial_state");
  await rows("alter table external_edges rename to hidden");
  await rows("insert into events (id, type, site, at, data) values ('evt_00000000000000000000000002', 'site.updated', 'edge1', 0, '{}')");
  await runDurableObjectAlarm(room());
  expect((await socket.closed()).code).toBe(1011);
  await rows("alter table hidden rename to external_edges");
  const again = await watch(world.read, `since=${seq}`);
  expect((await again.nth("edge_update")).seq).toBe(seq + 1);
});

test("a ping is answered, other words are ignored; one that never pings stays, one that stops pinging is closed", async () => {
  const world = await createWorld();
  const [quiet, pinging] = [await watch(world.read), await watch(world.read)];
  pinging.send(PING);
  await expect.poll(() => pinging.pongs()).toBe(1);
  for (const text of ["hello", "{", '{"type":"subscribe","since":-1}']) quiet.send(text);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
  onTestFinished(() => void vi.useRealTimers());
  await runInDurableObject(room(), (instance) => {
    for (const connection of instance.getConnections<{ connectedAt: number }>())
      if (connection.state) connection.setState({ ...connection.state, connectedAt: Date.now() - 120_000 });
  });
  await runDurableObjectAlarm(room());
  vi.useRealTimers();
  expect((await pinging.closed()).code).toBe(4508);
  expect(quiet.isOpen()).toBe(true);
});
