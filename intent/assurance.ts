// When a live slice counts as missing an objective, and when as meeting it again: a window with hysteresis over verdicts. Pure; the state
// is the verdicts that are kept and whether the alert fires.
import type { OperationsPolicy } from "../protocol/policy.ts";
import type { SloObjective, Verdict } from "../protocol/slo.ts";

export type AssurancePolicy = OperationsPolicy["assurance"];

export interface Judged {
  verdicts: Verdict[]; // to be kept, newest last
  change: "trigger" | "resolve" | null;
  burning: boolean; // enough misses in the window, and the newest is one: the only ground on which anything is done
  badFraction: number; // of those measurements in the window that tell something
  blind: number; // measurements in a row, up to now, that tell nothing
}

/**
 * One more measurement. `triggerAfter` misses among the last `window` raise the alert, with a miss as the newest; `resolveAfter` passes
 * in a row end it. Between the two the state stays, so a metric that goes to and fro does not make the alert do so. A measurement
 * that tells nothing (error, inconclusive) counts for neither side.
 */
export function judgeNext(
  kept: readonly Verdict[],
  { verdict, firing }: { verdict: Verdict; firing: boolean },
  policy: AssurancePolicy,
): Judged {
  const verdicts = [...kept, verdict].slice(-keptVerdicts(policy));
  const window = verdicts.slice(-policy.window);
  const misses = window.filter((one) => one === "fail").length;
  const telling = misses + window.filter((one) => one === "pass").length;
  const burning = verdict === "fail" && misses >= policy.triggerAfter;
  const passes = tailOf(verdicts, (one) => one === "pass");
  const resolves = firing && passes >= policy.resolveAfter;
  return {
    // Misses from before the end of an alert must not count towards the next one.
    verdicts: resolves ? verdicts.slice(-passes) : verdicts,
    change: resolves ? "resolve" : !firing && burning ? "trigger" : null,
    burning,
    badFraction: telling === 0 ? 0 : misses / telling,
    blind: blindFor(verdicts),
  };
}

/** How many measurements in a row, up to the newest, tell nothing. */
export function blindFor(verdicts: readonly Verdict[]): number {
  return tailOf(verdicts, (one) => one === "error" || one === "inconclusive");
}

/** As many as the longest question needs. */
export function keptVerdicts({ window, resolveAfter, outageAfter }: AssurancePolicy): number {
  return Math.max(window, resolveAfter, outageAfter);
}

function tailOf(verdicts: readonly Verdict[], holds: (verdict: Verdict) => boolean): number {
  const last = verdicts.findLastIndex((one) => !holds(one));
  return verdicts.length - 1 - last;
}

/**
 * The site as a whole: blind once one objective of one slice has told nothing `outageAfter` times in a row, seeing again when each of
 * them has told something at its last measurement. `blind` has one number per slice and objective.
 */
export function judgeOutage(blind: readonly number[], firing: boolean, { outageAfter }: AssurancePolicy): "trigger" | "resolve" | null {
  if (!firing && blind.some((count) => count >= outageAfter)) return "trigger";
  if (firing && blind.every((count) => count === 0)) return "resolve";
  return null;
}

/** No objective of 100 % has a budget at all; five nines is the smallest that is told apart from none. */
const SMALLEST_BUDGET = 1e-5;

/**
 * The share of measurements that may miss an objective. An availability objective is its own statement of it: 1 − target. A latency or a
 * throughput objective says only what a good measurement is, not how often one is owed; the product holds the slice's
 * availability target to be that share for them too, as "99.9 % available" promises a service that is as agreed for 99.9 % of the time.
 */
export function errorBudget(objectives: readonly SloObjective[]): number {
  const target = objectives.find((objective) => objective.name === "availability")?.threshold ?? 100;
  return Math.max(SMALLEST_BUDGET, 1 - target / 100);
}

/** How many times faster than allowed the budget is spent: 1 would use it up exactly. Over the window, so it is coarse. */
export function burnRate(badFraction: number, objectives: readonly SloObjective[]): number {
  return Number((badFraction / errorBudget(objectives)).toPrecision(4));
}
