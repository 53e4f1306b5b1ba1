import { expect, test } from "vitest";
import { poolPrefix, poolPrefixLength, vlanOf } from "../../../agent/krm/functions/addressing.ts";
import { quantityValue, thousands, throughputQuantity } from "../../../agent/krm/functions/quantity.ts";
import type { SliceIntent } from "../../../agent/krm/slice-intent.ts";
import { INTENT_ID, planOf } from "./fixtures.ts";

function intentOf(sd: string, site = "edge1"): SliceIntent {
  const plan = planOf("eMBB", { sd });
  return { ...plan, intentId: INTENT_ID, site, plmn: { mcc: "001", mnc: "01" } };
}

test.each([
  [200_000, "200M"],
  [1_500_000, "1500M"],
  [5_000_000, "5G"],
  [0.5, "500"],
  [64, "64k"],
  [1234.5, "1234500"],
  [0.00001, "1"],
])("%s kbit/s is the quantity %s", (kbps, quantity) => {
  expect(throughputQuantity(kbps)).toBe(quantity);
  expect(quantityValue(quantity)).toBe(Math.max(1, kbps * 1000));
});

test("a started thousand counts whole", () => {
  expect([1, 1000, 1001].map(thousands)).toEqual([1, 1, 2]);
});

test("what is no quantity of ours has no value", () => {
  expect(["", "-5M", "5 M", "5Mi", null, {}].map(quantityValue)).toEqual(Array(6).fill(Number.NaN));
});

test("three hundred slices with consecutive SDs share no VLAN at any plane, and all ids are legal", () => {
  const vlans = Array.from({ length: 300 }, (_, i) => intentOf((i + 1).toString(16).padStart(6, "0"))).flatMap((intent) =>
    ["n3", "n4", "n6"].map((plane) => vlanOf(intent, plane)),
  );
  expect(new Set(vlans).size).toBe(900);
  expect(Math.min(...vlans)).toBeGreaterThanOrEqual(2);
  expect(Math.max(...vlans)).toBeLessThanOrEqual(4094);
});

test("a pool grows with the sessions and never beyond its space", () => {
  expect(poolPrefixLength("ipv4", 100, 20)).toBe(20);
  expect(poolPrefixLength("ipv4", 4094, 20)).toBe(20);
  expect(poolPrefixLength("ipv4", 4095, 20)).toBe(19);
  expect(poolPrefixLength("ipv4", 16_777_214, 20)).toBe(8);
  expect(poolPrefixLength("ipv4", 16_777_215, 20)).toBeUndefined();
  expect(poolPrefixLength("ipv6", 1_000_000, 48)).toBe(44);
  expect(poolPrefixLength("ipv6", 2 ** 25, 48)).toBeUndefined();
});

test("a pool is a network address of its length", () => {
  const v4 = poolPrefix(intentOf("abcdef"), { name: "pool1", family: "ipv4", length: 12 });
  expect(v4).toMatch(/^10\.(\d+)\.0\.0\/12$/);
  expect(Number(v4.split(".")[1]) % 16).toBe(0);
  expect(poolPrefix(intentOf("abcdef"), { name: "pool1", family: "ipv6", length: 44 })).toMatch(
    /^fd[0-9a-f]{2}:[0-9a-f]{1,4}:[0-9a-f]{0,3}0?::\/44$/,
  );
});
