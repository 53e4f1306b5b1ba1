// The standard 5QI of a slice: chosen from TS 23.501 table 5.7.4-1 by service type and latency.
import type { ServiceType } from "../protocol/intent.ts";

interface Row {
  fiveQi: number;
  packetDelayBudgetMs: number;
}

/** Per type, from the loosest budget to the tightest. The delay-critical rows (82-86) are the only ones below 10 ms. */
const ROWS: Record<ServiceType, readonly Row[]> = {
  eMBB: [
    { fiveQi: 9, packetDelayBudgetMs: 300 }, // buffered video, default bearer
    { fiveQi: 7, packetDelayBudgetMs: 100 }, // live video, voice
    { fiveQi: 80, packetDelayBudgetMs: 10 }, // low-latency eMBB, augmented reality
    { fiveQi: 86, packetDelayBudgetMs: 5 },
  ],
  URLLC: [
    { fiveQi: 84, packetDelayBudgetMs: 30 }, // intelligent transport
    { fiveQi: 82, packetDelayBudgetMs: 10 }, // discrete automation
    { fiveQi: 85, packetDelayBudgetMs: 5 }, // high-voltage distribution, remote driving
  ],
  mMTC: [
    { fiveQi: 9, packetDelayBudgetMs: 300 },
    { fiveQi: 7, packetDelayBudgetMs: 100 },
    { fiveQi: 80, packetDelayBudgetMs: 10 },
    { fiveQi: 85, packetDelayBudgetMs: 5 },
  ],
};

/** The smallest packet delay budget of any standard 5QI, in ms: no standard flow promises less. */
export const LOWEST_FEASIBLE_LATENCY_MS = 5;

/** The loosest standard 5QI of the type whose packet delay budget is within the latency; `undefined` when there is none. */
export function chooseFiveQi(serviceType: ServiceType, latencyMs: number): number | undefined {
  return ROWS[serviceType].find((row) => row.packetDelayBudgetMs <= latencyMs)?.fiveQi;
}
