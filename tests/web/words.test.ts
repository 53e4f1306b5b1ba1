// The words of the page: nothing that the protocol can say is without them in either language, and numbers read as people write them.
import { expect, test } from "vitest";
import { AgentView } from "../../protocol/agent.ts";
import { AlertSeverity } from "../../protocol/alert.ts";
import { DeploymentSiteState, DeploymentStatus } from "../../protocol/deployment.ts";
import { EventType, MonitorStage } from "../../protocol/event.ts";
import { IntentStatus } from "../../protocol/intent.ts";
import { IntegrationStatus } from "../../protocol/llm.ts";
import { SiteStatus } from "../../protocol/site.ts";
import { ObjectiveName, Verdict } from "../../protocol/slo.ts";
import { words as english } from "../../web/i18n/en/common.ts";
import { words as chinese } from "../../web/i18n/zh-TW/common.ts";
import { clockTime, duration, measured } from "../../web/state/format.ts";
import {
  AGENT_TONES,
  DEPLOYMENT_TONES,
  EVENT_TONES,
  INTEGRATION_TONES,
  SEVERITY_TONES,
  SITE_STATE_TONES,
  SITE_STATUS_TONES,
  STATUS_TONES,
  toneOfEvent,
  VERDICT_TONES,
} from "../../web/state/tones.ts";
import { deploymentId, event } from "./sample.ts";

test.each<[string, readonly string[], string, Record<string, string> | null]>([
  ["event type", EventType.options, "event", EVENT_TONES],
  ["stage", MonitorStage.options, "stage", null],
  ["intent status", IntentStatus.options, "status", STATUS_TONES],
  ["deployment status", DeploymentStatus.options, "deployment", DEPLOYMENT_TONES],
  ["site state of a deployment", DeploymentSiteState.options, "siteState", SITE_STATE_TONES],
  ["site status", SiteStatus.options, "siteStatus", SITE_STATUS_TONES],
  ["verdict", Verdict.options, "verdict", VERDICT_TONES],
  ["objective", ObjectiveName.options, "objective", null],
])("every %s has a tone and words of its own in both languages", (_what, options, prefix, tones) => {
  if (tones !== null) expect(Object.keys(tones).sort()).toEqual([...options].sort());
  for (const words of [english, chinese] as Record<string, string>[]) {
    const named = Object.keys(words).filter((key) => key.startsWith(`${prefix}.`));
    expect(named.sort()).toEqual(options.map((option) => `${prefix}.${option}`).sort());
    expect(new Set(named.map((key) => words[key])).size).toBe(options.length);
  }
});

test.each([
  ["agent status", AgentView.shape.status.options, AGENT_TONES],
  ["severity", AlertSeverity.options, SEVERITY_TONES],
  ["integration status", IntegrationStatus.options, INTEGRATION_TONES],
])("every %s has a tone", (_what, options, tones) => {
  expect(Object.keys(tones).sort()).toEqual([...options].sort());
});

test("the tone of a measurement is its verdict's", () => {
  const validated = (verdict: Verdict) =>
    toneOfEvent(event(1, { type: "slo.validated", intent: 1, data: { deploymentId: deploymentId(1), verdict, evidence: [] } }));
  expect(Verdict.options.map(validated)).toEqual(Verdict.options.map((verdict) => VERDICT_TONES[verdict]));
});

test.each([
  [-5, "0 ms", "0 毫秒"],
  [999, "999 ms", "999 毫秒"],
  [1_234, "1.2 s", "1.2 秒"],
  [61_000, "1 m 01 s", "1 分 01 秒"],
  [3_725_000, "1 h 02 m", "1 小時 02 分"],
])("%i ms reads %s, and in Chinese %s", (ms, english, chinese) => {
  expect([duration(ms, "en"), duration(ms, "zh-TW")]).toEqual([english, chinese]);
});

test("a value that was not measured never reads as a number", () => {
  expect([measured(null, "ms"), measured(Number.NaN, "ms"), measured(10.126, "ms")]).toEqual([null, null, "10.13 ms"]);
});

test("an instant of an earlier day shows its date, in the viewer's language", () => {
  const now = Date.parse("2026-11-20T12:00:00.000Z");
  const at = (instant: string | number, language = "en") => clockTime(instant, { now, language });
  expect(at(now - 1000)).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(at("2026-11-01T12:00:00.000Z")).toMatch(/Nov/);
  expect(at("2026-11-01T12:00:00.000Z", "zh-TW")).toMatch(/11月/);
});
