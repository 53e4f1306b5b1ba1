// What a person does to a live slice in data instead of words: every command becomes an intent, with all that an intent has.
import type { ChangeSliceRequest, DeploySliceRequest, IntentAccepted, ScaleSliceRequest } from "../../protocol/api.ts";
import type { IntentCommand, Requirements } from "../../protocol/intent.ts";
import type { Deps } from "../deps.ts";
import { AppError } from "../errors.ts";
import type { Answer } from "./idempotency.ts";
import { type Caller, createCommandIntent } from "./new-intent.ts";
import { resolveSites } from "./sites.ts";
import { liveSlices } from "./slices.ts";

const UNITS: Record<keyof Requirements, string> = {
  downlinkMbps: "Mbps downlink",
  uplinkMbps: "Mbps uplink",
  latencyMs: "ms latency",
  reliabilityPercent: "% reliability",
  availabilityPercent: "% availability",
  maxDevices: "devices",
};

export function requirementsInWords(requirements: Requirements): string {
  const fields = Object.keys(UNITS) as (keyof Requirements)[];
  return fields.flatMap((field) => (requirements[field] === undefined ? [] : [`${requirements[field]} ${UNITS[field]}`])).join(", ");
}

export async function deploySlice(deps: Deps, caller: Caller, input: DeploySliceRequest): Promise<Answer<IntentAccepted>> {
  const { slice, serviceType, requirements, sites: refs, ...execution } = input;
  const sites = await resolveSites(deps, refs, "sites");
  const named = slice === undefined ? "" : ` named ${slice}`;
  const wanted = Object.keys(requirements).length === 0 ? "" : ` with ${requirementsInWords(requirements)}`;
  const text = `Deploy ${serviceType} slice${named} on ${sites.join(", ")}${wanted}`;
  const command = { action: "deploy" as const, serviceType, sites, requirements, ...(slice === undefined ? {} : { slice }) };
  return createCommandIntent(deps, { by: caller.name, idempotency: caller.idempotency, command, text, execution });
}

export async function scaleSlice(
  deps: Deps,
  caller: Caller,
  input: ScaleSliceRequest & { slice: string },
): Promise<Answer<IntentAccepted>> {
  const { slice, requirements, sites: refs, ...execution } = input;
  const sites = await sitesOf(deps, slice, refs);
  const text = `Scale slice ${slice}${at(sites)} to ${requirementsInWords(requirements)}`;
  const command = { action: "scale" as const, slice, sites, requirements };
  return createCommandIntent(deps, { by: caller.name, idempotency: caller.idempotency, command, text, execution });
}

const VERBS = { terminate: "Terminate", rollback: "Roll back", rerender: "Put back the files of" } as const;

export async function changeSlice(
  deps: Deps,
  caller: Caller,
  input: ChangeSliceRequest & { slice: string; action: keyof typeof VERBS },
): Promise<Answer<IntentAccepted>> {
  const { slice, action, sites: refs, ...execution } = input;
  const sites = await sitesOf(deps, slice, refs);
  const text = `${VERBS[action]} slice ${slice}${at(sites)}`;
  const command: IntentCommand = { action, slice, sites };
  return createCommandIntent(deps, { by: caller.name, idempotency: caller.idempotency, command, text, execution });
}

function at(sites: readonly string[]): string {
  return sites.length === 0 ? "" : ` on ${sites.join(", ")}`;
}

/** 404 for a slice that is not live; whether it is on the sites is the plan's to say. */
async function sitesOf(deps: Deps, slice: string, refs: readonly string[]): Promise<string[]> {
  if ((await liveSlices(deps, slice)).length === 0) throw new AppError("NOT_FOUND", `no live slice is called ${slice}`);
  return resolveSites(deps, refs, "sites");
}
