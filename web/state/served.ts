// Who understood a sentence, and after which failures, in words. Pure.
import type { Understanding } from "../../protocol/intent.ts";
import type { Cost, ProviderAttempt, TokenUsage } from "../../protocol/llm.ts";
import { duration } from "./format.ts";
import { dollars } from "./integrations.ts";

type Metadata = Understanding["metadata"];

/** "claude (opus), after ollama: timeout": the one line. */
export function readBy({ provider, fallback, cached, served }: Metadata): string {
  const model = served?.model == null ? "" : ` (${served.model})`;
  const failures = (served?.attempts ?? []).filter((attempt) => attempt.outcome !== "answered");
  const after = failures.length === 0 ? "" : `, after ${failures.map(attemptWord).join(", ")}`;
  const notes = [...(cached ? ["from the cache"] : []), ...(fallback ? ["as a fallback"] : [])];
  return `${provider}${model}${notes.length === 0 ? "" : `, ${notes.join(", ")}`}${after}`;
}

function attemptWord({ provider, outcome }: ProviderAttempt): string {
  return `${provider}: ${outcome.replaceAll("_", " ")}`;
}

export function attemptWords(attempt: ProviderAttempt): string {
  const why = attempt.message === "" ? "" : `, ${attempt.message}`;
  return `${attemptWord(attempt)}${why} (${duration(attempt.durationMs)})`;
}

const known = (count: number | null) => (count === null ? "unknown" : String(count));

export function usageWords(usage: TokenUsage | null): string {
  if (usage === null) return "unknown";
  const cached = usage.cachedTokens === null || usage.cachedTokens === 0 ? "" : ` (${usage.cachedTokens} cached)`;
  return `${known(usage.promptTokens)} in${cached}, ${known(usage.completionTokens)} out`;
}

export function costOf({ usd, source }: Cost): string {
  if (usd === null) return "unknown";
  return source === "table" ? `${dollars(usd)}, by the configured prices` : dollars(usd);
}
