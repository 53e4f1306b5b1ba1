// The small family of PromQL that the service-level gate asks, over real samples. Everything else is refused, honestly.
import { METRIC_NAMES, type Sample, type SampleStore } from "./samples.ts";

const LOOKBACK_MS = 300_000; // Prometheus' own: how old the newest sample of an instant selector may be
const MAX_QUERY = 1_000;

const OVER_TIME: Record<string, (values: readonly number[]) => number> = {
  avg_over_time: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  min_over_time: (values) => Math.min(...values),
  max_over_time: (values) => Math.max(...values),
  count_over_time: (values) => values.length,
  last_over_time: (values) => values.at(-1) ?? Number.NaN,
};

const SELECTOR = String.raw`([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{([^{}]*)\})?`;
const INSTANT = new RegExp(`^${SELECTOR}$`);
const RANGE = new RegExp(String.raw`^([a-z_]+)\s*\(\s*${SELECTOR}\s*\[(\d{1,6})s\]\s*\)$`);
const MATCHER = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*$/;

export const SUPPORTED =
  'this lab evaluates only avg_over_time, min_over_time, max_over_time, count_over_time and last_over_time of metric{label="value"}[Ns], and metric{label="value"}';

interface Query {
  fn: string | null; // null for a bare instant selector
  metric: string;
  labels: Map<string, string>;
  windowMs: number;
}

export interface Series {
  labels: Record<string, string>;
  value: number;
}

function parseLabels(text: string | undefined): Map<string, string> | null {
  const labels = new Map<string, string>();
  const parts = (text ?? "").match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  for (const part of parts) {
    if (part.trim() === "") continue;
    const [, name, value] = MATCHER.exec(part) ?? [];
    if (name === undefined || value === undefined) return null;
    labels.set(name, value.replace(/\\(.)/g, "$1"));
  }
  return labels;
}

function parseQuery(text: string): Query | null {
  if (text.length > MAX_QUERY) return null;
  const range = RANGE.exec(text.trim());
  const instant = range === null ? INSTANT.exec(text.trim()) : null;
  const labels = parseLabels(range?.[3] ?? instant?.[2]);
  const metric = range?.[2] ?? instant?.[1];
  if (labels === null || metric === undefined) return null;
  if (range === null) return { fn: null, metric, labels, windowMs: LOOKBACK_MS };
  const [, fn = "", , , seconds = "0"] = range;
  if (!Object.hasOwn(OVER_TIME, fn) || Number(seconds) === 0) return null;
  return { fn, metric, labels, windowMs: Number(seconds) * 1000 };
}

function reduce(query: Query, samples: readonly Sample[]): number | null {
  const last = samples.at(-1);
  if (last === undefined) return null;
  if (query.fn === null) return last.value;
  return OVER_TIME[query.fn]?.(samples.map((sample) => sample.value)) ?? null;
}

export interface EvalInput {
  query: string;
  at: number; // ms since the epoch
  site: string;
  samples: SampleStore;
  fault: "ok" | "none" | "nan";
}

/** The resulting vector, or null when the query is not of the family. A sample that is NaN counts, as it does in Prometheus. */
export function evaluate(input: EvalInput): Series[] | null {
  const query = parseQuery(input.query);
  if (query === null) return null;
  if (input.fault === "none" || !METRIC_NAMES.includes(query.metric)) return [];
  const vector: Series[] = [];
  for (const slice of input.samples.slices()) {
    const labels: Record<string, string> = { edge_site: input.site, slice };
    if ([...query.labels].some(([name, value]) => (labels[name] ?? "") !== value)) continue;
    const samples = input.samples.range(slice, query.metric, { from: input.at - query.windowMs, to: input.at });
    const seen = input.fault === "nan" ? samples.map((sample) => ({ ...sample, value: Number.NaN })) : samples;
    const value = reduce(query, seen);
    if (value !== null) vector.push({ labels: query.fn === null ? { __name__: query.metric, ...labels } : labels, value });
  }
  return vector;
}
