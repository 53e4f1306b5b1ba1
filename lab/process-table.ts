// What runs on this machine, as far as a supervisor must know it: process groups and an environment mark. No signals are sent here.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessEntry {
  pid: number;
  parent: number;
  group: number;
  mark: string | null; // the entry of its environment that starts with what was asked for
}

/** Living processes (zombies are left out). `mark` is the beginning of one `NAME=value` that children inherit. */
export function listProcesses(mark: string): ProcessEntry[] {
  return process.platform === "linux" ? fromProc(mark) : fromPs(mark);
}

function fromProc(mark: string): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readOrEmpty(`/proc/${name}/stat`);
    // The command name stands in brackets and may hold spaces; the fields after it are state, ppid, pgrp.
    const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (group === undefined || state === "Z" || state === "X") continue;
    const environment = readOrEmpty(`/proc/${name}/environ`).split("\0");
    const found = environment.find((entry) => entry.startsWith(mark)) ?? null;
    entries.push({ pid: Number(name), parent: Number(parent), group: Number(group), mark: found });
  }
  return entries;
}

/** A process may end between two reads, and another user's environment is not ours to read: both count as empty. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Where there is no /proc (macOS): `-E` puts the environment behind the command. */
function fromPs(mark: string): ProcessEntry[] {
  const columns = ["-axEww", "-o", "pid=,ppid=,pgid=,state=,command="];
  const table = execFileSync("ps", columns, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const entries: ProcessEntry[] = [];
  for (const line of table.split("\n")) {
    const [, pid, parent, group, state, command = ""] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (state === undefined || state.startsWith("Z")) continue;
    const at = command.indexOf(` ${mark}`);
    const found = at < 0 ? null : (/^\S+/.exec(command.slice(at + 1))?.[0] ?? null);
    entries.push({ pid: Number(pid), parent: Number(parent), group: Number(group), mark: found });
  }
  return entries;
}
