// What a simulated slice delivers follows from what is deployed.
import { expect, test } from "vitest";
import { type Demand, deliver, quantityMbps } from "../../lab/site/load.ts";

const capacity = { downlinkMbps: 1_000, uplinkMbps: 500, maxDevices: 100 };
const demand: Demand = { downlinkMbps: 200, uplinkMbps: 50, latencyMs: 20 };

function at(total: { downlinkMbps: number; uplinkMbps: number }, tick = 1) {
  return deliver({ slice: "edge1/video", demand, total, capacity, slo: {}, tick });
}

test.each([
  ["200M", 200],
  ["5G", 5_000],
  ["1.5G", 1_500],
  [2_000_000, 2],
  ["64k", 0.064],
  ["1Mi", 1.048576],
  ["fast", null],
  ["-5M", null],
  [undefined, null],
])("the quantity %s is %s Mbps", (quantity, mbps) => {
  expect(quantityMbps(quantity)).toBe(mbps);
});

test("within its capacity a site keeps every promise, at every tick", () => {
  for (let tick = 0; tick < 2_000; tick += 1) {
    const delivered = at({ downlinkMbps: 1_000, uplinkMbps: 500 }, tick);
    expect(delivered.latencyMs).toBeLessThan(20);
    expect(delivered.downlinkMbps).toBeGreaterThanOrEqual(200);
    expect(delivered.uplinkMbps).toBeGreaterThanOrEqual(50);
  }
});

test("latency grows with the load", () => {
  const latencies = [200, 500, 1_000, 1_500].map((downlinkMbps) => at({ downlinkMbps, uplinkMbps: 50 }).latencyMs);
  expect(latencies).toEqual([...latencies].sort((a, b) => a - b));
});

test("an overloaded site shares what it has and is late", () => {
  const delivered = at({ downlinkMbps: 2_000, uplinkMbps: 50 });
  expect(delivered.downlinkMbps).toBeLessThanOrEqual(100);
  expect(delivered.latencyMs).toBeGreaterThan(20);
  expect(delivered.uplinkMbps).toBeGreaterThanOrEqual(50);
});

test("the same tick gives the same values", () => {
  expect(at({ downlinkMbps: 200, uplinkMbps: 50 }, 7)).toEqual(at({ downlinkMbps: 200, uplinkMbps: 50 }, 7));
});

test("a fault of the service level overrides what follows from the deployment", () => {
  const slo = { latencyMs: 80, throughputMbps: 10, availabilityPercent: 97 };
  expect(deliver({ slice: "edge1/video", demand, total: demand, capacity, slo, tick: 1 })).toEqual({
    latencyMs: 80,
    downlinkMbps: 10,
    uplinkMbps: 10,
    availabilityPercent: 97,
  });
});

test("a slice that states no throughput has none to measure", () => {
  const silent = { downlinkMbps: 0, uplinkMbps: 0, latencyMs: 20 };
  const delivered = deliver({ slice: "edge1/video", demand: silent, total: silent, capacity, slo: {}, tick: 1 });
  expect([delivered.downlinkMbps, delivered.uplinkMbps, delivered.availabilityPercent]).toEqual([null, null, 100]);
});
