// Service level objectives: what is measured, against what, and the four verdicts a measurement may have.
import * as z from "zod";
import { SiteId } from "./ids.ts";

/** `error` is an outage of the measuring side, `inconclusive` a lack of data; neither is ever a pass or, alone, a rollback. */
export const Verdict = z.enum(["pass", "fail", "inconclusive", "error"]);
export type Verdict = z.infer<typeof Verdict>;

export const ObjectiveName = z.enum(["latencyP95", "throughputMin", "uplinkThroughputMin", "availability"]);
export type ObjectiveName = z.infer<typeof ObjectiveName>;

/** The metric of each objective, labelled {edge_site, slice}; recording rules map a site's own metrics to these names. */
export const OBJECTIVE_METRICS: Record<ObjectiveName, string> = {
  latencyP95: "slice_latency_p95_ms",
  throughputMin: "slice_downlink_mbps",
  uplinkThroughputMin: "slice_uplink_mbps",
  availability: "slice_availability_percent",
};

export const SloObjective = z.object({
  name: ObjectiveName,
  comparator: z.enum(["lte", "gte"]),
  threshold: z.number(),
  unit: z.enum(["ms", "Mbps", "%"]),
  windowSeconds: z.number().int().positive(),
  minSamples: z.number().int().positive(),
  noData: z.enum(["inconclusive", "fail"]), // there is no policy under which silence is a pass
});
export type SloObjective = z.infer<typeof SloObjective>;

/** One objective at one site, as it was executed. `value` is null when there was none. */
export const Evidence = z
  .object({
    site: SiteId,
    objective: ObjectiveName,
    query: z.string(),
    value: z.number().nullable(),
    samples: z.number().int().nonnegative(),
    threshold: z.number(),
    comparator: z.enum(["lte", "gte"]),
    unit: z.string(),
    verdict: Verdict,
    message: z.string(),
    measuredAt: z.iso.datetime(),
  })
  .meta({ id: "Evidence" });
export type Evidence = z.infer<typeof Evidence>;
