// Durable delivery: every subscriber sees every event once, in the order of seq, whatever happens to the room in between.
import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { readEvents, readHead } from "../../party/feed.ts";
import type { DurableEvent } from "../../protocol/event.ts";
import { newId } from "../../protocol/ids.ts";
import { ROOM_NAME } from "../../protocol/room.ts";
import { createWorld, rows, submit, type World } from "../worker/harness.ts";
import { type TestSocket, viewer } from "./socket.ts";

const room = () => env.Room.getByName(ROOM_NAME);
const head = () => readHead(env.DB);

/** Commits events as a worker would that dies before it announces them. */
async function commitSilently(count: number): Promise<DurableEvent[]> {
  const after = await head();
  const ids = JSON.stringify(Array.from({ length: count }, () => newId("evt")));
  await rows("insert into events (id, type, at, data) select value, 'metrics.update', 0, '{}' from json_each(?)", ids);
  return readEvents(env.DB, { after, upTo: after + count, limit: count });
}

const seqs = (socket: TestSocket) => socket.events().map((event) => event.seq);
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

async function subscribed(world: World, since?: number): Promise<TestSocket> {
  const socket = await viewer(world);
  await socket.subscribe(since ?? (await head()));
  return socket;
}

test("an event reaches the subscribers exactly as the feed has it", async () => {
  const world = await createWorld();
  const socket = await subscribed(world);
  const intentId = await submit(world);
  const { events } = await socket.nth("events");
  expect(events).toEqual(await readEvents(env.DB, { after: (await head()) - 1, upTo: await head(), limit: 1 }));
  expect(events).toMatchObject([{ type: "intent.received", intentId, stage: "input_received" }]);
});

test("a subscription replays exactly what came after `since`, and says so honestly", async () => {
  const world = await createWorld();
  const first = await commitSilently(5);
  const since = first[1]?.seq ?? 0;
  const socket = await viewer(world);
  expect(await socket.subscribe(since)).toEqual({ type: "subscribed", recovered: true, head: await head(), events: first.slice(2) });
  expect(await socket.subscribe(await head())).toEqual({ type: "subscribed", recovered: true, head: await head(), events: [] });
});

test("a `since` ahead of the head, or with pruned events behind it, is not recovered", async () => {
  const world = await createWorld();
  const events = await commitSilently(6);
  const [from, to] = [events[0]?.seq ?? 0, events[5]?.seq ?? 0];
  const lost = { type: "subscribed", recovered: false, head: to, events: [] };
  const socket = await viewer(world);
  expect(await socket.subscribe(to + 100)).toEqual(lost);
  await rows("delete from events where seq <= ?", from + 2);
  expect(await socket.subscribe(from)).toEqual(lost);
  expect(await socket.subscribe(from + 2)).toEqual({ ...lost, recovered: true, events: events.slice(3) });
  await rows("delete from events");
  expect(await socket.subscribe(from + 2)).toEqual(lost);
  expect(await socket.subscribe(to)).toEqual({ ...lost, recovered: true });
});

test("events that are missing in the middle of a replay make it not recovered", async () => {
  const world = await createWorld();
  const events = await commitSilently(6);
  const from = events[0]?.seq ?? 0;
  await rows("delete from events where seq = ?", from + 3);
  const socket = await viewer(world);
  expect(await socket.subscribe(from)).toMatchObject({ recovered: false, events: [] });
  expect(await socket.subscribe(from + 3)).toMatchObject({ recovered: true, events: events.slice(4) });
});

test("500 missed events are replayed, 501 are not", async () => {
  const world = await createWorld();
  const before = await head();
  await commitSilently(501);
  const socket = await viewer(world);
  expect(await socket.subscribe(before)).toMatchObject({ recovered: false, head: before + 501, events: [] });
  const { recovered, events } = await socket.subscribe(before + 1);
  expect([recovered, events.map((event) => event.seq)]).toEqual([true, range(before + 2, before + 501)]);
});

test("an event that is announced ahead of its predecessors waits for them: the gap is filled from D1 first", async () => {
  const world = await createWorld();
  const socket = await subscribed(world);
  const events = await commitSilently(4);
  await room().publish(events.slice(3), false);
  expect((await socket.nth("events")).events).toEqual(events);
  await room().publish(events.slice(0, 3), false); // late, and old news
  const next = await commitSilently(1);
  await room().publish(next, false);
  expect((await socket.nth("events", 2)).events).toEqual(next);
});

test("an announcement that comes twice, or in disorder, is delivered once and in order", async () => {
  const world = await createWorld();
  const socket = await subscribed(world);
  const events = await commitSilently(3);
  const [a, b, c] = events;
  if (!a || !b || !c) throw new Error("no events");
  await room().publish([c, a, b], false);
  await room().publish([a, b], false);
  await room().publish([c], false);
  await room().publish([], false);
  const last = await commitSilently(1);
  await room().publish(last, false);
  await socket.nth("events", 2);
  expect(socket.events()).toEqual([...events, ...last]);
});

test("under 50 concurrent commits every one of several sockets sees every seq once and in order", async () => {
  const world = await createWorld();
  const start = await head();
  const sockets = await Promise.all(Array.from({ length: 5 }, () => subscribed(world, start)));
  await Promise.all(Array.from({ length: 50 }, () => submit(world)));
  const end = await head();
  expect(end - start).toBe(50);
  for (const socket of sockets) {
    await expect.poll(() => socket.events().at(-1)?.seq, { timeout: 5_000 }).toBe(end);
    expect(seqs(socket)).toEqual(range(start + 1, end));
  }
});

test("a socket that joins in the middle of a stream has no hole and no double between replay and live", async () => {
  const world = await createWorld();
  const start = await head();
  const posts = Promise.all(Array.from({ length: 40 }, () => submit(world)));
  const sockets = await Promise.all(Array.from({ length: 8 }, () => subscribed(world, start)));
  await posts;
  const end = await head();
  for (const socket of sockets) {
    await expect.poll(() => socket.events().at(-1)?.seq, { timeout: 5_000 }).toBe(end);
    expect(seqs(socket)).toEqual(range(start + 1, end));
  }
});

test("an eviction keeps the sockets and their subscriptions; nothing is lost and nothing comes twice", async () => {
  const world = await createWorld();
  const start = await head();
  const sockets = [await subscribed(world, start), await subscribed(world, start)];
  await submit(world);
  for (const socket of sockets) await socket.nth("events");
  await evictDurableObject(room());
  await commitSilently(2); // while the room slept
  await submit(world);
  for (const socket of sockets) await socket.nth("events", 2);
  await evictDurableObject(room());
  await submit(world);
  const end = await head();
  for (const socket of sockets) {
    await expect.poll(() => socket.events().at(-1)?.seq).toBe(end);
    expect(seqs(socket)).toEqual(range(start + 1, end));
  }
});

test("evictions in the middle of a stream lose nothing", async () => {
  const world = await createWorld();
  const start = await head();
  const socket = await subscribed(world, start);
  for (let round = 0; round < 3; round += 1) {
    const posts = Promise.all(Array.from({ length: 10 }, () => submit(world)));
    await evictDurableObject(room()).catch(() => undefined); // it may not be running at this very moment
    await posts;
  }
  const end = await head();
  await runDurableObjectAlarm(room()); // an announcement may have died with the instance
  await expect.poll(() => socket.events().at(-1)?.seq, { timeout: 5_000 }).toBe(end);
  expect(seqs(socket)).toEqual(range(start + 1, end));
});

test("the sweep delivers an event whose announcement was lost", async () => {
  const world = await createWorld();
  const socket = await subscribed(world);
  const events = await commitSilently(3);
  expect(await runDurableObjectAlarm(room())).toBe(true);
  expect((await socket.nth("events")).events).toEqual(events);
});

test("a long gap is delivered whole, in frames of at most 500", async () => {
  const world = await createWorld();
  const socket = await subscribed(world);
  const before = await head();
  await commitSilently(1_200);
  await runDurableObjectAlarm(room());
  await socket.nth("events", 3);
  expect(socket.of("events").map((frame) => frame.events.length)).toEqual([500, 500, 200]);
  expect(seqs(socket)).toEqual(range(before + 1, before + 1_200));
});

test("who comes after a time without listeners begins at the head, and misses nothing from there on", async () => {
  const world = await createWorld();
  const gone = await subscribed(world);
  gone.close();
  await gone.closed();
  await commitSilently(2);
  const socket = await viewer(world);
  const { head: from } = await socket.subscribe(await head());
  const next = await commitSilently(1);
  await room().publish(next, false);
  await socket.nth("events");
  expect([from, socket.events()]).toEqual([(next[0]?.seq ?? 0) - 1, next]);
});

test("sockets that go away in the middle of a stream keep no event from the others", async () => {
  const world = await createWorld();
  const start = await head();
  const leaving = await Promise.all(Array.from({ length: 4 }, () => subscribed(world, start)));
  const staying = await Promise.all(Array.from({ length: 2 }, () => subscribed(world, start)));
  const posts = Promise.all(Array.from({ length: 10 }, () => submit(world)));
  for (const socket of leaving) socket.close();
  await posts;
  const end = await head();
  for (const socket of staying) {
    await expect.poll(() => socket.events().at(-1)?.seq).toBe(end);
    expect(seqs(socket)).toEqual(range(start + 1, end));
  }
});
