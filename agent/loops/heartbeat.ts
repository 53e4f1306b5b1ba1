// Tells the control centre that this agent lives, apart from all work, and brings home the timings. It runs no jobs.
import { isDeepStrictEqual } from "node:util";
import type { AgentHello, HeartbeatResponse, SiteObservation, Timings } from "../../protocol/agent.ts";
import type { Lease } from "../../protocol/job.ts";
import type { Integration } from "../../protocol/llm.ts";
import type { SiteConfig } from "../../protocol/site.ts";
import { newsOf } from "../llm/news.ts";
import type { Log } from "../log.ts";
import { type Backoff, backoffMs, classify, createBell, pause } from "../retry.ts";
import type { WorkerClient } from "../worker-client.ts";

const BACKOFF = { baseMs: 250, capMs: 5_000 };
const MIN_TIMEOUT_MS = 2_000; // a slow network is not a dead one
// All observations and integrations with every tenth accepted heartbeat (30 s): a deployment also writes a site's state, and a site that is
// as before would otherwise never correct what it wrote.
const ALL_EVERY = 10;
const MIN_GAP_MS = 500; // however often it is nudged: every new job rings
const MAX_OBSERVATIONS = 200; // of one heartbeat, as the protocol has it
const MAX_OBSERVATIONS_CHARS = 400_000; // diffs of drift are long, and a body may have 1 MiB; the others follow with the next one
const MAX_MODELS_CHARS = 10_000; // of one backend
const MODELS_WHEN_MANY = 40; // with the longest names still below that
const GOODBYE_TIMEOUT_MS = 2_000; // a courtesy; the lease and the missing heartbeats say the same later

export interface HeartbeatDeps {
  client: Pick<WorkerClient, "heartbeat">;
  hello: () => AgentHello;
  sites: SiteConfig[]; // sent until one heartbeat has been accepted
  observations?: () => SiteObservation[]; // the newest of each site
  integrations?: () => Integration[]; // all, as they are now
  log: Log;
  onAlive: (response: HeartbeatResponse) => void;
  onCancel: (lease: Lease) => void; // may be called more than once
  onLost: (lease: Lease) => void;
  onFatal: (message: string) => void;
  backoff?: Backoff;
}

export interface Heartbeat {
  /** The next one goes now: there is work about sites, or news to tell. */
  nudge(): void;
  run(signal: AbortSignal): Promise<void>;
  /** Of the last accepted heartbeat; null before the first. */
  timings(): Timings | null;
  /** performance.now() of the last accepted heartbeat; null before the first. */
  lastAcceptedAt(): number | null;
}

/** Thirty backends with every model they list would be more than a body may have. */
function shortened(integration: Integration): Integration {
  const { models } = integration;
  return JSON.stringify(models).length <= MAX_MODELS_CHARS ? integration : { ...integration, models: models.slice(0, MODELS_WHEN_MANY) };
}

export function createHeartbeat(deps: HeartbeatDeps): Heartbeat {
  const { client, log } = deps;
  const backoff = deps.backoff ?? { ...BACKOFF, random: Math.random };
  let timings: Timings | null = null;
  let acceptedAt: number | null = null;
  let failures = 0;
  let accepted = 0;
  const bell = createBell();
  const told = new Map<string, SiteObservation>(); // as the last accepted heartbeats carried them
  let toldIntegrations = "";

  function newObservations(): SiteObservation[] {
    const all = deps.observations?.() ?? [];
    const news = accepted % ALL_EVERY === 0 ? all : all.filter((seen) => !isDeepStrictEqual(told.get(seen.site), seen));
    let chars = 0;
    return news.slice(0, MAX_OBSERVATIONS).filter((seen, index) => {
      chars += JSON.stringify(seen).length;
      return index === 0 || chars <= MAX_OBSERVATIONS_CHARS;
    });
  }

  /** What is new about them; how often they were asked is, how fast they are is not. */
  function newIntegrations(): { integrations?: Integration[]; gist: string } {
    const all = (deps.integrations?.() ?? []).map(shortened);
    const gist = JSON.stringify(all.map((one) => [newsOf(one), one.stats.calls, one.stats.failures]));
    return all.length > 0 && (accepted % ALL_EVERY === 0 || gist !== toldIntegrations) ? { integrations: all, gist } : { gist };
  }

  /** How long to wait for the next one; null ends the loop. */
  async function beat(signal: AbortSignal): Promise<number | null> {
    const hello = deps.hello();
    const sites = acceptedAt === null ? { sites: deps.sites } : {};
    const observations = newObservations();
    const { gist, ...integrations } = newIntegrations();
    // A hung call must not cost more than one beat.
    const limit = timings === null ? {} : { timeoutMs: Math.max(timings.heartbeatMs, MIN_TIMEOUT_MS) };
    const seen = observations.length > 0 ? { observations } : {};
    const answer = await client.heartbeat({ hello, ...sites, ...seen, ...integrations }, { signal, ...limit });
    if (signal.aborted) return null;
    if (answer.ok) {
      if (failures > 0 || acceptedAt === null) log.info({ serverTime: answer.value.serverTime }, "the control centre answers");
      failures = 0;
      accepted += 1;
      for (const one of observations) told.set(one.site, one);
      toldIntegrations = gist;
      acceptedAt = performance.now();
      timings = answer.value.timings;
      deps.onAlive(answer.value);
      tell(hello.inflight, answer.value);
      return timings.heartbeatMs;
    }
    const { class: kind, why } = classify(answer.error);
    if (kind === "fatal") {
      deps.onFatal(`${why} (${answer.error.message})`);
      return null;
    }
    if (kind === "bug") log.error({ error: answer.error.message }, `the heartbeat is refused: ${why}`);
    else if (failures === 0) log.warn({ error: answer.error.message }, `no heartbeat: ${why}`);
    const waitMs = backoffMs(failures, backoff);
    failures += 1;
    return timings === null ? waitMs : Math.min(waitMs, timings.heartbeatMs);
  }

  // The answer names jobs; only the leases that this very heartbeat carried are meant, not a later attempt of the same job.
  function tell(sent: Lease[], { cancel, lost }: HeartbeatResponse): void {
    for (const lease of sent) {
      if (lost.includes(lease.jobId)) deps.onLost(lease);
      else if (cancel.includes(lease.jobId)) deps.onCancel(lease);
    }
  }

  return {
    nudge: bell.ring,
    timings: () => timings,
    lastAcceptedAt: () => acceptedAt,
    async run(signal) {
      while (!signal.aborted) {
        const waitMs = await beat(signal);
        if (waitMs === null) break;
        if (failures > 0) await pause(waitMs, signal);
        else {
          await pause(Math.min(MIN_GAP_MS, waitMs), signal);
          await bell.wait(Math.max(0, waitMs - MIN_GAP_MS), signal);
        }
      }
      if (!signal.aborted || acceptedAt === null) return;
      await client.heartbeat({ hello: deps.hello(), stopping: true }, { timeoutMs: GOODBYE_TIMEOUT_MS });
    },
  };
}
