// A model's draft against what the rules read in the same text, field by field. What the text does not say is left out with a warning;
// what can be read in two ways is asked; what only the model sees is taken when the text bears it out. Nothing is changed silently.
import type { Clarification } from "../protocol/intent.ts";
import { checkAction } from "./cross-check-action.ts";
import { checkSites } from "./cross-check-sites.ts";
import type { Draft } from "./draft.ts";
import { nameSpan, near, numberSpan, type RequirementField } from "./grounding.ts";
import { numbersIn, type WrittenNumber } from "./language/numbers-in.ts";
import type { Reading } from "./language/read.ts";
import type { Sentence, UnderstandInput } from "./understand.ts";

export interface CrossChecked {
  reading: Reading;
  warnings: string[];
  questions: Clarification[];
}

const LABEL: Record<RequirementField, string> = {
  downlinkMbps: "Mbps of downlink",
  uplinkMbps: "Mbps of uplink",
  latencyMs: "ms of latency",
  reliabilityPercent: "% of reliability",
  availabilityPercent: "% of availability",
  maxDevices: "devices",
};

const FIELDS = ["downlinkMbps", "uplinkMbps", "latencyMs", "reliabilityPercent", "availabilityPercent", "maxDevices"] as const;

interface Found {
  warnings: string[];
  questions: Clarification[];
}

type Amounts = Pick<Reading, "requirements" | "requirementSpans">;

function checkAmounts(rules: Reading, draft: Draft, about: { input: UnderstandInput; numbers: readonly WrittenNumber[] }): Amounts & Found {
  const requirements = { ...rules.requirements };
  const requirementSpans = { ...rules.requirementSpans };
  const warnings: string[] = [];
  const twofold: string[] = [];
  for (const field of FIELDS) {
    const [ours, theirs] = [rules.requirements[field], draft.requirements[field]];
    if (theirs === ours || (theirs === null && ours === undefined) || about.input.answers?.requirement?.[field] !== undefined) continue;
    if (theirs !== null && ours !== undefined && near(theirs, ours)) continue;
    if (theirs === null) {
      warnings.push(`The model leaves out ${ours} ${LABEL[field]}; the text says so, and it is kept.`);
      continue;
    }
    const span = numberSpan(about.numbers, field, theirs);
    if (span === undefined) {
      const kept = ours === undefined ? "it is left out" : `${ours} is taken`;
      warnings.push(`The model reads ${theirs} ${LABEL[field]}, a number that the text does not have; ${kept}.`);
    } else if (ours === undefined) {
      requirements[field] = theirs;
      requirementSpans[field] = span;
      warnings.push(`Only the model reads ${theirs} ${LABEL[field]}.`);
    } else {
      twofold.push(`${ours} or ${theirs} ${LABEL[field]}`);
    }
  }
  const question = `The rules and the model do not read the same: ${twofold.join("; ")}. Which is meant?`;
  return { requirements, requirementSpans, warnings, questions: twofold.length > 0 ? [{ field: "requirement", question }] : [] };
}

function checkType({ type }: Reading, draft: Draft): Pick<Reading, "type"> & Pick<Found, "warnings"> {
  const said = draft.serviceType;
  if (said === type.type) return { type, warnings: [] };
  if (said === null) {
    const asks = type.source === "inferred" && draft.unclear.includes("serviceType");
    return { type: asks ? { type: null, source: "inferred", rivals: [] } : type, warnings: [] };
  }
  if (type.type === null && draft.unclear.includes("serviceType")) return { type, warnings: [] }; // it is asked
  if (type.type === null) {
    if (type.rivals.length > 0) return { type, warnings: [`The model decides for ${said}; the text does not, so it is asked.`] };
    return { type: { type: said, source: "inferred", rivals: [] }, warnings: [`The text names no service type; the model takes ${said}.`] };
  }
  if (type.source === "text") return { type, warnings: [`The model reads ${said}; the text says ${type.type}, which is taken.`] };
  return { type: { type: null, source: "inferred", rivals: [type.type, said] }, warnings: [] };
}

function checkSlice(
  { slice }: Reading,
  draft: Draft,
  text: string,
): Pick<Reading, "slice"> & Pick<Found, "warnings"> & { twofold: boolean } {
  const said = draft.slice;
  if (said === null) {
    const warnings = slice === undefined ? [] : [`The model reads no slice; the text names ${slice.name}, which is taken.`];
    return { slice, warnings, twofold: false };
  }
  if (slice !== undefined && slice.name.toLowerCase() === said.toLowerCase()) return { slice, warnings: [], twofold: false };
  const span = nameSpan(text, said);
  if (span === undefined)
    return { slice, warnings: [`The model names the slice ${said}; the text does not, so it is left out.`], twofold: false };
  if (slice === undefined) {
    const found = { name: text.slice(...span), span };
    return { slice: found, warnings: [`Only the model reads ${found.name} as the name of a slice.`], twofold: false };
  }
  return { slice, warnings: [`The rules read the slice ${slice.name}, the model ${said}; ${slice.name} is taken.`], twofold: true };
}

function checkPriority(
  rules: Reading,
  draft: Draft,
  numbers: readonly WrittenNumber[],
): Pick<Reading, "priority" | "prioritySpan"> & Pick<Found, "warnings"> {
  const { priority, prioritySpan } = rules;
  const said = draft.priority;
  if (said === null || said === priority) return { priority, prioritySpan, warnings: [] };
  const written = numbers.find(({ value }) => value === said);
  if (priority !== undefined) return { priority, prioritySpan, warnings: [`The model reads priority ${said}; ${priority} is taken.`] };
  if (written === undefined)
    return { priority, prioritySpan, warnings: [`The model reads priority ${said}, which the text does not state; it is left out.`] };
  return { priority: said, prioritySpan: written.span, warnings: [`Only the model reads priority ${said}.`] };
}

const CHANGES_A_SLICE = new Set(["scale", "terminate", "rollback"]);

function namesSomething({ sites, type, slice, snssai, requirements }: Reading): boolean {
  const places = sites.ids.length + sites.unknown.length;
  return places > 0 || type.type !== null || type.rivals.length > 0 || Boolean(slice ?? snssai) || Object.keys(requirements).length > 0;
}

/** A text that the rules take for an attack stays as they read it. */
export function crossCheck(input: UnderstandInput, draft: Draft, { reading, index }: Sentence): CrossChecked {
  if (reading.action.refusal === "attack") return { reading, warnings: [], questions: [] };
  const action = checkAction({ rules: reading.action, named: namesSomething(reading), draft }, input.answers);
  if (action.action.action === "unsupported")
    return { reading: { ...reading, action: action.action }, warnings: action.warnings, questions: [] };
  const numbers = numbersIn(input.text);
  const effect = action.action.action !== "status";
  const unclear = draft.unclear.includes("targetSites");
  const sites = checkSites(input, { names: draft.targetSites, unclear, effect }, { rules: reading.sites, index });
  const amounts = checkAmounts(reading, draft, { input, numbers });
  const type = checkType(reading, draft);
  const slice = checkSlice(reading, draft, input.text);
  const priority = checkPriority(reading, draft, numbers);
  const twoSlices = slice.twofold && CHANGES_A_SLICE.has(action.action.action) && input.answers?.targetSites === undefined;
  const whichSlice = `The text can be read as about ${reading.slice?.name} or about ${draft.slice}. If ${reading.slice?.name} is meant, name its sites.`;
  const where = action.question ?? (twoSlices ? whichSlice : sites.question);
  return {
    reading: {
      ...reading,
      action: action.action,
      sites: sites.sites,
      type: type.type,
      ...{ requirements: amounts.requirements, requirementSpans: amounts.requirementSpans },
      slice: slice.slice,
      ...{ priority: priority.priority, prioritySpan: priority.prioritySpan },
    },
    warnings: [...action.warnings, ...sites.warnings, ...type.warnings, ...amounts.warnings, ...slice.warnings, ...priority.warnings],
    questions: [...(where === null ? [] : [{ field: "targetSites" as const, question: where }]), ...amounts.questions],
  };
}
