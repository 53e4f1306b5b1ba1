// Service level objectives of a slice, and the PromQL that measures each at a site.
import type { Requirements, ServiceType } from "../protocol/intent.ts";
import { OBJECTIVE_METRICS, type SloObjective } from "../protocol/slo.ts";
import { effectiveRequirements } from "./defaults.ts";

const WINDOW_SECONDS = 30; // long enough for several scrapes, short enough that a deployment does not wait
const MIN_SAMPLES = 3; // fewer say nothing about a window

const WINDOW = { windowSeconds: WINDOW_SECONDS, minSamples: MIN_SAMPLES, noData: "inconclusive" } as const;

/** Latency, downlink and availability always; the uplink only when the text states it. */
export function objectivesFor(serviceType: ServiceType, requirements: Requirements): SloObjective[] {
  const full = effectiveRequirements(serviceType, requirements);
  const objectives: SloObjective[] = [
    { name: "latencyP95", comparator: "lte", threshold: full.latencyMs, unit: "ms", ...WINDOW },
    { name: "throughputMin", comparator: "gte", threshold: full.downlinkMbps, unit: "Mbps", ...WINDOW },
  ];
  if (requirements.uplinkMbps !== undefined) {
    objectives.push({ name: "uplinkThroughputMin", comparator: "gte", threshold: full.uplinkMbps, unit: "Mbps", ...WINDOW });
  }
  objectives.push({ name: "availability", comparator: "gte", threshold: full.availabilityPercent, unit: "%", ...WINDOW });
  return objectives;
}

/** A label value between double quotes, escaped as PromQL wants it; names are DNS labels, so this is the second lock. */
function labelValue(value: string): string {
  return `"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** The same for all slices of a site at once, one series each: their thresholds differ, the query does not. */
export function siteQueries({ name, windowSeconds }: SloObjective, site: string): { query: string; countQuery: string } {
  const series = `${OBJECTIVE_METRICS[name]}{edge_site=${labelValue(site)}}[${windowSeconds}s]`;
  return { query: `avg_over_time(${series})`, countQuery: `count_over_time(${series})` };
}

/** The query for the value over the window and the one for how many samples it rests on. */
export function objectiveQueries(objective: SloObjective, target: { site: string; slice: string }): { query: string; countQuery: string } {
  const labels = `edge_site=${labelValue(target.site)},slice=${labelValue(target.slice)}`;
  const series = `${OBJECTIVE_METRICS[objective.name]}{${labels}}[${objective.windowSeconds}s]`;
  return { query: `avg_over_time(${series})`, countQuery: `count_over_time(${series})` };
}
