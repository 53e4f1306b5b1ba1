// Which slices the health fault makes fail.
import { expect, test } from "vitest";
import { createSliceHealth } from "../../lab/site/health.ts";
import type { SiteSlice } from "../../lab/site/packages.ts";

function slices(digests: Record<string, string>): Map<string, SiteSlice> {
  return new Map(Object.entries(digests).map(([name, digest]) => [name, { name, digest, intent: null, manifests: [] }]));
}

test("the fault fails the newest slice only, and lifting it heals it", () => {
  const health = createSliceHealth();
  health.applied(slices({ old: "a1" }));
  health.applied(slices({ old: "a1", young: "b1" }));
  health.setFault(true);
  expect([health.isFailing("old"), health.isFailing("young")]).toEqual([false, true]);
  health.setFault(false);
  expect(health.isFailing("young")).toBe(false);
});

test("under the fault a new release fails, and the one that ran well before is well again when it comes back", () => {
  const health = createSliceHealth();
  health.applied(slices({ video: "good", other: "o1" }));
  health.applied(slices({ video: "good", other: "o2" }));
  health.setFault(true);
  health.applied(slices({ video: "bad", other: "o2" }));
  expect(health.isFailing("video")).toBe(true);
  health.applied(slices({ video: "good", other: "o2" }));
  expect(health.isFailing("video")).toBe(false);
});

test("removing the failing slice does not make another one fail", () => {
  const health = createSliceHealth();
  health.applied(slices({ old: "a1" }));
  health.setFault(true);
  health.applied(slices({ old: "a1", young: "b1" }));
  health.applied(slices({ old: "a1" }));
  // "old" was the newest when the fault came, so it fails since then; nothing else does.
  expect([health.isFailing("old"), health.isFailing("young")]).toEqual([true, false]);
});
