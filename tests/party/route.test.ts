// The way into the room: tickets, and the known hazards of partyserver, each closed.
import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { ROOM_NAME } from "../../protocol/room.ts";
import { call, createWorld, ORIGIN, refusal, rows, submit } from "../worker/harness.ts";
import { attach, connect, ticketFor, upgrade, viewer } from "./socket.ts";

const room = () => env.Room.getByName(ROOM_NAME);
const roles = () =>
  runInDurableObject(room(), (instance) => [...instance.getConnections<{ role: string }>()].map((connection) => connection.state?.role));

test("a ticket opens the socket with 101 through all middleware, and is in the store by its hash only", async () => {
  const world = await createWorld();
  const ticket = await ticketFor(world.read);
  expect(JSON.stringify(await rows("select * from tickets"))).not.toContain(ticket);
  const response = await upgrade(`ticket=${ticket}`);
  expect([response.status, response.headers.get("x-content-type-options")]).toEqual([101, "nosniff"]);
  const socket = attach(response);
  expect((await socket.subscribe(0)).type).toBe("subscribed");
  expect(await rows("select * from tickets")).toEqual([]);
});

test("a ticket works once: the second connect is closed with 4501", async () => {
  const world = await createWorld();
  const ticket = await ticketFor(world.read);
  await connect(ticket);
  expect(await (await connect(ticket)).closed()).toEqual({ code: 4501, reason: "the ticket is unknown, used or expired" });
});

test("of ten connects with one ticket at once, one gets in", async () => {
  const world = await createWorld();
  const ticket = await ticketFor(world.read);
  const sockets = await Promise.all(Array.from({ length: 10 }, () => connect(ticket)));
  await expect.poll(() => sockets.filter((socket) => socket.closeCode() === 4501)).toHaveLength(9);
  const [open, ...others] = sockets.filter((socket) => socket.closeCode() === null);
  expect([(await open?.subscribe(0))?.type, others]).toEqual(["subscribed", []]);
});

test("an expired or invented ticket is closed with 4501", async () => {
  const world = await createWorld();
  const ticket = await ticketFor(world.read);
  await rows("update tickets set expires_at = ?", Date.now() - 1);
  expect((await (await connect(ticket)).closed()).code).toBe(4501);
  expect((await (await connect("tkt_invented")).closed()).code).toBe(4501);
});

test("no ticket, or one that is far too long, is closed with 4401, which is terminal", async () => {
  expect(await attach(await upgrade("")).closed()).toEqual({ code: 4401, reason: "a ticket is needed" });
  expect((await attach(await upgrade(`ticket=${"t".repeat(201)}`)).closed()).code).toBe(4401);
});

test("without an upgrade the ticket still comes first: 401, and 400 only for a good one", async () => {
  const world = await createWorld();
  const path = `/parties/room/${ROOM_NAME}`;
  expect(refusal(await call("GET", path))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
  expect(refusal(await call("GET", `${path}?ticket=invented`))).toEqual({ status: 401, code: "UNAUTHENTICATED" });
  expect(refusal(await call("GET", `${path}?ticket=${await ticketFor(world.read)}`))).toEqual({ status: 400, code: "VALIDATION" });
});

test("a bearer token is no ticket", async () => {
  const { admin } = await createWorld();
  expect((await attach(await upgrade("", { authorization: `Bearer ${admin}` })).closed()).code).toBe(4401);
  expect((await attach(await upgrade(`ticket=${admin}`)).closed()).code).toBe(4501);
});

test("a reader gets a viewer's ticket, an operator an operator's, and nobody an agent's", async () => {
  const world = await createWorld();
  const ask = (token: string, role?: string) => call("POST", "/api/v1/ticket", { token, body: role === undefined ? {} : { role } });
  expect(refusal(await ask(world.read, "operator"))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect(refusal(await ask(world.admin, "agent"))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect(refusal(await ask(world.read, "root"))).toEqual({ status: 400, code: "VALIDATION", fields: ["role"] });
  expect((await ask(world.read)).status).toBe(200);
  expect((await ask(world.operate)).status).toBe(200);
  expect((await ask(world.admin, "viewer")).status).toBe(200);
  expect(await rows("select role from tickets order by rowid")).toEqual([{ role: "viewer" }, { role: "operator" }, { role: "viewer" }]);
  expect((await call("POST", "/api/v1/ticket", { token: world.read })).body).toEqual({
    ticket: expect.stringMatching(/^tkt_/),
    expiresInMs: 60_000,
  });
});

test.each([
  "/parties/room/other",
  "/parties/raw/main",
  "/parties/main/main",
  "/parties/Room/main",
  "/parties/room/main/x",
  "/parties/room",
])("%s leads nowhere, also with a good ticket", async (path) => {
  const world = await createWorld();
  const response = await upgrade(`ticket=${await ticketFor(world.read)}`, {}, path);
  expect([response.status, response.webSocket]).toEqual([404, null]);
  expect(await rows("select count(*) n from tickets")).toEqual([{ n: 1 }]);
});

test("a path is matched as it is: no traversal into another namespace", async () => {
  const world = await createWorld();
  for (const path of ["/parties/room/main/../../raw/x", "/parties/room/..%2fmain", "/parties//room/main"]) {
    const ticket = await ticketFor(world.read);
    const response = await exports.default.fetch(new Request(`${ORIGIN}${path}?ticket=${ticket}`, { headers: { upgrade: "websocket" } }));
    expect([path, response.status]).toEqual([path, 404]);
  }
});

test("a client chooses neither its id nor its tags", async () => {
  const world = await createWorld();
  const socket = await connect(await ticketFor(world.read), { query: "&_pk=role:agent" });
  await socket.subscribe(0);
  expect(await runInDurableObject(room(), (instance) => [...instance.getConnections("role:agent")].length)).toBe(0);
  const twin = await connect(await ticketFor(world.read), { query: "&_pk=same" });
  const other = await connect(await ticketFor(world.read), { query: "&_pk=same" });
  await Promise.all([twin.subscribe(0), other.subscribe(0)]);
  expect(await runInDurableObject(room(), (instance) => instance.getConnection("same") === undefined)).toBe(true);
});

test("headers that claim a role, a subject, a room or props are dropped", async () => {
  const world = await createWorld();
  const headers = {
    "x-principal-role": "agent",
    "X-Principal-Subject": "root",
    "x-partykit-props": btoa('{"admin":true}'),
    "x-partykit-room": "elsewhere",
    "x-partykit-namespace": "raw",
  };
  const socket = await connect(await ticketFor(world.read), { headers });
  await socket.subscribe(0);
  expect(new Set(await roles())).toEqual(new Set(["viewer"]));
  socket.send({ type: "hello", hello: world.agent.hello() });
  expect((await socket.closed()).code).toBe(4403);
});

test("props that do not even parse do not reach the room", async () => {
  const world = await createWorld();
  const socket = await connect(await ticketFor(world.read), { headers: { "x-partykit-props": "{broken" } });
  expect((await socket.subscribe(0)).type).toBe("subscribed");
});

test("a failure inside the room tells the client nothing of it: a close that it may retry, no stack", async () => {
  const world = await createWorld();
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  onTestFinished(() => log.mockRestore());
  const socket = await viewer(world);
  await submit(world);
  const { head } = await socket.subscribe(0);
  await rows("alter table events rename column data to hidden");
  socket.send({ type: "subscribe", since: head - 1 });
  const closed = await socket.closed();
  await rows("alter table events rename column hidden to data");
  expect(closed).toEqual({ code: 1011, reason: "not now" });
  expect(socket.raw.join()).not.toMatch(/error|stack/i);
});

test("the room answers no plain request, also not one that reaches it directly", async () => {
  const response = await room().fetch(`${ORIGIN}/parties/room/main`);
  expect([response.status, await response.text()]).toEqual([404, "not found"]);
});
