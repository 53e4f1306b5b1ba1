// What a user asks for: the understanding of a sentence, the formal record made of it, and the life of an intent.
import * as z from "zod";
import { DnsLabel, SiteId, SliceName } from "./ids.ts";
import { Served } from "./llm.ts";
import type { Moves } from "./moves.ts";

export const IntentStatus = z.enum([
  "received",
  "parsing",
  "needs_clarification",
  "rejected",
  "parsed",
  "awaiting_approval",
  "running",
  "needs_decision",
  "completed",
  "failed",
  "rolled_back",
  "cancelled",
]);
export type IntentStatus = z.infer<typeof IntentStatus>;

/** A dry run ends in `parsed`: it has a plan and a diff, and nothing was changed. */
export const INTENT_MOVES: Moves<IntentStatus> = {
  received: ["parsing", "cancelled", "failed"],
  parsing: ["needs_clarification", "rejected", "parsed", "failed", "cancelled", "completed"], // completed: a question, answered
  needs_clarification: ["received", "cancelled"],
  parsed: ["awaiting_approval", "running", "completed", "rejected", "failed", "cancelled"], // completed: there was nothing to change
  awaiting_approval: ["running", "received", "rejected", "cancelled"],
  running: ["completed", "failed", "rolled_back", "needs_decision", "cancelled", "received"],
  needs_decision: ["completed", "running", "cancelled", "rolled_back"],
  completed: ["rolled_back"], // by a rollback that a person asked for
  rejected: [],
  failed: ["rolled_back"],
  rolled_back: [],
  cancelled: ["rolled_back"], // the effects of a cancelled run are offered for rollback
};

/** The states in which nothing more happens by itself and nobody is waited for. */
export const SETTLED_INTENT_STATUSES: readonly IntentStatus[] = ["rejected", "completed", "failed", "rolled_back", "cancelled"];

export const ServiceType = z.enum(["eMBB", "URLLC", "mMTC"]);
export type ServiceType = z.infer<typeof ServiceType>;

/** Slice/Service type values of TS 23.501 table 5.15.2.2-1. mMTC is MIoT there. */
export const SST: Record<ServiceType, number> = { eMBB: 1, URLLC: 2, mMTC: 3 };

export const Action = z.enum(["deploy", "scale", "rollback", "status", "terminate", "unsupported"]);
export type Action = z.infer<typeof Action>;

export const MAX_TEXT_LENGTH = 4000;

/** Control characters other than tab, LF and CR are refused (C0, DEL and C1). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

export const IntentText = z
  .string()
  .max(MAX_TEXT_LENGTH, `must be at most ${MAX_TEXT_LENGTH} characters`)
  .refine((text) => text.trim() !== "", "must not be empty")
  .refine((text) => !CONTROL.test(text), "must not contain control characters");

const percent = z.number().gt(0).max(100);

/** Only what the text states, converted to these units. */
export const Requirements = z.object({
  downlinkMbps: z.number().positive().optional(),
  uplinkMbps: z.number().positive().optional(),
  latencyMs: z.number().positive().optional(),
  reliabilityPercent: percent.optional(),
  availabilityPercent: percent.optional(),
  maxDevices: z.number().int().positive().optional(),
});
export type Requirements = z.infer<typeof Requirements>;
export type RequirementField = keyof Requirements;

/** In the order in which they are shown. */
export const REQUIREMENT_FIELDS = [
  "downlinkMbps",
  "uplinkMbps",
  "latencyMs",
  "reliabilityPercent",
  "availabilityPercent",
  "maxDevices",
] as const satisfies readonly RequirementField[];

export const Provenance = z.object({
  source: z.enum(["text", "context", "inferred", "default"]),
  span: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]).optional(),
});
export type Provenance = z.infer<typeof Provenance>;

export const ClarificationField = z.enum(["targetSites", "serviceType", "requirement"]);
export type ClarificationField = z.infer<typeof ClarificationField>;

export const Clarification = z.object({ field: ClarificationField, question: z.string() });
export type Clarification = z.infer<typeof Clarification>;

export const Snssai = z.object({
  sst: z.number().int().min(0).max(255),
  sd: z.string().regex(/^[0-9a-f]{6}$/),
});
export type Snssai = z.infer<typeof Snssai>;

export const ParsedIntent = z
  .object({
    intentId: z.string(),
    action: Action,
    intentType: ServiceType.nullable(),
    description: z.string(),
    targetSites: z.array(SiteId),
    slice: z.string().max(80).optional(), // as written: a slice name or a deployment id, resolved later
    requirements: Requirements,
    serviceProfile: z.object({ bandwidth: z.string(), latency: z.string(), reliability: z.string() }),
    sloRequirements: z.object({ availability: z.string(), latencyP95: z.string(), throughputMin: z.string() }),
    lifecycle: z.literal("draft"),
    priority: z.number().int().min(1).max(10),
    constraints: z.object({ snssai: Snssai.optional() }),
  })
  .meta({ id: "ParsedIntent" });
export type ParsedIntent = z.infer<typeof ParsedIntent>;

export const UnderstandingStatus = z.enum(["success", "clarification_needed", "rejected"]);

/** What a provider made of a sentence: the body of `POST /api/v1/intent`, and the output of the parse stage. */
export const Understanding = z
  .object({
    status: UnderstandingStatus,
    intent: ParsedIntent,
    clarifications: z.array(Clarification),
    warnings: z.array(z.string()),
    provenance: z.record(z.string(), Provenance),
    metadata: z.object({
      processedAt: z.iso.datetime(),
      provider: z.string(),
      fallback: z.boolean(),
      cached: z.boolean(),
      durationMs: z.number().nonnegative(),
      promptVersion: z.string().optional(), // of a model's answer
      served: Served.optional(), // absent: the worker's own rules, nobody else was asked
    }),
  })
  .meta({ id: "Understanding" });
export type Understanding = z.infer<typeof Understanding>;

const Throughput = z.object({ guaThpt: z.number().positive(), maxThpt: z.number().positive() }); // kbit/s

/** ServiceProfile of TS 28.541 Rel-18: the attributes this product sets. Throughput in kbit/s, latency in ms, the rest in percent. */
export const ServiceProfile = z.object({
  serviceProfileId: z.string(),
  plmnInfoList: z.array(z.object({ plmnId: z.object({ mcc: z.string(), mnc: z.string() }), snssai: Snssai })).min(1),
  sst: z.number().int().min(0).max(255),
  maxNumberofUEs: z.number().int().positive(),
  dLLatency: z.number().positive(),
  uLLatency: z.number().positive(),
  dLThptPerSlice: Throughput,
  uLThptPerSlice: Throughput,
  dLReliability: percent,
  uLReliability: percent,
  availability: percent,
  networkSliceSharingIndicator: z.enum(["SHARED", "NON_SHARED"]),
});
export type ServiceProfile = z.infer<typeof ServiceProfile>;

/** TMF921 v5 Intent (JSON-LD expression) that carries the ServiceProfile as a characteristic. `priority` is a string there. */
export const FormalIntent = z
  .object({
    "@type": z.literal("Intent"),
    id: z.string(),
    href: z.string(),
    name: z.string(),
    description: z.string(),
    version: z.string(),
    priority: z.string(),
    context: z.string(),
    creationDate: z.iso.datetime(),
    lifecycleStatus: z.string(),
    isBundle: z.boolean(),
    characteristic: z.array(z.object({ "@type": z.string(), name: z.string(), valueType: z.string(), value: ServiceProfile })),
    expression: z.object({
      "@type": z.literal("JsonLdExpression"),
      iri: z.string(),
      expressionValue: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ id: "FormalIntent" });
export type FormalIntent = z.infer<typeof FormalIntent>;

export const FailurePolicy = z.enum(["all-or-revert", "keep-successful", "pause"]);
export type FailurePolicy = z.infer<typeof FailurePolicy>;

/** What a person may say when an intent asks for a decision. `resume`: go on with the sites that are left, after a pause. */
export const DecisionAction = z.enum(["accept", "rollback", "resume"]);
export type DecisionAction = z.infer<typeof DecisionAction>;

export const ApprovalMode = z.enum(["auto", "required"]);
export type ApprovalMode = z.infer<typeof ApprovalMode>;

/** An action in data instead of words. `sites` empty: all sites of the slice. `rerender` puts a live slice's files back as they belong. */
export const IntentCommand = z.discriminatedUnion("action", [
  z.strictObject({
    action: z.literal("deploy"),
    serviceType: ServiceType,
    sites: z.array(SiteId).min(1).max(100),
    slice: SliceName.optional(),
    requirements: Requirements.strict(),
  }),
  z.strictObject({
    action: z.literal("scale"),
    slice: SliceName,
    sites: z.array(SiteId).max(100),
    requirements: Requirements.strict().refine((wanted) => Object.keys(wanted).length > 0, "must name what to change"),
  }),
  z.strictObject({ action: z.literal("rerender"), slice: SliceName, sites: z.array(SiteId).max(100) }),
  z.strictObject({ action: z.literal("terminate"), slice: SliceName, sites: z.array(SiteId).max(100) }),
  z.strictObject({ action: z.literal("rollback"), slice: SliceName, sites: z.array(SiteId).max(100) }),
]);
export type IntentCommand = z.infer<typeof IntentCommand>;

export const MAX_BAKE_SECONDS = 3_600; // the sites stay locked while a wave bakes

/** In which order sites follow: explicit waves, or one canary and then the rest. Sites that no wave names come last. */
export const Rollout = z
  .strictObject({
    waves: z.array(z.array(SiteId).min(1)).min(1).max(20).optional(),
    canary: SiteId.optional(),
    bakeSeconds: z.number().int().min(0).max(MAX_BAKE_SECONDS).default(0), // after each wave but the last
  })
  .refine(({ waves, canary }) => waves === undefined || canary === undefined, {
    path: ["canary"],
    message: "give waves or a canary, not both",
  });
export type Rollout = z.infer<typeof Rollout>;

/** What is done about a slice that misses its objectives after its completion, in this order. */
export const RemediationRung = z.enum(["notify", "rerender", "scale", "rollback"]);
export type RemediationRung = z.infer<typeof RemediationRung>;

/** The answer to a question about the state of things, from D1 at that moment. */
export const StatusAnswer = z.object({
  text: z.string(),
  sites: z.array(
    z.object({ site: SiteId, status: z.string(), message: z.string(), commit: z.string().nullable(), slices: z.array(z.string()) }),
  ),
  slices: z.array(
    z.object({
      slice: SliceName,
      serviceType: ServiceType,
      sites: z.array(SiteId),
      deploymentId: z.string(),
      intentId: z.string(),
      busy: z.string().nullable(),
      alerts: z.number().int(),
    }),
  ),
  at: z.iso.datetime(),
});
export type StatusAnswer = z.infer<typeof StatusAnswer>;

/** Answers to clarifications: what a person adds to the text. */
export const ClarificationAnswers = z
  .strictObject({
    targetSites: z.array(z.string().min(1).max(64)).min(1).max(100).optional(),
    serviceType: ServiceType.optional(),
    requirement: Requirements.strict().optional(),
  })
  .refine((answers) => Object.keys(answers).length > 0, "must answer at least one question");
export type ClarificationAnswers = z.infer<typeof ClarificationAnswers>;

/** Free facts that a client attaches to a text, e.g. the chat channel it came from. Values are data, never instructions. */
export const IntentContext = z
  .record(DnsLabel, z.string().max(500))
  .refine((context) => Object.keys(context).length <= 20, "at most 20 entries");
export type IntentContext = z.infer<typeof IntentContext>;
