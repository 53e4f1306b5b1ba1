// What somebody else plans, says or has done is no order, in a script where a verb may stand anywhere in its clause; and metres are no megabits.
import { expect, test } from "vitest";
import { gist, reading, roles } from "./fixtures.ts";

test.each([
  ["縣府想加強監測。請在 edge1 部署 mMTC", ["plain", "request"]],
  ["業主打算關閉舊廠，請在 edge3 部署 mMTC", ["background", "request"]],
  ["廠商回報閘道器已更新，請在 edge3 部署 mMTC", ["background", "request"]],
  ["主辦單位確認會有三萬人，請在 edge3 部署 eMBB", ["plain", "request"]],
  ["晚會加開第二個舞台，請在 edge2 部署 eMBB", ["plain", "request"]],
  ["切片 a-7 升到 4.2 之後延遲變高，請回滾", ["background", "request"]],
])("the parts of: %s", (text, wanted) => {
  expect(roles(text)).toEqual(wanted);
});

test.each([
  ["客戶打算在 edge1 部署 eMBB 切片，下行 300 Mbps。", { action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 300, ask: [] }],
  ["我們打算擴大營業，請在 edge2 部署 eMBB", { action: "deploy", type: "eMBB", sites: ["edge2"], ask: [] }],
  ["請改到 edge2 部署 URLLC", { action: "deploy", type: "URLLC", sites: ["edge2"], ask: [] }],
  ["edge1 的 eMBB 不能用了，請回滾到上一版。", { action: "rollback", type: "eMBB", sites: ["edge1"], ask: [] }],
  ["edge2 的 URLLC 延遲超過 6 ms 就不能用，請部署", { action: "deploy", type: "URLLC", sites: ["edge2"], latencyMs: 6, ask: [] }],
  ["除了正在升級的 edge3 之外，其他站點請部署 eMBB", { action: "deploy", type: "eMBB", sites: ["edge1", "edge2", "edge4"], ask: [] }],
])("%s", (text, wanted) => {
  expect(gist(text)).toEqual(wanted);
});

test.each(["客戶打算移除 edge1 的切片。", "客戶計畫終止合約並移除 edge1 的切片，還沒簽字。", "對方考慮把 edge2 的 eMBB 切片回滾到 2.0。"])(
  "nothing is taken away by what somebody only plans: %s",
  (text) => {
    const { status, intent } = reading(text);
    expect([status, intent.action, intent.targetSites]).toEqual(["rejected", "unsupported", []]);
  },
);

test.each([
  "Remove the eMBB slice at edge1. No, make that edge3, the tenant just wrote to me.",
  "Remove the eMBB slice at edge1. No, make it edge3, the boss said so.",
])("a correction that takes back what it follows is not undone by the reason behind it: %s", (text) => {
  const { intent } = reading(text);
  expect([intent.action, intent.targetSites]).toEqual(["terminate", ["edge3"]]);
});

test.each([
  ["Deploy URLLC at edge1 for a crane 45 m high", undefined],
  ["Deploy URLLC at edge1 for drones at an altitude of about 60 m", undefined],
  ["Deploy URLLC at edge1 for a pit 30 m in depth", undefined],
  ["Deploy eMBB at edge1 for the deep pit, 200 m down", 200],
  ["Deploy eMBB at edge1, 100M high priority", 100],
  ["Deploy eMBB at edge1, 100 m high priority", 100],
])("metres beside a word of length: %s", (text, downlinkMbps) => {
  expect(reading(text).intent.requirements.downlinkMbps).toBe(downlinkMbps);
});
