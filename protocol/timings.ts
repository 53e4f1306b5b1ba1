// The timings of the agent contract. The server sends them; no agent has its own.
import type { Timings } from "./agent.ts";

export const TIMINGS: Timings = {
  heartbeatMs: 3_000,
  leaseMs: 10_000, // three missed extensions
  extendMs: 3_000,
  pollMs: 1_000, // the socket is down: polling is the only way to hear of work
  idlePollMs: 3_000, // the socket is up: only a lost wake-up or an expired lease waits for this
};

export const ASSIGNABLE_MS = 9_000; // three missed heartbeats: nothing is waiting for this agent any more
