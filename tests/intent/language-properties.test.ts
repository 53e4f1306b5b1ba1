// The same meaning in other clothes: order of clauses, spacing, letter case, full-width forms, numerals and units, in both languages.
import fc from "fast-check";
import { expect, test } from "vitest";
import { gist } from "./fixtures.ts";

const FULL_WIDTH = 0xfee0;

function fullWidth(text: string): string {
  return [...text].map((c) => (c > " " && c < "\u007f" ? String.fromCharCode(c.charCodeAt(0) + FULL_WIDTH) : c)).join("");
}

const DIGITS = "零一二三四五六七八九";

/** Up to 9,999, as it is written in Chinese. */
function numeral(value: number): string {
  let out = "";
  let gap = false;
  for (const [power, name] of [
    [1000, "千"],
    [100, "百"],
    [10, "十"],
    [1, ""],
  ] as const) {
    const digit = Math.floor(value / power) % 10;
    if (digit === 0) gap ||= out !== "";
    else {
      out += `${gap ? "零" : ""}${DIGITS[digit]}${name}`;
      gap = false;
    }
  }
  return out;
}

const WANTED = { action: "deploy", type: "eMBB", sites: ["edge2"], downlinkMbps: 300, latencyMs: 9, ask: [] };

test("full-width forms change nothing", () => {
  for (const text of ["Deploy eMBB on edge2 with 300 Mbps downlink and 9 ms latency", "在 edge2 部署 eMBB，下行 300 Mbps，延遲 9 ms"]) {
    expect([gist(text), gist(fullWidth(text))]).toEqual([WANTED, WANTED]);
  }
});

test("the order of Chinese clauses changes nothing", () => {
  const clauses = fc.shuffledSubarray(["在 edge2", "部署 eMBB 切片", "下行 300 Mbps", "延遲 9 毫秒以內", "40 支手機"], { minLength: 5 });
  const mark = fc.constantFrom("，", "、", "；", " ", "\n");
  fc.assert(
    fc.property(clauses, mark, (order, between) => {
      expect(gist(order.join(between))).toEqual({ ...WANTED, maxDevices: 40 });
    }),
    { numRuns: 200 },
  );
});

test("spaces between Chinese and Latin letters change nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (spaces) => {
      const parts = ["請在", "edge2", "部署", "eMBB", "切片，下行", "300", "Mbps，延遲 9ms"];
      const text = parts.map((part, i) => part + (spaces[i] ? " " : "")).join("");
      expect(gist(text)).toEqual(WANTED);
    }),
  );
});

test("a number in digits and in Chinese is the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 9999 }), (value) => {
      const said = (number: string) => gist(`在 edge1 部署 mMTC，${number}台裝置`);
      expect(said(numeral(value))).toEqual(said(String(value)));
      expect(said(`${numeral(value)}萬`).maxDevices).toBe(value * 10_000);
    }),
    { numRuns: 200 },
  );
});

test("the same rate, latency and share in any unit is the same requirement", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (n) => {
      const of = (phrase: string) => gist(`在 edge1 部署 URLLC，${phrase}`);
      const rates = [
        `${n * 8} Mbps`,
        `${n * 8}兆`,
        `${n * 8} M`,
        `${(n * 8) / 1000} Gbps`,
        `${n} MB/s`,
        `${numeral(n * 8)}兆`,
        `每秒 ${n} MB`,
      ];
      for (const rate of rates) expect([rate, of(`頻寬 ${rate}`).downlinkMbps]).toEqual([rate, n * 8]);
      for (const time of [`${n} ms`, `${n}毫秒`, `${n * 1000} 微秒`, `${numeral(n)}毫秒`])
        expect([time, of(`延遲 ${time}`).latencyMs]).toEqual([time, n]);
    }),
    { numRuns: 60 },
  );
});

test("letter case changes nothing in English requests with sites, types and units", () => {
  const text = "scale the embb slice on edge2 to 300 mbps and 9 ms";
  for (const written of [text, text.toUpperCase(), text.replace("embb", "eMBB")]) {
    expect(gist(written)).toEqual({ action: "scale", type: "eMBB", sites: ["edge2"], downlinkMbps: 300, latencyMs: 9, ask: [] });
  }
});

test("noise beside a request changes nothing", () => {
  const noise = fc.constantFrom(
    "ticket INC0098123",
    "CHG-30412",
    "on 2025-12-01",
    "at 18:30",
    "for 2 hours",
    "build v3.2.1",
    "n78, 3.5 GHz",
    "100 MHz carrier",
    "gNB 10.20.30.40",
    "see https://wiki.example.com/page/42?id=7",
    "call 0912-345-678",
    "budget $5000",
    "within 3 km",
    "by 5pm",
  );
  fc.assert(
    fc.property(fc.uniqueArray(noise, { maxLength: 4 }), (extras) => {
      const text = ["Deploy eMBB on edge2 with 300 Mbps and 9 ms latency", ...extras].join(", ");
      expect([text, gist(text)]).toEqual([text, WANTED]);
    }),
    { numRuns: 200 },
  );
});
