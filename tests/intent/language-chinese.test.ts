// Chinese wordings: numerals, sites, bounds, corrections, and the characters of the other script.
import { expect, test } from "vitest";
import { NUMERALS } from "../../intent/language/chinese/measures.ts";
import { numeralTable, numeralValue } from "../../intent/language/numerals.ts";
import { resolveSite } from "../../intent/sites.ts";
import { gist, reading, SITES } from "./fixtures.ts";

test.each([
  ["五", 5],
  ["十", 10],
  ["十二", 12],
  ["兩百", 200],
  ["一百二十", 120],
  ["一百二", 120],
  ["三千五", 3500],
  ["三千零五", 3005],
  ["兩萬五", 25_000],
  ["五萬", 50_000],
  ["十億", 1_000_000_000],
  ["廿五", 25],
  ["二〇〇", 200],
  ["九十九點九九", 99.99],
  ["一點五萬", 15_000],
  ["半", 0.5],
])("%s is %d", (text, value) => {
  expect(numeralValue(text, numeralTable(NUMERALS))).toBe(value);
});

test.each(["邊緣1", "站點一", "一號站點", "1號站", "第一站", "站點 1", "边缘1", "邊緣站點一", "VM-2"])("%s is edge1", (spelling) => {
  expect(resolveSite(spelling, SITES)).toBe("edge1");
  expect(gist(`在${spelling}部署 eMBB`).sites).toEqual(["edge1"]);
});

test.each([
  ["邊緣1到邊緣3", ["edge1", "edge2", "edge3"]],
  ["edge1 至 edge3", ["edge1", "edge2", "edge3"]],
  ["邊緣1~3", ["edge1", "edge2", "edge3"]],
  ["1到3號站點", ["edge1", "edge2", "edge3"]],
  ["一、三、四號站", ["edge1", "edge3", "edge4"]],
  ["邊緣一和邊緣四", ["edge1", "edge4"]],
  ["站點二跟四", ["edge2", "edge4"]],
  ["所有站點", ["edge1", "edge2", "edge3", "edge4"]],
  ["四個站點", ["edge1", "edge2", "edge3", "edge4"]],
  ["前兩個站點", ["edge1", "edge2"]],
  ["全部站點（不含 edge1）", ["edge2", "edge3", "edge4"]],
  ["除了邊緣2之外的所有站點", ["edge1", "edge3", "edge4"]],
  ["站點三，不對，站點四", ["edge4"]],
])("在%s部署 targets %j", (phrase, sites) => {
  expect(gist(`在${phrase}部署 eMBB，頻寬 100 Mbps`)).toEqual({ action: "deploy", type: "eMBB", sites, downlinkMbps: 100, ask: [] });
});

test.each([
  ["下行至少 300 兆，上行不低於 50 兆", { downlinkMbps: 300, uplinkMbps: 50 }],
  ["上下行對稱 1G", { downlinkMbps: 1000, uplinkMbps: 1000 }],
  ["頻寬半個 G", { downlinkMbps: 500 }],
  ["每秒 25 MB", { downlinkMbps: 200 }],
  ["端到端時延不超過十毫秒", { latencyMs: 10 }],
  ["延遲 10 到 20 毫秒", { latencyMs: 20 }],
  ["延遲 800 微秒以內", { latencyMs: 0.8 }],
  ["可靠度五個九，可用率 99.9 趴", { reliabilityPercent: 99.999, availabilityPercent: 99.9 }],
  ["可靠性百分之九十九點九九", { reliabilityPercent: 99.99 }],
  ["丟包率 0.001% 以下", { reliabilityPercent: 99.999 }],
  ["支援五萬顆電表", { maxDevices: 50_000 }],
  ["1.5 萬台裝置", { maxDevices: 15_000 }],
  ["裝置數：3千5百", { maxDevices: 3500 }],
])("%s says %j", (phrase, requirements) => {
  expect(reading(`在 edge1 部署 URLLC 切片，${phrase}`).intent.requirements).toEqual(requirements);
});

test("the same words in simplified characters are the same request", () => {
  const traditional = gist("請在邊緣1部署 eMBB 切片，頻寬 200 兆，時延 20 毫秒");
  expect(gist("请在边缘1部署 eMBB 切片，带宽 200 兆，时延 20 毫秒")).toEqual(traditional);
  expect(traditional).toEqual({ action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 200, latencyMs: 20, ask: [] });
});

test("every span is a place in the text as it was written", () => {
  const text = "麻煩於邊緣３開通 eMBB，下行 ３００Ｍｂｐｓ";
  const { provenance } = reading(text);
  const spans = Object.entries(provenance).flatMap(([field, { span }]) => (span === undefined ? [] : [[field, text.slice(...span)]]));
  expect(Object.fromEntries(spans)).toEqual({
    action: "開通",
    intentType: "eMBB",
    targetSites: "邊緣３",
    "requirements.downlinkMbps": "３００Ｍｂｐｓ",
    "serviceProfile.bandwidth": "３００Ｍｂｐｓ",
    "sloRequirements.throughputMin": "３００Ｍｂｐｓ",
  });
});

test("a relative change asks for the value", () => {
  for (const text of ["video-7 頻寬加 100 Mbps", "把 video-7 擴容兩倍", "video-7 再給 50 Mbps"]) {
    expect([text, gist(text)]).toEqual([text, { action: "scale", type: null, sites: [], slice: "video-7", ask: ["requirement"] }]);
  }
});

test("a site with a Chinese name of its own is found by it", () => {
  const sites = [...SITES, { id: "edge5", aliases: ["台北機房"] }];
  expect(gist("在台北機房部署 eMBB", { sites })).toEqual({ action: "deploy", type: "eMBB", sites: ["edge5"], ask: [] });
});

test("priorities in words name a number only at the ends of the scale", () => {
  expect(reading("部署 eMBB 到 edge1，最高優先").intent.priority).toBe(10);
  const { intent, warnings } = reading("部署 eMBB 到 edge1，高優先權");
  expect([intent.priority, warnings]).toEqual([5, ["The priority has no number from 1 to 10 and was ignored."]]);
});
