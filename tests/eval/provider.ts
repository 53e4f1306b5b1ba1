// Who is evaluated: a name and a way from a sentence to an understanding, with what it took. The rules are always there.
import type { KnownSite } from "../../intent/sites.ts";
import { understand } from "../../intent/understand.ts";
import type { Understanding } from "../../protocol/intent.ts";
import type { Cost, TokenUsage } from "../../protocol/llm.ts";
import { ok, type Result } from "../../protocol/result.ts";

/** The sites that the corpus speaks of, as the lab has them. */
export const EVAL_SITES: readonly KnownSite[] = [
  { id: "edge1", aliases: ["edge01", "VM-2"] },
  { id: "edge2", aliases: ["edge02", "VM-4"] },
  { id: "edge3", aliases: [] },
  { id: "edge4", aliases: [] },
];

export interface Answer {
  understanding: Understanding;
  usage: TokenUsage | null; // null: not known
  cost: Cost;
}

export interface Evaluated {
  readonly id: string;
  /** Fails with the reason why there is no understanding by this provider; another one's answer does not count. */
  understand(text: string): Promise<Result<Answer, string>>;
  close(): Promise<void>;
}

const NO_MODEL: Omit<Answer, "understanding"> = {
  usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
  cost: { usd: 0, source: "provider" },
};

const INTENT_ID = "int_00000000000000000000000000"; // nothing is stored

export function rulesProvider(sites: readonly KnownSite[], now: () => Date): Evaluated {
  return {
    id: "rules",
    understand: async (text) => {
      const input = { intentId: INTENT_ID, text, context: {}, targetSites: [], answers: null, sites, now: now() };
      return ok({ understanding: understand(input), ...NO_MODEL });
    },
    close: async () => {},
  };
}
