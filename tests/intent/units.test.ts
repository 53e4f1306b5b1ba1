import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bandwidthUnit,
  formatMbps,
  formatMs,
  formatPercent,
  kbpsToMbps,
  mbpsToKbps,
  ninesToPercent,
  parsePrinted,
  toCanonical,
} from "../../intent/units.ts";

const positive = fc.double({ min: 1e-6, max: 1e9, noNaN: true }).map((value) => Number(value.toPrecision(9)));

test("converts bits and bytes per second to Mbps", () => {
  expect(toCanonical(250, bandwidthUnit("k", false))).toBe(0.25);
  expect(toCanonical(1.5, bandwidthUnit("g", false))).toBe(1500);
  expect(toCanonical(12.5, bandwidthUnit("m", true))).toBe(100);
  expect(toCanonical(8_000_000, bandwidthUnit("", false))).toBe(8);
});

test("Mbps to kbit/s and back gives the same value", () => {
  fc.assert(fc.property(positive, (mbps) => Math.abs(kbpsToMbps(mbpsToKbps(mbps)) - mbps) <= mbps * 1e-11));
  expect([mbpsToKbps(0.25), mbpsToKbps(0.1), mbpsToKbps(200)]).toEqual([250, 100, 200_000]);
});

test("what is printed can be read back, without an exponent", () => {
  expect([formatMbps(200), formatMs(0.8), formatPercent(99.999), formatMs(1e-7)]).toEqual(["200Mbps", "0.8ms", "99.999%", "0.0000001ms"]);
  fc.assert(
    fc.property(positive, (value) => {
      const read = parsePrinted(formatMbps(value));
      return read?.dimension === "bandwidth" && Math.abs(read.value - value) <= value * 1e-9;
    }),
  );
  expect(parsePrinted("about 5")).toBeUndefined();
});

test("nines become a percentage", () => {
  expect([2, 3, 3.5, 5, 6].map(ninesToPercent)).toEqual([99, 99.9, 99.95, 99.999, 99.9999]);
  expect([0, 2.3, 40].map(ninesToPercent)).toEqual([undefined, undefined, undefined]);
});
