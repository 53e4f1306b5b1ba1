// A scale as it is being filled in: what differs from what is in force, and the sentence that says so. Pure; the words come in.
import { effectiveRequirements, type FullRequirements } from "../../intent/defaults.ts";
import type { SliceView } from "../../protocol/api.ts";
import { REQUIREMENT_FIELDS, type RequirementField, type Requirements } from "../../protocol/intent.ts";

/** What holds now, also where nobody has said anything. */
export function inForce({ serviceType, requirements }: Pick<SliceView, "serviceType" | "requirements">): FullRequirements {
  return effectiveRequirements(serviceType, requirements);
}

/**
 * The filled-in fields that differ from what was asked for when the draft was begun; one that was emptied stays as it is. Not from what holds now:
 * a field that nobody touched here would take back what somebody else has changed meanwhile.
 */
export function scaleWanted({ requirements }: Pick<SliceView, "requirements">, filled: Requirements): Requirements {
  const changed = REQUIREMENT_FIELDS.filter((field) => filled[field] !== undefined && filled[field] !== requirements[field]);
  return Object.fromEntries(changed.map((field) => [field, filled[field]]));
}

/** The fields whose value is another one now than when the draft was begun: somebody else has changed the slice. */
export function changedSince(begun: Pick<SliceView, "requirements">, now: Pick<SliceView, "requirements">): RequirementField[] {
  return REQUIREMENT_FIELDS.filter((field) => begun.requirements[field] !== now.requirements[field]);
}

/** The parts of the sentence in a language. */
export interface SentenceWords {
  comma: string;
  at(sites: string): string;
  requirement(field: RequirementField, value: string): string;
  scale(parts: { slice: string; at: string; wanted: string }): string;
}

export interface ScaleOrder {
  slice: string;
  sites: readonly string[]; // none: all of the slice's
  wanted: Requirements;
}

/** "Scale slice video-7 on edge1 to 300 Mbps downlink", in the words' language. The rules of intent/ read it as it is meant. */
export function scaleSentence(words: SentenceWords, { slice, sites, wanted }: ScaleOrder): string {
  const at = sites.length === 0 ? "" : words.at(sites.join(words.comma));
  const stated = REQUIREMENT_FIELDS.filter((field) => wanted[field] !== undefined);
  const values = stated.map((field) => words.requirement(field, String(wanted[field])));
  return words.scale({ slice, at, wanted: values.join(words.comma) });
}
