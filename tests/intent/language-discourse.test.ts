// Longer texts: what asks for something decides; what tells the background adds a place or a kind at most, and never an action.
import { expect, test } from "vitest";
import { gist, reading, roles } from "./fixtures.ts";

test.each([
  ["edge1 was flooded, so please deploy eMBB at edge2", ["background", "request"]],
  ["What we need is an eMBB slice at edge2; the mast at edge1 fell over.", ["request", "background"]],
  ["Delete the eMBB slice at edge1. The one at edge2 has to stay.", ["request", "spared"]],
  ["Please don't touch edge1; deploy eMBB at edge2.", ["constraint", "request"]],
  ["The yard uses 40 cranes. An mMTC slice at edge3 would do.", ["plain", "request"]],
  ["由於昨天客訴，請在 edge2 部署 eMBB", ["background", "request"]],
])("the parts of: %s", (text, wanted) => {
  expect(roles(text)).toEqual(wanted);
});

test.each([
  "Deploy eMBB at edge1, 200 Mbps",
  "eMBB, edge1, 200 Mbps",
  "在 edge1 部署 eMBB，下行 200 Mbps",
  "deploy eMBB at edge1, no wait, edge2",
])("%s only asks and is read whole", (text) => {
  expect(roles(text)).toBeUndefined();
});

test.each([
  [
    "Please deploy an eMBB slice at edge1. The old one at edge2 reached 40 Mbps and lost 3% of its packets.",
    { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] },
  ],
  ["Our dairy uses edge2. They'd like an mMTC slice there.", { action: "deploy", type: "mMTC", sites: ["edge2"], ask: [] }],
  ["The eMBB slice on edge3 crashed last night. Could you roll it back?", { action: "rollback", type: "eMBB", sites: ["edge3"], ask: [] }],
  [
    "Please create an eMBB slice at edge1. 60 Mbps is enough.",
    { action: "deploy", type: "eMBB", sites: ["edge1"], downlinkMbps: 60, ask: [] },
  ],
  [
    "Remove the mMTC slices on all sites; the one on edge2 has to stay.",
    { action: "terminate", type: "mMTC", sites: ["edge1", "edge3", "edge4"], ask: [] },
  ],
  [
    "上週 edge1 斷線，麻煩把 edge2 的 eMBB 擴容到 500 Mbps",
    { action: "scale", type: "eMBB", sites: ["edge2"], downlinkMbps: 500, ask: [] },
  ],
])("%s", (text, wanted) => {
  expect(gist(text)).toEqual(wanted);
});

test.each(["Someone rolled back edge2 on Friday and the team was unhappy.", "The intern deleted the eMBB slice at edge1 last week."])(
  "nothing is taken away by a text that tells of it: %s",
  (text) => {
    const { status, intent } = reading(text);
    expect([status, intent.action, intent.targetSites]).toEqual(["rejected", "unsupported", []]);
  },
);

test("an order is never read from the background, whatever verbs stand there", () => {
  const { intent } = reading("They terminated the contract, undid the merger and shut down two plants. Please deploy eMBB at edge1.");
  expect([intent.action, intent.targetSites]).toEqual(["deploy", ["edge1"]]);
});

test("the span of a field is that of the whole text", () => {
  const text = "The mast fell over in May. Please deploy an eMBB slice at edge2.";
  const { provenance } = reading(text);
  const [start, end] = provenance["targetSites"]?.span ?? [0, 0];
  expect(text.slice(start, end)).toBe("edge2");
});
