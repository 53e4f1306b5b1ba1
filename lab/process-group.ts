// Ends process groups for good. A child of the supervisor leads a group of its own; workerd and git outlive a killed parent inside it.
// Which processes those are is decided in process-choice.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { chooseTree, livingSupervisor, ownGroups } from "./process-choice.ts";
import { listProcesses } from "./process-table.ts";

const GONE_TIMEOUT_MS = 5_000; // a process in the middle of disk I/O may take this long to die of SIGKILL
const GONE_POLL_MS = 10;

/** KILL to a group whose leader we started and have not yet seen end; a group that is gone already is no error. */
export function killGroup(leader: number): void {
  if (!(Number.isInteger(leader) && leader > 1)) throw new Error(`${leader} is not a group of ours`);
  kill(-leader);
}

function kill(target: number): void {
  try {
    process.kill(target, "SIGKILL");
  } catch (error) {
    // EPERM on macOS: only zombies are left in the group.
    const gone = error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
    if (!gone) throw error;
  }
}

/**
 * Kills the group and whatever carries the mark, and waits until they are gone. The mark finds processes that a child put into
 * groups of their own; the group finds those that were started with a cleared environment. Answers how many there were.
 */
export async function killTree(group: number | null, mark: string): Promise<number> {
  const deadline = Date.now() + GONE_TIMEOUT_MS;
  let first: number | null = null;
  for (;;) {
    const rest = chooseTree(listProcesses(mark), { group, mark, self: process.pid });
    first ??= rest.length;
    if (rest.length === 0) return first;
    if (Date.now() > deadline) throw new Error(`processes ${rest.join(", ")} do not end`);
    for (const pid of rest) kill(pid);
    await sleep(GONE_POLL_MS);
  }
}

/**
 * Ends what an earlier supervisor left behind: everything marked, and the groups of `leaders` that are provably ours. Throws, and
 * ends nothing, while that supervisor lives: then somebody removed its lock, not its processes.
 */
export async function reapLeftovers(leaders: number[], mark: string): Promise<number> {
  const table = listProcesses(mark);
  const supervisor = livingSupervisor(table, mark);
  if (supervisor !== null) throw new Error(`another supervisor (process ${supervisor}) still runs here: stop it first`);
  let ended = 0;
  for (const group of ownGroups(table, leaders, mark)) ended += await killTree(group, mark);
  return ended + (await killTree(null, mark));
}
