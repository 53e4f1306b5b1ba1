// Resident memory of processes, and of the worker after many requests.
import { readdirSync, readFileSync } from "node:fs";
import { call, type Target } from "../client.ts";
import type { Figure } from "../stats.ts";

const CONCURRENCY = 16;

/** MB of a process and its descendants (Linux: /proc). */
export function rssMb(pid: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // gone meanwhile
    }
  }
  const tree = [pid];
  for (const parent of tree) for (const [child, of] of parents) if (of === parent) tree.push(child);
  const kb = tree.map((id) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0));
  return kb.reduce((sum, value) => sum + value, 0) / 1024;
}

export async function underLoad(target: Target, { pid, requests }: { pid: number; requests: number }): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const round of [1, 2]) {
    let left = requests;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        while (left > 0) {
          left -= 1;
          const response = await call(target, left % 4 === 0 ? "/api/v1/intents?limit=20" : left % 4 === 1 ? "/api/v1/sites" : "/health");
          await response.arrayBuffer();
        }
      }),
    );
    const what = `worker (node + workerd) after ${round * requests} requests`;
    figures.push({ what, figure: `${rssMb(pid).toFixed(0)} MB`, target: "≤ 800 MB, flat" });
  }
  return figures;
}
