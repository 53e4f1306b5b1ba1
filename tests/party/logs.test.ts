// The lane of log lines: from an agent to whoever has asked for them, bounded, and kept nowhere.
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { newId } from "../../protocol/ids.ts";
import { LOG_LINES_PER_SECOND, type LogLine, MAX_LOG_CHARS, MAX_LOG_LINES } from "../../protocol/log.ts";
import { type DownMessage, PING, ROOM_NAME } from "../../protocol/room.ts";
import { createWorld, rows, submit, type World } from "../worker/harness.ts";
import { agentSocket, type TestSocket, viewer } from "./socket.ts";

const room = () => env.Room.getByName(ROOM_NAME);

function line(message: string): LogLine {
  const about = { intentId: newId("int"), jobId: newId("job"), stage: "sync" as const, site: "edge1" };
  return { at: new Date().toISOString(), level: "info", message, ...about };
}

async function greeted(world: World): Promise<TestSocket> {
  const socket = await agentSocket(world);
  socket.send({ type: "hello", hello: world.agent.hello() });
  await socket.nth("ready");
  return socket;
}

async function watching(world: World, wants: { logs?: boolean } = { logs: true }): Promise<TestSocket> {
  const socket = await viewer(world);
  socket.send({ type: "subscribe", since: 0, ...wants });
  await socket.nth("subscribed");
  return socket;
}

const said = (socket: TestSocket) => socket.of("logs").flatMap((frame: Extract<DownMessage, { type: "logs" }>) => frame.lines);

test("what an agent logs goes, as it is, to those who asked for log lines, to nobody else, and into no table", async () => {
  const world = await createWorld();
  const [asked, other, refused, silent] = [
    await watching(world),
    await watching(world, {}),
    await watching(world, { logs: false }),
    await viewer(world),
  ];
  const agent = await greeted(world);
  const hostile = line('<img src=x onerror="alert(1)"> \u001b[31mred\u001b[0m \u202egnp.exe');
  const lines = [hostile, { ...line("about the job as a whole"), intentId: null, stage: null, site: null }];
  agent.send({ type: "logs", lines });
  expect(await asked.nth("logs")).toEqual({ type: "logs", lines });
  expect([other, refused, silent, agent].map((socket) => socket.of("logs"))).toEqual([[], [], [], []]);
  expect(await rows("select * from events where data like '%onerror%'")).toEqual([]);
});

test("a new subscription may take the lines or leave them", async () => {
  const world = await createWorld();
  const socket = await watching(world);
  const agent = await greeted(world);
  agent.send({ type: "logs", lines: [line("first")] });
  await socket.nth("logs");
  await socket.subscribe(0); // without
  agent.send({ type: "logs", lines: [line("not asked for")] });
  agent.send(PING);
  await expect.poll(() => agent.pongs).toBe(1); // the room has heard it
  await submit(world);
  await expect.poll(() => socket.of("events").length).toBeGreaterThan(0);
  expect(said(socket).map(({ message }) => message)).toEqual(["first"]);
});

test("people cannot log", async () => {
  const world = await createWorld();
  const socket = await watching(world);
  socket.send({ type: "logs", lines: [line("trust me")] });
  expect(await socket.closed()).toEqual({ code: 4403, reason: "agents answer calls and log" });
});

test.each<[string, object]>([
  ["no line", { lines: [] }],
  ["more lines than a frame holds", { lines: Array.from({ length: MAX_LOG_LINES + 1 }, () => line("x")) }],
  ["a message that is too long", { lines: [line("x".repeat(MAX_LOG_CHARS + 1))] }],
  ["a level that is finer than info", { lines: [{ ...line("x"), level: "debug" }] }],
  ["a job that is none", { lines: [{ ...line("x"), jobId: "../../etc" }] }],
])("%s is no frame of the protocol", async (_name, frame) => {
  const world = await createWorld();
  const agent = await greeted(world);
  agent.send(JSON.stringify({ type: "logs", ...frame }));
  expect((await agent.closed()).code).toBe(4500);
});

test("the longest lines that the protocol allows fit", async () => {
  const world = await createWorld();
  const [asked, agent] = [await watching(world), await greeted(world)];
  const lines = Array.from({ length: MAX_LOG_LINES }, () => line("界".repeat(MAX_LOG_CHARS)));
  agent.send({ type: "logs", lines });
  expect((await asked.nth("logs")).lines).toEqual(lines);
});

test("an agent that logs without end is cut down to the rate, and its socket, its events and others' lines go on", async () => {
  const world = await createWorld();
  const [asked, noisy] = [await watching(world), await greeted(world)];
  const frames = 100; // ten times what the first moment takes
  const lines = Array.from({ length: MAX_LOG_LINES }, () => line("again"));
  const began = Date.now();
  for (let sent = 0; sent < frames; sent += 1) noisy.send({ type: "logs", lines });
  noisy.send(PING);
  await expect.poll(() => noisy.pongs).toBe(1); // all of it was heard
  const allowed = LOG_LINES_PER_SECOND * (2 + (Date.now() - began) / 1_000);
  const other = await createWorld();
  const quiet = await greeted(other);
  quiet.send({ type: "logs", lines: [line("of another agent")] });
  await expect.poll(() => said(asked).at(-1)?.message).toBe("of another agent");
  const heard = said(asked).length - 1;
  expect([heard >= 2 * LOG_LINES_PER_SECOND, heard <= allowed, heard < frames * MAX_LOG_LINES]).toEqual([true, true, true]);
  await submit(world);
  await noisy.nth("wake");
});

test("a socket that the agent has replaced, or that has not said hello, logs nothing", async () => {
  const world = await createWorld();
  const asked = await watching(world);
  const [stranger, old] = [await agentSocket(world), await greeted(world)];
  const current = await greeted(world);
  for (const [socket, message] of [
    [stranger, "who am I"],
    [old, "still here"],
    [current, "it is me"],
  ] as const) {
    socket.send({ type: "logs", lines: [line(message)] });
    socket.send(PING);
    await expect.poll(() => socket.pongs).toBe(1);
  }
  await asked.nth("logs");
  expect(said(asked).map(({ message }) => message)).toEqual(["it is me"]);
});

test("a viewer that has missed a ping gets events and no log lines, until it pings again", async () => {
  const world = await createWorld();
  const [late, fresh, agent] = [await watching(world), await watching(world), await greeted(world)];
  fresh.send(PING);
  await expect.poll(() => fresh.pongs).toBe(1);
  await runInDurableObject(room(), (instance) => {
    for (const connection of instance.getConnections<{ connectedAt: number }>())
      if (connection.state) connection.setState({ ...connection.state, connectedAt: Date.now() - 30_000 });
  });
  agent.send({ type: "logs", lines: [line("for those who keep up")] });
  await fresh.nth("logs");
  await submit(world);
  await expect.poll(() => late.of("events").length).toBeGreaterThan(0);
  expect(late.of("logs")).toEqual([]);
  late.send(PING);
  await expect.poll(() => late.pongs).toBe(1);
  agent.send({ type: "logs", lines: [line("for both")] });
  expect((await late.nth("logs")).lines.map(({ message }) => message)).toEqual(["for both"]);
});
