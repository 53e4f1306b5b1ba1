// What a model says a text means: its shape, and the way from there to an understanding. It goes through the same code as the rules.
import * as z from "zod";
import { Action, type Clarification, ClarificationField, ServiceType, type Understanding } from "../protocol/intent.ts";
import { err, ok, type Result } from "../protocol/result.ts";
import { crossCheck } from "./cross-check.ts";
import type { Found } from "./cross-check-amounts.ts";
import { assemble, type Sentence, type UnderstandInput } from "./understand.ts";

const amount = z.number().positive().nullable(); // null: the text states none
const percent = z.number().positive().max(100).nullable();

const DraftRequirements = z.strictObject({
  downlinkMbps: amount.describe("Mbit/s towards the devices; a bandwidth without a direction is this one"),
  uplinkMbps: amount.describe("Mbit/s from the devices"),
  latencyMs: amount.describe("milliseconds"),
  reliabilityPercent: percent,
  availabilityPercent: percent,
  maxDevices: z.int().positive().nullable(),
});

/** Every field is there; null is "the text does not say". */
export const Draft = z.strictObject({
  action: Action,
  serviceType: ServiceType.nullable(),
  targetSites: z.array(z.string()).describe("ids of registered sites; a name that is not registered as the text writes it"),
  slice: z.string().nullable().describe("the name of a slice or the id of a deployment, as the text writes it"),
  requirements: DraftRequirements,
  priority: z.int().min(1).max(10).nullable(),
  unclear: z.array(ClarificationField).describe("what has to be asked because the text can be read in more than one way"),
  reason: z.string().describe("one short sentence: why this action"),
});
export type Draft = z.infer<typeof Draft>;

// Without `$schema`: validators that know only an older draft refuse a schema that names this one.
const { $schema: _draft, ...draftSchema } = z.toJSONSchema(Draft);

/** JSON Schema draft 2020-12, self-contained. */
export const DRAFT_SCHEMA: Record<string, unknown> = draftSchema;

const MAX_SITES = 100; // as the wire takes them
const MAX_NAME = 64;
const MAX_SLICE = 80;
const MAX_REASON = 300;

// Small models leave out what they do not know, or write 0 for it.
const unstated = (value: unknown) => (value === undefined || value === 0 || value === "" ? null : value);

function withUnstated(fields: object, names: readonly string[]): Record<string, unknown> {
  const given = new Map<string, unknown>(Object.entries(fields));
  return Object.fromEntries(names.map((name) => [name, unstated(given.get(name))]));
}

const REQUIREMENTS = Object.keys(DraftRequirements.shape);
const OPTIONAL = ["serviceType", "slice", "priority"];

/** What a model answered, as a draft. Fields that nobody asked for are left out; anything else that is wrong makes it no draft. */
export function parseDraft(value: unknown): Result<Draft, string> {
  const known = z
    .object({ requirements: z.object({}).loose().nullish(), unclear: z.unknown().optional(), reason: z.unknown().optional() })
    .loose()
    .safeParse(value);
  if (!known.success) return err("the answer is not an object of this schema");
  const { action, targetSites, requirements, unclear, reason } = known.data;
  const parsed = Draft.safeParse({
    ...{ action, targetSites, unclear: unclear ?? [], reason: typeof reason === "string" ? reason.slice(0, MAX_REASON) : "" },
    ...withUnstated(known.data, OPTIONAL),
    requirements: withUnstated(requirements ?? {}, REQUIREMENTS),
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return err(`${issue?.path.join(".") || "the answer"}: ${issue?.message ?? "is not of this schema"}`);
  }
  const { targetSites: sites, slice } = parsed.data;
  if (sites.length > MAX_SITES || sites.some((site) => site.length > MAX_NAME)) return err("targetSites: too many, or too long a name");
  if (slice !== null && slice.length > MAX_SLICE) return err("slice: too long a name");
  return ok(parsed.data);
}

/** Questions of the cross-check say more than the general ones about the same field. */
function joined(general: readonly Clarification[], ours: readonly Clarification[]): Clarification[] {
  const asked = new Set(ours.map((question) => question.field));
  return [...general.filter((question) => !asked.has(question.field)), ...ours];
}

const FIELD_NAME: Record<ClarificationField, string> = { targetSites: "sites", serviceType: "service type", requirement: "requirement" };

/** What the model would ask and nobody asks: said where something is set up or changed, asked where something is taken away. */
function stillUnclear(input: UnderstandInput, { unclear }: Draft, { intent, clarifications }: Understanding): Found {
  const found: Found = { warnings: [], questions: [] };
  if (intent.action === "status" || intent.action === "unsupported") return found;
  const takesAway = intent.action === "terminate" || intent.action === "rollback";
  for (const field of new Set(unclear)) {
    const isGiven = input.answers?.[field] !== undefined || (field === "targetSites" && input.targetSites.length > 0);
    if (isGiven || clarifications.some((asked) => asked.field === field)) continue;
    const finding = `To the model the ${FIELD_NAME[field]} of the text can be read in more than one way`;
    // An order that takes something away has no requirements that an answer could settle.
    if (takesAway && field !== "requirement") found.questions.push({ field, question: `${finding}. What is meant?` });
    else found.warnings.push(`${finding}.`);
  }
  return found;
}

/**
 * The understanding that a draft comes to, held against what the rules read in the same text. What they do not agree on is a warning
 * or a question. A text that the rules refuse as an attack is refused, whatever the model says.
 */
export function understandDraft(input: UnderstandInput, draft: Draft, rules: Sentence): Understanding {
  const { reading, warnings, questions } = crossCheck(input, draft, rules);
  const understanding = assemble(input, { ...rules, reading });
  const all = [...new Set([...understanding.warnings, ...warnings])];
  if (understanding.status === "rejected") return { ...understanding, warnings: all };
  const asked = { ...understanding, clarifications: joined(understanding.clarifications, questions) };
  const unclear = stillUnclear(input, draft, asked);
  const clarifications = [...asked.clarifications, ...unclear.questions];
  const status = clarifications.length > 0 ? "clarification_needed" : "success";
  return { ...asked, warnings: [...all, ...unclear.warnings], clarifications, status };
}
