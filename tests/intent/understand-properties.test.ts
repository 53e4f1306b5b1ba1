import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TEXT_LENGTH, Understanding } from "../../protocol/intent.ts";
import { gist, reading } from "./fixtures.ts";

const WORDS =
  "deploy scale roll back delete status eMBB URLLC mMTC slice edge1 edge 9 sites all except not and to - ~ , . ; / 100 1 2,000 20k Mbps ms % five nines million latency uplink dl " +
  "priority SST SD 010203 kite-12 v1.2 2025-01-01 oops i mean each per device between from half a hundred point named \" ' ( ) \n 部署 邊緣１";
const wordSalad = fc.array(fc.constantFrom(...WORDS.split(" ")), { maxLength: 60 }).map((words) => words.join(" "));
const anything = fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ unit: "grapheme", maxLength: 300 }), wordSalad);

test("any string gives an understanding that the wire accepts", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const understanding = reading(text);
      expect(Understanding.safeParse(understanding).error).toBeUndefined();
      for (const { span } of Object.values(understanding.provenance)) {
        if (span !== undefined) expect(0 <= span[0] && span[0] < span[1] && span[1] <= text.length).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});

const MS_PER_TEXT = 2_000; // a guard against hanging, not a claim of speed; that is for the bench

test.each([
  "a@a",
  "1,",
  "1.",
  "1-",
  "a-",
  "v1.",
  "#1",
  "100 Mbps dl ",
  "edge1, ",
  "5 ms or ",
  "slice x-",
  "all but ",
  "not ",
  "sst ",
  "named a",
  "1 hundred ",
  "部",
  "-",
  "'",
])("4,000 characters of %j take bounded time", (unit) => {
  const text = unit.repeat(MAX_TEXT_LENGTH).slice(0, MAX_TEXT_LENGTH);
  reading(text); // warm
  const began = performance.now();
  reading(text);
  expect(performance.now() - began).toBeLessThan(MS_PER_TEXT);
});

const site = fc.constantFrom("edge1", "edge2", "edge3", "edge4");
const type = fc.constantFrom("eMBB" as const, "URLLC" as const, "mMTC" as const);

test("case and spacing change nothing", () => {
  const changes = fc.record({ upper: fc.boolean(), gap: fc.constantFrom(" ", "  ", "\t", "\u00a0"), glue: fc.constantFrom("", " ") });
  fc.assert(
    fc.property(site, type, fc.integer({ min: 5, max: 5000 }), changes, (where, what, rate, change) => {
      const words = ["Deploy", what, "on", where, "with", `${rate}${change.glue}mbps`, "and", `7${change.glue}ms`, "latency"].join(
        change.gap,
      );
      const text = change.upper ? words.toUpperCase() : words;
      expect(gist(text)).toEqual({ action: "deploy", type: what, sites: [where], downlinkMbps: rate, latencyMs: 7, ask: [] });
    }),
    { numRuns: 200 },
  );
});

test("the order of the clauses changes nothing", () => {
  const clauses = fc.shuffledSubarray(["on edge2", "with 300 Mbps downlink", "with a latency of 9 ms", "for 40 cameras"], { minLength: 4 });
  fc.assert(
    fc.property(clauses, (order) => {
      const expected = { action: "deploy", type: "eMBB", sites: ["edge2"], downlinkMbps: 300, latencyMs: 9, maxDevices: 40, ask: [] };
      expect(gist(`Deploy an eMBB slice ${order.join(", ")}`)).toEqual(expected);
    }),
  );
});

test("the same rate in any unit is the same requirement", () => {
  const spelled = (mbps: number) => [
    `${mbps} Mbps`,
    `${mbps} Mbit/s`,
    `${mbps * 1000} kbps`,
    `${mbps} megabits per second`,
    `${mbps}Mb/s`,
    `${mbps / 8} MB/s`,
    `${mbps / 1000} Gbps`,
  ];
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (eighths) => {
      const mbps = eighths * 8;
      for (const rate of spelled(mbps)) expect([rate, gist(`deploy eMBB on edge1 with ${rate}`).downlinkMbps]).toEqual([rate, mbps]);
    }),
    { numRuns: 50 },
  );
});
