// Readings of a sentence: what was understood of it, and what a person makes of that. Pure.
import type { CorrectedFields, Reading } from "../../protocol/correction.ts";
import {
  type ParsedIntent,
  REQUIREMENT_FIELDS,
  type RequirementField,
  type Requirements,
  type Understanding,
} from "../../protocol/intent.ts";

const PLAIN_FIELDS = ["action", "serviceType", "targetSites", "slice", "priority"] as const;
type Field = (typeof PLAIN_FIELDS)[number] | RequirementField;

/** Readings, corrections and what was understood, all alike: a field that is not stated is null, absent, or without any site. */
type Meaning = { [key in (typeof PLAIN_FIELDS)[number]]?: string | number | readonly string[] | null | undefined } & {
  requirements?: { [key in RequirementField]?: number | null | undefined } | undefined;
};

type Pair = { understood: Reading; corrected: Reading };

/** An intent with what people said about its sentence before, newest first. */
export interface Said {
  understanding: Understanding;
  corrected: CorrectedFields | null; // what it was prepared with
  earlier: readonly Pair[];
}

/** Undefined: says nothing about it. Null: says that there is none. */
function given(meaning: Meaning, field: Field): string | number | null | undefined {
  const quantity = REQUIREMENT_FIELDS.find((key) => key === field);
  const value = quantity === undefined ? plainOf(meaning, field) : meaning.requirements?.[quantity];
  if (typeof value !== "object" || value === null) return value;
  return value.length === 0 ? null : [...value].sort().join();
}

function plainOf(meaning: Meaning, field: Field): Meaning[(typeof PLAIN_FIELDS)[number]] {
  const key = PLAIN_FIELDS.find((one) => one === field);
  return key === undefined ? undefined : meaning[key];
}

function pick(fields: CorrectedFields, keep: (field: Field) => boolean): CorrectedFields {
  const picked = { ...fields };
  for (const field of PLAIN_FIELDS) if (!keep(field)) delete picked[field];
  const requirements = { ...fields.requirements };
  for (const field of REQUIREMENT_FIELDS) if (!keep(field)) delete requirements[field];
  delete picked.requirements;
  return isEmpty(requirements) ? picked : { ...picked, requirements };
}

export function isEmpty(fields: object): boolean {
  return Object.keys(fields).length === 0;
}

/** The fields that say something else than the meaning. */
export function changed(meaning: Meaning, fields: CorrectedFields): CorrectedFields {
  return pick(fields, (field) => given(fields, field) !== (given(meaning, field) ?? null));
}

export function meaningOf({ intentType, ...intent }: ParsedIntent): Meaning {
  return { ...intent, serviceType: intentType };
}

/** What was said before, and what is said now over it. */
export function merged(before: CorrectedFields | null, now: CorrectedFields): CorrectedFields {
  if (before === null) return now;
  const requirements = { ...before.requirements, ...now.requirements };
  return { ...before, ...now, ...(isEmpty(requirements) ? {} : { requirements }) };
}

/** What is left of it once a person has said something else about the same fields: the last word counts. Null: nothing. */
export function without(before: CorrectedFields | null, said: Meaning): CorrectedFields | null {
  const left = before === null ? {} : pick(before, (field) => given(said, field) === undefined);
  return isEmpty(left) ? null : left;
}

/** Whether the sentence speaks of the field: not if it came with the request or by an answer, or was only filled in by a correction. */
function speaksOf({ understanding, corrected, earlier }: Said, field: Field): boolean {
  if (given(corrected ?? {}, field) !== undefined)
    return earlier.some((pair) => [pair.understood, pair.corrected].some((reading) => (given(reading, field) ?? null) !== null));
  const key = field === "serviceType" ? "intentType" : PLAIN_FIELDS.some((one) => one === field) ? field : `requirements.${field}`;
  return understanding.provenance[key]?.source !== "context";
}

function isAsked({ understanding, corrected }: Said, field: Field): boolean {
  if (given(corrected ?? {}, field) !== undefined) return false;
  const { intent, clarifications } = understanding;
  const quantity = REQUIREMENT_FIELDS.find((key) => key === field);
  if (quantity !== undefined && intent.requirements[quantity] !== undefined) return false;
  return clarifications.some((open) => open.field === (quantity === undefined ? field : "requirement"));
}

/** Of a correction: what it says of the sentence. The rest fills in for one intent what the sentence leaves open, as an answer does. */
export function ofTheSentence(said: Said, fields: CorrectedFields): CorrectedFields {
  return pick(fields, (field) => speaksOf(said, field) && !isAsked(said, field));
}

/** What the sentence itself was taken to say, and by people corrected to say. */
export function readingOf(said: Said): Reading {
  const { intent, provenance } = said.understanding;
  const requirements: Requirements = {};
  for (const key of REQUIREMENT_FIELDS) {
    const value = intent.requirements[key];
    if (value !== undefined && speaksOf(said, key)) requirements[key] = value;
  }
  const stated = provenance["priority"]?.source === "text" || said.corrected?.priority !== undefined;
  return {
    action: intent.action,
    serviceType: speaksOf(said, "serviceType") ? intent.intentType : null,
    targetSites: speaksOf(said, "targetSites") ? intent.targetSites : [],
    ...(intent.slice === undefined || !speaksOf(said, "slice") ? {} : { slice: intent.slice }),
    ...(stated ? { priority: intent.priority } : {}),
    requirements,
  };
}

export function applied(reading: Reading, fields: CorrectedFields): Reading {
  const { slice: before, requirements: stated, ...rest } = reading;
  const slice = fields.slice === undefined ? before : (fields.slice ?? undefined);
  const requirements: Requirements = {};
  for (const key of REQUIREMENT_FIELDS) {
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
