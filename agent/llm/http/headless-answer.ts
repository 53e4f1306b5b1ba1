// What a headless service says of a sentence, in the shapes of its older versions, as a draft like a model's. It judges nothing: that is
// done by the same cross-check as for models. No network.
import * as z from "zod";
import { type Reading, read } from "../../../intent/language/read.ts";
import { indexSites } from "../../../intent/sites.ts";
import { bandwidthUnit, MBPS, MILLISECOND, PERCENT, toCanonical, type Unit } from "../../../intent/units.ts";
import { ClarificationField, type Requirements } from "../../../protocol/intent.ts";

const word = z.string().nullish();
const amount = z.union([z.number(), z.string()]).nullish();
const places = z.union([z.string(), z.array(z.string())]).nullish();

const Intent = z.object({
  action: word,
  ...{ intentType: word, serviceType: word },
  ...{ targetSites: places, targetSite: places },
  slice: word,
  requirements: z.record(z.string(), z.unknown()).nullish(),
  serviceProfile: z.object({ bandwidth: amount, latency: amount, reliability: amount }).nullish(),
  sloRequirements: z.object({ availability: amount }).nullish().catch(null),
  priority: z.number().nullish().catch(null),
});

/** Anything may be missing but what it is about; what is not known here is left out. */
export const HeadlessAnswer = z
  .object({
    status: word,
    intent: Intent.nullish(),
    clarifications: z.array(z.unknown()).nullish().catch(null),
    warnings: z.array(z.string()).nullish().catch(null),
    provenance: z
      .record(z.string(), z.object({ source: z.string() }).catch({ source: "" }))
      .nullish()
      .catch(null),
    metadata: z.object({ provider: word }).nullish().catch(null),
  })
  .refine(({ status, intent }) => status === "rejected" || (intent !== undefined && intent !== null));
export type HeadlessAnswer = z.infer<typeof HeadlessAnswer>;

type Told = z.infer<typeof Intent>;
type Field = keyof Requirements;

const FIELDS: readonly Field[] = ["downlinkMbps", "uplinkMbps", "latencyMs", "reliabilityPercent", "availabilityPercent", "maxDevices"];

const SECOND: Unit = { dimension: "time", factor: 1_000 };
const BANDWIDTH = { "": MBPS, kbps: bandwidthUnit("k", false), mbps: MBPS, gbps: bandwidthUnit("g", false) };
const TIME = { "": MILLISECOND, ms: MILLISECOND, s: SECOND };
const SHARE = { "": PERCENT, "%": PERCENT };

const UNITS: Record<Field, Record<string, Unit>> = {
  ...{ downlinkMbps: BANDWIDTH, uplinkMbps: BANDWIDTH, latencyMs: TIME, reliabilityPercent: SHARE, availabilityPercent: SHARE },
  maxDevices: { "": { dimension: "other", factor: 1 } },
};

/** Where a complete profile prints the field, and how the provenance calls it. */
const PRINTED: Partial<Record<Field, { key: string; of: (intent: Told) => z.infer<typeof amount> }>> = {
  downlinkMbps: { key: "serviceProfile.bandwidth", of: ({ serviceProfile }) => serviceProfile?.bandwidth },
  latencyMs: { key: "serviceProfile.latency", of: ({ serviceProfile }) => serviceProfile?.latency },
  reliabilityPercent: { key: "serviceProfile.reliability", of: ({ serviceProfile }) => serviceProfile?.reliability },
  availabilityPercent: { key: "sloRequirements.availability", of: ({ sloRequirements }) => sloRequirements?.availability },
};

const THOUSANDS = /(?<=\d),(?=\d{3}(?!\d))/g; // "1,5" is something else, and is not guessed
const WRITTEN = /^[<>≤≥=~\s]*(\d+(?:\.\d+)?)\s*([a-z%]*)$/;

/** "200Mbps", "<= 30 ms", "99.9%" or a plain number, in the field's own unit; null for anything else. */
function amountOf(told: unknown, field: Field): number | null {
  if (typeof told === "number") return told;
  const [, digits, name = ""] = typeof told === "string" ? (WRITTEN.exec(told.toLowerCase().replaceAll(THOUSANDS, "").trim()) ?? []) : [];
  const unit = Object.hasOwn(UNITS[field], name) ? UNITS[field][name] : undefined;
  return digits === undefined || unit === undefined ? null : toCanonical(Number(digits), unit);
}

const NOWHERE = indexSites([]);
const NO_SLICES: ReadonlySet<string> = new Set();
const readWords = (text: string) => read(text, NOWHERE, NO_SLICES);

/**
 * The service's own numbers are for the cross-check. Of a complete profile, in which defaults stand beside what was asked for, only
 * that counts which the rules find the text to speak of: a default never becomes a requirement.
 */
function requirementOf(field: Field, intent: Told, known: { rules: Reading; answer: HeadlessAnswer }): number | null {
  const own = amountOf(intent.requirements?.[field], field);
  const printed = PRINTED[field];
  if (own !== null || printed === undefined) return own;
  const isDefault = known.answer.provenance?.[printed.key]?.source === "default";
  return isDefault || known.rules.requirements[field] === undefined ? null : amountOf(printed.of(intent), field);
}

/** A complete answer has a priority whether or not the text states one. */
function priorityOf({ priority }: Told, { rules, answer }: { rules: Reading; answer: HeadlessAnswer }): number | null {
  const stated = answer.provenance?.["priority"]?.source === "text" || rules.priority !== undefined;
  return stated ? (priority ?? null) : null;
}

const BOTH = ["edge1", "edge2"]; // all that an old service knew, where it says "both"

function sitesOf({ targetSites, targetSite }: Told): string[] {
  const said = [targetSites ?? targetSite ?? []].flat().map((name) => name.trim());
  const meant = said.flatMap((name) => (name.toLowerCase() === "both" ? BOTH : [name]));
  return [...new Set(meant)].filter((name) => name !== "");
}

/** "embb", "eMBB" or "enhanced-mobile-broadband": what the rules know as a type. */
function typeOf({ intentType, serviceType }: Told): string | null {
  const said = intentType ?? serviceType ?? "";
  return readWords(said.replaceAll(/[-_]/g, " ")).type.type;
}

const Question = z.object({ field: ClarificationField });

function unclearOf({ clarifications }: HeadlessAnswer): string[] {
  return (clarifications ?? []).flatMap((question) => {
    const parsed = Question.safeParse(question);
    return parsed.success ? [parsed.data.field] : [];
  });
}

/** A draft, not validated yet. What the service says nothing of, it does not contradict. */
export function draftOf(text: string, answer: HeadlessAnswer): unknown {
  const rules = readWords(text);
  const intent = answer.intent ?? {};
  const known = { rules, answer };
  const action = intent.action?.trim().toLowerCase() ?? rules.action.action;
  return {
    action: answer.status === "rejected" ? "unsupported" : action,
    ...{ serviceType: typeOf(intent), targetSites: sitesOf(intent), slice: intent.slice ?? null },
    requirements: Object.fromEntries(FIELDS.map((field) => [field, requirementOf(field, intent, known)])),
    ...{ priority: priorityOf(intent, known), unclear: unclearOf(answer), reason: answer.warnings?.[0] ?? "" },
  };
}
