// The whole path: from POST to intent.completed, two sites, one intent at a time.
import { awaitEnds, createIntent, type Target } from "../client.ts";
import { type Figure, ms } from "../stats.ts";

export async function wholePath(
  target: Target,
  { runner, runs, targetMs }: { runner: string; runs: number; targetMs: number },
): Promise<Figure> {
  const times: number[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const start = Date.now();
    const text = "Deploy eMBB slice on edge1 and edge2 with 20Mbps and 20ms latency";
    const [end] = await awaitEnds(target, async () => [await createIntent(target, { text })], 60_000);
    if (end?.type !== "intent.completed") throw new Error(`ended as ${end?.type}`);
    if (run > 0) times.push(Date.now() - start); // the first warms up
  }
  return { what: `whole path, 2 sites, ${runner} runner`, figure: ms(times), target: `p50 < ${targetMs} ms` };
}
