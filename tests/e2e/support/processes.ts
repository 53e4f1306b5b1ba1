// Processes of a running stack, seen in /proc: whose command, environment or working directory names its data directory.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Running {
  pid: number;
  command: string;
}

/** Linux only: elsewhere there is no /proc, and the answer is empty. */
export function leftBehind(dataDir: string): Running[] {
  if (process.platform !== "linux") return [];
  const found: Running[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const stat = text(`/proc/${name}/stat`);
    if (/\) [ZX] /.test(stat)) continue;
    const command = text(`/proc/${name}/cmdline`);
    if ([command, text(`/proc/${name}/environ`), folder(name)].some((part) => part.includes(dataDir)))
      found.push({ pid: Number(name), command: command.replaceAll("\0", " ").trim() });
  }
  return found;
}

/** No error when the process is gone already. */
export function signal(pid: number, name: NodeJS.Signals): void {
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
