// Sentences through a provider, one after another, with the time, the tokens and the cost they took. What is not known stays unknown.
import type { CorpusEntry } from "./corpus.ts";
import type { Evaluated } from "./provider.ts";
import { labelOf } from "./score.ts";
import type { Scored } from "./tally.ts";

/** A sum in which some parts are missing. */
export interface Known {
  sum: number;
  unknown: number; // calls whose part is not known
}

export interface Spent {
  durationsMs: number[];
  promptTokens: Known;
  completionTokens: Known;
  usd: Known;
}

export interface Measured {
  provider: string;
  scored: Scored[];
  spent: Spent;
}

function sum(values: readonly (number | null)[]): Known {
  const known = values.filter((value) => value !== null);
  return { sum: known.reduce((total, value) => total + value, 0), unknown: values.length - known.length };
}

export async function measure(provider: Evaluated, entries: readonly CorpusEntry[]): Promise<Measured> {
  const scored: Scored[] = [];
  const durationsMs: number[] = [];
  const parts: { prompt: number | null; completion: number | null; usd: number | null }[] = [];
  for (const entry of entries) {
    const began = performance.now();
    const answer = await provider.understand(entry.text);
    durationsMs.push(performance.now() - began);
    const { usage, cost } = answer.ok ? answer.value : { usage: null, cost: null };
    parts.push({ prompt: usage?.promptTokens ?? null, completion: usage?.completionTokens ?? null, usd: cost?.usd ?? null });
    scored.push(answer.ok ? { entry, got: labelOf(answer.value.understanding) } : { entry, got: null, problem: answer.error });
  }
  return {
    provider: provider.id,
    scored,
    spent: {
      durationsMs,
      promptTokens: sum(parts.map(({ prompt }) => prompt)),
      completionTokens: sum(parts.map(({ completion }) => completion)),
      usd: sum(parts.map(({ usd }) => usd)),
    },
  };
}
