// An action that came as data is understood as the sentence would be: same shape, nothing asked back.
import { expect, test } from "vitest";
import { understandCommand } from "../../intent/command.ts";
import { mayAskForStatus } from "../../intent/status.ts";
import { IntentCommand, Understanding } from "../../protocol/intent.ts";
import { liveSlice, NOW } from "./fixtures.ts";

const about = {
  intentId: "int_01k9abcdefghjkmnpqrstvwxyz",
  text: "words for people",
  slices: [liveSlice("video-7", { serviceType: "URLLC" })],
  now: NOW,
};
const understood = (command: object) => Understanding.parse(understandCommand({ ...about, command: IntentCommand.parse(command) })).intent;

test("a deploy says its type, sites and requirements", () => {
  const command = { action: "deploy", serviceType: "eMBB", sites: ["edge1"], slice: "tv-1", requirements: { downlinkMbps: 80 } };
  expect(understood(command)).toMatchObject({
    action: "deploy",
    intentType: "eMBB",
    slice: "tv-1",
    targetSites: ["edge1"],
    requirements: { downlinkMbps: 80 },
    description: "words for people",
  });
});

test.each(["scale", "terminate", "rollback", "rerender"])("a %s takes the type from the live slice", (action) => {
  const requirements = action === "scale" ? { requirements: { downlinkMbps: 80 } } : {};
  const intent = understood({ action, slice: "video-7", sites: [], ...requirements });
  expect([intent.action, intent.intentType, intent.slice]).toEqual([action === "rerender" ? "scale" : action, "URLLC", "video-7"]);
});

test("a scale without a number is no command", () => {
  expect(IntentCommand.safeParse({ action: "scale", slice: "video-7", sites: [], requirements: {} }).success).toBe(false);
});

test.each(["Status of edge1", "How is slice video-7 doing?", "show all slices", "edge1 的狀態", "is edge2 healthy"])(
  "%s may be a question",
  (text) => {
    expect(mayAskForStatus(text)).toBe(true);
  },
);

test("a plain order is not looked at twice", () => {
  expect(mayAskForStatus("Deploy eMBB slice on edge1 with 200Mbps and 20ms latency")).toBe(false);
});
