// What a quantity is a quantity of: the nearest noun decides whether a percentage is reliability or a time is latency.
import { tidy, type Unit } from "../units.ts";
import { counterAt } from "./counts.ts";
import { type Doc, flagAt, flagEndingAt, hasFlag, markAt, marksOf, wordAt } from "./doc.ts";
import { isPronoun, type Quantity } from "./quantities.ts";
import type { Measure } from "./senses.ts";

const CLAUSE_COST = 5; // a comma between the noun and the quantity counts as that many tokens
const REACH = 12; // tokens; what is farther away is about something else
const UNLABELLED_PERCENT_MIN = 90; // "99.9 %" without a noun can only be reliability; "20 %" is no requirement
const LONGEST_MEASURE = 4; // tokens of "end to end latency"
const LABEL_REACH = 6; // tokens between a label and its number

const WANTED: Record<"time" | "percent", readonly Measure[]> = {
  time: ["latency", "other"],
  percent: ["reliability", "availability", "loss", "other"],
};

/** The measure that the nearest noun gives a time or percentage; `undefined` without one. */
export function measureOf(doc: Doc, quantity: Quantity): Measure | undefined {
  if (quantity.dimension !== "time" && quantity.dimension !== "percent") return undefined;
  if (quantity.loss) return "loss";
  const wanted = WANTED[quantity.dimension];
  let best: { measure: Measure; cost: number } | undefined;
  for (let i = Math.max(0, quantity.from - REACH - LONGEST_MEASURE); i <= quantity.to + REACH; i += 1) {
    const mark = doc.used[i] ? undefined : markAt(doc, i, "measure");
    if (mark === undefined || !wanted.includes(mark.sense.measure)) continue;
    const cost = distance(doc, quantity, mark);
    if (cost <= REACH && (best === undefined || cost < best.cost)) best = { measure: mark.sense.measure, cost };
  }
  return best?.measure;
}

/** "99.9 %" without a noun: the reliability is what is nearest to it; said in a warning. */
export function isUnlabelledReliability(quantity: Quantity): boolean {
  return quantity.low >= UNLABELLED_PERCENT_MIN;
}

/** Tokens between them; a noun after the quantity is a little nearer ("99.9% availability, reliability 99%"). */
function distance(doc: Doc, quantity: Quantity, mark: { from: number; to: number }): number {
  const after = mark.from >= quantity.to;
  const gap = after ? mark.from - quantity.to : quantity.from - mark.to;
  const here = doc.tokens[quantity.from];
  const there = doc.tokens[mark.from];
  if (here === undefined || there === undefined || here.sentence !== there.sentence) return REACH + 1;
  let joins = 0;
  for (let i = after ? quantity.to : mark.to; i < (after ? mark.from : quantity.from); i += 1) if (flagAt(doc, i, "join")) joins += 1;
  return gap + Math.abs(here.clause - there.clause) * CLAUSE_COST + joins * CLAUSE_COST + (after ? afterCost(doc, quantity.to) : 0);
}

/** In "99.9% availability" the noun follows; in 可靠度 99.9%，可用率 99% it comes first, and a colon or comma between them says so, too. */
function afterCost(doc: Doc, at: number): number {
  return doc.tokens[at]?.kind === "symbol" ? 0.5 : -0.5;
}

/** "10 kbps per sensor", "each sending 10 kbps": a rate of one device, not of the slice. */
export function perDeviceRate(doc: Doc, rate: Quantity): boolean {
  if (flagAt(doc, rate.to, "perDevice") !== undefined || (isEachDevice(doc, rate.to) && hasFlag(doc, "device"))) return true;
  if (wordAt(doc, rate.to) === "/" && flagAt(doc, rate.to + 1, "device") !== undefined) return true;
  for (let i = rate.from - 1; i >= 0 && i >= rate.from - 4; i -= 1) {
    if (doc.tokens[i]?.clause !== doc.tokens[rate.from]?.clause) return false;
    const isEachSite = i > 0 && doc.used[i - 1] === true && doc.tokens[i - 1]?.kind !== "symbol"; // edge1、edge2 各 500 Mbps
    if (flagAt(doc, i, "perDevice") !== undefined || (!isEachSite && isEachDevice(doc, i))) return true;
  }
  return false;
}

function isEachDevice(doc: Doc, at: number): boolean {
  const each = flagAt(doc, at, "each");
  if (each === undefined) return false;
  const after = flagAt(doc, each.to, "counter")?.to ?? each.to;
  if ((markAt(doc, after, "action")?.sense.strength ?? 0) >= 2) return false; // 各開一條 800 Mbps: at each site
  return flagAt(doc, after, "siteNoun") === undefined && markAt(doc, at, "direction") === undefined && !doc.used[after];
}

export interface BareFound {
  measured: Quantity[]; // with their dimension now
  warnings: string[];
}

const UNIT_OF: Partial<Record<Measure, { dimension: "bandwidth" | "time" | "percent"; name: string }>> = {
  bandwidth: { dimension: "bandwidth", name: "Mbps" },
  latency: { dimension: "time", name: "ms" },
  reliability: { dimension: "percent", name: "%" },
  availability: { dimension: "percent", name: "%" },
};

/** Bare numbers that a label, a direction word or a correction gives a unit: "latency_ms: 5", "300 Mbps down, 60 up", "make that 200". */
export function measureBareNumbers(doc: Doc, quantities: readonly Quantity[]): BareFound {
  const found: BareFound = { measured: [], warnings: [] };
  let model: Quantity | undefined;
  // A unit that stands apart serves all of them: "200 down / 50 up Mbps".
  const apart = marksOf(doc, "unit").find(
    (mark) => mark.sense.unit.dimension === "bandwidth" && doc.tokens[mark.from - 1]?.kind !== "number",
  );
  const directed = quantities.filter(
    (quantity) => quantity.dimension === "bare" && !doc.used[quantity.from] && besideDirection(doc, quantity),
  );
  const saysUnit = apart !== undefined || quantities.some((quantity) => quantity.dimension === "bandwidth");
  const anyRate = saysUnit || directed.length > 1;
  const factor = apart?.sense.unit.factor ?? 1;
  for (const quantity of quantities) {
    if (quantity.dimension !== "bare") {
      if (quantity.dimension !== "other") model = quantity;
      continue;
    }
    if (doc.used[quantity.from] || counterAt(doc, quantity.to) !== undefined || isPronoun(doc, quantity)) continue;
    const label = labelOf(doc, quantity.from);
    if (label.unit !== undefined) {
      const value = tidy(quantity.low * label.unit.factor);
      found.measured.push({ ...quantity, dimension: label.unit.dimension, low: value, high: value });
    } else if (anyRate && besideDirection(doc, quantity)) {
      found.measured.push({ ...quantity, dimension: "bandwidth", low: tidy(quantity.low * factor), high: tidy(quantity.high * factor) });
      if (!saysUnit) found.warnings.push(`The bandwidth ${quantity.low} has no unit; it is read as Mbps.`);
    } else if (label.measure !== undefined) measureBy(label.measure, quantity, found);
    else if (model !== undefined && flagEndingAt(doc, quantity.from, "correction") !== undefined) {
      found.measured.push({ ...quantity, dimension: model.dimension });
    }
  }
  return found;
}

function measureBy(measure: Measure, quantity: Quantity, found: BareFound): void {
  const unit = UNIT_OF[measure];
  if (unit === undefined) return;
  const isShare = unit.dimension === "percent" && quantity.low < 1; // "reliability 0.999"
  const value = isShare ? tidy(quantity.low * 100) : quantity.low;
  found.measured.push({ ...quantity, dimension: unit.dimension, low: value, high: isShare ? value : quantity.high });
  if (unit.dimension !== "percent") found.warnings.push(`The ${measure} ${quantity.low} has no unit; it is read as ${unit.name}.`);
}

function besideDirection(doc: Doc, quantity: Quantity): boolean {
  if (flagAt(doc, quantity.to, "up") ?? flagAt(doc, quantity.to, "down")) return true;
  if (markAt(doc, quantity.to, "direction") !== undefined) return true;
  let at = quantity.from;
  if (/^[:=]$/.test(wordAt(doc, at - 1))) at -= 1;
  const before = (doc.ending[at] ?? []).some((mark) => mark.sense.kind === "direction");
  return before || flagEndingAt(doc, at, "up") !== undefined || flagEndingAt(doc, at, "down") !== undefined;
}

interface Label {
  measure: Measure | undefined;
  unit: (Unit & { dimension: "bandwidth" | "time" | "percent" }) | undefined; // "latency (ms): 5" says it itself
}

/** "bandwidth: 200", "latency of 20", "throughput at least 50": the noun, then nothing but fillers and perhaps a unit. */
function labelOf(doc: Doc, at: number): Label {
  let unit: Label["unit"];
  const clause = doc.tokens[at]?.sentence;
  for (let i = at; i > at - LABEL_REACH && i > 0; ) {
    const marks = doc.ending[i] ?? [];
    const measure = marks.find((mark) => mark.sense.kind === "measure" || mark.sense.kind === "direction");
    if (measure?.sense.kind === "measure") return { measure: measure.sense.measure, unit };
    if (measure !== undefined && unit !== undefined) return { measure: undefined, unit };
    const said = marks.find((mark) => mark.sense.kind === "unit");
    if (said?.sense.kind === "unit" && said.sense.unit.dimension !== "other" && !doc.used[said.from]) {
      unit = { ...said.sense.unit, dimension: said.sense.unit.dimension };
      i = said.from;
      continue;
    }
    const filler = flagEndingAt(doc, i, "filler") ?? flagEndingAt(doc, i, "to");
    if (filler === undefined && !/^[:=<>()[\]_\u2264\u2265|"]$/.test(wordAt(doc, i - 1))) break;
    if (doc.tokens[i - 1]?.sentence !== clause) break;
    i = filler?.from ?? i - 1;
  }
  return { measure: undefined, unit: undefined };
}
