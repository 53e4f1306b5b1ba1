// What about a backend is news that cannot wait. Figures, errors in words, and whether one that answers does so every time, are not:
// they move with every question, and go with the next heartbeat that tells all.
import type { Integration } from "../../protocol/llm.ts";

export function newsOf(integration: Integration): unknown {
  const { stats: _stats, latencyMs: _latency, lastChecked, arm: _arm, error: _error, status, breaker, ...rest } = integration;
  return { ...rest, looked: lastChecked !== null, status: status === "degraded" ? "healthy" : status, resting: breaker.state !== "closed" };
}
