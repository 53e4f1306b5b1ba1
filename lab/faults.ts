// The fault switches of a simulated site: their shape, their defaults, and the strict reading of a request body.
import type { FieldFault } from "./http.ts";

const SWITCHES = {
  sync: ["ok", "slow", "stuck", "fail"],
  health: ["ok", "fail"],
  o2ims: ["ok", "fail", "hang"],
  metrics: ["ok", "none", "nan", "error", "hang"],
  drift: ["ok", "removed", "changed"], // somebody takes the slices' resources out of the cluster, or keeps editing them, past git
  provisioning: ["ok", "fail", "stuck", "hang"], // of clusters: it fails, never ends, never answers
} as const;

type Switch = keyof typeof SWITCHES;

export interface SloFault {
  latencyMs?: number;
  throughputMbps?: number;
  availabilityPercent?: number;
}

export type Faults = { [K in Switch]: (typeof SWITCHES)[K][number] } & {
  slo: SloFault;
  unreachable: boolean;
  message?: string; // what the site says of a failure (sync, health, drift, O2 IMS, provisioning) in place of its usual words, as it stands
};

export const NO_FAULTS: Faults = {
  sync: "ok",
  health: "ok",
  o2ims: "ok",
  metrics: "ok",
  drift: "ok",
  provisioning: "ok",
  slo: {},
  unreachable: false,
};

const MAX_MESSAGE_CHARS = 8_000; // longer than what an agent passes on of it

const SLO_FIELDS: Record<keyof SloFault, number> = { latencyMs: 1e6, throughputMbps: 1e9, availabilityPercent: 100 }; // and their maxima

type Parsed<T> = { ok: true; value: T } | { ok: false; fault: FieldFault };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(field: string, message: string): { ok: false; fault: FieldFault } {
  return { ok: false, fault: { field, message } };
}

function isOneOf<T extends string>(allowed: readonly T[], value: unknown): value is T {
  return allowed.some((entry) => entry === value);
}

function parseSlo(value: unknown): Parsed<SloFault> {
  if (!isRecord(value)) return refuse("slo", "must be an object");
  const slo: SloFault = {};
  for (const [name, number] of Object.entries(value)) {
    if (name !== "latencyMs" && name !== "throughputMbps" && name !== "availabilityPercent") {
      return refuse(`slo.${name}`, "is not a known field");
    }
    if (typeof number !== "number" || !(number >= 0 && number <= SLO_FIELDS[name])) {
      return refuse(`slo.${name}`, `must be a number from 0 to ${SLO_FIELDS[name]}`);
    }
    slo[name] = number;
  }
  return { ok: true, value: slo };
}

/** Sets one switch; returns what is wrong with the value, if anything. */
function setSwitch(faults: Faults, name: string, value: unknown): string | null {
  if (name === "sync" && isOneOf(SWITCHES.sync, value)) faults.sync = value;
  else if (name === "health" && isOneOf(SWITCHES.health, value)) faults.health = value;
  else if (name === "o2ims" && isOneOf(SWITCHES.o2ims, value)) faults.o2ims = value;
  else if (name === "metrics" && isOneOf(SWITCHES.metrics, value)) faults.metrics = value;
  else if (name === "drift" && isOneOf(SWITCHES.drift, value)) faults.drift = value;
  else if (name === "provisioning" && isOneOf(SWITCHES.provisioning, value)) faults.provisioning = value;
  else return Object.hasOwn(SWITCHES, name) ? `must be one of ${SWITCHES[name as Switch].join(", ")}` : "is not a known field";
  return null;
}

/** Any subset of the switches; what is not named is back at its default. The first bad field is named. */
export function parseFaults(body: unknown): Parsed<Faults> {
  if (!isRecord(body)) return refuse("body", "must be a JSON object");
  const faults: Faults = { ...NO_FAULTS };
  for (const [name, value] of Object.entries(body)) {
    if (name === "unreachable") {
      if (typeof value !== "boolean") return refuse(name, "must be true or false");
      faults.unreachable = value;
    } else if (name === "message") {
      if (typeof value !== "string" || value === "" || value.length > MAX_MESSAGE_CHARS)
        return refuse(name, `must be a text of 1 to ${MAX_MESSAGE_CHARS} characters`);
      faults.message = value;
    } else if (name === "slo") {
      const slo = parseSlo(value);
      if (!slo.ok) return slo;
      faults.slo = slo.value;
    } else {
      const wrong = setSwitch(faults, name, value);
      if (wrong !== null) return refuse(name, wrong);
    }
  }
  return { ok: true, value: faults };
}
