// What stands beside an order in a text: what is left alone, what there was before, what is reported how often, what is missing.
import { expect, test } from "vitest";
import { gist } from "./fixtures.ts";

test.each([
  ["請刪除 edge1 的那條切片，edge2 的 URLLC 不要動", { action: "terminate", type: null, sites: ["edge1"], ask: [] }],
  ["請把 edge3 的 eMBB 下架，同站點的 mMTC 是電力公司的，請勿更動", { action: "terminate", type: "eMBB", sites: ["edge3"], ask: [] }],
  ["請刪除 edge1 的 eMBB 切片，edge2 那條消防局在用，千萬別碰", { action: "terminate", type: "eMBB", sites: ["edge1"], ask: [] }],
  ["Deploy eMBB at edge1. Do not touch the mMTC slice at edge2.", { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] }],
])("what is left alone is no target: %s", (text, expected) => {
  expect(gist(text)).toEqual(expected);
});

test("a value stated behind what is left alone is still asked for", () => {
  expect(gist("請部署 eMBB 在 edge1，不要影響 edge2 的切片，下行 100 Mbps")).toEqual({
    action: "deploy",
    type: "eMBB",
    sites: ["edge1"],
    downlinkMbps: 100,
    ask: [],
  });
});

test.each([
  ["切片 pine-4 目前只有 80 Mbps，請提高到 200 Mbps。", 200],
  ["Slice pine-4 has 80 Mbps now; please raise it to 200 Mbps.", 200],
  ["Please increase slice pine-4 to 200 Mbps, no, make that 300 Mbps.", 300],
])("the value that something is brought to wins over the one that it has: %s", (text, downlinkMbps) => {
  expect(gist(text)).toEqual({ action: "scale", type: null, sites: [], slice: "pine-4", downlinkMbps, ask: [] });
});

test.each([
  ["mMTC at edge1 for 6,000 humidity sensors", 6000],
  ["在 edge1 開 mMTC，兩萬五千個溫度感測器", 25_000],
  ["mMTC, site edge1, quantity 4,200", 4200],
])("devices are counted over the noun of what they measure: %s", (text, maxDevices) => {
  expect(gist(text)).toEqual({ action: "deploy", type: "mMTC", sites: ["edge1"], maxDevices, ask: [] });
});

test.each(["edge1 的電表切片請部署在 edge1，每五分鐘回報一次。", "那批電表每小時上報一次，請放在 edge1。"])(
  "how often devices report is no question about the network: %s",
  (text) => {
    expect(gist(text)).toEqual({ action: "deploy", type: "mMTC", sites: ["edge1"], ask: [] });
  },
);

test.each([
  "Why is there no slice for the video lessons at edge1? Set one up, 40 Mbps.",
  "edge1 的學校還沒有視訊教學的切片。請開一條，下行 40 Mbps。",
])("a slice that is missing tells its use: %s", (text) => {
  expect(gist(text)).toEqual({ action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 40, ask: [] });
});

test.each([
  "廠商說要刪除 edge2 的切片。請先查一下 edge2 的狀態。",
  "機房的機械手臂昨天全部停機。請看 edge2 的狀態。",
  "凍結期到月底才解除。請看 edge2 的狀態。",
])("what others say or what has stopped takes nothing away: %s", (text) => {
  expect(gist(text)).toMatchObject({ action: "status", sites: ["edge2"] });
});

test("a verb that says which slice is spoken of is no order beside another", () => {
  expect(gist("展覽結束後要撤的那條先不管，請在 edge1 新增 eMBB")).toEqual({ action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] });
});

test.each(["圖書館 120 台筆電走 eMBB，站點 edge3", "倉庫 120 台平板跑 eMBB，站點 edge3"])(
  "what devices run on is asked for: %s",
  (text) => {
    expect(gist(text)).toEqual({ action: "deploy", type: "eMBB", sites: ["edge3"], maxDevices: 120, ask: [] });
  },
);
