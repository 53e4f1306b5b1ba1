// Ends what one git command started, down to its helpers: git does not end `git-remote-http` with itself, and simple-git knows
// only the process it made. Linux only (/proc); elsewhere the helpers' own low-speed limit ends them.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** In the environment of a command and of all it starts; the value is the command's own. */
export const CALL_MARK = "AGENT_GIT_CALL";

const ROUNDS: readonly { signal: NodeJS.Signals; waitMs: number }[] = [
  { signal: "SIGTERM", waitMs: 0 }, // git takes its locks away, also those in a repository on this machine
  { signal: "SIGTERM", waitMs: 20 }, // who was being started meanwhile
  { signal: "SIGTERM", waitMs: 100 },
  { signal: "SIGKILL", waitMs: 500 },
];

export async function endProcesses(call: string): Promise<void> {
  for (const { signal, waitMs } of ROUNDS) {
    await delay(waitMs);
    const found = await processesOf(call);
    if (found.length === 0) return;
    for (const id of found) end(id, signal);
  }
}

async function processesOf(call: string): Promise<number[]> {
  const names = await readdir("/proc").catch(() => []);
  const ids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const mark = `${CALL_MARK}=${call}\0`;
  const marked = await Promise.all(ids.map(async (id) => (await environmentOf(id)).includes(mark)));
  return ids.filter((_, index) => marked[index] === true).map(Number);
}

// Of other users' processes and of those that are gone there is nothing to read: they are not ours.
function environmentOf(id: string): Promise<string> {
  return readFile(`/proc/${id}/environ`, "latin1").catch(() => "");
}

function end(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It ended by itself.
  }
}
