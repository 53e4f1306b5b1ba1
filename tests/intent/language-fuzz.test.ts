// Any text up to the limit of the wire ends soon, in an understanding that the wire accepts.
import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TEXT_LENGTH, Understanding } from "../../protocol/intent.ts";
import { reading } from "./fixtures.ts";

const MS_PER_KB = 5; // the requirement of the product
const RUNS = 9; // the first few are slow: the text is new to the compiler of the engine

/** The median of some runs in time of this thread on a core: a machine busy with other things does not count. */
function medianMs(text: string): number {
  const times = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage();
    reading(text);
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1000;
  });
  return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Infinity;
}

const filled = (unit: string) => unit.repeat(Math.ceil(MAX_TEXT_LENGTH / unit.length)).slice(0, MAX_TEXT_LENGTH);

const UNITS = [
  "部署",
  "不",
  "不要",
  "一",
  "一二三",
  "千萬",
  "站點一、",
  "第",
  "1到",
  "1、",
  "百分之",
  "點",
  "邊緣",
  "edge1到",
  "一號",
  "五萬顆",
  "㍿",
  "𠀀",
  "😀",
  "\ud800",
  "ㄅ",
  "の",
  "1",
  "1.",
  "1,",
  "1/",
  "1:",
  "1e",
  "10^-",
  "#1",
  "$1",
  "a",
  "a-",
  "a-1",
  "a.",
  "a@a.",
  "x_",
  "-",
  "--",
  "'",
  '"',
  "(",
  "/",
  "://",
  "www.",
  "\n",
  " ",
  "\u3000",
  "\ufe0f",
  "edge1 ",
  "edge1,",
  "edge1-",
  "edge",
  "edge1 and ",
  "site 1 to ",
  "all but ",
  "except edge1 ",
  "not ",
  "don't deploy edge1 ",
  "oops ",
  "edge1 oops ",
  "if ",
  "deploy if ",
  "add ",
  "named ",
  "slice ",
  "slice x-1 ",
  "100 Mbps ",
  "100 Mbps dl ",
  "dl ul ",
  "5 ms latency ",
  "latency ",
  "99.9% ",
  "nines ",
  "five ",
  "two hundred and ",
  "half a ",
  "from 1 to ",
  "between 1 and ",
  "priority ",
  "each ",
  "devices ",
  "5 devices ",
  "sst 1 ",
  "tear ",
  "tear the slice ",
  "ignore ",
  "ignore rules ",
  "please ",
  "should be xyzzy ",
  "xyzzyq ",
  "deploy eMBB on edge1 with 200 Mbps. ",
  "在邊緣1部署 eMBB，下行 200 Mbps；",
];

test.each(UNITS)("4,000 characters of %j take at most 5 ms per kB", (unit) => {
  const text = filled(unit);
  const kilobytes = new TextEncoder().encode(text).length / 1000;
  const bound = MS_PER_KB * kilobytes;
  expect(medianMs(text)).toBeLessThan(bound);
});

const seeds = fc
  .array(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 200 })
  .map((parts) => parts.join("").slice(0, MAX_TEXT_LENGTH));
const anything = fc.oneof(
  fc.string({ unit: "binary", maxLength: MAX_TEXT_LENGTH }),
  fc.string({ unit: "grapheme", maxLength: 1000 }),
  fc.string({ unit: fc.integer({ min: 0x4e00, max: 0x9fff }).map((code) => String.fromCharCode(code)), maxLength: 1000 }),
  fc.string({ unit: fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)), maxLength: 200 }),
  seeds,
);

test("any text ends in an understanding with spans inside the text", () => {
  fc.assert(
    fc.property(anything, (text) => {
      const understanding = reading(text);
      expect(Understanding.safeParse(understanding).error).toBeUndefined();
      for (const { span } of Object.values(understanding.provenance)) {
        if (span !== undefined) expect(0 <= span[0] && span[0] < span[1] && span[1] <= text.length).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});
