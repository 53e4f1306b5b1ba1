// What was measured, kept for charts: as it was measured for hours, in five-minute buckets for weeks, in one-hour buckets for a year.
import { and, eq, gte, lt, sql } from "drizzle-orm";
import * as z from "zod";
import { deployments, samples, sliceSites } from "../../drizzle/schema.ts";
import { chooseSource, RESOLUTIONS, type SeriesSource } from "../../intent/series.ts";
import type { Series, SeriesPage, SeriesPoint, SiteSeriesQuery, SliceSeriesQuery } from "../../protocol/history.ts";
import { type ObjectiveName, SloObjective } from "../../protocol/slo.ts";
import type { Deps } from "../deps.ts";
import { findSite, resolveSites } from "./sites.ts";
import type { Unit } from "./unit.ts";

export interface Sample {
  slice: string;
  site: string;
  metric: ObjectiveName;
  at: number;
  value: number;
}

/** One statement and one parameter, however many there are: each goes into a bucket of every resolution. */
export function storeSamples(unit: Unit, deps: Deps, fresh: readonly Sample[]): void {
  if (fresh.length === 0) return;
  const values = JSON.stringify(fresh.map(({ slice, site, metric, at, value }) => [slice, site, metric, at, value]));
  const widths = JSON.stringify(RESOLUTIONS.map(({ seconds }) => seconds));
  const field = (index: number) => sql.raw(`json_extract(v.value, '$[${index}]')`);
  unit.add(
    deps.db
      .insert(samples)
      .select(
        sql`select ${field(0)}, ${field(1)}, ${field(2)}, w.value, ${field(3)} / (w.value * 1000) * (w.value * 1000), 1,
          ${field(4)}, ${field(4)}, ${field(4)} from json_each(${values}) v, json_each(${widths}) w where true`,
      )
      .onConflictDoUpdate({
        target: [samples.slice, samples.site, samples.metric, samples.bucketSeconds, samples.at],
        set: {
          count: sql`${samples.count} + excluded.count`,
          sum: sql`${samples.sum} + excluded.sum`,
          min: sql`min(${samples.min}, excluded.min)`,
          max: sql`max(${samples.max}, excluded.max)`,
        },
      }),
  );
}

/** Takes what is older than its resolution is kept for, at most `limit` rows of each; the next call goes on. */
export async function pruneSamples(deps: Deps, limit: number): Promise<void> {
  const prune = ({ seconds, keptMs }: (typeof RESOLUTIONS)[number]) =>
    deps.db
      .delete(samples)
      .where(
        sql`rowid in (select rowid from samples where bucket_seconds = ${seconds} and at < ${deps.now() - keptMs} order by at limit ${limit})`,
      );
  const [raw, medium, coarse] = RESOLUTIONS;
  await deps.db.batch([prune(raw), prune(medium), prune(coarse)]);
}

const DEFAULT_RANGE_MS = 3600_000;
const UNITS: Record<ObjectiveName, SeriesPage["unit"]> = {
  latencyP95: "ms",
  throughputMin: "Mbps",
  uplinkThroughputMin: "Mbps",
  availability: "%",
};
const MAX_SERIES = 20; // sites of one slice that are drawn at once

/** One series for each site of the slice, or for the named one. A slice that is gone still has its past. */
export async function sliceSeries(deps: Deps, slice: string, query: SliceSeriesQuery): Promise<SeriesPage> {
  const range = rangeOf(deps, query);
  const { metric } = query;
  const [wanted] = query.site === undefined ? [] : await resolveSites(deps, [query.site], "site");
  const { source, from, to } = range;
  const rows = await deps.db
    .select({ site: samples.site, ...columns(source) })
    .from(samples)
    .where(
      and(
        eq(samples.slice, slice),
        wanted === undefined ? undefined : eq(samples.site, wanted),
        ...[eq(samples.metric, metric), eq(samples.bucketSeconds, source.bucketSeconds), gte(samples.at, from), lt(samples.at, to)],
      ),
    )
    .groupBy(samples.site, sql`2`)
    .orderBy(samples.site, sql`2`)
    .limit(MAX_SERIES * query.points);
  const thresholds = await thresholdsOf(deps, { slice, metric });
  const bySite = Map.groupBy(rows, (row) => row.site);
  const sites = wanted === undefined ? [...new Set([...bySite.keys(), ...thresholds.keys()])].sort().slice(0, MAX_SERIES) : [wanted];
  const series = sites.map(
    (site): Series => ({ site, slice, threshold: thresholds.get(site)?.[0] ?? null, points: (bySite.get(site) ?? []).map(toPoint) }),
  );
  return pageOf(range, { metric, series });
}

/** All slices of the site together. Their threshold is drawn when they have the same. */
export async function siteSeries(deps: Deps, ref: string, query: SiteSeriesQuery): Promise<SeriesPage> {
  const { id: site } = await findSite(deps, ref);
  const range = rangeOf(deps, query);
  const { metric } = query;
  const { source, from, to } = range;
  const rows = await deps.db
    .select(columns(source))
    .from(samples)
    .where(
      and(
        ...[eq(samples.site, site), eq(samples.metric, metric), eq(samples.bucketSeconds, source.bucketSeconds)],
        ...[gte(samples.at, from), lt(samples.at, to)],
      ),
    )
    .groupBy(sql`1`)
    .orderBy(sql`1`)
    .limit(query.points);
  const known = (await thresholdsOf(deps, { site, metric })).get(site) ?? [];
  const [first = null] = known;
  const same = known.every((one) => one.value === first?.value);
  return pageOf(range, { metric, series: [{ site, slice: null, threshold: same ? first : null, points: rows.map(toPoint) }] });
}

interface Range {
  from: number;
  to: number;
  source: SeriesSource;
}

function rangeOf(deps: Deps, query: SiteSeriesQuery): Range {
  const to = query.to === undefined ? deps.now() : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_RANGE_MS : Date.parse(query.from);
  const source = chooseSource({ from, to, points: query.points, now: deps.now() });
  const width = source.bucketSeconds * 1000;
  return { from: Math.floor(from / width) * width, to, source }; // the bucket in which the range begins is part of it
}

/** The step comes first: groupBy and orderBy name it by its place. */
function columns({ stepSeconds }: SeriesSource) {
  const step = sql.raw(String(stepSeconds * 1000));
  return {
    at: sql<number>`${samples.at} / ${step} * ${step}`,
    mean: sql<number>`sum(${samples.sum}) / sum(${samples.count})`,
    min: sql<number>`min(${samples.min})`,
    max: sql<number>`max(${samples.max})`,
    count: sql<number>`sum(${samples.count})`,
  };
}

function toPoint({ at, mean, min, max, count }: Omit<SeriesPoint, "at"> & { at: number }): SeriesPoint {
  return { at: new Date(at).toISOString(), mean, min, max, count };
}

function pageOf({ from, to, source }: Range, { metric, series }: Pick<SeriesPage, "metric" | "series">): SeriesPage {
  const ends = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return { metric, unit: UNITS[metric], ...ends, stepSeconds: source.stepSeconds, series };
}

/** By site, what the deployments in force there ask of the metric. */
async function thresholdsOf(deps: Deps, { slice, site, metric }: { slice?: string; site?: string; metric: ObjectiveName }) {
  const rows = await deps.db
    .select({ site: sliceSites.site, objectives: sql<string>`json_extract(${deployments.plan}, '$.objectives')` })
    .from(sliceSites)
    .innerJoin(deployments, eq(deployments.id, sliceSites.deploymentId))
    .where(and(slice === undefined ? undefined : eq(sliceSites.slice, slice), site === undefined ? undefined : eq(sliceSites.site, site)))
    .orderBy(sliceSites.site);
  const found = rows.flatMap((row) => {
    const objective = z
      .array(SloObjective)
      .parse(JSON.parse(row.objectives))
      .find(({ name }) => name === metric);
    return objective === undefined ? [] : [{ site: row.site, value: objective.threshold, comparator: objective.comparator }];
  });
  return new Map([...Map.groupBy(found, (one) => one.site)].map(([at, all]) => [at, all.map(({ site: _, ...threshold }) => threshold)]));
}
