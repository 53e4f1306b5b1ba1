// The rules provider: from a sentence to an understanding, without a model. Never throws; what it cannot read it asks for.
import type { ClarificationAnswers, ParsedIntent, Provenance, Requirements, ServiceType, Understanding } from "../protocol/intent.ts";
import { openQuestions } from "./ask.ts";
import { DEFAULT_PRIORITY, effectiveRequirements } from "./defaults.ts";
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
  asked: "The text asks about doing something and does not order it; nothing is done.",
  conditional: "The text takes something away only under a condition; conditions are not watched, so nothing is done.",
  told: "The text tells that something was taken away and does not order it; nothing is done.",
  off_topic: "The text is not a request about network slices.",
} as const;

const BY_DEFAULT: Provenance = Object.freeze({ source: "default" });

/** The complete profile as strings, each marked with where its value is from. */
export function completeProfile(type: ServiceType | null, requirements: Requirements, provenance: ProvenanceMap) {
  const full = effectiveRequirements(type, requirements);
  const downlink = provenance["requirements.downlinkMbps"] ?? BY_DEFAULT;
  const delay = provenance["requirements.latencyMs"] ?? BY_DEFAULT;
  provenance["serviceProfile.bandwidth"] = downlink;
  provenance["serviceProfile.latency"] = delay;
  provenance["serviceProfile.reliability"] = provenance["requirements.reliabilityPercent"] ?? BY_DEFAULT;
  provenance["sloRequirements.availability"] = provenance["requirements.availabilityPercent"] ?? BY_DEFAULT;
  provenance["sloRequirements.latencyP95"] = delay;
  provenance["sloRequirements.throughputMin"] = downlink;
  const bandwidth = formatMbps(full.downlinkMbps);
  const latency = formatMs(full.latencyMs);
  return {
    serviceProfile: { bandwidth, latency, reliability: formatPercent(full.reliabilityPercent) },
    sloRequirements: { availability: formatPercent(full.availabilityPercent), latencyP95: latency, throughputMin: bandwidth },
  };
}

const FIELDS = [
  ["downlinkMbps", "requirements.downlinkMbps"],
  ["uplinkMbps", "requirements.uplinkMbps"],
  ["latencyMs", "requirements.latencyMs"],
  ["reliabilityPercent", "requirements.reliabilityPercent"],
  ["availabilityPercent", "requirements.availabilityPercent"],
  ["maxDevices", "requirements.maxDevices"],
] as const; // with their names in the provenance

function requirementsOf(input: UnderstandInput, reading: Reading, provenance: ProvenanceMap): Requirements {
  const requirements: Requirements = {};
  for (const [field, name] of FIELDS) {
    const answered = input.answers?.requirement?.[field];
    const value = answered ?? reading.requirements[field];
    if (value === undefined) continue;
    requirements[field] = value;
    provenance[name] = answered === undefined ? fromText(reading.requirementSpans[field]) : { source: "context" };
  }
  return requirements;
}

const SPACE = 32;

/** Whether the character may be a blank other than the plain space (those of ECMA-262 "WhiteSpace" and a few neighbours). */
function isOtherBlank(code: number): boolean {
  if (code < SPACE || code === 0xa0) return true;
  return code >= 0x1680 && (code === 0x1680 || (code >= 0x2000 && code <= 0x205f) || code === 0x3000 || code === 0xfeff);
}

/** Whether spaces are single, inside and plain ones, as in most texts: then nothing is to be squeezed. */
function isEven(text: string): boolean {
  let before = SPACE;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (isOtherBlank(code) || (code === SPACE && before === SPACE)) return false;
    before = code;
  }
  return before !== SPACE;
}

function describe(text: string): string {
  const line = isEven(text) ? text : text.trim().replaceAll(/\s+/g, " ");
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

const NO_SLICES: ReadonlySet<string> = new Set();

export function readSentence(input: UnderstandInput): Sentence {
  const began = performance.now();
  const index = indexSites(input.sites);
  return { reading: read(input.text, index, input.slices === undefined ? NO_SLICES : new Set(input.slices)), index, began };
}

export function understand(input: UnderstandInput): Understanding {
  return assemble(input, readSentence(input));
}

function distinct(lines: string[]): string[] {
  return lines.length < 2 ? lines : [...new Set(lines)];
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

  const profile = completeProfile(type.type, requirements, provenance);
  const intent: ParsedIntent = {
    intentId: input.intentId,
    action: reading.action.action,
    intentType: type.type,
    description: describe(input.text),
    targetSites: target.sites,
    requirements,
    serviceProfile: profile.serviceProfile,
    sloRequirements: profile.sloRequirements,
    lifecycle: "draft",
    priority: reading.priority ?? DEFAULT_PRIORITY,
    constraints: snssai === undefined ? {} : { snssai },
  };
  if (slice !== undefined) intent.slice = slice.name;
  const clarifications = openQuestions({
    intent,
    unknownSites: target.unknown,
    rivals: type.rivals,
    registered: input.sites.map((s) => s.id),
    doubt: input.answers?.requirement === undefined ? reading.doubt : undefined,
    otherRequests: target.provenance?.source === "text" ? (reading.action.others ?? []) : [],
  });
  const warnings = refused === undefined ? distinct([...target.warnings, ...reading.warnings]) : [REFUSALS[refused]];
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
