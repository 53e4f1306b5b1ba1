// Right or wrong, field by field: an understanding in the form of a label, and what differs from the wanted one. Pure.
import type { Understanding } from "../../protocol/intent.ts";
import { Label } from "./corpus.ts";

export const FIELDS = Label.keyof().options;
export type Field = (typeof FIELDS)[number];

/** Fields that every label has; the others count only where they are wanted or given, else absence would be praised. */
const ALWAYS: readonly Field[] = ["action", "serviceType", "targetSites", "clarify"];

/** No understanding at all: every field is missed. */
export type Got = Label | null;

export interface Miss {
  field: Field;
  wanted: unknown; // undefined: none
  got: unknown;
}

export function labelOf({ intent, clarifications, provenance }: Understanding): Label {
  return {
    action: intent.action,
    serviceType: intent.intentType,
    targetSites: intent.targetSites,
    ...intent.requirements,
    ...(provenance["priority"]?.source === "text" ? { priority: intent.priority } : {}),
    ...(intent.slice === undefined ? {} : { slice: intent.slice }),
    clarify: [...new Set(clarifications.map((clarification) => clarification.field))],
  };
}

/** Lists are sets here: sites and questions in any order. */
export function isSame(one: unknown, other: unknown): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return JSON.stringify(one.toSorted()) === JSON.stringify(other.toSorted());
}

export function missesOf(wanted: Label, got: Got): Miss[] {
  return FIELDS.filter((field) => counts(field, wanted, got) && (got === null || !isSame(wanted[field], got[field]))).map((field) => ({
    field,
    wanted: wanted[field],
    got: got?.[field],
  }));
}

/** Whether this sentence says anything about this field. */
export function counts(field: Field, wanted: Label, got: Got): boolean {
  return ALWAYS.includes(field) || wanted[field] !== undefined || got?.[field] !== undefined;
}
