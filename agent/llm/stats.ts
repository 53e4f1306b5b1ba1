// What was asked of one backend since the agent began: how often, how fast, how much. What is not known is counted as such, never as 0.
import { type Cost, type ProviderStats, RECENT_LATENCIES, type TokenUsage } from "../../protocol/llm.ts";

const KEPT = 200; // latencies for the percentiles

export interface Measured {
  usage: TokenUsage | null;
  cost: Cost;
}

export interface Stats {
  answered(durationMs: number, measured: Measured): void;
  /** `spent`: it may have read the question before it failed. */
  failed(spent: boolean): void;
  view(): ProviderStats;
}

export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null;
}

/** The newest of a list that does not grow for ever. */
export function keep(list: number[], value: number): void {
  list.push(value);
  if (list.length > KEPT) list.shift();
}

export function createStats(): Stats {
  const latencies: number[] = [];
  const sums = { calls: 0, failures: 0, promptTokens: 0, completionTokens: 0, unknownUsage: 0, costUsd: 0, unknownCost: 0 };
  return {
    answered(durationMs, { usage, cost }) {
      sums.calls += 1;
      keep(latencies, durationMs);
      sums.promptTokens += usage?.promptTokens ?? 0;
      sums.completionTokens += usage?.completionTokens ?? 0;
      if (usage === null || usage.promptTokens === null || usage.completionTokens === null) sums.unknownUsage += 1;
      sums.costUsd += cost.usd ?? 0;
      if (cost.usd === null) sums.unknownCost += 1;
    },
    failed(spent) {
      sums.calls += 1;
      sums.failures += 1;
      if (!spent) return;
      sums.unknownUsage += 1;
      sums.unknownCost += 1;
    },
    view: () => ({
      ...sums,
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      recentMs: latencies.slice(-RECENT_LATENCIES),
    }),
  };
}
