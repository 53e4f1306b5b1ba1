// Corrections: what a person says a sentence meant after all. Kept, offered to models as examples, and counted by the evaluation.
import * as z from "zod";
import { CorrectionId, IntentId, Timestamp } from "./ids.ts";
import { Action, IntentStatus, IntentText, Requirements, ServiceType } from "./intent.ts";

const amount = z.number().positive().nullable(); // null: the text states none
/** As a text may write it: a slice name or a deployment id, letters of any script, no blanks. It is shown to models. */
const WrittenName = z
  .string()
  .max(80)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, "must be a name: letters, digits, inner dots, hyphens and underscores");

const percent = z.number().gt(0).max(100).nullable();

/** The fields that are corrected; what is absent was right. A null takes a value away. */
export const CorrectedFields = z
  .strictObject({
    action: Action.exclude(["unsupported"]).optional(),
    serviceType: ServiceType.nullable().optional(),
    targetSites: z.array(z.string().min(1).max(64)).max(100).optional(),
    slice: WrittenName.nullable().optional(),
    requirements: z
      .strictObject({
        downlinkMbps: amount,
        uplinkMbps: amount,
        latencyMs: amount,
        reliabilityPercent: percent,
        availabilityPercent: percent,
        maxDevices: z.number().int().positive().nullable(),
      })
      .partial()
      .refine((requirements) => Object.keys(requirements).length > 0, "must correct at least one requirement")
      .optional(),
    priority: z.number().int().min(1).max(10).optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, "must correct at least one field")
  .meta({ id: "CorrectedFields" });
export type CorrectedFields = z.infer<typeof CorrectedFields>;

/** A sentence and what it means, in the form of the labelled corpus. */
export const Reading = z.object({
  action: Action,
  serviceType: ServiceType.nullable(),
  targetSites: z.array(z.string()),
  slice: z.string().optional(),
  priority: z.number().int().optional(), // only when the text states one
  requirements: Requirements,
});
export type Reading = z.infer<typeof Reading>;

export const Correction = z
  .object({
    id: CorrectionId,
    intentId: IntentId,
    text: IntentText,
    provider: z.string(), // who had understood it
    understood: Reading,
    corrected: Reading,
    by: z.string(),
    at: Timestamp,
  })
  .meta({ id: "Correction" });
export type Correction = z.infer<typeof Correction>;

export const MAX_EXAMPLES = 20; // corrections that a model is shown, newest first

/** POST /agent/v1/corrections: the newest, for the prompt. `version` grows with every correction and with every one taken back. */
export const CorrectionsResponse = z.object({ version: z.number().int(), corrections: z.array(Correction).max(MAX_EXAMPLES) });
export type CorrectionsResponse = z.infer<typeof CorrectionsResponse>;

/**
 * POST /api/v1/intents/{id}/corrections. `applied`: the intent is prepared again with it; else the message says why it is only kept.
 * `correction` is null when nothing is kept of it: the sentence leaves open what was said, as an answer to a question does.
 */
export const CorrectionAccepted = z
  .object({ intentId: IntentId, status: IntentStatus, applied: z.boolean(), message: z.string(), correction: Correction.nullable() })
  .meta({ id: "CorrectionAccepted" });
export type CorrectionAccepted = z.infer<typeof CorrectionAccepted>;

export const ListCorrectionsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().positive().optional(), // those before this one
});
export type ListCorrectionsQuery = z.infer<typeof ListCorrectionsQuery>;

export const CorrectionPage = z
  .object({ corrections: z.array(Correction), nextCursor: z.number().int().nullable() })
  .meta({ id: "CorrectionPage" });
export type CorrectionPage = z.infer<typeof CorrectionPage>;
