// Who understood a sentence, and after which failures: what there is to tell of it. No words: those are the viewer's language's. Pure.
import type { Understanding } from "../../protocol/intent.ts";
import type { ProviderAttempt } from "../../protocol/llm.ts";

export interface ReadBy {
  provider: string;
  model: string | null;
  cached: boolean; // an earlier answer to the same sentence
  fallback: boolean; // somebody else was to be asked first
  failed: readonly ProviderAttempt[]; // who was asked before, in order
}

/** For the one line "claude (opus), after ollama: timeout". */
export function readBy({ provider, cached, fallback, served }: Understanding["metadata"]): ReadBy {
  const failed = (served?.attempts ?? []).filter((attempt) => attempt.outcome !== "answered");
  return { provider, model: served?.model ?? null, cached, fallback, failed };
}
