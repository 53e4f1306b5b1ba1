import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { expect, onTestFinished, test } from "vitest";
import { applyMigrations, type Database } from "../../lab/migrations.ts";

async function emptyD1(): Promise<Database> {
  const worker = { name: "w", modules: true, script: "export default {}", compatibilityDate: "2026-10-20", d1Databases: ["DB"] };
  const miniflare = new Miniflare(convertV4MiniflareOptions({ cf: false, workers: [worker] }));
  onTestFinished(() => miniflare.dispose());
  return miniflare.getD1Database("DB", "w");
}

function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}

const CREATE = "CREATE TABLE a (id INTEGER);\n--> statement-breakpoint\nCREATE TABLE b (id INTEGER);";

test("migrations are applied in order and once each, under the names that wrangler would use", async () => {
  const database = await emptyD1();
  const folder = folderWith({ "0001_fill.sql": "INSERT INTO b VALUES (1);", "0000_create.sql": CREATE });
  expect(await applyMigrations(database, folder)).toEqual(["0000_create.sql", "0001_fill.sql"]);
  expect(await applyMigrations(database, folder)).toEqual([]);
  const { results } = await database.prepare("SELECT name FROM d1_migrations ORDER BY id").all();
  expect(results).toEqual([{ name: "0000_create.sql" }, { name: "0001_fill.sql" }]);
});

test("a migration that fails is named, leaves nothing behind, and the ones before it stay", async () => {
  const database = await emptyD1();
  const folder = folderWith({
    "0000_create.sql": CREATE,
    "0001_broken.sql": "INSERT INTO a VALUES (1);\n--> statement-breakpoint\nINSERT INTO missing VALUES (1);",
  });
  await expect(applyMigrations(database, folder)).rejects.toThrow(/^migration 0001_broken.sql failed and left nothing behind: .*missing/);
  const { results } = await database
    .prepare("SELECT (SELECT count(*) FROM a) AS rows, (SELECT count(*) FROM d1_migrations) AS applied")
    .all();
  expect(results).toEqual([{ rows: 0, applied: 1 }]);
});
