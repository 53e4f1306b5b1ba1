// Processes of a running stack, seen in /proc: whose environment or working directory names its data directory.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const MADE_BY_US = /\/e2e-[A-Za-z0-9]{6}$/; // as mkdtemp names it; an empty or short one would be part of everybody's environment

export interface Running {
  pid: number;
  command: string;
}

/**
 * Who was started with this data directory in the environment, or works in it; a name on a command line proves nothing.
 * Linux only: elsewhere there is no /proc, and the answer is empty.
 */
export function leftBehind(dataDir: string): Running[] {
  if (!MADE_BY_US.test(dataDir)) throw new Error(`"${dataDir}" is not a data directory of these tests`);
  if (process.platform !== "linux") return [];
  const found: Running[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!/^\d+$/.test(name) || pid <= 1 || pid === process.pid || pid === process.ppid) continue;
    if (/\) [ZX] /.test(text(`/proc/${name}/stat`))) continue;
    if (![text(`/proc/${name}/environ`), folder(name)].some((part) => part.includes(dataDir))) continue;
    found.push({ pid, command: text(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim() });
  }
  return found;
}

/** No error when the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
  if (!(Number.isInteger(pid) && pid > 1)) throw new Error(`${pid} is no process of ours`); // 0 and -1 mean groups
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function text(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return ""; // gone meanwhile, or another user's
  }
}

function folder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
