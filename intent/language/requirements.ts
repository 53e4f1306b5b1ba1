// From quantities to requirements: what each is a quantity of, which value of a range is promised, and what contradicts what.
import type { Requirements } from "../../protocol/intent.ts";
import { tidy } from "../units.ts";
import { isTested } from "./conditions.ts";
import { findDeviceCounts } from "./counts.ts";
import { directionsOf, pairIsUplinkFirst } from "./directions.ts";
import { afterCorrection, type Doc, flagAt, flagEndingAt, hasFlag, type Span, spanOf } from "./doc.ts";
import { isUnlabelledReliability, measureBareNumbers, measureOf, perDeviceRate } from "./measuring.ts";
import { findQuantities, type Quantity } from "./quantities.ts";
import type { SupportedAction } from "./senses.ts";

export type RequirementField = keyof Requirements;

interface Candidate {
  field: RequirementField;
  value: number;
  from: number;
  to: number;
}

export interface RequirementsFound {
  requirements: Requirements;
  spans: Partial<Record<RequirementField, Span>>;
  warnings: string[];
  quantities: number; // how many quantities of networks there are: evidence that the text is about one
  relative: boolean; // one of them is added to what is there
  impossible: string | undefined; // a question: the only value for something cannot be meant
  apart: string | undefined; // a question: values that differ, with a name between them
  toValue: boolean; // "to 400 Mbps": one is what something is to be brought to
  change: boolean; // one of them goes from a value to another by an arrow
}

/** A range promises its lower bound (a latency its upper); "from 100 to 400" is a change to 400 when something is scaled. */
function promised(quantity: Quantity, field: RequirementField, action: SupportedAction | undefined): number {
  if (quantity.shape === "change" || (quantity.shape === "fromTo" && action === "scale")) return quantity.high;
  return field === "latencyMs" ? Math.max(quantity.low, quantity.high) : Math.min(quantity.low, quantity.high);
}

function bandwidthCandidates(doc: Doc, rates: readonly Quantity[], action: SupportedAction | undefined): Candidate[] {
  const directions = directionsOf(doc, rates);
  const candidates: Candidate[] = [];
  for (const rate of rates) {
    const at = { from: rate.from, to: rate.to };
    if (rate.shape === "pair") {
      const uplinkFirst = pairIsUplinkFirst(doc);
      candidates.push({ field: "downlinkMbps", value: uplinkFirst ? rate.high : rate.low, ...at });
      candidates.push({ field: "uplinkMbps", value: uplinkFirst ? rate.low : rate.high, ...at });
      continue;
    }
    const direction = directions.get(rate) ?? "downlink";
    if (direction !== "uplink") candidates.push({ field: "downlinkMbps", value: promised(rate, "downlinkMbps", action), ...at });
    if (direction !== "downlink") candidates.push({ field: "uplinkMbps", value: promised(rate, "uplinkMbps", action), ...at });
  }
  return candidates;
}

function otherCandidates(doc: Doc, quantity: Quantity, action: SupportedAction | undefined): Candidate[] {
  const at = { from: quantity.from, to: quantity.to };
  const measure = measureOf(doc, quantity) ?? (isAssumedReliability(doc, quantity) ? "reliability" : undefined);
  if (quantity.dimension === "time") {
    if (measure === "other" || (quantity.coarse && measure !== "latency")) return [];
    return [{ field: "latencyMs", value: promised(quantity, "latencyMs", action), ...at }];
  }
  if (quantity.dimension !== "percent" || measure === undefined || measure === "other") return [];
  if (measure === "loss" && isReported(quantity)) return [];
  if (measure === "loss") return [{ field: "reliabilityPercent", value: tidy(100 - lossPromised(quantity)), ...at }];
  const field = measure === "availability" ? "availabilityPercent" : "reliabilityPercent";
  return [{ field, value: promised(quantity, field, action), ...at }];
}

const WORST_LOSS = 10; // percent; who speaks of more tells what went wrong

/** "drops went from 0.2 % to 4 %", "about 30 % of the readings are lost": what happened, and nothing that is asked for. */
function isReported({ shape, low, high }: Quantity): boolean {
  return Math.max(low, high) > WORST_LOSS || ((shape === "fromTo" || shape === "change") && high > low);
}

/** "from 1 % to 0.1 %" is a change to the second. */
function lossPromised({ shape, low, high }: Quantity): number {
  return shape === "fromTo" || shape === "change" ? high : Math.max(low, high);
}

function isAssumedReliability(doc: Doc, quantity: Quantity): boolean {
  return quantity.dimension === "percent" && measureOf(doc, quantity) === undefined && isUnlabelledReliability(quantity);
}

function isPossible(field: RequirementField, value: number): boolean {
  if (!Number.isFinite(value) || value <= 0) return false;
  if (field === "maxDevices") return Number.isSafeInteger(value);
  return !(field === "reliabilityPercent" || field === "availabilityPercent") || value <= 100;
}

const NOUNS: Record<RequirementField, string> = {
  downlinkMbps: "downlink bandwidth",
  uplinkMbps: "uplink bandwidth",
  latencyMs: "latency",
  reliabilityPercent: "reliability",
  availabilityPercent: "availability",
  maxDevices: "number of devices",
};

const FIELDS = ["downlinkMbps", "uplinkMbps", "latencyMs", "reliabilityPercent", "availabilityPercent", "maxDevices"] as const;

/** "it has 300 Mbps now, raise it to 900": beside a value that something is brought to, another is what there was. */
function withoutPresent(doc: Doc, candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates;
  const kept = afterCorrection(doc, candidates);
  const aimed = kept.filter(({ from, to }) => {
    for (let i = from; i < to; i += 1) if (flagAt(doc, i, "to") !== undefined) return true; // from 300 to 900
    return flagEndingAt(doc, from, "to")?.from === from - 1;
  });
  return aimed.length > 0 ? aimed : kept;
}

function choose(
  doc: Doc,
  field: RequirementField,
  candidates: readonly Candidate[],
): { chosen: Candidate | undefined; warnings: string[] } {
  const warnings: string[] = [];
  const possible = candidates.filter((candidate) => isPossible(field, candidate.value));
  if (possible.length < candidates.length) warnings.push(`A ${NOUNS[field]} in the text is not possible and was ignored.`);
  const kept = afterCorrection(doc, possible);
  const chosen = kept[0];
  if (chosen !== undefined && kept.some((candidate) => candidate.value !== chosen.value)) {
    const values = [...new Set(kept.map((candidate) => candidate.value))].join(", ");
    warnings.push(`The text gives more than one ${NOUNS[field]} (${values}); ${chosen.value} is taken.`);
  }
  return { chosen, warnings };
}

/** "0 Mbps", "-50 Mbps": nothing can be promised with it. */
function impossibleQuestion(field: RequirementField, candidates: readonly Candidate[]): string | undefined {
  const isNothing = candidates.every((candidate) => candidate.value <= 0);
  return isNothing ? `The ${NOUNS[field]} in the text is not possible. Which value is meant?` : undefined;
}

interface Apart {
  chosen: Candidate;
  named: readonly boolean[]; // the tokens of names
}

/** "edge2 10 ms, edge1 5 ms": a name stands between two values that differ. */
function apartQuestion(field: RequirementField, candidates: readonly Candidate[], { chosen, named }: Apart): string | undefined {
  const differ = candidates.some((other) => {
    const [from, to] = other.from > chosen.from ? [chosen.to, other.from] : [other.to, chosen.from];
    return other.value !== chosen.value && other.value > 0 && named.slice(from, to).includes(true);
  });
  return differ
    ? `The text gives different values of ${NOUNS[field]} for different sites; a request has one. Which value is meant?`
    : undefined;
}

/** "we need it by 9, …": without a verb of change a plain number at the end of its clause adds nothing. */
function isTimeOfDay(doc: Doc, { dimension, to }: Quantity, action: SupportedAction | undefined): boolean {
  return action === undefined && dimension === "bare" && doc.tokens[to]?.kind !== "word";
}

/** "by 100 Mbps", "100 Mbps more": a change of something that the text does not tell. */
function isRelative(doc: Doc, quantity: Quantity): boolean {
  if (quantity.dimension === "other") return false; // "live by 9 am"
  if (flagAt(doc, quantity.to, "relativeBehind") !== undefined) return true;
  let at = quantity.from;
  while (at > 0 && flagEndingAt(doc, at, "relative") === undefined && flagEndingAt(doc, at, "filler") !== undefined) at -= 1;
  return flagEndingAt(doc, at, "relative") !== undefined;
}

/** "to 400 Mbps", not "up to 400 Mbps". */
function isToValue(doc: Doc, { from, dimension }: Quantity): boolean {
  return dimension !== "bare" && dimension !== "other" && flagEndingAt(doc, from, "to")?.from === from - 1;
}

/** A time in whole seconds is a latency only where no finer one is: "5 ms latency for 30 seconds". */
function withoutDurations(quantities: readonly Quantity[]): Quantity[] {
  const hasFine = quantities.some((quantity) => quantity.dimension === "time" && !quantity.coarse);
  return quantities.filter((quantity) => !(hasFine && quantity.dimension === "time" && quantity.coarse));
}

/** "300 Mbps instead of 200", "from 100 Mbps …": the value that was. */
function isLeftBehind(quantity: Quantity, all: readonly Quantity[]): boolean {
  const isOther = (other: Quantity) => other !== quantity && (other.dimension === quantity.dimension || quantity.dimension === "bare");
  return quantity.wasFrom && all.some(isOther);
}

function nothingFound(): RequirementsFound {
  const plain = { quantities: 0, relative: false, impossible: undefined, apart: undefined, toValue: false, change: false };
  return { ...plain, requirements: {}, spans: {}, warnings: [] };
}

/** `second`: the tokens of another order, whose values are not asked for here. */
export function findRequirements(doc: Doc, action: SupportedAction | undefined, second?: { from: number; to: number }): RequirementsFound {
  const named = [...doc.used];
  const quantities = withoutDurations(findQuantities(doc));
  if (quantities.length === 0) return nothingFound();
  const warnings: string[] = [];
  let hasRelative = false;
  const tested = hasFlag(doc, "condition");
  const usable = quantities.filter((quantity) => {
    if (second !== undefined && quantity.from >= second.from && quantity.from < second.to) return false;
    if (tested && isTested(doc, quantity.from)) return false; // "roll back if latency exceeds 10 ms"
    const added = flagEndingAt(doc, quantity.from, "adds") !== undefined && quantity.dimension !== "bare";
    const relative = added || (action !== "deploy" && !isTimeOfDay(doc, quantity, action) && isRelative(doc, quantity));
    hasRelative ||= relative;
    if (relative) warnings.push("A relative change has no known start; please state the value that is wanted.");
    return !relative && !isLeftBehind(quantity, quantities);
  });
  const counts = findDeviceCounts(doc, usable);
  const isCount = (quantity: Quantity) => counts.some((count) => count.quantity.from === quantity.from);
  const perDevice = usable.filter((quantity) => quantity.dimension === "bandwidth" && perDeviceRate(doc, quantity));
  if (perDevice.length > 0) warnings.push("A rate per device is not the bandwidth of the slice and was not used as such.");
  const bare = measureBareNumbers(doc, usable);
  const all = [...usable, ...bare.measured].sort((a, b) => a.from - b.from);
  const rates = all.filter((quantity) => quantity.dimension === "bandwidth" && !perDevice.includes(quantity) && !isCount(quantity));
  const candidates: Candidate[] = bandwidthCandidates(doc, rates, action);
  for (const quantity of all) candidates.push(...otherCandidates(doc, quantity, action));
  for (const { quantity, from, to } of counts) {
    candidates.push({ field: "maxDevices", value: Math.round(promised(quantity, "maxDevices", action)), from, to });
  }
  warnings.push(...bare.warnings);
  const assumed = usable.find((quantity) => isAssumedReliability(doc, quantity));
  if (assumed !== undefined) warnings.push(`${assumed.low} % has no noun; it is read as reliability.`);

  let impossible: string | undefined;
  let apart: string | undefined;
  const requirements: Requirements = {};
  const spans: RequirementsFound["spans"] = {};
  for (const field of FIELDS) {
    const said = candidates.filter((candidate) => candidate.field === field);
    const own = action === "scale" ? withoutPresent(doc, said) : said;
    if (own.length === 0) continue;
    const result = choose(doc, field, own);
    warnings.push(...result.warnings);
    impossible ??= impossibleQuestion(field, own);
    if (result.chosen === undefined) continue;
    apart ??= apartQuestion(field, own, { chosen: result.chosen, named });
    requirements[field] = result.chosen.value;
    spans[field] = spanOf(doc, result.chosen.from, result.chosen.to);
  }
  return {
    requirements,
    spans,
    warnings,
    ...{ impossible, apart },
    quantities: candidates.length,
    relative: hasRelative,
    toValue: usable.some((quantity) => isToValue(doc, quantity)),
    change: quantities.some((quantity) => quantity.shape === "change" || isLeftBehind(quantity, quantities)),
  };
}
