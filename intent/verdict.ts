// From a measurement to a verdict. Silence is never a pass, and an outage of the measuring side is no proof against the slice.
import type { SloObjective, Verdict } from "../protocol/slo.ts";

export type ObjectiveMeasurement = { value: number | null; samples: number } | { error: string };

export interface Judgement {
  verdict: Verdict;
  message: string;
}

const SIGN = { lte: "≤", gte: "≥" } as const;

function noData(objective: SloObjective, why: string): Judgement {
  const verdict = objective.noData;
  return { verdict, message: `${objective.name}: ${why}; without data the verdict is ${verdict}` };
}

/** A mean has more digits than a person can use; the evidence has them all. */
function shown(value: number): number {
  return Number(value.toPrecision(5));
}

export function judge(objective: SloObjective, measured: ObjectiveMeasurement): Judgement {
  if ("error" in measured) return { verdict: "error", message: `${objective.name}: could not be measured: ${measured.error}` };
  const { value, samples } = measured;
  if (value === null) return noData(objective, "the query returned nothing");
  if (!Number.isFinite(value)) return noData(objective, `the query returned ${value}`);
  if (!(samples >= objective.minSamples)) {
    return noData(objective, `${samples} samples in ${objective.windowSeconds} s, at least ${objective.minSamples} are needed`);
  }
  const holds = objective.comparator === "lte" ? value <= objective.threshold : value >= objective.threshold;
  const target = `${SIGN[objective.comparator]} ${objective.threshold} ${objective.unit}`;
  return {
    verdict: holds ? "pass" : "fail",
    message: `${objective.name}: ${shown(value)} ${objective.unit}, ${holds ? "within" : "misses"} ${target}`,
  };
}

const WORST_FIRST: readonly Verdict[] = ["fail", "error", "inconclusive"];

/** The worst verdict wins; no verdict at all is inconclusive. */
export function overallVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.length === 0) return "inconclusive";
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? "pass";
}
