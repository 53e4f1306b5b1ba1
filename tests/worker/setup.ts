// The real migrations once per file, and empty tables before every test. The numbering of events goes on, as it does in an
// installation: an announcement that a test leaves behind is old news to the room of the next one.
import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach } from "vitest";

await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
const tables = await env.DB.prepare(
  "select name from sqlite_master where type = 'table' and name not glob 'sqlite_*' and name not glob '_cf_*' and name <> 'd1_migrations'",
).all<{ name: string }>();

beforeEach(async () => {
  await env.DB.batch(tables.results.map(({ name }) => env.DB.prepare(`delete from ${name}`)));
});
