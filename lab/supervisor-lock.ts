// One supervisor per DATA_DIR. The lock is SQLite's own file lock: the kernel drops it when the process dies, so none goes stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

export interface Lock {
  release(): void;
}

/** Takes the lock of `runDir`, or throws with the holder's process id. */
export function takeLock(runDir: string): Lock {
  const pidFile = join(runDir, "supervisor.pid");
  const database = new DatabaseSync(join(runDir, "supervisor.lock"), { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new Error(`another supervisor (process ${readHolder(pidFile)}) runs on ${runDir}: stop it, or choose another DATA_DIR`, {
      cause,
    });
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return { release: () => database.close() };
}

function readHolder(pidFile: string): string {
  try {
    return readFileSync(pidFile, "utf8").trim();
  } catch {
    return "unknown";
  }
}
