// Applies drizzle/migrations to a D1 database, in order and once each, in the table that `wrangler d1 migrations` keeps as well.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "./seed.ts";

/** The part of D1 that is needed; miniflare's own type carries the whole of workers-types. */
export interface Database {
  prepare(sql: string): Prepared;
  batch(statements: Prepared[]): Promise<unknown>;
}

interface Prepared {
  bind(...values: unknown[]): Prepared;
  all(): Promise<{ results: Record<string, unknown>[] }>;
}

/** The layout of wrangler's own table: what one of the two applied, the other skips. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`;
const BREAKPOINT = "--> statement-breakpoint"; // drizzle-kit's separator

/** Answers the names of what was applied now. A migration is one batch: it is there as a whole or not at all. */
export async function applyMigrations(database: Database, folder: string): Promise<string[]> {
  await database.batch([database.prepare(MIGRATIONS_TABLE)]);
  const { results } = await database.prepare("SELECT name FROM d1_migrations").all();
  const done = new Set(results.map((row) => row.name));
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const pending = names.filter((name) => !done.has(name));
  for (const name of pending) {
    const statements = readFileSync(join(folder, name), "utf8").split(BREAKPOINT).filter(hasSql);
    try {
      await database.batch([
        ...statements.map((sql) => database.prepare(sql)),
        database.prepare("INSERT INTO d1_migrations (name) VALUES (?1)").bind(name),
      ]);
    } catch (cause) {
      throw new Error(`migration ${name} failed and left nothing behind: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    }
  }
  return pending;
}

export async function runStatements(database: Database, statements: Statement[]): Promise<void> {
  if (statements.length === 0) return;
  await database.batch(statements.map(({ sql, params }) => database.prepare(sql).bind(...params)));
}

function hasSql(text: string): boolean {
  return text.replaceAll(/--.*$/gm, "").trim() !== "";
}
