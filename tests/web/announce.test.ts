// What a screen reader is told: the newest change that matters, once, with the words of its intent.
import { expect, test } from "vitest";
import { announcement } from "../../web/state/announce.ts";
import { reduceFeed } from "../../web/state/feed.ts";
import { EMPTY_FEED } from "../../web/state/model.ts";
import { completes, noiseOfSitesAndAgents, revertsItself } from "./runs.ts";
import { event, intentId } from "./sample.ts";

const snapshot = { asOf: 0, events: [], intents: [], deployments: [], sites: [], agents: [] };
const begun = reduceFeed(EMPTY_FEED, { type: "snapshot", snapshot });

function after(what: ReturnType<typeof completes>) {
  return reduceFeed(begun, { type: "events", events: what.map((one, n) => event(n + 1, one)) });
}

test("the newest change that matters is told, with the sentence it is about, and nothing of what only goes on", () => {
  expect(announcement(begun)).toBeNull();
  expect(announcement(after(completes(1)))).toEqual({ type: "intent.completed", text: "deploy number 1" });
  expect(announcement(after([...completes(1), ...revertsItself(2)]))).toEqual({ type: "intent.rolled_back", text: "deploy number 2" });
});

test("news of an intent that the page does not know names its id", () => {
  const unknown = { ...after(completes(1)), intents: EMPTY_FEED.intents };
  expect(announcement(unknown)).toEqual({ type: "intent.completed", text: intentId(1) });
});

test("as long as the news are the same they are the same object, whatever else happens", () => {
  const first = announcement(after(completes(1)));
  expect(announcement(after([...completes(1), ...noiseOfSitesAndAgents(0)]))).toBe(first);
});
