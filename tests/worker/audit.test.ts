// Who did what: one entry per command that took effect, in the batch of the effect, and none for anything else.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { AuditPage } from "../../protocol/audit.ts";
import { call, callWith, createWorld, refusal, request, rows, SENTENCE, siteConfig, submit, type World } from "./harness.ts";

const entries = () => rows("select who, action, target, request_id from audit order by seq");
const audit = async (world: World, query = "") => call("GET", `/api/v1/audit${query}`, { token: world.admin });

test("a command that takes effect leaves exactly one entry, with who, what, about what and under which request", async () => {
  const world = await createWorld();
  const sent = { token: world.operate, body: { text: SENTENCE }, headers: { "x-request-id": "req-1", "idempotency-key": "k1" } };
  const { intentId } = (await call("POST", "/api/v1/intents", sent)).body as { intentId: string };
  await call("POST", "/api/v1/intents", sent); // replayed: no second effect
  await call("PATCH", "/api/v1/sites/edge01", { token: world.admin, body: { labels: { a: "b" } }, headers: { "x-request-id": "req-2" } });
  expect(await entries()).toEqual([
    { who: "operate token", action: "POST /api/v1/intents", target: intentId, request_id: "req-1" },
    { who: "admin token", action: "PATCH /api/v1/sites/edge01", target: "edge1", request_id: "req-2" },
  ]);
});

test("reads, refusals, questions without effect and agents leave none", async () => {
  const world = await createWorld();
  await call("GET", "/api/v1/intents", { token: world.read });
  await call("POST", "/api/v1/intent", { token: world.read, body: { text: SENTENCE } });
  await call("POST", "/api/v1/ticket", { token: world.read });
  await world.agent.heartbeat();
  expect((await call("POST", "/api/v1/sites", { token: world.admin, body: siteConfig("edge1") })).status).toBe(409);
  expect((await call("POST", "/api/v1/intents", { token: world.read, body: { text: SENTENCE } })).status).toBe(403);
  expect((await call("DELETE", "/api/v1/sites/edge1", { token: world.admin })).status).toBe(409);
  expect(await entries()).toEqual([]);
});

test("the entry is in the batch of the effect: when that fails, both are missing", async () => {
  const world = await createWorld();
  const batches: number[] = [];
  const DB = new Proxy(env.DB, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "batch")
        return async (statements: D1PreparedStatement[]) => {
          batches.push(statements.length);
          return target.batch([...statements, target.prepare("insert into batch_guard (id) values (0)")]); // fails as a guard does
        };
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const body = { labels: { a: "b" } };
  const answer = await callWith({ DB }, request("PATCH", "/api/v1/sites/edge1", { token: world.admin, body }));
  expect(refusal(answer)).toEqual({ status: 409, code: "CONFLICT" });
  expect(batches).toHaveLength(1);
  expect([await entries(), await rows('select count(*) n from sites where config like \'%"a":"b"%\'')]).toEqual([[], [{ n: 0 }]]);
  await call("PATCH", "/api/v1/sites/edge1", { token: world.admin, body });
  expect(await entries()).toHaveLength(1);
});

test("administrators read the audit by who and about what, newest first, in pages", async () => {
  const world = await createWorld({ sites: 2 });
  const intentId = await submit(world);
  for (const site of ["edge1", "edge2", "edge1"])
    await call("PATCH", `/api/v1/sites/${site}`, { token: world.admin, body: { labels: {} } });
  const targets = (page: AuditPage) => page.entries.map(({ target }) => target);
  const first = (await audit(world, "?limit=3")).as(AuditPage);
  expect(targets(first)).toEqual(["edge1", "edge2", "edge1"]);
  const second = (await audit(world, `?limit=3&cursor=${first.nextCursor}`)).as(AuditPage);
  expect([targets(second), second.nextCursor]).toEqual([[intentId], null]);
  expect(targets((await audit(world, "?target=edge1")).as(AuditPage))).toEqual(["edge1", "edge1"]);
  expect(targets((await audit(world, `?who=${encodeURIComponent("operate token")}`)).as(AuditPage))).toEqual([intentId]);
  expect(refusal(await call("GET", "/api/v1/audit", { token: world.operate }))).toEqual({ status: 403, code: "FORBIDDEN" });
});

test("an enrolment token that is made is audited too", async () => {
  const world = await createWorld();
  await call("POST", "/api/v1/agents/enrolments", { token: world.admin });
  expect((await audit(world)).as(AuditPage).entries.map(({ action, target }) => [action, target])).toEqual([
    ["POST /api/v1/agents/enrolments", null],
  ]);
});
