// How many intents per second POST takes while no agent works (the agent is paused by the caller).
import { createIntent, type Target } from "../client.ts";
import type { Figure } from "../stats.ts";

export async function ingest(target: Target, { count, concurrency }: { count: number; concurrency: number }): Promise<Figure> {
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < count) {
        next += 1;
        await createIntent(target, { text: `Deploy eMBB slice on edge${(next % 4) + 1} with 5 Mbps`, dryRun: true });
      }
    }),
  );
  const rate = count / ((performance.now() - start) / 1000);
  return { what: `POST /api/v1/intents, ${concurrency} at a time, ${count} in all`, figure: `${rate.toFixed(0)}/s`, target: "≥ 300/s" };
}
