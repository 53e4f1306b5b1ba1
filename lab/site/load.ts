// What a slice of a site would deliver: from its Capacity, its slice-intent and the load of the site to numbers. Pure and deterministic.
import type { SiteCapacity } from "../../protocol/site.ts";
import type { SloFault } from "../faults.ts";
import { isRecord } from "./manifest.ts";
import type { SiteSlice } from "./packages.ts";

/** What a slice asks for; 0 Mbps is "nothing stated". */
export interface Demand {
  downlinkMbps: number;
  uplinkMbps: number;
  latencyMs: number;
}

/** Values by objective metric name; what a slice does not state has no value. */
export interface Delivered {
  latencyMs: number;
  downlinkMbps: number | null;
  uplinkMbps: number | null;
  availabilityPercent: number;
}

const DEFAULT_LATENCY_MS = 20; // a slice that states none
const IDLE_SHARE = 0.5; // of the requested latency, on an empty site
const FULL_SHARE = 0.9; // on a site whose user plane is full; beyond that the latency grows with the overload
const HEADROOM = 1.03; // above the guaranteed throughput while there is room
const JITTER = 0.02; // either way; small enough never to turn a pass into a failure
const MULTIPLIERS: Record<string, number> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};
const MAX_DEPTH = 12; // of the search in slice-intent.yaml

/** A Kubernetes quantity of bits per second ("200M", "5G", 1000000) in Mbps; null when it is none. */
export function quantityMbps(value: unknown): number | null {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(String(value ?? ""));
  if (match === null) return null;
  return (Number(match[1]) * (MULTIPLIERS[match[2] ?? ""] ?? 1)) / 1e6;
}

/** The first number under the key `dLLatency` (TS 28.541 ServiceProfile, in ms) anywhere in the object. */
function findLatency(value: unknown, depth: number): number | null {
  if (depth > MAX_DEPTH || typeof value !== "object" || value === null) return null;
  if (isRecord(value) && typeof value.dLLatency === "number" && value.dLLatency > 0) return value.dLLatency;
  for (const inner of Object.values(value)) {
    const found = findLatency(inner, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

export function demandOf(slice: SiteSlice): Demand {
  const demand: Demand = { downlinkMbps: 0, uplinkMbps: 0, latencyMs: findLatency(slice.intent, 0) ?? DEFAULT_LATENCY_MS };
  for (const manifest of slice.manifests) {
    const spec = manifest.kind === "Capacity" ? manifest.object.spec : null;
    if (!isRecord(spec)) continue;
    demand.downlinkMbps = Math.max(demand.downlinkMbps, quantityMbps(spec.maxDownlinkThroughput) ?? 0);
    demand.uplinkMbps = Math.max(demand.uplinkMbps, quantityMbps(spec.maxUplinkThroughput) ?? 0);
  }
  return demand;
}

export function totalDemand(demands: Iterable<Demand>): { downlinkMbps: number; uplinkMbps: number } {
  const total = { downlinkMbps: 0, uplinkMbps: 0 };
  for (const demand of demands) {
    total.downlinkMbps += demand.downlinkMbps;
    total.uplinkMbps += demand.uplinkMbps;
  }
  return total;
}

/** From -1 to 1, the same for the same name and tick. */
function noise(name: string, tick: number): number {
  let hash = 2166136261 ^ tick;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16777619);
  return ((hash >>> 8) % 2001) / 1000 - 1;
}

function throughput(guaranteed: number, load: number, jitter: number): number | null {
  if (guaranteed === 0) return null;
  return guaranteed * (load <= 1 ? HEADROOM : 1 / load) * (1 + (load <= 1 ? jitter : -Math.abs(jitter)));
}

export interface LoadInput {
  slice: string;
  demand: Demand;
  total: { downlinkMbps: number; uplinkMbps: number };
  capacity: SiteCapacity;
  slo: SloFault;
  tick: number;
}

export function deliver(input: LoadInput): Delivered {
  const { demand, slo } = input;
  const load = input.total.downlinkMbps / input.capacity.downlinkMbps;
  const uplinkLoad = input.total.uplinkMbps / input.capacity.uplinkMbps;
  const jitter = noise(input.slice, input.tick) * JITTER;
  const share = load <= 1 ? IDLE_SHARE + (FULL_SHARE - IDLE_SHARE) * load : FULL_SHARE * load * load;
  const uplink = throughput(demand.uplinkMbps, uplinkLoad, jitter);
  return {
    latencyMs: slo.latencyMs ?? demand.latencyMs * share * (1 + jitter),
    downlinkMbps: slo.throughputMbps ?? throughput(demand.downlinkMbps, load, jitter),
    uplinkMbps: slo.throughputMbps === undefined || uplink === null ? uplink : Math.min(uplink, slo.throughputMbps),
    availabilityPercent: slo.availabilityPercent ?? 100,
  };
}
