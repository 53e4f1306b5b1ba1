// A correction as it is being filled in: what was understood as form values, and the fields in which they now differ. Pure.
import type { CorrectedFields } from "../../protocol/correction.ts";
import { Action, type ParsedIntent, REQUIREMENT_FIELDS, type RequirementField, ServiceType } from "../../protocol/intent.ts";

export const CorrectableAction = Action.exclude(["unsupported"]);

/** As the fields of the form hold it: an empty text is no value. */
export interface ReadingDraft {
  action: string;
  serviceType: string;
  targetSites: readonly string[];
  slice: string;
  priority: string;
  requirements: Readonly<Record<RequirementField, string>>;
}

export function readingDraft(intent: ParsedIntent): ReadingDraft {
  const text = (key: RequirementField) => String(intent.requirements[key] ?? "");
  return {
    action: intent.action,
    serviceType: intent.intentType ?? "",
    targetSites: intent.targetSites,
    slice: intent.slice ?? "",
    priority: String(intent.priority),
    requirements: {
      downlinkMbps: text("downlinkMbps"),
      uplinkMbps: text("uplinkMbps"),
      latencyMs: text("latencyMs"),
      reliabilityPercent: text("reliabilityPercent"),
      availabilityPercent: text("availabilityPercent"),
      maxDevices: text("maxDevices"),
    },
  };
}

/** Only what a person changed; null when that is nothing. */
export function correctedFields(intent: ParsedIntent, draft: ReadingDraft): CorrectedFields | null {
  const before = readingDraft(intent);
  const fields: CorrectedFields = {};
  const action = CorrectableAction.safeParse(draft.action);
  if (draft.action !== before.action && action.success) fields.action = action.data;
  if (draft.serviceType !== before.serviceType) fields.serviceType = ServiceType.nullable().catch(null).parse(draft.serviceType);
  if ([...draft.targetSites].sort().join() !== [...before.targetSites].sort().join()) fields.targetSites = [...draft.targetSites];
  if (draft.slice.trim() !== before.slice) fields.slice = draft.slice.trim() === "" ? null : draft.slice.trim();
  if (draft.priority !== before.priority && draft.priority !== "") fields.priority = Number(draft.priority);
  const requirements: NonNullable<CorrectedFields["requirements"]> = {};
  for (const key of REQUIREMENT_FIELDS) {
    const text = draft.requirements[key].trim();
    if (text !== before.requirements[key]) requirements[key] = text === "" ? null : Number(text);
  }
  if (Object.keys(requirements).length > 0) fields.requirements = requirements;
  return Object.keys(fields).length === 0 ? null : fields;
}
