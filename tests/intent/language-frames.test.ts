// What longer texts ask for and what they only tell: verbs that take away, values that were agreed on, and what refers to something before.
import { expect, test } from "vitest";
import { gist, reading } from "./fixtures.ts";

const DEPLOYED = { action: "deploy", type: "eMBB", sites: ["edge1"], ask: [] };

test.each([
  "kill two birds: deploy an eMBB slice on edge1",
  "Wipe the slate clean and create an eMBB slice on edge1",
  "Undo the damage of the storm: deploy an eMBB slice at edge1",
  "Cancel the meeting, and please deploy an eMBB slice on edge1",
  "The board no longer wants the kiosks. Deploy an eMBB slice at edge1.",
  "They threatened to terminate the contract. Please deploy an eMBB slice at edge1.",
  "After the fire we had to remove everything at edge3. Could you deploy an eMBB slice at edge1?",
])("a word of taking away that has no slice of its own is not taken: %s", (text) => {
  expect(gist(text)).toEqual(DEPLOYED);
});

test.each([
  "The storm shut down edge1.",
  "They pull out of edge2 in June.",
  "The rollback of edge2 was a mess.",
  "The removal of the slice on edge2 was a mistake.",
  "The eMBB slice at edge3 was deleted last month. Please do so on edge2 too.",
])("what takes away is told and not ordered: %s", (text) => {
  const { status, intent } = reading(text);
  expect([status, intent.action, intent.targetSites]).toEqual(["rejected", "unsupported", []]);
});

test.each([
  ["Delete slice video-7, then deploy an eMBB slice on edge2", "terminate"],
  ["Roll back the last change and scale slice video-7 to 300 Mbps", "rollback"],
  ["Shut down: eMBB slice on edge1", "terminate"],
  ["Delete the eMBB slice we created at edge2", "terminate"],
])("a plain order to take away stays one beside others: %s", (text, action) => {
  expect(reading(text).intent.action).toBe(action);
});

test.each([
  ["80 Mbps is what the school signed for. Please create an eMBB slice at edge1.", 80],
  ["The old contract said 20 Mbps; what was ordered is 90 Mbps. Launch the eMBB slice at edge1.", 90],
  ["Their rival got 300 Mbps last year; 60 Mbps would be fine. Please deploy an eMBB slice at edge1.", 60],
])("a value that was agreed on is required though it is told: %s", (text, downlinkMbps) => {
  expect(gist(text)).toEqual({ ...DEPLOYED, downlinkMbps });
});

test.each([
  ["The eMBB slice at edge3 idles, so we could lower it to 70 Mbps. Please go ahead.", "scale", ["edge3"], []],
  ["Users of the eMBB slice on edge4 complain since May. Please scale it up.", "scale", ["edge4"], ["requirement"]],
  ["The mMTC slice on edge2 fell over at noon. Please roll it back as soon as you read this mail.", "rollback", ["edge2"], []],
])("what is asked for refers to what was told: %s", (text, action, sites, ask) => {
  const got = gist(text);
  expect([got.action, got.sites, got.ask]).toEqual([action, sites, ask]);
});

test("a name that is told first is the name of the request, too", () => {
  const { intent, provenance } = reading("Slice pier-04 hit its limit of 60 Mbps on Monday. Please scale pier-04 to 150 Mbps.");
  expect([intent.slice, intent.requirements, provenance["slice"]?.span]).toEqual(["pier-04", { downlinkMbps: 150 }, [63, 70]]);
});

test("what somebody else wants decides nothing where the text orders something itself", () => {
  const text = "The city wants cameras in every street. Provide a video surveillance slice at edge2, 20 Mbps.";
  expect(gist(text)).toEqual({ action: "deploy", type: "eMBB", sites: ["edge2"], downlinkMbps: 20, ask: [] });
  expect(gist("The city wants an mMTC slice at edge2.")).toEqual({ action: "deploy", type: "mMTC", sites: ["edge2"], ask: [] });
});
