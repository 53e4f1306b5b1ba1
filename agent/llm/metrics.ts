// What the language models are asked, as Prometheus counts it. Tokens and dollars that nobody told are counted as unknown, never as 0.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { BreakerState, type Integration } from "../../protocol/llm.ts";
import type { LlmObserver } from "./service.ts";

// From a warm local model's first word to a large one's long answer.
const CALL_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 120];

export function createLlmMetrics(registry: Registry, integrations: () => Integration[]): LlmObserver {
  const registers = [registry];
  const labelNames = ["provider", "purpose"];
  const calls = new Counter({
    name: "agent_llm_calls_total",
    help: "Questions to a backend, retries included",
    labelNames: [...labelNames, "outcome"],
    registers,
  });
  const seconds = new Histogram({
    name: "agent_llm_call_duration_seconds",
    help: "Time until a backend had answered or failed",
    labelNames,
    buckets: CALL_SECONDS,
    registers,
  });
  const tokens = new Counter({
    name: "agent_llm_tokens_total",
    help: "Tokens as the backends tell them",
    labelNames: ["provider", "kind"],
    registers,
  });
  const usd = new Counter({
    name: "agent_llm_cost_usd_total",
    help: "US dollars, of the answers whose cost is known",
    labelNames: ["provider"],
    registers,
  });
  const unknown = new Counter({
    name: "agent_llm_unknown_cost_total",
    help: "Answers whose cost is not known",
    labelNames: ["provider"],
    registers,
  });
  const lookups = new Counter({
    name: "agent_llm_cache_lookups_total",
    help: "Sentences looked up in the cache",
    labelNames: ["result"],
    registers,
  });

  new Gauge({
    name: "agent_llm_breaker_state",
    help: "1 for the state that the breaker of a backend is in",
    labelNames: ["provider", "state"],
    registers,
    collect() {
      this.reset();
      for (const { id, breaker } of integrations()) {
        for (const state of BreakerState.options) this.set({ provider: id, state }, breaker.state === state ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: "agent_llm_up",
    help: "1 while a backend can be asked",
    labelNames: ["provider"],
    registers,
    collect() {
      this.reset();
      for (const { id, status } of integrations()) this.set({ provider: id }, status === "healthy" || status === "degraded" ? 1 : 0);
    },
  });

  return {
    asked({ provider, purpose, outcome, durationMs, measured }) {
      calls.inc({ provider, purpose, outcome });
      seconds.observe({ provider, purpose }, durationMs / 1_000);
      if (measured === null) return;
      const { usage, cost } = measured;
      if (usage?.promptTokens) tokens.inc({ provider, kind: "prompt" }, usage.promptTokens);
      if (usage?.completionTokens) tokens.inc({ provider, kind: "completion" }, usage.completionTokens);
      if (cost.usd === null) unknown.inc({ provider });
      else usd.inc({ provider }, cost.usd);
    },
    lookup: (hit) => lookups.inc({ result: hit ? "hit" : "miss" }),
  };
}
