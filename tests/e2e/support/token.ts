// A token of a test's own, in the D1 file of the running stack: given with scopes, and revoked. There is no route for it; a token's row is all that counts.
import { createHash, randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Stack } from "../../helpers/stack.ts";

const BUSY_MS = 10_000; // the worker has the file too

export interface OwnToken {
  secret: string;
  revoke(): void;
}

export function giveToken(stack: Stack, name: string, scopes: readonly string[]): OwnToken {
  const secret = `e2e-${randomBytes(24).toString("hex")}`;
  const hash = createHash("sha256").update(secret).digest("hex");
  const id = `tok_${randomBytes(13).toString("hex")}`;
  write(
    stack,
    "insert into tokens (hash, id, name, scopes, created_at) values (?, ?, ?, ?, ?)",
    ...[hash, id, name, JSON.stringify(scopes), Date.now()],
  );
  return { secret, revoke: () => write(stack, "update tokens set revoked_at = ? where id = ?", Date.now(), id) };
}

/** One statement that must change one row. SQLite serves several processes. */
function write(stack: Stack, sql: string, ...values: (string | number)[]): void {
  const root = join(stack.dataDir, "worker");
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".sqlite")) continue;
    const database = new DatabaseSync(join(root, name), { timeout: BUSY_MS });
    try {
      if (database.prepare("select 1 from sqlite_master where name = 'tokens'").get() === undefined) continue;
      const { changes } = database.prepare(sql).run(...values);
      if (Number(changes) !== 1) throw new Error(`${changes} rows changed by: ${sql}`);
      return;
    } finally {
      database.close();
    }
  }
  throw new Error(`no D1 store below ${root}`);
}
