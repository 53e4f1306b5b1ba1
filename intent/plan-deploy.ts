// Plans a deploy: a slice that is not there yet, on known sites with capacity left and no clash with what is live.
import { type Requirements, type ServiceType, type Snssai, SST } from "../protocol/intent.ts";
import type { LiveSlice } from "../protocol/job.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import type { PlanOutput, StageFailure } from "../protocol/stage.ts";
import { effectiveRequirements } from "./defaults.ts";
import { freeSd, freeSliceName, labelOf } from "./naming.ts";
import { assemble, fit, type PlanInput, priorityOf, refuse, unknownSite } from "./plan-input.ts";

export function planDeploy(input: PlanInput): Result<PlanOutput, StageFailure> {
  const { intent } = input.understanding;
  const { requirements, intentType: serviceType } = intent;
  if (serviceType === null || intent.targetSites.length === 0)
    return err(
      refuse("unsupported_information_model", "The request is not complete: a deploy needs a service type and at least one site."),
    );
  const sites = [...new Set(intent.targetSites)];
  const unknown = unknownSite(sites, input.context);
  if (unknown !== undefined) return err(unknown);

  const holder = liveNamesake(input);
  if (holder !== undefined) return meetNamesake(input, { holder, serviceType, sites });
  const room = fit(input, { serviceType, requirements, sites });
  if (!room.ok) return room;
  const snssai = chooseSnssai(input, serviceType);
  if (!snssai.ok) return snssai;
  const { slice, warnings } = chooseName(input, serviceType);
  const { fiveQi, preempts } = room.value;
  return assemble(input, {
    ...{ action: "deploy", slice, serviceType, snssai: snssai.value, requirements, sites, fiveQi, preempts, warnings },
    priority: priorityOf(input),
    replaces: [],
  });
}

function liveNamesake({ understanding, context }: PlanInput): LiveSlice | undefined {
  const wanted = understanding.intent.slice;
  const label = wanted === undefined ? undefined : labelOf(wanted);
  return context.slices.find((slice) => slice.slice === label);
}

/** A request that what is live includes (5 ms covers 10 ms) is met already, and no conflict (IG1253 18.2). Anything else contradicts it. */
function meetNamesake(
  input: PlanInput,
  { holder, serviceType, sites }: { holder: LiveSlice; serviceType: ServiceType; sites: string[] },
): Result<PlanOutput, StageFailure> {
  const at = holder.sites.map((entry) => entry.site);
  const { requirements } = input.understanding.intent;
  const conflict = (why: string) => err(refuse("INTENT_CONFLICT", `Slice ${holder.slice} is live already on ${at.join(", ")}; ${why}`));
  if (holder.busy !== null) return conflict(`intent ${holder.busy.intentId} is changing it now (${holder.busy.action}).`);
  if (holder.serviceType !== serviceType)
    return conflict(`it is a ${holder.serviceType} slice; choose another name or terminate it first.`);
  const stranger = sites.find((site) => !at.includes(site));
  if (stranger !== undefined) return conflict(`it is not on ${stranger}; choose another name or terminate it first.`);
  const older = sites.find((site) => !holder.latest.sites.includes(site));
  if (older !== undefined) return conflict(`an earlier revision of it is in force on ${older}; scale it there, or choose another name.`);
  const missing = contradiction(holder, requirements);
  if (missing !== undefined) return conflict(`${missing}; scale it, or choose another name.`);
  const room = fit(input, { serviceType, requirements: holder.requirements, sites, exceptSlice: holder.slice });
  if (!room.ok) return room;
  return assemble(input, {
    ...{ action: "scale", slice: holder.slice, serviceType, snssai: holder.snssai, requirements: holder.requirements, sites },
    ...{ fiveQi: room.value.fiveQi, priority: holder.priority, renderedFor: holder.latest.renderedFor },
    replaces: holder.sites.filter((entry) => sites.includes(entry.site)).map(({ site, deploymentId }) => ({ site, deploymentId })),
    warnings: [`Slice ${holder.slice} is live on ${sites.join(", ")} and meets this request.`],
  });
}

/** What is asked that the live slice does not promise. */
function contradiction(holder: LiveSlice, asked: Requirements): string | undefined {
  const has = effectiveRequirements(holder.serviceType, holder.requirements);
  for (const field of ["downlinkMbps", "uplinkMbps", "reliabilityPercent", "availabilityPercent", "maxDevices"] as const)
    if ((asked[field] ?? 0) > has[field]) return `it has ${field} ${has[field]}, ${asked[field]} is asked`;
  if (asked.latencyMs !== undefined && asked.latencyMs < has.latencyMs)
    return `it has latencyMs ${has.latencyMs}, ${asked.latencyMs} is asked`;
  return undefined;
}

function chooseName({ understanding, context, intentId }: PlanInput, serviceType: ServiceType): { slice: string; warnings: string[] } {
  const wanted = understanding.intent.slice;
  const label = wanted === undefined ? undefined : labelOf(wanted);
  if (label !== undefined) return { slice: label, warnings: [] };
  const slice = freeSliceName(serviceType, intentId, context.slices);
  return {
    slice,
    warnings: wanted === undefined ? [] : [`"${wanted}" is not a valid slice name (a DNS label); the slice is called ${slice}.`],
  };
}

function chooseSnssai({ understanding, context, intentId }: PlanInput, serviceType: ServiceType): Result<Snssai, StageFailure> {
  const live = context.slices;
  const asked = understanding.intent.constraints.snssai;
  if (asked !== undefined) {
    const holder = live.find((slice) => slice.snssai.sst === asked.sst && slice.snssai.sd.toLowerCase() === asked.sd);
    if (holder === undefined) return ok(asked);
    const at = holder.sites.map((entry) => entry.site).join(", ");
    return err(refuse("INTENT_CONFLICT", `S-NSSAI ${asked.sst}-${asked.sd} is in use by slice ${holder.slice} on ${at}.`));
  }
  const sst = SST[serviceType];
  const sd = freeSd(intentId, sst, live);
  return sd === undefined ? err(refuse("INFEASIBLE", `Every SD of SST ${sst} is in use.`)) : ok({ sst, sd });
}
