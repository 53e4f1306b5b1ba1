// The routing: read, replaced, switched backend by backend, told to agents and to the feed, audited.
import { expect, test } from "vitest";
import { Routing } from "../../protocol/llm.ts";
import { greeted } from "../party/answerer.ts";
import { backend, listed, rules, toldOfBackends } from "./backends.ts";
import { call, createWorld, refusal, rows, type World } from "./harness.ts";

const DEFAULT = { order: ["claude", "llamafarm", "ollama", "rules"], disconnected: [], shares: [] };

const get = async (world: World) => (await call("GET", "/v1/integrations/routing", { token: world.read })).as(Routing);
const put = (world: World, body: unknown) => call("PUT", "/v1/integrations/routing", { token: world.admin, body });
const turn = (world: World, id: string, name: "connect" | "disconnect", path = "/v1/integrations") =>
  call("POST", `${path}/${id}/${name}`, { token: world.admin });

async function worldWithBackends(): Promise<World> {
  const world = await createWorld();
  await world.agent.heartbeat({ integrations: [backend("claude"), backend("ollama"), rules()] });
  return world;
}

test("without a setting the routing is the default, and every heartbeat brings it home", async () => {
  const world = await createWorld();
  expect(await get(world)).toEqual(DEFAULT);
  expect((await world.agent.heartbeat()).routing).toEqual(DEFAULT);
});

test("an administrator replaces it; the agents are woken and have it with the next heartbeat", async () => {
  const world = await worldWithBackends();
  const socket = await greeted(world.agent);
  const wanted = { order: ["ollama", "claude"], disconnected: ["llamafarm"], shares: [{ provider: "claude", percent: 20 }] };
  expect((await put(world, { ...wanted, disconnected: ["llamafarm", "llamafarm"] })).body).toEqual(wanted);
  await socket.nth("wake");
  expect(await get(world)).toEqual(wanted);
  expect((await world.agent.heartbeat()).routing).toEqual(wanted);
  expect((await listed(world)).map(({ id }) => id)).toEqual(["ollama", "claude", "rules"]);
  const by = { kind: "backend", agentId: null, status: null };
  expect((await toldOfBackends()).slice(3)).toEqual([
    { ...by, provider: "llamafarm", change: "disconnected", message: "by admin token" },
    { ...by, provider: "ollama", change: "order", message: "by admin token: ollama, claude; 20 % claude" },
  ]);
});

test("a routing that makes no sense is refused by its field", async () => {
  const world = await createWorld();
  const refused = async (body: unknown) => refusal(await put(world, body)).fields;
  expect(await refused({ order: ["ollama", "ollama"] })).toEqual(["order"]);
  expect(await refused({ disconnected: ["rules"] })).toEqual(["disconnected"]);
  const shares = [60, 50].map((percent, index) => ({ provider: `p${index}`, percent }));
  expect(await refused({ shares })).toEqual(["shares"]);
  expect(await refused({ order: ["no such thing"] })).toEqual(["order.0"]);
  expect(await refused({ more: 1 })).toEqual(["more"]);
  expect(await get(world)).toEqual(DEFAULT);
});

test("what is not given stays: an order alone takes no share away and switches nothing in", async () => {
  const world = await worldWithBackends();
  const shares = [{ provider: "claude", percent: 20 }];
  await put(world, { shares, disconnected: ["ollama"] });
  expect((await put(world, { order: ["ollama", "claude"] })).body).toEqual({
    order: ["ollama", "claude"],
    disconnected: ["ollama"],
    shares,
  });
  expect((await put(world, {})).body).toEqual({ order: ["ollama", "claude"], disconnected: ["ollama"], shares });
  expect((await put(world, { shares: [], disconnected: [] })).body).toEqual({ order: ["ollama", "claude"], disconnected: [], shares: [] });
});

test("a share of what nobody has is refused, unless it is set already and its backend has gone", async () => {
  const world = await worldWithBackends();
  const share = (provider: string) => put(world, { shares: [{ provider, percent: 20 }] });
  expect(refusal(await share("olama"))).toEqual({ status: 400, code: "VALIDATION", fields: ["shares"] });
  expect((await share("rules")).status).toBe(200);
  await share("ollama");
  await world.agent.heartbeat({ integrations: [rules()] });
  expect((await share("ollama")).body).toEqual({ ...DEFAULT, shares: [{ provider: "ollama", percent: 20 }] });
});

test("a backend is switched out and in again, each time once", async () => {
  const world = await worldWithBackends();
  const before = (await toldOfBackends()).length;
  const out = { ...DEFAULT, disconnected: ["ollama"] };
  expect((await turn(world, "ollama", "disconnect")).body).toEqual(out);
  expect((await turn(world, "ollama", "disconnect", "/api/integrations")).body).toEqual(out);
  expect((await listed(world)).map(({ id, connected }) => [id, connected])).toEqual([
    ["claude", true],
    ["ollama", false],
    ["rules", true],
  ]);
  expect((await turn(world, "ollama", "connect")).body).toEqual(DEFAULT);
  expect((await turn(world, "ollama", "connect")).body).toEqual(DEFAULT);
  expect((await toldOfBackends()).slice(before).map(({ provider, change }) => [provider, change])).toEqual([
    ["ollama", "disconnected"],
    ["ollama", "connected"],
  ]);
});

test("the rules stay: switching them out is refused, switching them in is no change", async () => {
  const world = await createWorld();
  expect(refusal(await turn(world, "rules", "disconnect"))).toEqual({ status: 409, code: "CONFLICT" });
  expect((await turn(world, "rules", "connect")).body).toEqual(DEFAULT);
});

test("what nobody has cannot be switched; what was switched out and has gone since can come back", async () => {
  const world = await worldWithBackends();
  expect(refusal(await turn(world, "vllm", "connect"))).toEqual({ status: 404, code: "NOT_FOUND" });
  expect(refusal(await turn(world, "vllm", "disconnect"))).toEqual({ status: 404, code: "NOT_FOUND" });
  await turn(world, "ollama", "disconnect");
  await world.agent.heartbeat({ integrations: [rules()] });
  expect((await turn(world, "ollama", "connect")).body).toEqual(DEFAULT);
});

test("switching many at once loses none of them", async () => {
  const world = await createWorld();
  const ids = ["a", "b", "c"];
  await world.agent.heartbeat({ integrations: ids.map((id) => backend(id)) });
  const answers = await Promise.all(ids.map((id) => turn(world, id, "disconnect")));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect([...(await get(world)).disconnected].sort()).toEqual(ids);
});

test("only administrators change it, and what took effect is in the audit", async () => {
  const world = await worldWithBackends();
  for (const token of [world.read, world.operate])
    expect(refusal(await call("PUT", "/v1/integrations/routing", { token, body: {} }))).toEqual({ status: 403, code: "FORBIDDEN" });
  expect(refusal(await call("POST", "/v1/integrations/ollama/disconnect", { token: world.operate }))).toEqual({
    status: 403,
    code: "FORBIDDEN",
  });
  await turn(world, "ollama", "disconnect");
  await turn(world, "ollama", "disconnect");
  await put(world, { order: ["ollama"] });
  expect(await rows("select who, action, target from audit order by seq")).toEqual([
    { who: "admin token", action: "POST /v1/integrations/ollama/disconnect", target: "ollama" },
    { who: "admin token", action: "PUT /v1/integrations/routing", target: "routing" },
  ]);
});
