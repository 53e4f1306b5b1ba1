// Names of live slices in a sentence: known without a noun beside them, unless they are plain words.
import { expect, test } from "vitest";
import { reading } from "./fixtures.ts";

const LIVE = ["video-7", "video", "camera", "iot2"];
const sliceIn = (text: string, slices: string[] = LIVE) => reading(text, { slices }).intent.slice;

test.each([
  ["scale video-7 to 400 Mbps", "video-7"],
  ["please scale up VIDEO-7 to 400 Mbps", "VIDEO-7"],
  ["terminate iot2", "iot2"],
  ["roll back iot2 on edge1", "iot2"],
  ["terminate the slice video", "video"],
  ["terminate the video slice", "video"],
  ["scale the camera slice to 50 Mbps", "camera"],
  ["scale slice camera to 50 Mbps", "camera"],
])("%s means slice %s", (text, name) => {
  expect(sliceIn(text)).toBe(name);
});

test.each(["Deploy eMBB slice on edge1 for video with 100 Mbps", "scale the eMBB slice on edge1 for the camera feed to 50 Mbps"])(
  "a plain word is only a name beside the noun: %s",
  (text) => {
    expect(sliceIn(text)).toBeUndefined();
  },
);

test("a word that is no live slice's name is no name", () => {
  expect(sliceIn("terminate the video slice on edge1", ["video-7"])).toBeUndefined();
  expect(sliceIn("scale video-7 to 400 Mbps", [])).toBe("video-7"); // a name by its shape
});

test("a name inside a longer one is another name", () => {
  expect(sliceIn("scale slice video-77 to 400 Mbps")).toBe("video-77");
});

test("the number in a name is no requirement", () => {
  expect(reading("scale video-7 to 400 Mbps", { slices: LIVE }).intent).toMatchObject({
    action: "scale",
    slice: "video-7",
    targetSites: [],
    requirements: { downlinkMbps: 400 },
  });
});

test.each([
  ["terminate nosuch on edge3", "nosuch"],
  ["terminate embb-sz70sr on edge3", "embb-sz70sr"],
  ["scale shop on edge1 to 150 Mbps", "shop"],
  ["roll back slice gaming on edge3", "gaming"],
  ["shut down shop on edge2", "shop"],
])("%s: a word in the place of a name is one, whether or not it is live", (text, name) => {
  expect(sliceIn(text, [])).toBe(name);
});

test.each([
  "terminate the eMBB slice on edge1",
  "scale the slice on edge1 to 400 Mbps",
  "roll back the last change at edge1",
  "increase bandwidth on edge1 to 300 Mbps",
  "rollback edge1",
])("%s names no slice", (text) => {
  expect(sliceIn(text, [])).toBeUndefined();
});

test.each([
  ["在 edge1 刪除 eMBB 切片", "terminate"],
  ["在 edge1 回滾 eMBB 切片", "rollback"],
  ["查詢 edge1 的 eMBB 切片狀態", "status"],
  ["擴展 edge1 的 eMBB 切片", "scale"],
])("%s is never taken for a deploy, but for a %s", (text, action) => {
  expect(reading(text).intent).toMatchObject({ action, targetSites: ["edge1"], intentType: "eMBB" });
});
