// The samples a site has taken of its slices: a bounded ring per slice, as a monitoring server's memory of them.
import { OBJECTIVE_METRICS } from "../../protocol/slo.ts";
import type { Delivered } from "./load.ts";

/** Samples kept per slice: two minutes at ten per second. A longer query window sees only these. */
const RING = 1_200;

const COLUMN: Record<string, keyof Delivered> = {
  [OBJECTIVE_METRICS.latencyP95]: "latencyMs",
  [OBJECTIVE_METRICS.throughputMin]: "downlinkMbps",
  [OBJECTIVE_METRICS.uplinkThroughputMin]: "uplinkMbps",
  [OBJECTIVE_METRICS.availability]: "availabilityPercent",
};

export const METRIC_NAMES: readonly string[] = Object.keys(COLUMN);

export interface Sample {
  at: number; // ms since the epoch
  value: number;
}

interface Ring {
  release: string; // the slice's digest: another release is another series, as its pods would be
  entries: { at: number; delivered: Delivered }[];
  next: number;
}

export interface SampleStore {
  add(slice: string, sample: { release: string; at: number; delivered: Delivered }): void;
  /** Forgets every slice that is not named. */
  keepOnly(slices: ReadonlySet<string>): void;
  slices(): string[];
  /** Oldest first; `from` is exclusive, `to` inclusive. */
  range(slice: string, metric: string, window: { from: number; to: number }): Sample[];
}

export function createSampleStore(): SampleStore {
  const rings = new Map<string, Ring>();
  return {
    add(slice, sample) {
      let ring = rings.get(slice);
      if (ring === undefined || ring.release !== sample.release) {
        ring = { release: sample.release, entries: [], next: 0 };
        rings.set(slice, ring);
      }
      ring.entries[ring.next] = { at: sample.at, delivered: sample.delivered };
      ring.next = (ring.next + 1) % RING;
    },
    keepOnly(slices) {
      for (const slice of rings.keys()) if (!slices.has(slice)) rings.delete(slice);
    },
    slices: () => [...rings.keys()].sort(),
    range(slice, metric, window) {
      const ring = rings.get(slice);
      const column = Object.hasOwn(COLUMN, metric) ? COLUMN[metric] : undefined;
      if (ring === undefined || column === undefined) return [];
      const { entries, next } = ring;
      const found: Sample[] = [];
      // Backwards from the newest, so that a short window costs little.
      for (let i = 1; i <= entries.length; i += 1) {
        const entry = entries[(next - i + entries.length) % entries.length];
        if (entry === undefined || entry.at <= window.from) break;
        const value = entry.delivered[column];
        if (entry.at <= window.to && value !== null) found.push({ at: entry.at, value });
      }
      return found.reverse();
    },
  };
}
