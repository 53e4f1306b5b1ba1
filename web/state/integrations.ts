// What the integrations page says about a backend, and how its order and shares are edited. Pure.
import type { RoutingUpdate } from "../../protocol/integration-api.ts";
import { type BreakerState, type IntegrationStatus, LAST_RESORT, type ProviderStats, type Routing } from "../../protocol/llm.ts";
import { duration } from "./format.ts";
import type { Label } from "./labels.ts";

export const INTEGRATION_LABELS: Record<IntegrationStatus, Label> = {
  healthy: { word: "healthy", tone: "done" },
  degraded: { word: "degraded", tone: "wait" },
  offline: { word: "offline", tone: "pending" },
  error: { word: "error", tone: "failed" },
};

export const BREAKER_WORDS: Record<BreakerState, string> = {
  closed: "closed: it is asked",
  open: "open: it failed too often and is not asked",
  "half-open": "half-open: one question tries it",
};

const UNKNOWN = "unknown";

/** Not known is never 0: it is said beside what is known. */
function withUnknown(known: string | null, unknown: number): string {
  if (unknown === 0) return known ?? "none yet";
  const calls = `${unknown} ${unknown === 1 ? "call" : "calls"}`;
  return known === null ? `${UNKNOWN} (${calls})` : `${known}, ${UNKNOWN} for ${calls}`;
}

export function tokenWords({ calls, promptTokens, completionTokens, unknownUsage }: ProviderStats): string {
  const known = calls > unknownUsage || promptTokens + completionTokens > 0;
  return withUnknown(known ? `${promptTokens} in, ${completionTokens} out` : null, unknownUsage);
}

export function costWords({ calls, costUsd, unknownCost }: ProviderStats): string {
  const known = calls > unknownCost || costUsd > 0;
  return withUnknown(known ? dollars(costUsd) : null, unknownCost);
}

const SMALL_USD = 0.01;

export function dollars(usd: number): string {
  return `US$${usd === 0 || usd >= SMALL_USD ? usd.toFixed(2) : usd.toPrecision(2)}`;
}

/** The rules do not take part: they come last whatever is said. What agents have and the order does not name follows it. */
export function routerOrder({ order }: Pick<Routing, "order">, known: readonly string[]): string[] {
  return [...new Set([...order, ...known])].filter((id) => id !== LAST_RESORT);
}

/** The order with `id` at the place `to`, counted from 0 and kept inside the list. */
export function moved(order: readonly string[], id: string, to: number): string[] {
  if (!order.includes(id)) return [...order];
  const others = order.filter((other) => other !== id);
  return others.toSpliced(Math.min(Math.max(to, 0), others.length), 0, id);
}

/** What a person is editing: percentages as they are typed. The rules have no place to be moved to, but may have a share. */
export interface RoutingDraft {
  order: readonly string[];
  percents: Readonly<Record<string, string>>;
}

/** A draft that differs, and what was shown when the first of its changes was made. */
export interface RoutingEdit {
  draft: RoutingDraft;
  from: RoutingDraft;
}

export function draftOf(routing: Routing, known: readonly string[]): RoutingDraft {
  const percents = Object.fromEntries(routing.shares.map(({ provider, percent }) => [provider, String(percent)]));
  return { order: routerOrder(routing, known), percents };
}

const WHOLE = 100;
const MAX_SHARES = 10; // as the protocol has it

/** What the edit changes and nothing else, so that it does not undo what a colleague changed meanwhile; or why it cannot be. */
export function updateOf({ draft, from }: RoutingEdit): { update: RoutingUpdate; problem: string | null } {
  const shares = sharesOf(draft);
  const update = {
    ...(draft.order.join() === from.order.join() ? {} : { order: [...draft.order, LAST_RESORT] }),
    ...(JSON.stringify(shares) === JSON.stringify(sharesOf(from)) ? {} : { shares }),
  };
  return { update, problem: problemOf(shares) };
}

function sharesOf({ percents }: RoutingDraft): Routing["shares"] {
  return Object.entries(percents)
    .map(([provider, text]) => ({ provider, percent: text.trim() === "" ? 0 : Number(text) }))
    .filter(({ percent }) => percent !== 0);
}

function problemOf(shares: Routing["shares"]): string | null {
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  if (shares.some(({ percent }) => !(percent > 0 && percent <= WHOLE))) return "A share is a number from 0 to 100.";
  if (total > WHOLE) return `The shares are ${total} % together; they may be ${WHOLE} % at most.`;
  if (shares.length > MAX_SHARES) return `At most ${MAX_SHARES} backends may have a share.`;
  return null;
}

/** The points of an SVG polyline, oldest at the left, the slowest at the top; empty for fewer than two values. */
export function sparkline(values: readonly number[], { width, height }: { width: number; height: number }): string {
  if (values.length < 2) return "";
  const top = Math.max(...values);
  const step = width / (values.length - 1);
  const y = (value: number) => (top === 0 ? height : height - (value / top) * height);
  return values.map((value, index) => `${round(index * step)},${round(y(value))}`).join(" ");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function latencyWords({ recentMs, p50Ms, p95Ms }: Pick<ProviderStats, "recentMs" | "p50Ms" | "p95Ms">): string {
  const percentiles = p50Ms === null ? "" : `p50 ${duration(p50Ms)}${p95Ms === null ? "" : `, p95 ${duration(p95Ms)}`}`;
  if (recentMs.length === 0) return percentiles === "" ? "no calls yet" : percentiles;
  const [low, high] = [duration(Math.min(...recentMs)), duration(Math.max(...recentMs))];
  const range = `the last ${recentMs.length === 1 ? "" : `${recentMs.length} `}${low === high ? `in ${low}` : `from ${low} to ${high}`}`;
  return percentiles === "" ? range : `${percentiles}; ${range}`;
}
