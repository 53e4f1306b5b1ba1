// The words of the page: nothing that the protocol can say is without them.
import { expect, test } from "vitest";
import { DeploymentSiteState, DeploymentStatus } from "../../protocol/deployment.ts";
import { EventType, MonitorStage } from "../../protocol/event.ts";
import { IntentStatus } from "../../protocol/intent.ts";
import { SiteStatus } from "../../protocol/site.ts";
import { ObjectiveName, Verdict } from "../../protocol/slo.ts";
import { announcement } from "../../web/state/announce.ts";
import { clockTime, duration, measured } from "../../web/state/format.ts";
import {
  DEPLOYMENT_LABELS,
  EVENT_LABELS,
  eventDetail,
  OBJECTIVE_LABELS,
  SITE_STATE_LABELS,
  SITE_STATUS_LABELS,
  STAGE_LABELS,
  STATUS_LABELS,
  VERDICT_LABELS,
} from "../../web/state/labels.ts";
import { completes, revertsItself, SCRIPTS } from "./runs.ts";
import { event, failure, record } from "./sample.ts";

test.each([
  ["event type", EventType.options, EVENT_LABELS],
  ["intent status", IntentStatus.options, STATUS_LABELS],
  ["deployment status", DeploymentStatus.options, DEPLOYMENT_LABELS],
  ["site state of a deployment", DeploymentSiteState.options, SITE_STATE_LABELS],
  ["site status", SiteStatus.options, SITE_STATUS_LABELS],
  ["verdict", Verdict.options, VERDICT_LABELS],
])("every %s has a label of its own", (_what, options, labels: Record<string, { word: string }>) => {
  expect(Object.keys(labels).sort()).toEqual([...options].sort());
  const words = options.map((option) => labels[option]?.word ?? "");
  expect(words.every((word) => word.length > 2)).toBe(true);
  expect(new Set(words).size).toBe(options.length);
});

test.each([
  ["stage", MonitorStage.options, STAGE_LABELS],
  ["objective", ObjectiveName.options, OBJECTIVE_LABELS],
])("every %s has a word of its own", (_what, options, words: Record<string, string>) => {
  expect(Object.keys(words).sort()).toEqual([...options].sort());
  expect(new Set(Object.values(words)).size).toBe(options.length);
});

test("an event tells its one detail, and one with broken data tells none instead of failing", () => {
  const failed = event(1, { type: "intent.failed", intent: 1, data: { failure: failure({ message: "edge1 is gone" }) } });
  expect(eventDetail(failed)).toBe("edge1 is gone");
  for (const type of EventType.options) expect(eventDetail({ ...failed, type, data: { failure: 7, message: [] } })).toBeTypeOf("string");
  const all = SCRIPTS.flatMap((script) => script(1)).map((what, seq) => eventDetail(event(seq + 1, what)));
  expect(all.filter((detail) => detail !== "").length).toBeGreaterThan(10);
});

test("a site that changed says to what", () => {
  const said = (message: string) =>
    eventDetail({ ...event(1, { type: "site.updated", data: { status: "unreachable", message, change: "state" } }) });
  expect([said(""), said("no answer")]).toEqual(["unreachable", "unreachable: no answer"]);
});

test.each([
  [-5, "0 ms"],
  [999, "999 ms"],
  [1_234, "1.2 s"],
  [61_000, "1 m 01 s"],
  [3_725_000, "1 h 02 m"],
])("%i ms reads %s", (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test("a value that was not measured never reads as a number", () => {
  expect([measured(null, "ms"), measured(Number.NaN, "ms"), measured(10.126, "ms")]).toEqual(["no value", "no value", "10.13 ms"]);
});

test("an instant of an earlier day shows its date", () => {
  const now = Date.parse("2026-11-20T12:00:00.000Z");
  expect(clockTime(now - 1000, now)).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(clockTime("2026-11-01T12:00:00.000Z", now)).toMatch(/Nov/);
});

test("a screen reader hears the newest change that matters, with the sentence it is about", () => {
  const events = [...completes(1), ...revertsItself(2)].map((what, seq) => event(seq + 1, what)).reverse();
  const intents = { [record().intentId]: { record: record(), full: true, asOf: 0 } };
  expect(announcement({ events, intents })).toBe("Rolled back: int_00000000000000000000000002");
  expect(announcement({ events: events.slice(revertsItself(2).length), intents })).toBe("Completed: Deploy eMBB slice on edge1");
  expect(announcement({ events: [], intents })).toBe("");
});
