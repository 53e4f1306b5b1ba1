// The resident memory of a process, where the system tells it (Linux). Elsewhere nothing is known, and nothing is limited by it.
import { readFileSync } from "node:fs";

/** MB; null when it cannot be told. */
export function rssMb(pid: number): number | null {
  try {
    const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kb === undefined ? null : Number(kb) / 1024;
  } catch {
    return null;
  }
}
