// Readings of a sentence: what was understood of it, and what a person makes of that. Pure.
import type { CorrectedFields, Reading } from "../../protocol/correction.ts";
import type { ParsedIntent, Requirements, Understanding } from "../../protocol/intent.ts";

const QUANTITIES = ["downlinkMbps", "uplinkMbps", "latencyMs", "reliabilityPercent", "availabilityPercent", "maxDevices"] as const;

/** Whether the fields say anything that was not understood so already. */
export function changes(intent: ParsedIntent, fields: CorrectedFields): boolean {
  const { action, serviceType, targetSites, slice, requirements = {}, priority } = fields;
  return (
    (action !== undefined && action !== intent.action) ||
    (serviceType !== undefined && serviceType !== intent.intentType) ||
    (targetSites !== undefined && [...targetSites].sort().join() !== [...intent.targetSites].sort().join()) ||
    (slice !== undefined && slice !== (intent.slice ?? null)) ||
    (priority !== undefined && priority !== intent.priority) ||
    QUANTITIES.some((key) => requirements[key] !== undefined && requirements[key] !== (intent.requirements[key] ?? null))
  );
}

/** What was said before, and what is said now over it. */
export function merged(before: CorrectedFields | null, now: CorrectedFields): CorrectedFields {
  if (before === null) return now;
  const requirements = { ...before.requirements, ...now.requirements };
  return { ...before, ...now, ...(Object.keys(requirements).length === 0 ? {} : { requirements }) };
}

/** What the sentence itself was taken to say: what came with the request or by an answer is not in it, what was corrected before is. */
export function readingOf({ intent, provenance }: Understanding, corrected: CorrectedFields | null): Reading {
  const said = (field: string) => provenance[field]?.source !== "context";
  const requirements: Requirements = {};
  for (const key of QUANTITIES) {
    const value = intent.requirements[key];
    if (value !== undefined && (said(`requirements.${key}`) || corrected?.requirements?.[key] !== undefined)) requirements[key] = value;
  }
  const stated = provenance["priority"]?.source === "text" || corrected?.priority !== undefined;
  return {
    action: intent.action,
    serviceType: said("intentType") || corrected?.serviceType !== undefined ? intent.intentType : null,
    targetSites: said("targetSites") || corrected?.targetSites !== undefined ? intent.targetSites : [],
    ...(intent.slice === undefined ? {} : { slice: intent.slice }),
    ...(stated ? { priority: intent.priority } : {}),
    requirements,
  };
}

export function applied(reading: Reading, fields: CorrectedFields): Reading {
  const { slice: before, requirements: stated, ...rest } = reading;
  const slice = fields.slice === undefined ? before : (fields.slice ?? undefined);
  const requirements: Requirements = {};
  for (const key of QUANTITIES) {
    const said = fields.requirements?.[key];
    const value = said === undefined ? stated[key] : (said ?? undefined);
    if (value !== undefined) requirements[key] = value;
  }
  return {
    ...rest,
    ...(fields.action === undefined ? {} : { action: fields.action }),
    ...(fields.serviceType === undefined ? {} : { serviceType: fields.serviceType }),
    ...(fields.targetSites === undefined ? {} : { targetSites: fields.targetSites }),
    ...(fields.priority === undefined ? {} : { priority: fields.priority }),
    ...(slice === undefined ? {} : { slice }),
    requirements,
  };
}
