// Prometheus HTTP API, instant queries only: a value and the count of the samples behind it, of one slice or of all slices of a site.
import * as z from "zod";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { EdgeFailure, Measurement } from "../ports.ts";
import { callJson, type EdgeApi, edgeFailure, isSuccess, refusedBy } from "./http.ts";

const SampleValue = z.tuple([z.number(), z.string()]); // seconds, and the value as text because JSON has no NaN

const Series = z.object({ metric: z.record(z.string(), z.string()).default({}), value: SampleValue });

const QueryResponse = z.discriminatedUnion("status", [
  z.object({ status: z.literal("error"), errorType: z.string().default(""), error: z.string().default("") }),
  z.object({
    status: z.literal("success"),
    data: z.discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("vector"), result: z.array(Series) }),
      z.object({ resultType: z.literal("scalar"), result: SampleValue }),
    ]),
  }),
]);

const INFINITY: Record<string, number> = {
  "+Inf": Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  "-Inf": Number.NEGATIVE_INFINITY,
};

/** NaN is a value that the backend gave, and stays one; undefined is a text that is no number at all. */
function parseValue(text: string): number | undefined {
  if (text === "NaN") return Number.NaN;
  const value = INFINITY[text] ?? Number(text);
  return Number.isNaN(value) || text.trim() === "" ? undefined : value;
}

interface Point {
  slice: string | null; // by the label of that name
  value: number;
}

/** The points of an instant query's answer; a scalar is one without labels. */
async function instant(api: EdgeApi, query: string, signal: AbortSignal): Promise<Result<Point[], EdgeFailure>> {
  const answer = await callJson(api, { path: "/api/v1/query", query: { query } }, signal);
  if (!answer.ok) return answer;
  const response = QueryResponse.safeParse(answer.value.body);
  if (response.success && response.data.status === "error") {
    const { errorType, error } = response.data;
    const said = [errorType, error].filter((part) => part !== "").join(": ");
    return edgeFailure("refused", `${api.name} refused the query: ${said.slice(0, 300)}`);
  }
  if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
  if (!response.success) return edgeFailure("invalid", `${api.name}: not an instant query's answer`);
  if (response.data.status === "error") return edgeFailure("refused", `${api.name} refused the query`);
  const { data } = response.data;
  const series = data.resultType === "scalar" ? [{ metric: {}, value: data.result }] : data.result;
  const points: Point[] = [];
  for (const { metric, value } of series) {
    const parsed = parseValue(value[1]);
    if (parsed === undefined) return edgeFailure("invalid", `${api.name}: "${value[1].slice(0, 40)}" is not a value`);
    points.push({ slice: "slice" in metric ? String(metric.slice) : null, value: parsed });
  }
  return ok(points);
}

interface Queries {
  value: string;
  count: string;
}

/** Both queries at once, each within the API's timeout. */
async function both(
  api: EdgeApi,
  queries: Queries,
  signal: AbortSignal,
): Promise<Result<{ values: Point[]; counts: Point[] }, EdgeFailure>> {
  const [values, counts] = await Promise.all([instant(api, queries.value, signal), instant(api, queries.count, signal)]);
  if (!values.ok) return err(values.error);
  if (!counts.ok) return err(counts.error);
  const odd = counts.value.find(({ value }) => !Number.isInteger(value) || value < 0);
  if (odd !== undefined) return edgeFailure("invalid", `${api.name}: the sample count is ${odd.value}`);
  return ok({ values: values.value, counts: counts.value });
}

/** One value. Several series are no answer to one question; an empty count is zero samples. */
export async function measure(api: EdgeApi, queries: Queries, signal: AbortSignal): Promise<Result<Measurement, EdgeFailure>> {
  const points = await both(api, queries, signal);
  if (!points.ok) return points;
  const { values, counts } = points.value;
  const most = Math.max(values.length, counts.length);
  if (most > 1) return edgeFailure("invalid", `${api.name}: the query matches ${most} series instead of one`);
  return ok({ value: values[0]?.value ?? null, samples: counts[0]?.value ?? 0 });
}

/** By slice; a slice of which nobody has either a value or a count is not in the map. */
export async function measureSlices(
  api: EdgeApi,
  queries: Queries,
  signal: AbortSignal,
): Promise<Result<Map<string, Measurement>, EdgeFailure>> {
  const points = await both(api, queries, signal);
  if (!points.ok) return points;
  const values = bySlice(points.value.values);
  const counts = bySlice(points.value.counts);
  const measured = new Map<string, Measurement>();
  for (const slice of [...new Set([...values.keys(), ...counts.keys()])].sort()) {
    const ambiguous = values.get(slice) === null || counts.get(slice) === null;
    measured.set(slice, ambiguous ? { value: null, samples: 0 } : { value: values.get(slice) ?? null, samples: counts.get(slice) ?? 0 });
  }
  return ok(measured);
}

/** Null where several series bear one slice's name: that one counts as not measured, and harms no other. */
function bySlice(points: readonly Point[]): Map<string, number | null> {
  const values = new Map<string, number | null>();
  for (const { slice, value } of points) {
    if (slice !== null) values.set(slice, values.has(slice) ? null : value);
  }
  return values;
}
