// Options that several commands share, and what they become in a request. The server checks the values; here only numbers are read.
import type * as z from "zod";
import type { CreateIntentRequest } from "../../../protocol/api.ts";
import { FailurePolicy, type Requirements, ServiceType } from "../../../protocol/intent.ts";
import type { Input, Options } from "../command.ts";

export const SITES: Options = { site: { value: "SITE", many: true, about: "only at these sites; again or with commas for more" } };

export const WATCH: Options = { watch: { about: "follow it to its end" } };

export const EXECUTION: Options = {
  policy: { value: "POLICY", words: FailurePolicy.options, about: "when one of several sites fails" },
  approval: { value: "WHEN", words: ["auto", "required"], about: "whether a person approves the diff first" },
  priority: { value: "1-10", about: "10 goes first" },
  canary: { value: "SITE", about: "this site first, then the rest" },
  wave: { value: "SITES", many: true, about: "one wave; in the order given" },
  bake: { value: "SECONDS", about: "how long each wave must hold before the next" },
  preempt: { about: "propose to remove slices of lower priority where there is no room" },
  "dry-run": { about: "show what would change, and stop" },
  ...WATCH,
};

const NUMBERS = {
  downlink: ["downlinkMbps", "MBPS", "downlink, Mbit/s"],
  uplink: ["uplinkMbps", "MBPS", "uplink, Mbit/s"],
  latency: ["latencyMs", "MS", "latency, ms"],
  reliability: ["reliabilityPercent", "PERCENT", "reliability, percent"],
  availability: ["availabilityPercent", "PERCENT", "availability, percent"],
  devices: ["maxDevices", "COUNT", "devices at once"],
} as const satisfies Record<string, readonly [keyof Requirements, string, string]>;

export const REQUIREMENTS: Options = Object.fromEntries(
  Object.entries(NUMBERS).map(([name, [, value, about]]) => [name, { value, about }]),
);

export const SERVICE_TYPE: Options = { type: { value: "TYPE", words: ServiceType.options, about: "service type" } };

export function requirementsOf(input: Input): Requirements {
  const given = Object.entries(NUMBERS).flatMap(([name, [field]]) => {
    const value = input.number(name);
    return value === undefined ? [] : [[field, value] as const];
  });
  return Object.fromEntries(given);
}

type Execution = Omit<z.input<typeof CreateIntentRequest>, "text" | "context" | "targetSites" | "policy" | "approval"> & {
  policy?: string;
  approval?: string;
};

/** Only what was given: the defaults are the server's. */
export function executionOf(input: Input): Execution {
  const policy = input.text("policy");
  const approval = input.text("approval");
  const priority = input.number("priority");
  const rollout = rolloutOf(input);
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(approval === undefined ? {} : { approval }),
    ...(priority === undefined ? {} : { priority }),
    ...(rollout === undefined ? {} : { rollout }),
    ...(input.flag("preempt") ? { preempt: true } : {}),
    ...(input.flag("dry-run") ? { dryRun: true } : {}),
  };
}

function rolloutOf(input: Input): Execution["rollout"] {
  const canary = input.text("canary");
  const waves = input.all("wave").map((wave) => wave.split(",").map((site) => site.trim()));
  const bakeSeconds = input.number("bake");
  if (canary === undefined && waves.length === 0 && bakeSeconds === undefined) return undefined;
  return {
    ...(canary === undefined ? {} : { canary }),
    ...(waves.length === 0 ? {} : { waves }),
    ...(bakeSeconds === undefined ? {} : { bakeSeconds }),
  };
}
