// Keeps measuring the live slices of the sites this agent is to watch, apart from all jobs, and sends what was measured. It judges one
// measurement, never a state: whether an alert is due is the control centre's to say.
import { siteQueries } from "../../intent/objectives.ts";
import { judge, type ObjectiveMeasurement } from "../../intent/verdict.ts";
import { MAX_MEASURED_PER_REPORT, type MeasuredSlice, type WatchedSlice } from "../../protocol/agent.ts";
import { newId } from "../../protocol/ids.ts";
import type { Evidence, SloObjective } from "../../protocol/slo.ts";
import type { Log } from "../log.ts";
import type { EdgePort, EdgeSite } from "../ports.ts";
import { classify, pause } from "../retry.ts";
import type { Watchlist } from "../watchlist.ts";
import type { WorkerClient } from "../worker-client.ts";

const SITE_TIMEOUT_MS = 8_000; // all questions to one site; each call has a shorter bound of its own
const ASK_AGAIN_MS = 2_000; // the control centre gives no list
const SEND_ATTEMPTS = 3;
const SEND_AGAIN_MS = 1_000;

export interface AssuranceDeps {
  client: Pick<WorkerClient, "measurements">;
  watchlist: Watchlist;
  instanceId: string;
  edge: Pick<EdgePort, "site">;
  log: Log;
  now?: () => Date;
  siteTimeoutMs?: number;
}

export interface Assurance {
  /** Ends when the signal has fired and the calls it cut have returned. */
  run(signal: AbortSignal): Promise<void>;
}

export function createAssurance(deps: AssuranceDeps): Assurance {
  const { watchlist, edge, log } = deps;
  const now = deps.now ?? (() => new Date());
  const under = new Map<string, Promise<void>>(); // sites whose last round is not over

  /** How long until the next round. */
  async function round(signal: AbortSignal): Promise<number> {
    const startedAt = performance.now();
    const list = await watchlist.read(0, signal);
    if (list === null || signal.aborted) return ASK_AGAIN_MS;
    const id = newId("evt");
    const bySite = Map.groupBy(list.enabled ? list.slices.filter(isDue) : [], (slice) => slice.site);
    // Each site by itself: one that is still busy with its last round misses this one and holds up nobody.
    for (const [name, slices] of bySite) {
      const site = edge.site(name);
      if (site === undefined || under.has(name)) continue;
      const work = measureAndSend({ site, slices, round: id }, signal)
        .catch((error: unknown) => log.error({ site: name, error: String(error) }, "a round of measurements failed"))
        .finally(() => under.delete(name));
      under.set(name, work);
    }
    return Math.max(0, list.intervalSeconds * 1000 - (performance.now() - startedAt));
  }

  async function measureAndSend({ site, slices, round: id }: SiteRound, signal: AbortSignal): Promise<void> {
    const measured = await measureSite(site, slices, { signal, now, timeoutMs: deps.siteTimeoutMs ?? SITE_TIMEOUT_MS });
    for (let first = 0; first < measured.length && !signal.aborted; first += MAX_MEASURED_PER_REPORT)
      await send({ round: id, site: site.id, measured: measured.slice(first, first + MAX_MEASURED_PER_REPORT) }, signal);
  }

  /** The same round again where it is not known whether it arrived: it counts once. What cannot be sent is lost, the next is newer. */
  async function send({ site, ...sent }: { round: string; site: string; measured: MeasuredSlice[] }, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await deps.client.measurements({ instanceId: deps.instanceId, ...sent }, { signal });
      if (answer.ok || signal.aborted) return;
      const { class: kind, why } = classify(answer.error);
      if (kind !== "retryable" || attempt === SEND_ATTEMPTS)
        return log.warn({ site, error: answer.error.message }, `measurements are lost: ${why}`);
      await pause(SEND_AGAIN_MS, signal);
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) await pause(await round(signal), signal);
      await Promise.all(under.values());
    },
  };
}

interface SiteRound {
  site: EdgeSite;
  slices: WatchedSlice[];
  round: string;
}

function isDue({ busy, objectives }: WatchedSlice): boolean {
  return !busy && objectives.length > 0;
}

interface Bounds {
  signal: AbortSignal;
  now(): Date;
  timeoutMs: number;
}

/** One pair of queries per objective for all slices of the site; a site that gives no answer in time is evidence of that. */
async function measureSite(site: EdgeSite, slices: readonly WatchedSlice[], { signal, now, timeoutMs }: Bounds): Promise<MeasuredSlice[]> {
  const bound = new AbortController();
  const stop = (): void => bound.abort();
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    const asked = new Map<string, Promise<Answer>>();
    for (const objective of slices.flatMap((slice) => slice.objectives))
      if (!asked.has(keyOf(objective))) asked.set(keyOf(objective), ask(site, objective, bound.signal));
    const answers = new Map(await Promise.all([...asked].map(async ([key, answer]) => [key, await answer] as const)));
    const at = now().toISOString();
    return slices.map(({ slice, deploymentId, objectives }) => ({
      ...{ slice, site: site.id, deploymentId, at },
      evidence: objectives.flatMap((objective) => {
        const answer = answers.get(keyOf(objective));
        return answer === undefined ? [] : [evidenceOf({ objective, answer, slice, site: site.id, at })];
      }),
    }));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** What one pair of queries asks for; thresholds are each slice's own. */
function keyOf({ name, windowSeconds }: SloObjective): string {
  return `${name}/${windowSeconds}`;
}

interface Answer {
  query: string;
  of(slice: string): ObjectiveMeasurement;
}

async function ask(site: EdgeSite, objective: SloObjective, signal: AbortSignal): Promise<Answer> {
  const { query, countQuery } = siteQueries(objective, site.id);
  const measured = await site.measureSlices(query, countQuery, signal);
  if (!measured.ok) return { query, of: () => ({ error: measured.error.message }) };
  return { query, of: (slice) => measured.value.get(slice) ?? { value: null, samples: 0 } };
}

function evidenceOf({
  objective,
  answer,
  slice,
  site,
  at,
}: {
  objective: SloObjective;
  answer: Answer;
  slice: string;
  site: string;
  at: string;
}): Evidence {
  const measured = answer.of(slice);
  const { value, samples } = "error" in measured ? { value: null, samples: 0 } : measured;
  const { name, threshold, comparator, unit } = objective;
  return {
    ...{ site, objective: name, query: answer.query, samples, threshold, comparator, unit, measuredAt: at },
    value: value !== null && Number.isFinite(value) ? value : null,
    ...judge(objective, measured),
  };
}
