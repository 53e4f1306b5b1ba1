// From which resolution a chart is drawn: never more points than asked for, never from what is not kept any more.
import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseSource, RESOLUTIONS } from "../../intent/series.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const HOUR_MS = 3600_000;

function source(fromHoursAgo: number, rangeHours: number, points = 200) {
  const from = NOW - fromHoursAgo * HOUR_MS;
  return chooseSource({ from, to: from + rangeHours * HOUR_MS, points, now: NOW });
}

test("short ranges are drawn as they were measured, long ones from buckets", () => {
  expect(source(1, 1)).toEqual({ bucketSeconds: 1, stepSeconds: 19 });
  expect(source(24, 24)).toEqual({ bucketSeconds: 300, stepSeconds: 600 });
  expect(source(24 * 13, 24 * 13)).toEqual({ bucketSeconds: 3600, stepSeconds: 7200 });
});

test("what is gone is drawn from what is left", () => {
  expect(source(48, 1)).toEqual({ bucketSeconds: 300, stepSeconds: 300 });
  expect(source(24 * 30, 1)).toEqual({ bucketSeconds: 3600, stepSeconds: 3600 });
  expect(source(24 * 1000, 1)).toEqual({ bucketSeconds: 3600, stepSeconds: 3600 });
});

test("no range touches more steps than there may be points", () => {
  const year = 400 * 24 * HOUR_MS;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: year }),
      fc.integer({ min: 1, max: year }),
      fc.integer({ min: 10, max: 500 }),
      (ago, length, points) => {
        const from = NOW - ago;
        const to = from + length;
        const { bucketSeconds, stepSeconds } = chooseSource({ from, to, points, now: NOW });
        const step = stepSeconds * 1000;
        const start = Math.floor(from / (bucketSeconds * 1000)) * bucketSeconds * 1000; // as the rows are read
        const steps = Math.floor((to - 1) / step) - Math.floor(start / step) + 1;
        expect(steps).toBeLessThanOrEqual(points);
        expect(stepSeconds % bucketSeconds).toBe(0);
        expect(RESOLUTIONS.map(({ seconds }) => seconds)).toContain(bucketSeconds);
      },
    ),
  );
});
