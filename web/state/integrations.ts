// What the integrations page knows of a backend, and how its order and shares are edited. Pure: figures and keys, the words are chosen where they are shown.
import type { RoutingUpdate } from "../../protocol/integration-api.ts";
import { LAST_RESORT, type ProviderStats, type Routing } from "../../protocol/llm.ts";

/** What is known, and for how many calls it is not: not known is never 0. Both empty: there was nothing yet. */
export interface Known<T> {
  known: T | null;
  unknownCalls: number;
}

export function tokensOf({ calls, promptTokens, completionTokens, unknownUsage }: ProviderStats): Known<{ input: number; output: number }> {
  const known = calls > unknownUsage || promptTokens + completionTokens > 0;
  return { known: known ? { input: promptTokens, output: completionTokens } : null, unknownCalls: unknownUsage };
}

export function costOf({ calls, costUsd, unknownCost }: ProviderStats): Known<number> {
  const known = calls > unknownCost || costUsd > 0;
  return { known: known ? costUsd : null, unknownCalls: unknownCost };
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
export function updateOf({ draft, from }: RoutingEdit): { update: RoutingUpdate; problem: RoutingProblem | null } {
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

/** Why it cannot be saved, as a key among the words of the area system. */
export interface RoutingProblem {
  key: "routing.problem.number" | "routing.problem.total" | "routing.problem.many";
  values: { total?: number; count?: number };
}

function problemOf(shares: Routing["shares"]): RoutingProblem | null {
  const total = shares.reduce((sum, { percent }) => sum + percent, 0);
  if (shares.some(({ percent }) => !(percent > 0 && percent <= WHOLE))) return { key: "routing.problem.number", values: {} };
  if (total > WHOLE) return { key: "routing.problem.total", values: { total } };
  if (shares.length > MAX_SHARES) return { key: "routing.problem.many", values: { count: MAX_SHARES } };
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

export interface LatencyRange {
  count: number;
  lowMs: number;
  highMs: number;
}

/** Of the latest calls; null when there was none. */
export function latencyRange({ recentMs }: Pick<ProviderStats, "recentMs">): LatencyRange | null {
  if (recentMs.length === 0) return null;
  return { count: recentMs.length, lowMs: Math.min(...recentMs), highMs: Math.max(...recentMs) };
}

export type PlaceInRouter = "asked" | "disconnected" | "missing";

/** missing: it is named in the order, and no agent has it. */
export function placeOf(id: string, { routing, known }: { routing: Routing; known: readonly string[] }): PlaceInRouter {
  if (routing.disconnected.includes(id)) return "disconnected";
  return known.includes(id) ? "asked" : "missing";
}
