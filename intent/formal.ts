// The formal intent: a TMF921 v5 Intent with a JSON-LD expression, carrying the 3GPP Rel-18 ServiceProfile (TS 28.541).
import type { FormalIntent, Requirements, ServiceProfile, ServiceType, Snssai } from "../protocol/intent.ts";
import { effectiveRequirements } from "./defaults.ts";
import { mbpsToKbps } from "./units.ts";

/** The test network of TS 23.003 / ITU-T E.212: mobile country code 001, network code 01. */
export const TEST_PLMN = { mcc: "001", mnc: "01" } as const;

/** How far a slice may burst over what it is guaranteed. Only the guaranteed part is reserved at a site. */
const BURST_FACTOR = 1.5;

export interface ServiceProfileInput {
  intentId: string;
  serviceType: ServiceType;
  requirements: Requirements;
  snssai: Snssai;
}

function throughput(mbps: number): ServiceProfile["dLThptPerSlice"] {
  return { guaThpt: mbpsToKbps(mbps), maxThpt: mbpsToKbps(mbps * BURST_FACTOR) };
}

/** Throughput in kbit/s, latency in ms, the rest in percent. Gaps are filled with the type's defaults. */
export function buildServiceProfile(input: ServiceProfileInput): ServiceProfile {
  const full = effectiveRequirements(input.serviceType, input.requirements);
  return {
    serviceProfileId: `sp-${input.intentId}`,
    plmnInfoList: [{ plmnId: { ...TEST_PLMN }, snssai: { ...input.snssai } }],
    sst: input.snssai.sst,
    maxNumberofUEs: full.maxDevices,
    dLLatency: full.latencyMs,
    uLLatency: full.latencyMs,
    dLThptPerSlice: throughput(full.downlinkMbps),
    uLThptPerSlice: throughput(full.uplinkMbps),
    dLReliability: full.reliabilityPercent,
    uLReliability: full.reliabilityPercent,
    availability: full.availabilityPercent,
    networkSliceSharingIndicator: input.serviceType === "URLLC" ? "NON_SHARED" : "SHARED",
  };
}

export interface FormalIntentInput {
  intentId: string;
  text: string;
  serviceType: ServiceType;
  slice: string;
  sites: readonly string[];
  profile: ServiceProfile;
  priority: number;
  now: Date;
}

// The v1 vocabulary of the TM Forum Intent Ontology, as the examples of the TMF921 v5 document use it. The IRIs do not resolve.
const CONTEXT = {
  icm: "http://tio.models.tmforum.org/tio/v1.0.0/IntentCommonModel#",
  imo: "http://tio.models.tmforum.org/tio/v1.0.0/IntentManagementOntology#",
  sp: "urn:3gpp:ts:28.541:ServiceProfile#",
  icc: "urn:intent-control-center:",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

const TARGET = "_:slice";

interface Bound {
  property: string;
  relation: "icm:atMost" | "icm:atLeast";
  value: number;
  unit: string;
}

function boundsOf(profile: ServiceProfile): Bound[] {
  return [
    { property: "dLThptPerSlice.guaThpt", relation: "icm:atLeast", value: profile.dLThptPerSlice.guaThpt, unit: "kbit/s" },
    { property: "uLThptPerSlice.guaThpt", relation: "icm:atLeast", value: profile.uLThptPerSlice.guaThpt, unit: "kbit/s" },
    { property: "dLLatency", relation: "icm:atMost", value: profile.dLLatency, unit: "ms" },
    { property: "dLReliability", relation: "icm:atLeast", value: profile.dLReliability, unit: "%" },
    { property: "availability", relation: "icm:atLeast", value: profile.availability, unit: "%" },
    { property: "maxNumberofUEs", relation: "icm:atMost", value: profile.maxNumberofUEs, unit: "UE" },
  ];
}

function expressionValue(input: FormalIntentInput): Record<string, unknown> {
  const iri = `icc:intent/${input.intentId}`;
  const properties = boundsOf(input.profile).map((bound) => ({
    "@id": `${iri}/property/${bound.property}`,
    "@type": "icm:PropertyExpectation",
    "icm:target": TARGET,
    "icm:params": { [`sp:${bound.property}`]: [{ [bound.relation]: { "icm:value": bound.value, "icm:unit": bound.unit } }] },
  }));
  const delivery = {
    "@id": `${iri}/delivery`,
    "@type": "icm:DeliveryExpectation",
    "icm:target": TARGET,
    "icm:params": {
      "icm:targetDescription": `icc:NetworkSlice/${input.serviceType}`,
      "icc:slice": input.slice,
      "icc:sites": [...input.sites],
    },
  };
  const reporting = {
    "@id": `${iri}/reporting`,
    "@type": "icm:ReportingExpectation",
    "icm:target": iri,
    "icm:params": { "icm:reportingEvent": ["icm:StateComplies", "icm:StateDegrades", "icm:HandlingEnded"] },
  };
  return {
    "@context": { ...CONTEXT },
    "@id": iri,
    "@type": "icm:Intent",
    "imo:intentOwner": "icc:portal",
    "imo:intentHandler": "icc:agent",
    "icm:hasExpectation": [delivery, ...properties, reporting],
  };
}

/** A record that validates as Intent_FVO of the TMF921 v5.0.0 document. `priority` is a string there. */
export function formalIntent(input: FormalIntentInput): FormalIntent {
  return {
    "@type": "Intent",
    id: input.intentId,
    href: `/tmf-api/intentManagement/v5/intent/${input.intentId}`,
    name: `${input.serviceType} slice ${input.slice}`,
    description: input.text,
    version: "1.0",
    priority: String(input.priority),
    context: "network slicing",
    creationDate: input.now.toISOString(),
    lifecycleStatus: "Created",
    isBundle: false,
    characteristic: [{ "@type": "ObjectCharacteristic", name: "serviceProfile", valueType: "object", value: input.profile }],
    expression: {
      "@type": "JsonLdExpression",
      iri: `urn:intent-control-center:intent/${input.intentId}`,
      expressionValue: expressionValue(input),
    },
  };
}
