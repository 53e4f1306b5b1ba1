// Calls through the room: who is asked, how answers come back, and how every call ends exactly once.
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { type CallRequest, KEPT_CALLS, MAX_CALL_CHARS, MAX_CALLS_PER_AGENT } from "../../protocol/call.ts";
import { newId } from "../../protocol/ids.ts";
import { MAX_AGENT_FRAME_BYTES, MAX_FRAME_BYTES } from "../../protocol/room.ts";
import { createAgent, createWorld } from "../worker/harness.ts";
import { CHAT, CHAT_END, greeted, sendText } from "./answerer.ts";
import { answersStill, ask, end, failure, room, said } from "./asking.ts";
import { agentSocket, viewer } from "./socket.ts";

test("an agent that has said hello is asked, and its answer comes back piece by piece with one end", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, events, over } = await ask({ timeoutMs: 9_000 });
  expect(await socket.nth("call")).toEqual({ type: "call", callId, timeoutMs: 9_000, request: CHAT });
  socket.send({ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "Hel" } });
  await expect.poll(() => events).toEqual([said("Hel")]); // at once, not when all is there
  socket.send({ type: "call.chunk", callId, index: 1, chunk: { kind: "text", text: "lo 世界" } });
  socket.send({ type: "call.end", callId, result: CHAT_END });
  socket.send({ type: "call.end", callId, result: CHAT_END }); // too late to count
  expect(await over).toEqual([said("Hel"), said("lo 世界"), end(agent.id)]);
  expect(socket.closeCode()).toBeNull();
});

test("nobody there, no hello yet, or another agent than the wanted one: NO_AGENT at once", async () => {
  const world = await createWorld();
  expect(await (await ask()).over).toEqual([failure("NO_AGENT", null)]);
  await agentSocket(world);
  await viewer(world);
  expect(await (await ask()).over).toEqual([failure("NO_AGENT", null)]);
  await greeted(world.agent);
  expect(await (await ask({ agentIds: [newId("agt")] })).over).toEqual([failure("NO_AGENT", null)]);
});

test("the agent with the fewest open calls is asked, or one of those that are named", async () => {
  const [one, two] = [await createAgent({ sites: [] }), await createAgent({ sites: [] })];
  const [first, second] = [await greeted(one), await greeted(two)];
  const open = [await ask(), await ask(), await ask(), await ask()];
  await expect.poll(() => [first.of("call").length, second.of("call").length]).toEqual([2, 2]);
  await ask({ agentIds: [two.id] });
  await expect.poll(() => [first.of("call").length, second.of("call").length]).toEqual([2, 3]);
  const done = open.filter(({ callId }) => second.of("call").some((call) => call.callId === callId));
  for (const { callId } of done) second.send({ type: "call.end", callId, result: CHAT_END });
  for (const { over } of done) expect(await over).toEqual([end(two.id)]);
  await ask();
  await expect.poll(() => [first.of("call").length, second.of("call").length]).toEqual([2, 4]);
});

const DISCOVER: CallRequest = { kind: "discover" };

test(`${KEPT_CALLS} of ${MAX_CALLS_PER_AGENT} calls are kept for short ones; one more is BUSY, until one ends`, async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const [first] = await Promise.all(Array.from({ length: MAX_CALLS_PER_AGENT - KEPT_CALLS }, () => ask()));
  expect(await (await ask()).over).toEqual([failure("BUSY", null)]);
  await Promise.all(Array.from({ length: KEPT_CALLS }, () => ask({}, DISCOVER)));
  await socket.nth("call", MAX_CALLS_PER_AGENT);
  expect(await (await ask({}, DISCOVER)).over).toEqual([failure("BUSY", null)]);
  socket.send({ type: "call.end", callId: first?.callId ?? "", result: CHAT_END });
  await first?.over;
  const { over, callId } = await ask();
  socket.send({ type: "call.end", callId, result: CHAT_END });
  expect(await over).toEqual([end(agent.id)]);
});

test("the agent's own failure ends the call as it told it", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, over } = await ask();
  const attempts = [{ provider: "ollama", outcome: "timeout" as const, message: "no first token", durationMs: 60_000 }];
  const told = { code: "PROVIDER_FAILED" as const, message: "all have failed", attempts };
  socket.send({ type: "call.failed", callId, failure: told });
  expect(await over).toEqual([{ type: "failed", failure: told, agentId: agent.id }]);
});

test("a missing piece fails the call and stops the agent", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, over } = await ask();
  socket.send({ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "a" } });
  socket.send({ type: "call.chunk", callId, index: 2, chunk: { kind: "text", text: "c" } });
  expect(await over).toEqual([said("a"), failure("INVALID", agent.id)]);
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
});

test("a piece that does not fit fails its call alone: the socket stays, and the others on it go on", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const [spoiled, kept] = [await ask(), await ask()];
  const chunk = { kind: "embedding", index: 0, vector: "A".repeat(100_000) };
  socket.send(JSON.stringify({ type: "call.chunk", callId: spoiled.callId, index: 0, chunk }));
  expect(await spoiled.over).toEqual([failure("INVALID", agent.id)]);
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId: spoiled.callId });
  socket.send({ type: "call.end", callId: kept.callId, result: CHAT_END });
  expect([await kept.over, socket.closeCode()]).toEqual([[end(agent.id)], null]);
});

test("only of the socket that was asked, and only of an agent, is such a piece an answer", async () => {
  const world = await createWorld();
  const [asked, other] = [await greeted(world.agent), await greeted(await createAgent({ sites: [] }))];
  const { callId, over } = await ask({ agentIds: [world.agent.id] });
  const person = await viewer(world);
  for (const socket of [other, person]) socket.send(JSON.stringify({ type: "call.end", callId, result: {} }));
  expect((await person.closed()).code).toBe(4500);
  await answersStill(other);
  asked.send({ type: "call.end", callId, result: CHAT_END });
  expect(await over).toEqual([end(world.agent.id)]);
});

test(`an answer longer than ${MAX_CALL_CHARS} characters is cut off as a failure`, async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, over } = await ask();
  const piece = "x".repeat(50_000);
  sendText(
    socket,
    callId,
    Array.from({ length: MAX_CALL_CHARS / piece.length + 1 }, () => piece),
  );
  const events = await over;
  expect(events.slice(0, -1)).toEqual(Array.from({ length: MAX_CALL_CHARS / piece.length }, () => said(piece)));
  expect(events.at(-1)).toEqual(failure("INVALID", agent.id));
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
});

test("a call without an end in time is a TIMEOUT, and the agent is stopped", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, over } = await ask({ timeoutMs: 50 });
  expect(await over).toEqual([failure("TIMEOUT", agent.id)]);
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
  socket.send({ type: "call.end", callId, result: CHAT_END }); // crossed the cancel: nothing happens
  await answersStill(socket, agent.id);
});

test("an agent whose socket closes loses its calls, and only those", async () => {
  const [one, two] = [await createAgent({ sites: [] }), await createAgent({ sites: [] })];
  const [first, second] = [await greeted(one), await greeted(two)];
  const [lost, kept] = [await ask({ agentIds: [one.id] }), await ask({ agentIds: [two.id] })];
  await first.nth("call");
  first.send({ type: "call.chunk", callId: lost.callId, index: 0, chunk: { kind: "text", text: "half" } });
  await expect.poll(() => lost.events.length).toBe(1);
  first.close();
  expect(await lost.over).toEqual([said("half"), failure("LOST", one.id)]);
  second.send({ type: "call.end", callId: kept.callId, result: CHAT_END });
  expect(await kept.over).toEqual([end(two.id)]);
});

test("an agent that the sweep finds dead loses its calls", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { over } = await ask();
  await socket.nth("call");
  await runInDurableObject(room(), (instance) => {
    for (const connection of instance.getConnections<{ connectedAt: number }>())
      if (connection.state) connection.setState({ ...connection.state, connectedAt: Date.now() - 60_000 });
  });
  await runDurableObjectAlarm(room());
  expect(await over).toEqual([failure("LOST", agent.id)]);
});

test("a cancelled call stops the agent at once and ends", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, over } = await ask();
  await socket.nth("call");
  await room().cancelCall(callId);
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
  expect(await over).toEqual([failure("CANCELLED", agent.id)]);
  await room().cancelCall(callId); // again, and of what never was
  await room().cancelCall(newId("call"));
});

test("a reader that goes away without a word is found out by the next empty line", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { callId, reader } = await ask();
  await socket.nth("call");
  await reader.cancel();
  expect(await socket.nth("call.cancel")).toEqual({ type: "call.cancel", callId });
});

test("an agent that connects anew is asked on its new socket; what the old one owes is lost", async () => {
  const { agent } = await createWorld();
  const old = await greeted(agent);
  const { over, callId } = await ask();
  await old.nth("call");
  const socket = await greeted(agent);
  expect(await over).toEqual([failure("LOST", agent.id)]);
  old.send({ type: "call.end", callId, result: CHAT_END }); // nothing to answer any more
  await answersStill(socket, agent.id);
  expect(old.of("call").length).toBe(1);
});

test("an older process of the same agent does not take the place of the newer one", async () => {
  const { agent } = await createWorld();
  const newer = await greeted(agent.restarted());
  await greeted(agent);
  const calls = [await ask(), await ask()];
  expect((await newer.nth("call")).callId).toBe(calls[0]?.callId);
});

test("only the socket that was asked can answer, and only an agent may try", async () => {
  const world = await createWorld();
  const [asked, other] = [await greeted(world.agent), await greeted(await createAgent({ sites: [] }))];
  const { callId, over } = await ask({ agentIds: [world.agent.id] });
  other.send({ type: "call.end", callId, result: { kind: "discover" } });
  await answersStill(other);
  asked.send({ type: "call.end", callId, result: CHAT_END });
  expect(await over).toEqual([end(world.agent.id)]);
  const person = await viewer(world);
  person.send({ type: "call.end", callId, result: CHAT_END });
  expect(await person.closed()).toEqual({ code: 4403, reason: "agents answer calls and log" });
});

test("an agent may send long frames, a person may not, and neither may send longer ones", async () => {
  const world = await createWorld();
  const socket = await greeted(world.agent);
  const { callId, over } = await ask();
  const long = "界".repeat(MAX_FRAME_BYTES); // three bytes each
  socket.send({ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: long } });
  socket.send({ type: "call.end", callId, result: CHAT_END });
  expect(await over).toEqual([said(long), end(world.agent.id)]);
  const person = await viewer(world);
  person.send(`{"type":"subscribe","since":0${" ".repeat(MAX_FRAME_BYTES)}}`);
  expect((await person.closed()).code).toBe(4500);
  socket.send(`{"type":"subscribe","since":0${" ".repeat(MAX_AGENT_FRAME_BYTES)}}`);
  expect((await socket.closed()).code).toBe(4500);
});

test("a question that does not fit a frame is refused before anybody is asked", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const messages = [1, 2, 3].map(() => ({ role: "user" as const, content: "界".repeat(150_000) }));
  expect(await (await ask({}, { ...CHAT, messages } as CallRequest)).over).toEqual([failure("INVALID", agent.id)]);
  expect(socket.of("call")).toEqual([]);
});

test("after an eviction the room still knows who can be asked", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  await evictDurableObject(room());
  await answersStill(socket, agent.id);
});

test("a room that breaks down cuts the stream without an end", async () => {
  const { agent } = await createWorld();
  const socket = await greeted(agent);
  const { events, over, callId } = await ask();
  socket.send({ type: "call.chunk", callId, index: 0, chunk: { kind: "text", text: "half" } });
  await expect.poll(() => events).toEqual([said("half")]);
  await runInDurableObject(room(), (_instance, state) => state.abort("broken by the test")).catch(() => undefined);
  await expect(over).rejects.toThrow();
  expect(events).toEqual([said("half")]);
  await answersStill(await greeted(agent), agent.id);
});
