// Measurements over time: kept in buckets of three sizes, drawn from the finest that is still there, and gone when their time is over.
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { SeriesPage } from "../../protocol/history.ts";
import { createDeps } from "../../worker/deps.ts";
import { prune } from "../../worker/services/prune.ts";
import { pruneSamples, type Sample, storeSamples } from "../../worker/services/samples.ts";
import { createUnit } from "../../worker/services/unit.ts";
import { call, createWorld, refusal, rows, type World } from "./harness.ts";
import { rounds, watchlistOf } from "./measuring.ts";
import { deployed } from "./story.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

/** Services at another time than now. */
function depsAt(now: number) {
  const context = createExecutionContext();
  return { deps: { ...createDeps(env, context), now: () => now }, done: () => waitOnExecutionContext(context) };
}

async function keep(samples: Sample[]): Promise<void> {
  const { deps } = depsAt(Date.now());
  const unit = createUnit(deps);
  storeSamples(unit, deps, samples);
  await unit.commit();
}

function latency(at: number, value: number, patch: Partial<Sample> = {}): Sample {
  return { slice: "video-7", site: "edge1", metric: "latencyP95", at, value, ...patch };
}

async function seriesOf(world: World, path: string): Promise<SeriesPage> {
  return (await call("GET", path, { token: world.read })).as(SeriesPage);
}

test("a measurement goes into a bucket of each size", async () => {
  const hour = Date.parse("2026-01-01T10:00:00Z");
  await keep([latency(hour + 1_000, 10), latency(hour + 16_000, 30), latency(hour + 6 * 60_000, 5)]);
  await keep([latency(hour + 31_000, 20)]);
  const kept = await rows(
    "select bucket_seconds as width, (at - ?) / 1000 as second, count, sum, min, max from samples order by 1, 2",
    hour,
  );
  const bucket = (width: number, second: number, [count, sum, min, max]: number[]) => ({ width, second, count, sum, min, max });
  expect(kept).toEqual([
    ...[
      [1, 10],
      [16, 30],
      [31, 20],
      [360, 5],
    ].map(([second = 0, value = 0]) => bucket(1, second, [1, value, value, value])),
    bucket(300, 0, [3, 60, 10, 30]),
    bucket(300, 300, [1, 5, 5, 5]),
    bucket(3600, 0, [4, 65, 5, 30]),
  ]);
});

test("what was measured of a live slice is a series with the threshold in force", async () => {
  const world = await createWorld();
  await deployed(world);
  await rounds(world.agent, 1, { latencyP95: 12 });
  const [watched] = (await watchlistOf(world.agent)).slices;
  const page = await seriesOf(world, `/api/v1/slices/${watched?.slice}/series?metric=latencyP95`);
  expect({ ...page, from: Date.parse(page.to) - Date.parse(page.from) }).toEqual({
    ...{ metric: "latencyP95", unit: "ms", from: expect.closeTo(HOUR_MS, -4), to: expect.any(String), stepSeconds: 19 },
    series: [
      {
        ...{ site: "edge1", slice: watched?.slice, threshold: { value: 20, comparator: "lte" } },
        points: [{ at: expect.any(String), mean: 12, min: 12, max: 12, count: 1 }],
      },
    ],
  });
  const ofSite = await seriesOf(world, "/api/v1/sites/Edge%201/series?metric=latencyP95");
  expect(ofSite.series).toEqual([{ ...page.series[0], slice: null }]);
});

test("a chart has no more points than it asks for, from the buckets that its range needs", async () => {
  const world = await createWorld();
  const to = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const every = (ms: number, count: number) =>
    Array.from({ length: count }, (_, index) => latency(to - (index + 1) * ms, index % 2 === 0 ? 10 : 20));
  await keep(every(60_000, 600)); // ten hours
  const read = (from: number, points: number) =>
    seriesOf(
      world,
      `/api/v1/slices/video-7/series?metric=latencyP95&from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}&points=${points}`,
    );
  const hour = await read(to - HOUR_MS, 500);
  expect([hour.stepSeconds, hour.series[0]?.points.length]).toEqual([8, 60]);
  const coarse = await read(to - HOUR_MS, 10);
  expect(coarse.series[0]?.points.length).toBeLessThanOrEqual(10);
  expect(coarse.series[0]?.points.reduce((total, point) => total + point.count, 0)).toBe(60);
  const day = await read(to - DAY_MS, 100);
  expect([day.stepSeconds, day.series[0]?.points.length, day.series[0]?.points[0]]).toEqual([
    900,
    40,
    { at: new Date(to - 10 * HOUR_MS).toISOString(), mean: 15 + 1 / 3, min: 10, max: 20, count: 15 },
  ]);
});

test("a slice at several sites has a series for each, a site one for all its slices", async () => {
  const world = await createWorld({ sites: 2 });
  const now = Date.now();
  await keep([latency(now, 10), latency(now, 30, { site: "edge2" }), latency(now, 50, { slice: "meters", site: "edge2" })]);
  const values = ({ series }: SeriesPage) =>
    series.map(({ site, slice, points }) => [site, slice, ...points.map(({ mean, count }) => [mean, count])]);
  expect(values(await seriesOf(world, "/api/v1/slices/video-7/series?metric=latencyP95"))).toEqual([
    ["edge1", "video-7", [10, 1]],
    ["edge2", "video-7", [30, 1]],
  ]);
  expect(values(await seriesOf(world, "/api/v1/slices/video-7/series?metric=latencyP95&site=edge02"))).toEqual([
    ["edge2", "video-7", [30, 1]],
  ]);
  expect(values(await seriesOf(world, "/api/v1/sites/edge2/series?metric=latencyP95"))).toEqual([["edge2", null, [40, 2]]]);
  expect(values(await seriesOf(world, "/api/v1/sites/edge2/series?metric=throughputMin"))).toEqual([["edge2", null]]);
});

test("a series is refused that has no order, too many points, or an unknown metric or site", async () => {
  const world = await createWorld();
  const refused = async (path: string) => refusal(await call("GET", path, { token: world.read }));
  const of = "/api/v1/slices/video-7/series";
  const dates = "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
  expect(await refused(`${of}?metric=latencyP95&${dates}`)).toEqual({ status: 400, code: "VALIDATION", fields: ["from"] });
  expect(await refused(`${of}?metric=latencyP95&points=501`)).toEqual({ status: 400, code: "VALIDATION", fields: ["points"] });
  expect(await refused(`${of}?metric=joy`)).toEqual({ status: 400, code: "VALIDATION", fields: ["metric"] });
  expect(await refused(`${of}?metric=latencyP95&site=mars`)).toMatchObject({ code: "UNKNOWN_SITE" });
  expect(await refused("/api/v1/sites/mars/series?metric=latencyP95")).toEqual({ status: 404, code: "NOT_FOUND" });
});

test("each size is kept for its own time, and a bounded number goes at once", async () => {
  const now = Date.now();
  const left = async () =>
    (await rows<{ width: number; n: number }>("select bucket_seconds as width, count(*) as n from samples group by 1 order by 1")).map(
      ({ width, n }) => [width, n],
    );
  await keep([
    latency(now, 1),
    latency(now - 7 * HOUR_MS, 1),
    latency(now - 8 * HOUR_MS, 1),
    latency(now - 15 * DAY_MS, 1),
    latency(now - 401 * DAY_MS, 1),
  ]);
  expect(await left()).toEqual([
    [1, 5],
    [300, 5],
    [3600, 5],
  ]);
  const { deps } = depsAt(now);
  await pruneSamples(deps, 1);
  expect(await left()).toEqual([
    [1, 4],
    [300, 4],
    [3600, 4],
  ]);
  await prune(deps);
  expect(await left()).toEqual([
    [1, 1],
    [300, 3],
    [3600, 4],
  ]);
});

test("the audit is kept for more than a year", async () => {
  const now = Date.now();
  const entry = "insert into audit (at, who, token_id, action, request_id) values (?, ?, 'tok', 'POST /api/v1/intents', 'req')";
  await rows(entry, now - 401 * DAY_MS, "long gone");
  await rows(entry, now - 399 * DAY_MS, "kept");
  await prune(depsAt(now).deps);
  expect(await rows("select who from audit")).toEqual([{ who: "kept" }]);
});
