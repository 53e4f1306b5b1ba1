// What about a backend is news. Latencies and times of looks move all the time and are not.
import type { Integration } from "../../protocol/llm.ts";

export function newsOf({ stats: _stats, latencyMs: _latency, lastChecked: _checked, arm: _arm, breaker, ...rest }: Integration): unknown {
  return { ...rest, breaker: breaker.state };
}
