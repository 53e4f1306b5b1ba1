// Prometheus HTTP API, instant queries only: one value and the count of the samples behind it.
import * as z from "zod";
import { err, ok, type Result } from "../../protocol/result.ts";
import type { EdgeFailure, Measurement } from "../ports.ts";
import { type EdgeApi, edgeFailure, getJson, isSuccess, refusedBy } from "./http.ts";

const SampleValue = z.tuple([z.number(), z.string()]); // seconds, and the value as text because JSON has no NaN

const QueryResponse = z.discriminatedUnion("status", [
  z.object({ status: z.literal("error"), errorType: z.string().default(""), error: z.string().default("") }),
  z.object({
    status: z.literal("success"),
    data: z.discriminatedUnion("resultType", [
      z.object({ resultType: z.literal("vector"), result: z.array(z.object({ value: SampleValue })) }),
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

/** The one value of an instant query, null when the result is empty. Several series are no answer to one question. */
async function instant(api: EdgeApi, query: string, signal: AbortSignal): Promise<Result<number | null, EdgeFailure>> {
  const answer = await getJson(api, { path: "/api/v1/query", query: { query } }, signal);
  if (!answer.ok) return answer;
  const response = QueryResponse.safeParse(answer.value.body);
  if (response.success && response.data.status === "error") {
    const { errorType, error } = response.data;
    return edgeFailure(
      "refused",
      `${api.name} refused the query: ${[errorType, error]
        .filter((part) => part !== "")
        .join(": ")
        .slice(0, 300)}`,
    );
  }
  if (!isSuccess(answer.value)) return refusedBy(api, answer.value);
  if (!response.success) return edgeFailure("invalid", `${api.name}: not an instant query's answer`);
  if (response.data.status === "error") return edgeFailure("refused", `${api.name} refused the query`);
  const { data } = response.data;
  const values = data.resultType === "scalar" ? [data.result[1]] : data.result.map((series) => series.value[1]);
  const [text] = values;
  if (text === undefined) return ok(null);
  if (values.length > 1) return edgeFailure("invalid", `${api.name}: the query matches ${values.length} series instead of one`);
  const value = parseValue(text);
  return value === undefined ? edgeFailure("invalid", `${api.name}: "${text.slice(0, 40)}" is not a value`) : ok(value);
}

/** Both queries at once, each within the API's timeout. An empty count is zero samples. */
export async function measure(
  api: EdgeApi,
  queries: { value: string; count: string },
  signal: AbortSignal,
): Promise<Result<Measurement, EdgeFailure>> {
  const [value, count] = await Promise.all([instant(api, queries.value, signal), instant(api, queries.count, signal)]);
  if (!value.ok) return err(value.error);
  if (!count.ok) return err(count.error);
  const samples = count.value ?? 0;
  if (!Number.isInteger(samples) || samples < 0) return edgeFailure("invalid", `${api.name}: the sample count is ${samples}`);
  return ok({ value: value.value, samples });
}
