// Ends process groups for good. A child of the supervisor leads a group of its own; workerd and git outlive a killed parent inside it.
import { setTimeout as sleep } from "node:timers/promises";
import { listProcesses } from "./process-table.ts";

const GONE_TIMEOUT_MS = 5_000; // a process in the middle of disk I/O may take this long to die of SIGKILL
const GONE_POLL_MS = 10;

/** Sends a signal to a whole group; a group that is gone already is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** EPERM on macOS: only zombies are left in the group. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}

/**
 * Kills the group and whatever carries the mark, and waits until they are gone. The mark finds processes that a child put into
 * groups of their own; the group finds those that were started with a cleared environment. Answers how many there were.
 */
export async function killTree(group: number | null, mark: string): Promise<number> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  let first: number | null = null;
  for (;;) {
    const rest = listProcesses(mark).filter((entry) => entry.pid !== process.pid && (entry.marked || entry.group === group));
    first ??= rest.length;
    if (rest.length === 0) return first;
    if (Date.now() > deadline) throw new Error(`processes ${rest.map((entry) => entry.pid).join(", ")} do not end`);
    for (const entry of rest) signalProcess(entry.pid, "SIGKILL");
    await sleep(GONE_POLL_MS);
  }
}

/** Ends what an earlier supervisor left behind: everything marked, and the groups of `leaders` that are provably ours. */
export async function reapLeftovers(leaders: number[], mark: string): Promise<number> {
  const marked = new Set(
    listProcesses(mark)
      .filter((entry) => entry.marked)
      .map((entry) => entry.group),
  );
  // A process id may have been given to a stranger since: only a group with a marked member is touched.
  let ended = 0;
  for (const group of leaders.filter((leader) => marked.has(leader))) ended += await killTree(group, mark);
  return ended + (await killTree(null, mark));
}
