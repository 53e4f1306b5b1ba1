// Series of measurements over time, for charts. Not the verdicts: those are in the evidence of deployments and in alerts.
import * as z from "zod";
import { SiteId, SliceName, Timestamp } from "./ids.ts";
import { ObjectiveName } from "./slo.ts";

export const MAX_POINTS = 500; // wider than any chart

const range = {
  metric: ObjectiveName,
  from: z.iso.datetime().optional(), // none: an hour before `to`
  to: z.iso.datetime().optional(), // none: now
  points: z.coerce.number().int().min(10).max(MAX_POINTS).default(200),
};

type Ends = { from?: string | undefined; to?: string | undefined };
const ordered = ({ from, to }: Ends) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to);
const disordered = { path: ["from"], message: "must be before to" };

/** GET /api/v1/slices/{name}/series. No site: one series for each site of the slice. */
export const SliceSeriesQuery = z.strictObject({ site: z.string().min(1).max(64).optional(), ...range }).refine(ordered, disordered);
export type SliceSeriesQuery = z.infer<typeof SliceSeriesQuery>;

/** GET /api/v1/sites/{id}/series. */
export const SiteSeriesQuery = z.strictObject(range).refine(ordered, disordered);
export type SiteSeriesQuery = z.infer<typeof SiteSeriesQuery>;

/** One step of a chart; `count` measurements from `at` on. Steps without any are not there. */
export const SeriesPoint = z.object({ at: Timestamp, mean: z.number(), min: z.number(), max: z.number(), count: z.number().int() });
export type SeriesPoint = z.infer<typeof SeriesPoint>;

/** `slice` null: all slices of the site together. `threshold`: of the deployment in force; null where there is none, or not one alone. */
export const Series = z.object({
  site: SiteId,
  slice: SliceName.nullable(),
  threshold: z.object({ value: z.number(), comparator: z.enum(["lte", "gte"]) }).nullable(),
  points: z.array(SeriesPoint).max(MAX_POINTS),
});
export type Series = z.infer<typeof Series>;

export const SeriesPage = z
  .object({
    metric: ObjectiveName,
    unit: z.enum(["ms", "Mbps", "%"]),
    from: Timestamp,
    to: Timestamp,
    stepSeconds: z.number().int().positive(),
    series: z.array(Series),
  })
  .meta({ id: "SeriesPage" });
export type SeriesPage = z.infer<typeof SeriesPage>;
