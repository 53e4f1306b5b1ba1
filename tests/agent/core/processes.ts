// A job of the tests: a shell that ignores TERM, with a grandchild, so that only killing the group ends both.
import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "vitest";
import { stopReason } from "../../../agent/lease-keeper.ts";
import { runProcess } from "../../../agent/process.ts";
import { tempDir } from "./assemble.ts";

const SCRIPT = "trap '' TERM; sleep 600 & echo $$ $! > started; mv started pids; wait; wait";

/** A zombie is dead: in a container nobody may reap an orphan, and kill(pid, 0) would still find it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return !existsSync("/proc/self/stat"); // no /proc here: kill's word stands; else it has gone just now
  }
}

/** Polls for the pids that the script wrote into the folder. */
export async function readPids(dir: string): Promise<number[]> {
  const read = () => readFile(path.join(dir, "pids"), "utf8").catch(() => "");
  await expect.poll(read, { timeout: 5_000 }).toMatch(/^\d+ \d+\n$/);
  return (await read()).trim().split(" ").map(Number);
}

export function stubborn(cwd: string, signal: AbortSignal) {
  const env = { PATH: process.env.PATH ?? "" };
  return runProcess({ file: "sh", args: ["-c", SCRIPT], cwd, env, timeoutMs: 60_000, graceMs: 100, signal });
}

/** A job runner around it that remembers how it ended. */
export function stubbornJob() {
  const seen: { pids: number[]; reason: string | null; cancelled: boolean | null; endedAt: number | null } = {
    pids: [],
    reason: null,
    cancelled: null,
    endedAt: null,
  };
  return {
    seen,
    async run(_job: unknown, signal: AbortSignal): Promise<void> {
      await using temp = await tempDir();
      const done = stubborn(temp.dir, signal);
      seen.pids = await readPids(temp.dir);
      const result = await done;
      seen.reason = stopReason(signal);
      seen.cancelled = result.ok && result.value.cancelled;
      seen.endedAt = performance.now();
    },
  };
}
