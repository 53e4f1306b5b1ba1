// The integrations page without a browser: figures of a backend, and what its card writes, for whom.
import { createElement } from "react";
import { expect, test } from "vitest";
import { BreakerState, Capability, IntegrationStatus, type IntegrationView, type ProviderStats } from "../../protocol/llm.ts";
import { IntegrationCard } from "../../web/areas/system/integration-card.tsx";
import { words } from "../../web/i18n/en/system.ts";
import { costOf, dollars, latencyRange, sparkline, tokensOf } from "../../web/state/integrations.ts";
import { staleAfter } from "../../web/state/stale.ts";
import { markup, textOf } from "./markup.tsx";
import { at, event } from "./sample.ts";

const EVIL = `<script>alert(1)</script><img src=x onerror=alert(1)>\u202e`;
const none = () => Promise.reject(new Error("no command is given while rendering"));
const REFUSAL = "Your token may look only.";

function stats(patch: Partial<ProviderStats> = {}): ProviderStats {
  const known = { calls: 3, failures: 1, p50Ms: 40, p95Ms: 1_200, recentMs: [40, 1_200, 30], promptTokens: 10, completionTokens: 20 };
  return { ...known, unknownUsage: 0, costUsd: 0.5, unknownCost: 0, ...patch };
}

function integration(patch: Partial<IntegrationView> = {}): IntegrationView {
  return {
    ...{ id: "ollama", name: "Ollama", type: "ollama", address: "http://127.0.0.1:11434", configured: false, status: "healthy" },
    ...{ connected: true, capabilities: ["understand", "chat"], models: ["a", "b"], version: "0.9.0", agent_id: "agt_x", agent: "vm-1" },
    ...{ model_count: 2, latency_ms: 3, last_checked: at(0), breaker: { state: "closed", failures: 0, retryAt: null }, arm: null },
    stats: stats(),
    ...patch,
  };
}

interface Refusals {
  operate: string | null;
  admin: string | null;
}

function card(
  patch: Partial<IntegrationView> = {},
  refusals: Refusals = { operate: null, admin: null },
  language: "en" | "zh-TW" = "en",
): string {
  return markup(createElement(IntegrationCard, { integration: integration(patch), refusals, onTest: none, onSwitch: none }), language);
}

test("every status, every ability and every state of a breaker has words of its own", () => {
  const of = (prefix: string, keys: readonly string[]) => keys.map((key) => (words as Record<string, string>)[`${prefix}.${key}`]);
  const all = [
    ...of("integration", IntegrationStatus.options),
    ...of("breaker", BreakerState.options),
    ...of("capability", Capability.options),
  ];
  expect(all.every((word) => (word ?? "").length > 2)).toBe(true);
  expect(new Set(all).size).toBe(all.length);
});

test("what is not known is never told as nothing", () => {
  const nothing = stats({ calls: 0, failures: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 });
  expect([tokensOf(nothing), costOf(nothing)]).toEqual([
    { known: null, unknownCalls: 0 },
    { known: null, unknownCalls: 0 },
  ]);
  const unknown = { ...nothing, calls: 2, unknownUsage: 2, unknownCost: 2 };
  expect(textOf(card({ stats: unknown }))).toMatch(/Tokensunknown \(2 calls\)Costunknown \(2 calls\)/);
  const partly = stats({ unknownUsage: 1, unknownCost: 1 });
  expect(textOf(card({ stats: partly }))).toMatch(/Tokens10 in, 20 out, unknown for 1 callCostUS\$0.50, unknown for 1 call/);
  expect(textOf(card({ stats: nothing }))).toMatch(/Tokensnone yetCostnone yet/);
  expect([dollars(0), dollars(0.000123), dollars(1.239)]).toEqual(["US$0.00", "US$0.00012", "US$1.24"]);
});

test("the line of latencies has a point for each, the slowest at the top, and none for fewer than two", () => {
  const size = { width: 100, height: 20 };
  expect(sparkline([10, 40, 20], size)).toBe("0,15 50,0 100,10");
  expect(sparkline([0, 0], size)).toBe("0,20 100,20");
  expect([sparkline([], size), sparkline([5], size)]).toEqual(["", ""]);
  expect([latencyRange({ recentMs: [40, 1_200, 30] }), latencyRange({ recentMs: [] })]).toEqual([
    { count: 3, lowMs: 30, highMs: 1_200 },
    null,
  ]);
});

test("how fast a backend answers is told with as much as is known", () => {
  const told = (patch: Partial<ProviderStats>) => /Answers in(.*?)Tokens/.exec(textOf(card({ stats: stats(patch) })))?.[1]?.trim();
  expect(told({})).toBe("p50 40 ms, p95 1.2 s, the last 3 from 30 ms to 1.2 s");
  expect(told({ recentMs: [5], p50Ms: null, p95Ms: null })).toBe("the last in 5 ms");
  expect(told({ recentMs: [], p50Ms: null, p95Ms: null })).toBe("no calls yet");
});

test("a card tells status, connection, models, figures and what the breaker waits for, in words", () => {
  const page = card({
    status: "error",
    connected: false,
    models: ["a", "b", "c", "d", "e", "f"],
    model_count: 6,
    error: "HTTP 500",
    breaker: { state: "open", failures: 5, retryAt: at(9) },
    arm: { percent: 20, drawn: 5, answered: 4, p50Ms: 30 },
  });
  const said = textOf(page);
  for (const part of [
    "error",
    "disconnected",
    "HTTP 500",
    "a, b, c, d and 2 more",
    "e, f",
    "open: it failed too often",
    "tried again at",
    "20 %: 5 drawn, 4 answered, p50 30 ms",
    "vm-1",
  ])
    expect(said).toContain(part);
  expect(page).toContain('data-provider="ollama" data-status="error" data-connected="false" data-tone="failed"');
  expect(page).toContain('role="img" aria-label="Latency of the latest calls: p50 40 ms');
  expect(textOf(card({}, undefined, "zh-TW"))).toContain("已連接");
});

test("what a token may not do is off, and says why", () => {
  const viewer = card({}, { operate: REFUSAL, admin: REFUSAL });
  const off = (page: string, id: string) =>
    new RegExp(`<button[^>]*data-testid="${id}"[^>]*>`).exec(page)?.[0].includes('aria-disabled="true"');
  expect([off(viewer, "test"), off(viewer, "switch")]).toEqual([true, true]);
  expect([off(card(), "test"), off(card(), "switch")]).toEqual([false, false]);
  expect(off(card({}, { operate: null, admin: REFUSAL }), "test")).toBe(false);
  expect(off(card({ type: "rules" }), "switch")).toBe(true);
});

test("hostile names, addresses, models, errors and versions stay text, and nothing in them is hidden", () => {
  const page = card({ name: EVIL, address: EVIL, models: [EVIL], version: EVIL, error: EVIL, agent: EVIL });
  expect(page).not.toMatch(/<script|<img/);
  expect(textOf(page)).not.toContain("\u202e");
});

test("the page is read again when a backend or an agent has changed, not for what other systems report", () => {
  const about = { kind: "backend" as const, agentId: null, provider: "ollama", status: null, message: "by ada" };
  const pipeline = { kind: "pipeline" as const, change: "moved" as const, pipelineId: "p", text: "t", metadata: {}, by: "x" };
  const events = [
    event(1, { type: "integration.updated", data: { ...about, change: "order" } }),
    event(2, { type: "integration.updated", data: { ...pipeline, stage: "completed" } }),
    event(3, { type: "agent.offline", data: { agentId: "a", name: "b", reason: "" } }),
  ];
  expect(events.map((one) => staleAfter([one], () => true).includes("Integrations"))).toEqual([true, false, true]);
});
