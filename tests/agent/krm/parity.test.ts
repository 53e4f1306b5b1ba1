// Both runners, byte for byte. Needs kpt on PATH; a machine without it runs the embedded runner only.
import { describe, expect, test } from "vitest";
import { digestOf } from "../../../agent/krm/digest.ts";
import { createEmbeddedKrm } from "../../../agent/krm/embedded.ts";
import { createKptKrm } from "../../../agent/krm/kpt.ts";
import { inputOf, never, type PlanChange, planOf, runs, SEARCH_PATH, TYPES } from "./fixtures.ts";

const CHANGES: [string, PlanChange][] = [
  ["one site", {}],
  ["two sites", { sites: ["edge1", "edge2"] }],
  ["an SD that YAML 1.1 reads as binary", { sd: "0b0101", slice: "s" }],
  ["an SD that reads as a float, and fractions", { sd: "1e1000", downlinkKbps: 1234.5, latencyMs: 0.5 }],
  ["many devices", { sd: "000001", devices: 700_000, downlinkKbps: 8_000_000, slice: `very-${"long-".repeat(10)}name` }],
];

describe.skipIf(!runs("kpt", ["version"]))("kpt and the embedded runner (skipped where kpt is not on PATH)", () => {
  const cases = TYPES.flatMap((type) => CHANGES.map(([name, change]) => [type, name, change] as const));

  test.each(cases)("give the same bytes for %s with %s", async (type, _name, change) => {
    const input = inputOf(planOf(type, change));
    const byKpt = await createKptKrm({ kptBin: "kpt", searchPath: SEARCH_PATH }).render(input, never());
    const embedded = await createEmbeddedKrm().render(input, never());
    expect(byKpt).toEqual(embedded);
    expect(byKpt.ok && embedded.ok && digestOf(byKpt.value)).toBe(embedded.ok && digestOf(embedded.value));
    expect(embedded.ok && embedded.value.length).toBe(11 * (change.sites?.length ?? 1));
  });
});
