// What travels on the socket: who may say what, presence, wake-ups, and frames that are none.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { Health } from "../../protocol/api.ts";
import { MAX_FRAME_BYTES, PING, ROOM_NAME } from "../../protocol/room.ts";
import { TIMINGS } from "../../protocol/timings.ts";
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from "../../protocol/version.ts";
import { call, createWorld, rows, submit } from "../worker/harness.ts";
import { look, send } from "../worker/measuring.ts";
import { deployed } from "../worker/story.ts";
import { agentSocket, connect, ticketFor, viewer } from "./socket.ts";

const room = () => env.Room.getByName(ROOM_NAME);

test("an agent's hello is answered with the timings and the version that the room speaks", async () => {
  const world = await createWorld();
  const socket = await agentSocket(world);
  socket.send({ type: "hello", hello: world.agent.hello() });
  expect(await socket.nth("ready")).toEqual({
    ...{ type: "ready", serverTime: expect.any(String), timings: TIMINGS, protocol: PROTOCOL_VERSION },
  });
});

test("an agent of the oldest version that is served is greeted, an older one is told to stop", async () => {
  const world = await createWorld();
  const greet = async (protocol: number) => {
    const socket = await agentSocket(world);
    socket.send({ type: "hello", hello: { ...world.agent.hello(), protocol } });
    return socket;
  };
  expect((await (await greet(MIN_PROTOCOL_VERSION)).nth("ready")).timings).toEqual(TIMINGS);
  expect((await (await greet(MIN_PROTOCOL_VERSION - 1)).closed()).code).toBe(4426);
});

test("a viewer and an operator cannot say hello", async () => {
  const world = await createWorld();
  for (const token of [world.read, world.operate]) {
    const socket = await connect(await ticketFor(token));
    socket.send({ type: "hello", hello: world.agent.hello() });
    expect(await socket.closed()).toEqual({ code: 4403, reason: "not an agent" });
  }
});

test("an agent cannot subscribe, and gets no event", async () => {
  const world = await createWorld();
  const listening = await agentSocket(world);
  listening.send({ type: "hello", hello: world.agent.hello() });
  await listening.nth("ready");
  await submit(world);
  await listening.nth("wake");
  expect(listening.events()).toEqual([]);
  listening.send({ type: "subscribe", since: 0 });
  expect(await listening.closed()).toEqual({ code: 4403, reason: "agents do not subscribe" });
});

const BAD_FRAMES: [string, string | ArrayBuffer][] = [
  ["text that is no JSON", "hello"],
  ["JSON of another shape", '{"type":"sub"}'],
  ["a field that is not of the message", '{"type":"subscribe","since":0,"role":"agent"}'],
  ["a seq below zero", '{"type":"subscribe","since":-1}'],
  ["null", "null"],
  ["a list", "[]"],
  ["nothing", ""],
  ["a binary frame", new TextEncoder().encode('{"type":"subscribe","since":0}').buffer as ArrayBuffer],
  ["a frame over the limit", `{"type":"subscribe","since":0${" ".repeat(MAX_FRAME_BYTES)}}`],
  ["a frame over the limit in bytes, not in characters", `{"type":"subscribe","since":0}${"\u3000".repeat(MAX_FRAME_BYTES / 2)}`],
];

test.each(BAD_FRAMES)("%s closes the socket with 4500", async (_name, frame) => {
  const world = await createWorld();
  const socket = await viewer(world);
  socket.send(frame);
  expect((await socket.closed()).code).toBe(4500);
});

test("a ping is answered, before and after the room was evicted", async () => {
  const world = await createWorld();
  const socket = await viewer(world);
  await socket.subscribe(0);
  socket.send(PING);
  await expect.poll(() => socket.pongs).toBe(1);
  await evictDurableObject(room());
  socket.send(PING);
  await expect.poll(() => socket.pongs).toBe(2);
});

test("new work wakes the agents and a cancel reaches them; viewers see neither", async () => {
  const world = await createWorld();
  const [agent, other] = [await agentSocket(world), await viewer(world)];
  await other.subscribe(0);
  const intentId = await submit(world);
  await agent.nth("wake");
  const job = await world.agent.take();
  await call("POST", `/api/v1/intents/${intentId}/cancel`, { token: world.operate });
  expect(await agent.nth("cancel")).toEqual({ type: "cancel", jobId: job.lease.jobId });
  expect([other.of("wake"), other.of("cancel")]).toEqual([[], []]);
});

test("what was just measured goes to subscribers, and to nobody else", async () => {
  const world = await createWorld();
  await deployed(world);
  const [subscribed, silent, agent] = [await viewer(world), await viewer(world), await agentSocket(world)];
  await subscribed.subscribe(0);
  const measured = await look(world.agent, { latencyP95: 12 });
  await send(world.agent, measured);
  expect(await subscribed.nth("metrics")).toEqual({ type: "metrics", measured });
  expect([silent.of("metrics"), agent.of("metrics")]).toEqual([[], []]);
});

test("subscribers are told who is connected, and health counts the sockets", async () => {
  const world = await createWorld();
  const first = await viewer(world);
  await first.subscribe(0);
  const presence = () => runInDurableObject(room(), (instance) => instance.presence());
  await expect.poll(presence).toEqual({ viewers: 1, agents: 0 }); // those of earlier tests have gone
  const agent = await agentSocket(world);
  await expect.poll(() => first.of("presence").at(-1)).toEqual({ type: "presence", viewers: 1, agents: 1 });
  const { components } = (await call("GET", "/health")).as(Health);
  expect(components.room).toEqual({ status: "ok", message: "1 viewer, 1 agent connected" });
  agent.close();
  await expect.poll(() => first.of("presence").at(-1)).toEqual({ type: "presence", viewers: 1, agents: 0 });
});

test("a socket that has not pinged for two intervals is closed with 4508 by the sweep, also an agent's without any viewer", async () => {
  const world = await createWorld();
  const [silent, fresh] = [await agentSocket(world), await agentSocket(world)];
  for (const socket of [silent, fresh]) {
    socket.send({ type: "hello", hello: world.agent.hello() });
    await socket.nth("ready");
  }
  fresh.send(PING);
  await expect.poll(() => fresh.pongs).toBe(1);
  await runInDurableObject(room(), (instance) => {
    for (const connection of instance.getConnections<{ connectedAt: number }>())
      if (connection.state) connection.setState({ ...connection.state, connectedAt: Date.now() - 60_000 });
  });
  expect(await runDurableObjectAlarm(room())).toBe(true);
  expect((await silent.closed()).code).toBe(4508);
  fresh.send(PING);
  await expect.poll(() => fresh.pongs).toBe(2);
});

test("the sweep goes on after one that failed, and ends with the last socket", async () => {
  const world = await createWorld();
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  const socket = await viewer(world);
  await socket.subscribe(0);
  await rows("insert into events (id, type, at, data) values ('evt_00000000000000000000000000', 'metrics.update', 0, '{}')");
  await rows("alter table events rename column data to hidden");
  expect(await runDurableObjectAlarm(room())).toBe(true);
  await rows("alter table events rename column hidden to data");
  const alarm = () => runInDurableObject(room(), (_instance, state) => state.storage.getAlarm());
  expect(await alarm()).not.toBeNull();
  socket.close();
  await expect.poll(() => runInDurableObject(room(), (instance) => [...instance.getConnections()].length)).toBe(0);
  await runDurableObjectAlarm(room());
  expect(await alarm()).toBeNull();
});
