// The numbers by the rules against the numbers by a model. What only the model reads needs a number of its own in the text.
import type { Clarification } from "../protocol/intent.ts";
import type { Draft } from "./draft.ts";
import { freeNumbers, near, numberSpan, type RequirementField } from "./grounding.ts";
import type { Span } from "./language/doc.ts";
import type { WrittenNumber } from "./language/numbers-in.ts";
import type { Reading } from "./language/read.ts";
import type { UnderstandInput } from "./understand.ts";

/** What is to be said and what is to be asked. */
export interface Found {
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

type Amounts = Pick<Reading, "requirements" | "requirementSpans">;

/** Of what the rules read, and of what was taken from the model so far. */
function spansOf({ requirementSpans, prioritySpan }: Pick<Reading, "requirementSpans" | "prioritySpan">): (Span | undefined)[] {
  return [...Object.values(requirementSpans), prioritySpan];
}

export function checkAmounts(
  rules: Reading,
  draft: Draft,
  about: { input: UnderstandInput; numbers: readonly WrittenNumber[] },
): Amounts & Found {
  const requirements = { ...rules.requirements };
  const requirementSpans = { ...rules.requirementSpans };
  const warnings: string[] = [];
  const twofold: string[] = [];
  // A number from the background of a text must not be all that a change consists of: it is asked for instead.
  const wouldBeAll = rules.action.action === "scale" && Object.keys(rules.requirements).length === 0;
  for (const field of FIELDS) {
    const [ours, theirs] = [rules.requirements[field], draft.requirements[field]];
    if (theirs === ours || (theirs === null && ours === undefined) || about.input.answers?.requirement?.[field] !== undefined) continue;
    if (theirs !== null && ours !== undefined && near(theirs, ours)) continue;
    if (theirs === null) {
      warnings.push(`The model leaves out ${ours} ${LABEL[field]}; the text says so, and it is kept.`);
      continue;
    }
    const numbers = ours === undefined ? freeNumbers(about.numbers, spansOf({ ...rules, requirementSpans })) : about.numbers;
    const span = numberSpan(numbers, field, theirs);
    if (span === undefined) {
      const kept = ours === undefined ? "it is left out" : `${ours} is taken`;
      warnings.push(`The model reads ${theirs} ${LABEL[field]}, which the text does not state; ${kept}.`);
    } else if (ours === undefined && wouldBeAll) {
      warnings.push(`Only the model reads ${theirs} ${LABEL[field]}, and the rules no value at all; it is left out.`);
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

/** The rules know every way to state a priority, so that a number which they did not take for one is none. */
export function checkPriority({ priority }: Reading, draft: Draft): string[] {
  const said = draft.priority;
  if (said === null || said === priority) return [];
  if (priority !== undefined) return [`The model reads priority ${said}; ${priority} is taken.`];
  return [`The model reads priority ${said}, which the text does not state; it is left out.`];
}
