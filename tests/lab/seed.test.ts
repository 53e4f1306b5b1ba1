import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { readOrMakeAdminToken, readOrMakeAgentCredential } from "../../lab/secrets.ts";
import { adminSeed, agentSeed, hashToken, type Statement, toSql } from "../../lab/seed.ts";
import { AgentId } from "../../protocol/ids.ts";

const MIGRATIONS = join(import.meta.dirname, "../../drizzle/migrations");
const TOKEN = "an-admin-token-of-some-length";

function emptyStore(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  onTestFinished(() => database.close());
  for (const name of readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith(".sql"))
    .sort()) {
    database.exec(readFileSync(join(MIGRATIONS, name), "utf8"));
  }
  return database;
}

function run(database: DatabaseSync, statements: Statement[]): void {
  for (const { sql, params } of statements) database.prepare(sql).run(...params);
}

function dataDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "seed-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("the admin's token is kept as a hash with the scopes of an admin, once, however often the system starts", () => {
  const store = emptyStore();
  run(store, adminSeed(TOKEN, 1));
  run(store, adminSeed(TOKEN, 2));
  expect(store.prepare("SELECT hash, name, scopes, agent_id, created_at, expires_at, revoked_at FROM tokens").all()).toEqual([
    {
      hash: hashToken(TOKEN),
      name: "admin",
      scopes: '["read","operate","admin"]',
      agent_id: null,
      created_at: 1,
      expires_at: null,
      revoked_at: null,
    },
  ]);
});

test("another ADMIN_TOKEN takes the place of the first", () => {
  const store = emptyStore();
  run(store, adminSeed(TOKEN, 1));
  run(store, adminSeed(`${TOKEN}-2`, 2));
  expect(store.prepare("SELECT hash FROM tokens").all()).toEqual([{ hash: hashToken(`${TOKEN}-2`) }]);
});

test("a revoked token stays revoked over a restart, and its successor is good", () => {
  const store = emptyStore();
  const revokedAt = () => store.prepare("SELECT revoked_at FROM tokens").all();
  run(store, adminSeed(TOKEN, 1));
  store.exec("UPDATE tokens SET revoked_at = 5");
  run(store, adminSeed(TOKEN, 6));
  expect(revokedAt()).toEqual([{ revoked_at: 5 }]);
  run(store, adminSeed(`${TOKEN}-2`, 7));
  expect(revokedAt()).toEqual([{ revoked_at: null }]);
});

test("the local agent is known with its credential, and a restart keeps what it has reported", () => {
  const store = emptyStore();
  const agent = { agentId: "agt_00000000000000000000000001", credential: "agc_secret" };
  run(store, agentSeed(agent, 1));
  store.exec("UPDATE agents SET slots = 4");
  run(store, agentSeed(agent, 2));
  expect(store.prepare("SELECT id, name, slots, created_at FROM agents").all()).toEqual([
    { id: agent.agentId, name: "local", slots: 4, created_at: 1 },
  ]);
  expect(store.prepare("SELECT hash, scopes, agent_id FROM tokens").all()).toEqual([
    { hash: hashToken("agc_secret"), scopes: '["agent"]', agent_id: agent.agentId },
  ]);
});

test("as SQL text the statements do the same", () => {
  const [bound, written] = [emptyStore(), emptyStore()];
  const statements = [...adminSeed(TOKEN, 1), ...agentSeed({ agentId: "agt_00000000000000000000000001", credential: "it's" }, 1)];
  run(bound, statements);
  written.exec(statements.map(toSql).join("\n"));
  const tokens = (store: DatabaseSync) => store.prepare("SELECT * FROM tokens ORDER BY id").all();
  expect(tokens(written)).toEqual(tokens(bound));
});

test("secrets are made once and only their owner can read them", () => {
  const folder = dataDir();
  const token = readOrMakeAdminToken(folder);
  const agent = readOrMakeAgentCredential(folder);
  expect(readOrMakeAdminToken(folder)).toBe(token);
  expect(readOrMakeAgentCredential(folder)).toEqual(agent);
  expect(AgentId.safeParse(agent.agentId).success).toBe(true);
  const modes = [join(folder, "admin-token"), agent.file].map((file) => (statSync(file).mode & 0o777).toString(8));
  expect(modes).toEqual(["600", "600"]);
});

test("a broken credential file is named, and what it holds is not", () => {
  const folder = dataDir();
  const { file } = readOrMakeAgentCredential(folder);
  writeFileSync(file, '{"agentId":"agt_x","secret":"hidden"}');
  expect(() => readOrMakeAgentCredential(folder)).toThrow(/credential\.json does not hold an agent's credential/);
  expect(() => readOrMakeAgentCredential(folder)).not.toThrow(/hidden/);
});
