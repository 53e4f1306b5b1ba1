import { expect, test } from "vitest";
import type { Draft } from "../../intent/draft.ts";
import { DEPLOY, gist, modelSays, RIGHT, type Said } from "./model-says.ts";

test.each<[string, { text: string; said: Said; ask: string; question: string }]>([
  [
    "a removal that only the model reads in words that are not known",
    {
      text: "Frobnicate video-7 on edge1",
      said: { action: "terminate", targetSites: ["edge1"], slice: "video-7" },
      ask: "targetSites",
      question:
        "Only the model reads an order to terminate, and nothing is taken away on its word. If it is meant, say so in plain words or correct the action.",
    },
  ],
  [
    "an order that only the model reads in words that are not known",
    {
      text: "Frobnicate the eMBB slice on edge1",
      said: { serviceType: "eMBB", targetSites: ["edge1"] },
      ask: "targetSites",
      question:
        "The rules cannot read the text, the model reads an order to deploy. If an order to deploy is meant, name the sites it should apply to.",
    },
  ],
  [
    "a removal where the rules infer a deployment",
    {
      text: "eMBB 100 Mbps please, edge1",
      said: { action: "terminate", targetSites: ["edge1"], requirements: { downlinkMbps: 100 } },
      ask: "targetSites",
      question:
        "The rules read an order to deploy, the model an order to terminate. If an order to deploy is meant, name the sites it should apply to.",
    },
  ],
  [
    "a value where the rules read none at all",
    {
      text: "We had 4 complaints about edge1 today. Please scale the eMBB slice there.",
      said: { action: "scale", targetSites: ["edge1"], requirements: { downlinkMbps: 4 } },
      ask: "requirement",
      question: "To what value should the slice be scaled: which bandwidth, latency or number of devices?",
    },
  ],
  [
    "a slice that only the model takes for the target",
    {
      text: "Terminate the slice of the cameras in the plant",
      said: { action: "terminate", slice: "plant" },
      ask: "targetSites",
      question: "Only the model reads the slice plant. If plant is meant as the slice, name its sites.",
    },
  ],
  [
    "a slice that only the model reads beside the sites",
    {
      text: "Scale the eMBB at edge1 for the video wall to 400 Mbps",
      said: { action: "scale", serviceType: "eMBB", targetSites: ["edge1"], slice: "video", requirements: { downlinkMbps: 400 } },
      ask: "targetSites",
      question: "Only the model reads the slice video. If video is meant as the slice, name its sites.",
    },
  ],
  [
    "a site that the text spares and only the model takes",
    {
      text: "Deploy eMBB, never on edge3, that one is broken",
      said: { serviceType: "eMBB", targetSites: ["edge3"] },
      ask: "targetSites",
      question: "Only the model reads edge3 as the target. Which sites are meant?",
    },
  ],
  [
    "another type of the slice that is to go",
    {
      text: "Terminate the video streaming slice on edge1",
      said: { action: "terminate", serviceType: "URLLC", targetSites: ["edge1"] },
      ask: "serviceType",
      question: "The text fits eMBB and URLLC. Which service type has the slice that is meant?",
    },
  ],
  [
    "what the model finds unclear in a removal",
    {
      text: "Roll back video-7 on edge1",
      said: { action: "rollback", targetSites: ["edge1"], slice: "video-7", unclear: ["targetSites"] },
      ask: "targetSites",
      question: "To the model the sites of the text can be read in more than one way. What is meant?",
    },
  ],
  [
    "a removal that the model does not see",
    {
      text: "Terminate video-7 on edge1",
      said: { action: "status", targetSites: ["edge1"], slice: "video-7" },
      ask: "targetSites",
      question:
        "The rules read an order to terminate, the model a question about the state of things. If an order to terminate is meant, name the sites it should apply to.",
    },
  ],
  [
    "one removal for another",
    {
      text: "Roll back video-7 on edge1",
      said: { action: "terminate", targetSites: ["edge1"], slice: "video-7" },
      ask: "targetSites",
      question:
        "The rules read an order to roll back, the model an order to terminate. If an order to roll back is meant, name the sites it should apply to.",
    },
  ],
  [
    "an order that the model takes for none",
    {
      text: DEPLOY,
      said: { action: "unsupported", reason: "a rhetorical remark" },
      ask: "targetSites",
      question:
        "The rules read an order to deploy, the model no request for a network slice. If an order to deploy is meant, name the sites it should apply to.",
    },
  ],
  [
    "fewer sites than the rules",
    {
      text: "Deploy an eMBB slice on edge1 and edge2",
      said: { serviceType: "eMBB", targetSites: ["edge2"] },
      ask: "targetSites",
      question: "The rules read edge1, edge2, the model edge2. Which sites are meant?",
    },
  ],
  [
    "a site that the text excludes",
    {
      text: "Deploy an eMBB slice on all sites except edge2",
      said: { serviceType: "eMBB", targetSites: ["edge1", "edge2", "edge3", "edge4"] },
      ask: "targetSites",
      question: "The rules read edge1, edge3, edge4, the model edge1, edge2, edge3, edge4. Which sites are meant?",
    },
  ],
  [
    "another of two numbers that the text has",
    {
      text: "Scale video-7 from 100 to 400 Mbps",
      said: { action: "scale", slice: "video-7", requirements: { downlinkMbps: 100 } },
      ask: "requirement",
      question: "The rules and the model do not read the same: 400 or 100 Mbps of downlink. Which is meant?",
    },
  ],
  [
    "another type than the use tells",
    {
      text: "Deploy a slice on edge1 for video streaming",
      said: { serviceType: "URLLC", targetSites: ["edge1"] },
      ask: "serviceType",
      question: "The text fits eMBB and URLLC. Which service type should the slice have: eMBB, URLLC or mMTC?",
    },
  ],
])("%s is asked", (_, { text, said, ask, question }) => {
  const { status, clarifications } = modelSays(text, said);
  expect({ status, clarifications }).toEqual({ status: "clarification_needed", clarifications: [{ field: ask, question }] });
});

test("naming the sites confirms a deployment that only the model had read", () => {
  const said: Said = { serviceType: "eMBB", targetSites: ["edge1"] };
  const answered = modelSays("Frobnicate the eMBB slice on edge1", said, { answers: { targetSites: ["edge2"] } });
  expect(gist(answered)).toMatchObject({ status: "success", action: "deploy", sites: ["edge2"], ask: [] });
});

test.each<[string, string, Draft["action"]]>([
  ["a deployment that the rules infer", "eMBB 100 Mbps please", "terminate"],
  ["a deployment that the rules infer, for a rollback", "eMBB 100 Mbps please", "rollback"],
  ["words that are not known", "Frobnicate video-7 on edge1", "terminate"],
  ["a greeting", "Hello from edge1", "terminate"],
  ["a remark", "We have no further use for video-7 on edge1", "terminate"],
])("naming the sites of %s confirms no removal", (_, text, action) => {
  const { status, intent } = modelSays(text, { action, targetSites: ["edge1"] }, { answers: { targetSites: ["edge1"] } });
  expect(status === "success" && intent.action !== "deploy").toBe(false);
});

test.each<[string, string]>([
  ["a greeting", "Hello from edge1"],
  ["another trade", "Restart nginx on edge1"],
  ["what is not to be done", "Don't deploy URLLC at edge1"],
  ["a remark", "We have no further use for video-7 on edge1"],
])("a text that the rules refuse as %s stays refused, also with sites given and answered", (_, text) => {
  const said: Said = { serviceType: "URLLC", targetSites: ["edge1"] };
  const given = [{}, { targetSites: ["edge1"] }, { answers: { targetSites: ["edge1"] } }];
  for (const more of given) {
    const { status, intent, warnings } = modelSays(text, said, more);
    expect([status, intent.action, intent.targetSites, warnings.at(-1)]).toEqual([
      ...["rejected", "unsupported", []],
      "Only the model reads an order to deploy; nothing is done.",
    ]);
  }
});

test("what the model finds unclear in a deployment and nobody asks is said", () => {
  const { status, warnings } = modelSays(DEPLOY, { ...RIGHT, unclear: ["serviceType"] });
  expect([status, warnings]).toEqual(["success", ["To the model the service type of the text can be read in more than one way."]]);
});

test("the type of what is to go is not chosen by the model alone", () => {
  const { status, intent } = modelSays("Terminate the slice on edge1", {
    action: "terminate",
    serviceType: "URLLC",
    targetSites: ["edge1"],
  });
  expect([status, intent.intentType]).toEqual(["success", null]);
});

test("a removal that is taken back stays none, whatever the model reads", () => {
  const understood = modelSays("Do not delete the slice video-7 on edge1", {
    action: "terminate",
    targetSites: ["edge1"],
    slice: "video-7",
  });
  expect(["rejected", "clarification_needed"]).toContain(understood.status);
});
