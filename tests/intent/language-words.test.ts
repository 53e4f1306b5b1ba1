// Words, numbers and names as operators write them in short: counts apart from their nouns, years, directions that stay, forms of words.
import { expect, test } from "vitest";
import { wordOf } from "../../intent/language/lexicon.ts";
import { theLexicon } from "../../intent/language/read.ts";
import { correct } from "../../intent/language/spelling.ts";
import { gist } from "./fixtures.ts";

const devices = (text: string) => ({ maxDevices: undefined, ...gist(text) }).maxDevices;

test.each([
  ["Tide gauges and buoys, 850 in all, go live at edge2: deploy an mMTC slice", 850],
  ["智慧停車地磁，一共有 2 千個，edge3 開 mMTC", 2000],
  ["edge3 mMTC，感測器 2 萬 3 千 5 百個", 23_500],
  ["set up mMTC on site 2 for 12 thousand 5 hundred parking bays", 12_500],
  ["mMTC slice at edge1 serving about 320 frobulators", 320],
  ["Deploy mMTC on edge1 for 75 tide-level loggers", 75],
  ["Deploy mMTC at edge1 for 2040 sensors", 2040],
  ["smart lockers (480) at edge2, mMTC", 480],
  ["480 x smart lockers at edge2, mMTC", 480],
  ["telehealth carts, 45 of them, edge1, URLLC 10 ms", 45],
])("%s counts %d devices", (text, count) => {
  expect(devices(text)).toBe(count);
});

test.each([
  "The cars come in 2026; deploy URLLC at edge2 with 1 ms",
  "Deploy eMBB at edge1 for the 2028 games, 500 Mbps",
  "mMTC for 60 villages at edge3",
  "mMTC at edge1 for 300 square metres",
  "please create a separate one for AGV control at edge1, latency under 10 ms",
])("%s counts no devices", (text) => {
  expect(devices(text)).toBeUndefined();
});

test.each([
  ["edge2 的 eMBB，上行不變，下行調到 400 Mbps", { downlinkMbps: 400 }],
  ["leave the downlink alone, raise the uplink of slice fox-2 to 80 Mbps", { uplinkMbps: 80 }],
  ["slice fox-2 上行維持 50 Mbps，下行拉到 300 Mbps", { downlinkMbps: 300, uplinkMbps: 50 }],
])("a direction that stays as it is gets no rate: %s", (text, rates) => {
  const { downlinkMbps, uplinkMbps } = { downlinkMbps: undefined, uplinkMbps: undefined, ...gist(text) };
  expect({ downlinkMbps, uplinkMbps }).toEqual({ downlinkMbps: undefined, uplinkMbps: undefined, ...rates });
});

test.each([
  ["Can we get rid of slice fox-2?", "terminate"],
  ["Can we have the URLLC slice on edge1 removed?", "terminate"],
  ["please roll edge2 back to 1.8.3", "rollback"],
  ["take slice fox-2 back to 100 Mbps", "scale"],
  ["put slice fox-2 to 300 Mbps", "scale"],
  ["slice fox-2 needs 500 Mbps", "scale"],
  ["set priority 8: eMBB at edge3, 200 Mbps", "deploy"],
  ["The vendor deletes eMBB elsewhere; deploy URLLC at edge1", "deploy"],
  ["農會要 eMBB，四號站，上行 45 Mbps", "deploy"],
  ["add another eMBB slice at edge2, 100 Mbps", "deploy"],
  ["URLLC 就算了，改 eMBB，edge2，60M", "deploy"],
  ["What we have at edge1 is quiet, would you mind checking whether slice fox-2 is healthy?", "status"],
  ["give me the latest latency figures for slice fox-2", "status"],
  ["lora gateways: put mMTC at site 3, 8,500 end nodes", "deploy"],
])("%s asks to %s", (text, action) => {
  expect(gist(text).action).toBe(action);
});

test.each([
  ["the port called again, set up eMBB at edge1", undefined],
  ["our customer called from the harbour: deploy eMBB on edge2", undefined],
  ["deploy an eMBB slice called arena at edge1", "arena"],
  ['Create a slice called "again" for eMBB on edge1', "again"],
])("%s names the slice %s", (text, name) => {
  expect({ slice: undefined, ...gist(text) }.slice).toBe(name);
});

test.each([
  ["URLLC at edge1, loss from 1% to 0.1%", 99.9],
  ["URLLC at edge1, 999 per mille reliability", 99.9],
  ["可靠度千分之九百九十九，URLLC，edge1", 99.9],
  ["drops went from 0.2% to 4%, so revert edge3", undefined],
])("%s promises a reliability of %s %%", (text, percent) => {
  expect({ reliabilityPercent: undefined, ...gist(text) }.reliabilityPercent).toBe(percent);
});

test.each(["checking", "checked", "quiet", "stopped", "chasing", "replays", "given", "resumed"])(
  "%s is no misspelling of a verb",
  (word) => {
    expect(wordOf(word, theLexicon()).spelled).toBe(word);
  },
);

test.each([
  ["delte", "delete"],
  ["provison", "provision"],
])("%s is one of %s", (word, right) => {
  expect(correct(word, theLexicon().spelling)).toBe(right);
});
