// The integrations page without a browser: order and shares as they are edited, figures in words, what the components write.
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import {
  BreakerState,
  IntegrationStatus,
  type IntegrationView,
  ProviderFailureKind,
  type ProviderStats,
  type Served,
} from "../../protocol/llm.ts";
import { IntegrationCard } from "../../web/components/integration-card.tsx";
import { ReadBy } from "../../web/components/read-by.tsx";
import { RoutingPanel } from "../../web/components/routing-panel.tsx";
import {
  BREAKER_WORDS,
  costWords,
  dollars,
  INTEGRATION_LABELS,
  latencyWords,
  sparkline,
  tokenWords,
} from "../../web/state/integrations.ts";
import { eventDetail } from "../../web/state/labels.ts";
import { attemptWords, costOf, readBy, usageWords } from "../../web/state/served.ts";
import { changesIntegrations } from "../../web/state/shown.ts";
import { pageOf } from "../../web/use-path.ts";
import { at, event, understanding } from "./sample.ts";

const EVIL = `<script>alert(1)</script><img src=x onerror=alert(1)>`;
const markup = (element: ReactElement) => renderToStaticMarkup(element);
const unsaved = { edit: null, onEdit: () => undefined };
const none = () => Promise.reject(new Error("no command is given while rendering"));
const ROUTING = { order: ["claude", "ollama", "rules"], disconnected: ["ollama"], shares: [{ provider: "ollama", percent: 20 }] };

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

function card(patch: Partial<IntegrationView> = {}, may: { mayOperate?: boolean; mayAdmin?: boolean } = {}): string {
  const commands = { testIntegration: none, switchIntegration: none };
  const props = { integration: integration(patch), mayOperate: true, mayAdmin: true, commands, ...may };
  return markup(createElement(IntegrationCard, props));
}

test("every status and every state of a breaker has words of its own", () => {
  expect(Object.keys(INTEGRATION_LABELS).sort()).toEqual([...IntegrationStatus.options].sort());
  expect(Object.keys(BREAKER_WORDS).sort()).toEqual([...BreakerState.options].sort());
});

test("an address with a slash behind it is the same page", () => {
  expect(["/", "/integrations", "/integrations/", ""].map(pageOf)).toEqual(["/", "/integrations", "/integrations", "/"]);
});

test("what is not known is never told as nothing", () => {
  const nothing = stats({ calls: 0, failures: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 });
  expect([tokenWords(nothing), costWords(nothing)]).toEqual(["none yet", "none yet"]);
  const unknown = { ...nothing, calls: 2, unknownUsage: 2, unknownCost: 2 };
  expect([tokenWords(unknown), costWords(unknown)]).toEqual(["unknown (2 calls)", "unknown (2 calls)"]);
  const partly = stats({ unknownUsage: 1, unknownCost: 1 });
  expect([tokenWords(partly), costWords(partly)]).toEqual(["10 in, 20 out, unknown for 1 call", "US$0.50, unknown for 1 call"]);
  expect([dollars(0), dollars(0.000123), dollars(1.239)]).toEqual(["US$0.00", "US$0.00012", "US$1.24"]);
});

test("the line of latencies has a point for each, the slowest at the top, and none for fewer than two", () => {
  const size = { width: 100, height: 20 };
  expect(sparkline([10, 40, 20], size)).toBe("0,15 50,0 100,10");
  expect(sparkline([0, 0], size)).toBe("0,20 100,20");
  expect([sparkline([], size), sparkline([5], size)]).toEqual(["", ""]);
  expect(latencyWords(stats())).toBe("p50 40 ms, p95 1.2 s; the last 3 from 30 ms to 1.2 s");
  expect(latencyWords({ recentMs: [5], p50Ms: null, p95Ms: null })).toBe("the last in 5 ms");
  expect(latencyWords({ recentMs: [], p50Ms: null, p95Ms: null })).toBe("no calls yet");
});

test("a card tells status, connection, models, figures and what the breaker waits for, in words", () => {
  const models = ["a", "b", "c", "d", "e", "f"];
  const page = card({
    status: "error",
    connected: false,
    models,
    model_count: 6,
    error: "HTTP 500",
    breaker: { state: "open", failures: 5, retryAt: at(9) },
  });
  for (const words of [
    ">error</span>",
    ">disconnected</span>",
    "HTTP 500",
    "a, b, c, d and 2 more",
    "e, f",
    "open: it failed too often",
    "tried again at",
    "vm-1",
  ])
    expect(page).toContain(words);
  expect(page).toContain('data-status="error" data-connected="false"');
  expect(page).toContain('role="img" aria-label="Latency of p50 40 ms');
});

test("what a token may not do is off, and says which scope it needs", () => {
  const viewer = card({}, { mayOperate: false, mayAdmin: false });
  expect(viewer).toMatch(/data-testid="test" disabled="" title="Testing needs the scope operate"/);
  expect(viewer).toMatch(/data-testid="switch" disabled="" title="Switching needs the scope admin"/);
  expect(card({}, { mayAdmin: false })).not.toMatch(/data-testid="test" disabled/);
  expect(card({ type: "rules" })).toMatch(/data-testid="switch" disabled="" title="The rules answer when nobody else does"/);
  const panel = markup(createElement(RoutingPanel, { routing: ROUTING, known: ["claude"], mayAdmin: false, onSave: none, ...unsaved }));
  expect(panel).not.toContain('draggable="true"');
  expect(panel.match(/<button[^>]*>/g)?.every((button) => button.includes("disabled"))).toBe(true);
});

const SERVED: Served = {
  provider: "claude",
  model: "opus",
  attempts: [
    { provider: "ollama", outcome: "rate_limited", message: "429", durationMs: 12 },
    { provider: "claude", outcome: "answered", message: "", durationMs: 40 },
  ],
  usage: { promptTokens: 100, cachedTokens: 60, completionTokens: null },
  cost: { usd: 0.02, source: "table" },
  arm: "ollama",
};

test("who read a sentence is told with model, cache, fallback and every failure before", () => {
  const { metadata } = understanding([]);
  expect(readBy(metadata)).toBe("rules");
  expect(readBy({ ...metadata, provider: "claude", cached: true, served: SERVED })).toBe(
    "claude (opus), from the cache, after ollama: rate limited",
  );
  expect(readBy({ ...metadata, fallback: true })).toBe("rules, as a fallback");
  for (const outcome of ProviderFailureKind.options)
    expect(attemptWords({ provider: "x", outcome, message: "why", durationMs: 1 })).toBe(`x: ${outcome.replaceAll("_", " ")}, why (1 ms)`);
  expect([usageWords(SERVED.usage), usageWords(null)]).toEqual(["100 in (60 cached), unknown out", "unknown"]);
  expect([costOf(SERVED.cost), costOf({ usd: null, source: "unknown" })]).toEqual(["US$0.02, by the configured prices", "unknown"]);
  const page = markup(createElement(ReadBy, { metadata: { ...metadata, promptVersion: "7", served: SERVED } }));
  for (const words of ["prompt 7", "tokens 100 in", "cost US$0.02", "A/B share of ollama", "ollama: rate limited, 429 (12 ms)"])
    expect(page).toContain(words);
});

test("the feed says who read a sentence, and what became of a backend", () => {
  const read = understanding([]);
  const parsed = event(1, {
    type: "intent.parsed",
    intent: 1,
    data: { understanding: { ...read, metadata: { ...read.metadata, served: SERVED } } },
  });
  expect(eventDetail(parsed)).toBe("by rules (opus), after ollama: rate limited");
  const about = { kind: "backend" as const, agentId: null, provider: "ollama", status: null, message: "by ada" };
  const told = (change: "disconnected" | "order" | "status" | "found", patch: object = {}) =>
    event(2, { type: "integration.updated", data: { ...about, change, ...patch } });
  expect(eventDetail(told("disconnected"))).toBe("ollama disconnected: by ada");
  expect(eventDetail(told("order"))).toBe("order: by ada");
  expect(eventDetail(told("status", { status: "offline", message: "refused" }))).toBe("ollama offline: refused");
  expect(eventDetail(told("found", { message: "" }))).toBe("ollama found");
  const pipeline = {
    kind: "pipeline" as const,
    change: "moved" as const,
    pipelineId: "p",
    text: "t",
    stage: "completed" as const,
    metadata: {},
    by: "x",
  };
  const elsewhere = event(3, { type: "integration.updated", data: pipeline });
  expect(
    [told("order"), elsewhere, event(4, { type: "agent.offline", data: { agentId: "a", name: "b", reason: "" } })].map(changesIntegrations),
  ).toEqual([true, false, true]);
});

test("hostile names, addresses, models, errors and messages stay text", () => {
  const pages = [
    card({ name: EVIL, address: EVIL, models: [EVIL], version: EVIL, error: EVIL, agent: EVIL }),
    markup(
      createElement(RoutingPanel, { routing: { ...ROUTING, order: [EVIL] }, known: [EVIL], mayAdmin: true, onSave: none, ...unsaved }),
    ),
    markup(
      createElement(ReadBy, {
        metadata: { ...understanding([]).metadata, provider: EVIL, promptVersion: EVIL, served: { ...SERVED, model: EVIL } },
      }),
    ),
  ];
  for (const page of pages) expect(page).not.toMatch(/<script|<img/);
});
