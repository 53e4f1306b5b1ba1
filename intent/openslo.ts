// The objectives of a live slice as OpenSLO v1 documents: a Service, a DataSource per site, an SLO per site and objective. Pure.
// Shape: https://github.com/OpenSLO/OpenSLO, "openslo/v1". It describes what is watched; it changes nothing.
import * as z from "zod";
import type { ServiceType, Snssai } from "../protocol/intent.ts";
import type { SloObjective } from "../protocol/slo.ts";
import { objectiveQueries } from "./objectives.ts";

/** The share of samples that must meet an objective; deploy/prometheus/rules/slo.yml counts with the same budget. */
export const OBJECTIVE_TARGET = 0.99;
const WINDOW = "30d";
const SOURCE_TYPE = "Prometheus";

/** RFC 1123, as every implementation of OpenSLO must take it. */
const Name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
const Metadata = z.strictObject({ name: Name, displayName: z.string().optional(), labels: z.record(z.string(), z.string()).optional() });
const document = { apiVersion: z.literal("openslo/v1"), metadata: Metadata };

const MetricSource = z.strictObject({ metricSourceRef: Name, type: z.string(), spec: z.strictObject({ query: z.string() }) });
const Indicator = z.strictObject({
  metadata: Metadata,
  spec: z.strictObject({ thresholdMetric: z.strictObject({ metricSource: MetricSource }) }),
});
const Objective = z.strictObject({
  displayName: z.string(),
  op: z.enum(["lte", "gte", "lt", "gt"]),
  value: z.number(),
  target: z.number().min(0).lt(1),
});

export const OpenSloDocument = z
  .discriminatedUnion("kind", [
    z.strictObject({ ...document, kind: z.literal("Service"), spec: z.strictObject({ description: z.string().max(1050) }) }),
    z.strictObject({
      ...document,
      kind: z.literal("DataSource"),
      spec: z.strictObject({ type: z.string(), connectionDetails: z.strictObject({ url: z.string() }) }),
    }),
    z.strictObject({
      ...document,
      kind: z.literal("SLO"),
      spec: z.strictObject({
        description: z.string().max(1050),
        service: Name,
        indicator: Indicator,
        timeWindow: z.array(z.strictObject({ duration: z.string().regex(/^[1-9]\d*[mhdwMQY]$/), isRolling: z.literal(true) })).length(1),
        budgetingMethod: z.enum(["Occurrences", "Timeslices", "RatioTimeslices"]),
        objectives: z.array(Objective).length(1), // of a thresholdMetric there may be only one
      }),
    }),
  ])
  .meta({ id: "OpenSloDocument" });
export type OpenSloDocument = z.infer<typeof OpenSloDocument>;

export interface WatchedSlice {
  slice: string;
  serviceType: ServiceType;
  snssai: Snssai;
  sites: { site: string; prometheusUrl: string; objectives: readonly SloObjective[] }[];
}

export function openSloDocuments(watched: WatchedSlice): OpenSloDocument[] {
  const { slice, serviceType, snssai } = watched;
  const description = `${serviceType} slice, S-NSSAI ${snssai.sst}-${snssai.sd}`;
  return [
    { apiVersion: "openslo/v1", kind: "Service", metadata: { name: slice }, spec: { description } },
    ...watched.sites.flatMap(({ site, prometheusUrl, objectives }) => [
      dataSource(site, prometheusUrl),
      ...objectives.map((objective) => slo({ slice, site }, objective)),
    ]),
  ];
}

function dataSource(site: string, url: string): OpenSloDocument {
  return {
    apiVersion: "openslo/v1",
    kind: "DataSource",
    metadata: { name: sourceName(site), displayName: `${SOURCE_TYPE} of ${site}` },
    spec: { type: SOURCE_TYPE, connectionDetails: { url } },
  };
}

/** The query is the one that the gate and the watch execute, so both see the same samples. */
function slo(target: { slice: string; site: string }, objective: SloObjective): OpenSloDocument {
  const { slice, site } = target;
  const kind = objective.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const metadata = { name: fit(slice, `-${site}-${kind}`), labels: { slice, site } };
  const { query } = objectiveQueries(objective, target);
  const wanted = `${objective.name} ${objective.comparator === "lte" ? "at most" : "at least"} ${objective.threshold} ${objective.unit}`;
  return {
    apiVersion: "openslo/v1",
    kind: "SLO",
    metadata: { ...metadata, displayName: `${slice} at ${site}: ${wanted}` },
    spec: {
      description: `The mean over ${objective.windowSeconds} s meets the objective in ${OBJECTIVE_TARGET * 100} % of the samples.`,
      service: slice,
      indicator: {
        metadata,
        spec: { thresholdMetric: { metricSource: { metricSourceRef: sourceName(site), type: SOURCE_TYPE, spec: { query } } } },
      },
      timeWindow: [{ duration: WINDOW, isRolling: true }],
      budgetingMethod: "Occurrences",
      objectives: [{ displayName: wanted, op: objective.comparator, value: objective.threshold, target: OBJECTIVE_TARGET }],
    },
  };
}

function sourceName(site: string): string {
  return fit(site, "-prometheus");
}

const NAME_MAX = 63;

/** A long name is cut and told apart by a hash of the whole (FNV-1a), so that two slices never share a document's name. */
function fit(name: string, suffix: string): string {
  if (name.length + suffix.length <= NAME_MAX) return `${name}${suffix}`;
  let hash = 0x811c9dc5;
  for (const letter of `${name}${suffix}`) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  const tail = `-${hash.toString(16).padStart(8, "0")}`;
  const kept = suffix.slice(0, NAME_MAX - tail.length - 1); // of a site with a long name
  return `${name.slice(0, NAME_MAX - kept.length - tail.length)}${kept}`.replace(/-+$/, "") + tail;
}

/** YAML of plain data with string keys that need no quotes, one document each: blocks of JSON scalars, which YAML takes as they are. */
export function toYaml(documents: readonly OpenSloDocument[]): string {
  return documents.map((one) => `---\n${block(one, "")}`).join("");
}

function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${block(item, `${indent}  `).slice(indent.length + 2)}`).join("");
  if (typeof value !== "object" || value === null) return `${indent}${JSON.stringify(value)}\n`;
  const present = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return present
    .map(([key, inner]) => {
      const scalar = typeof inner !== "object" || inner === null;
      return scalar ? `${indent}${key}: ${JSON.stringify(inner)}\n` : `${indent}${key}:\n${block(inner, `${indent}  `)}`;
    })
    .join("");
}
