// The agent's own numbers for Prometheus. Values that something else already holds are read at the scrape, not copied.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Integration } from "../protocol/llm.ts";
import { createLlmMetrics } from "./llm/metrics.ts";
import type { LlmObserver } from "./llm/service.ts";

// From one git commit on a laptop to a site that takes its time.
const STAGE_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export interface MetricsSource {
  integrations: () => Integration[];
  outbox: () => { facts: number; bytes: number };
  runningJobs: () => number;
  connected: () => boolean;
  heartbeatAgeMs: () => number | null; // null before the first accepted one
}

export interface Metrics {
  registry: Registry;
  jobEnded(kind: string, outcome: string): void;
  stageEnded(stage: string, outcome: "ok" | "failed", seconds: number): void;
  llm: LlmObserver;
}

export function createMetrics(source: MetricsSource): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const jobs = new Counter({ name: "agent_jobs_total", help: "Jobs that ended here", labelNames: ["kind", "outcome"], registers });
  const stages = new Histogram({
    name: "agent_stage_duration_seconds",
    help: "Time a stage took",
    labelNames: ["stage", "outcome"],
    buckets: STAGE_SECONDS,
    registers,
  });

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  gauge("agent_outbox_facts", "Facts that the control centre has not acknowledged", () => source.outbox().facts);
  gauge("agent_outbox_bytes", "Size of the outbox on disk", () => source.outbox().bytes);
  gauge("agent_jobs_running", "Jobs that run at this moment", source.runningJobs);
  gauge("agent_socket_connected", "1 while jobs are pushed, 0 while the agent polls", () => (source.connected() ? 1 : 0));
  gauge("agent_heartbeat_age_seconds", "Time since the last accepted heartbeat; NaN before the first", () => {
    const age = source.heartbeatAgeMs();
    return age === null ? Number.NaN : age / 1000;
  });

  return {
    registry,
    jobEnded: (kind, outcome) => jobs.inc({ kind, outcome }),
    stageEnded: (stage, outcome, seconds) => stages.observe({ stage, outcome }, seconds),
    llm: createLlmMetrics(registry, source.integrations),
  };
}
