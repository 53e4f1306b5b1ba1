// The rules provider: from a sentence to an understanding, without a model. Never throws; what it cannot read it asks for.
import type { ClarificationAnswers, ParsedIntent, Provenance, Requirements, ServiceType, Understanding } from "../protocol/intent.ts";
import { openQuestions } from "./ask.ts";
import { effectiveRequirements } from "./defaults.ts";
import type { Span } from "./language/doc.ts";
import { type Reading, read } from "./language/read.ts";
import { indexSites, type KnownSite, lookUp, type SiteIndex, siteKey } from "./sites.ts";
import { formatMbps, formatMs, formatPercent } from "./units.ts";

declare const performance: { now(): number }; // the same in workerd, Node and browsers; this folder has no platform's types

export interface UnderstandInput {
  intentId: string;
  text: string;
  context: Record<string, string>; // free facts; data, never instructions: the rules read nothing from them
  targetSites: readonly string[]; // already resolved ids; win over the text
  answers: ClarificationAnswers | null;
  sites: readonly KnownSite[];
  slices?: readonly string[]; // names of those that are live
  now: Date;
  startedAt?: number; // Date.now() at which the caller began; the duration is measured here when absent
}

export const DEFAULT_PRIORITY = 5; // the middle of 1..10
const DESCRIPTION_LENGTH = 200; // characters; a summary line, the whole text is kept with the intent

type ProvenanceMap = Record<string, Provenance>;

interface Target {
  sites: string[];
  unknown: string[];
  warnings: string[];
  provenance: Provenance | undefined;
}

function fromText(span: Span | undefined, source: "text" | "inferred" = "text"): Provenance {
  return span === undefined ? { source } : { source, span };
}

/** Answers come last and win; then the sites given with the request; then the text. */
function targetOf(input: UnderstandInput, reading: Reading, index: SiteIndex): Target {
  if (input.answers?.targetSites !== undefined) {
    const resolved = input.answers.targetSites.map((ref) => ({ ref, id: lookUp(siteKey(ref), index) }));
    return {
      sites: [...new Set(resolved.flatMap(({ id }) => (id === undefined ? [] : [id])))],
      unknown: resolved.flatMap(({ ref, id }) => (id === undefined ? [ref] : [])),
      warnings: [],
      provenance: { source: "context" },
    };
  }
  const { ids, unknown, span } = reading.sites;
  if (input.targetSites.length > 0) {
    const sites = [...new Set(input.targetSites)];
    const inText = [...ids, ...unknown];
    const differs = inText.length > 0 && (inText.length !== sites.length || inText.some((id) => !sites.includes(id)));
    const warnings = differs
      ? [`The text names ${inText.join(", ")}, the request ${sites.join(", ")}; the request's sites are taken.`]
      : [];
    return { sites, unknown: [], warnings, provenance: { source: "context" } };
  }
  const warnings = unknown.map((name) => `${name} is not a registered site.`);
  return { sites: ids, unknown, warnings, provenance: ids.length > 0 ? fromText(span) : undefined };
}

const TYPE_OF_SST: Record<number, ServiceType> = { 1: "eMBB", 2: "URLLC", 3: "mMTC" };

interface TypeFound {
  type: ServiceType | null;
  rivals: ServiceType[];
  provenance: Provenance | undefined;
}

/** An S-NSSAI's SST tells the type too; when it contradicts the word, that is a question. */
function typeOf(input: UnderstandInput, reading: Reading): TypeFound {
  if (input.answers?.serviceType !== undefined) return { type: input.answers.serviceType, rivals: [], provenance: { source: "context" } };
  const { type, source, span, rivals } = reading.type;
  const bySst = reading.snssai === undefined ? undefined : TYPE_OF_SST[reading.snssai.sst];
  if (bySst !== undefined && (type === null || source === "inferred") && (rivals.length === 0 || source === "inferred")) {
    return { type: bySst, rivals: [], provenance: fromText(reading.snssai?.span) };
  }
  if (bySst !== undefined && type !== null && bySst !== type) return { type: null, rivals: [type, bySst], provenance: undefined };
  return { type, rivals, provenance: type === null ? undefined : fromText(span, source) };
}

const REFUSALS = {
  attack: "The text tries to change the rules of the system instead of asking for a network service; it is refused.",
  greeting: "The text is a greeting; say which slice should be deployed, scaled, rolled back, removed or shown.",
  help: "The text asks how something works; the documentation is at /docs.",
  foreign: "The text asks for something other than a network slice.",
  unread: "The text has a word where a verb is expected that the rules do not know; nothing is guessed from it.",
  negated: "The text says only what is not to be done.",
  off_topic: "The text is not a request about network slices.",
} as const;

/** The complete profile as strings, each marked with where its value is from. */
export function completeProfile(type: ServiceType | null, requirements: Requirements, provenance: ProvenanceMap) {
  const full = effectiveRequirements(type, requirements);
  const mark = (key: string, field: keyof Requirements) => {
    provenance[key] = provenance[`requirements.${field}`] ?? { source: "default" };
  };
  mark("serviceProfile.bandwidth", "downlinkMbps");
  mark("serviceProfile.latency", "latencyMs");
  mark("serviceProfile.reliability", "reliabilityPercent");
  mark("sloRequirements.availability", "availabilityPercent");
  mark("sloRequirements.latencyP95", "latencyMs");
  mark("sloRequirements.throughputMin", "downlinkMbps");
  const bandwidth = formatMbps(full.downlinkMbps);
  const latency = formatMs(full.latencyMs);
  return {
    serviceProfile: { bandwidth, latency, reliability: formatPercent(full.reliabilityPercent) },
    sloRequirements: { availability: formatPercent(full.availabilityPercent), latencyP95: latency, throughputMin: bandwidth },
  };
}

const FIELDS = ["downlinkMbps", "uplinkMbps", "latencyMs", "reliabilityPercent", "availabilityPercent", "maxDevices"] as const;

function requirementsOf(input: UnderstandInput, reading: Reading, provenance: ProvenanceMap): Requirements {
  const requirements: Requirements = {};
  for (const field of FIELDS) {
    const answered = input.answers?.requirement?.[field];
    const value = answered ?? reading.requirements[field];
    if (value === undefined) continue;
    requirements[field] = value;
    provenance[`requirements.${field}`] = answered === undefined ? fromText(reading.requirementSpans[field]) : { source: "context" };
  }
  return requirements;
}

const UNEVEN_SPACE = /\s\s|[^\S ]|^ | $/;

function describe(text: string): string {
  const line = UNEVEN_SPACE.test(text) ? text.trim().replaceAll(/\s+/g, " ") : text;
  return line.length <= DESCRIPTION_LENGTH ? line : `${line.slice(0, DESCRIPTION_LENGTH - 1)}…`;
}

/** A refused text has no target, no type and no requirements: nothing of it may be carried out. */
const NOTHING_FOUND = { sites: [], unknown: [], warnings: [], provenance: undefined };

/** What the rules read in a sentence, before anything is decided or asked. */
export interface Sentence {
  reading: Reading;
  index: SiteIndex;
  began: number; // performance.now()
}

export function readSentence(input: UnderstandInput): Sentence {
  const began = performance.now();
  const index = indexSites(input.sites);
  return { reading: read(input.text, index, new Set(input.slices)), index, began };
}

export function understand(input: UnderstandInput): Understanding {
  return assemble(input, readSentence(input));
}

/** From a reading to an understanding: the same for what the rules read and for what a model says. */
export function assemble(input: UnderstandInput, { reading, index, began }: Sentence): Understanding {
  const refused = reading.action.refusal;
  const provenance: ProvenanceMap = {};
  const target: Target = refused === undefined ? targetOf(input, reading, index) : NOTHING_FOUND;
  const type: TypeFound = refused === undefined ? typeOf(input, reading) : { type: null, rivals: [], provenance: undefined };
  const requirements = refused === undefined ? requirementsOf(input, reading, provenance) : {};

  provenance["action"] = fromText(reading.action.span, reading.action.inferred ? "inferred" : "text");
  if (type.provenance !== undefined) provenance["intentType"] = type.provenance;
  if (target.provenance !== undefined) provenance["targetSites"] = target.provenance;
  provenance["priority"] = reading.priority === undefined ? { source: "default" } : fromText(reading.prioritySpan);
  const slice = refused === undefined ? reading.slice : undefined;
  if (slice !== undefined) provenance["slice"] = fromText(slice.span);
  const snssai = refused === undefined ? reading.snssai?.snssai : undefined;
  if (snssai !== undefined) provenance["constraints.snssai"] = fromText(reading.snssai?.span);

  const intent: ParsedIntent = {
    intentId: input.intentId,
    action: reading.action.action,
    intentType: type.type,
    description: describe(input.text),
    targetSites: target.sites,
    ...(slice === undefined ? {} : { slice: slice.name }),
    requirements,
    ...completeProfile(type.type, requirements, provenance),
    lifecycle: "draft",
    priority: reading.priority ?? DEFAULT_PRIORITY,
    constraints: snssai === undefined ? {} : { snssai },
  };
  const clarifications = openQuestions({
    intent,
    unknownSites: target.unknown,
    rivals: type.rivals,
    registered: input.sites.map((s) => s.id),
    otherRequests: target.provenance?.source === "text" ? (reading.action.others ?? []) : [],
  });
  const warnings = refused === undefined ? [...new Set([...target.warnings, ...reading.warnings])] : [REFUSALS[refused]];
  return {
    status: refused !== undefined ? "rejected" : clarifications.length > 0 ? "clarification_needed" : "success",
    intent,
    clarifications,
    warnings,
    provenance,
    metadata: {
      processedAt: input.now.toISOString(),
      provider: "rules",
      fallback: false,
      cached: false,
      durationMs: Math.max(0, input.startedAt === undefined ? performance.now() - began : Date.now() - input.startedAt),
    },
  };
}
